"""Files of any size for measuring: a manifest with exactly so many consignments, a watchlist with so many names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np

from pratique_world.cargo import Clerk, Numbers, bill_numbers, honest_cargo
from pratique_world.economy import build_economy
from pratique_world.filing import AWMDS, CUSCAR, FORMS, TABLE
from pratique_world.listed import listed_names, listed_ships, with_traders
from pratique_world.loads import plan_loads
from pratique_world.mistakes import make_mistakes
from pratique_world.model import IMPORT
from pratique_world.numbers import container_numbers
from pratique_world.tables import port
from pratique_world.voyages import BASE_DATE, arriving_voyages
from pratique_world.writers.awmds import manifest_xml
from pratique_world.writers.count import totals
from pratique_world.writers.cuscar import BILLS_PER_MESSAGE, Report, interchange
from pratique_world.writers.lists import watchlist_csv
from pratique_world.writers.table import manifest_csv

MOST_CONSIGNMENTS = 100_000
_NAMES_PER_SHIP = 20
_TRADERS_PER_MILLE = 2


def write_manifest(path: Path, *, consignments: int, seed: int, format: str = CUSCAR) -> None:  # noqa: A002
    """Write the manifest of one ship: exactly so many import bills, with honest mistakes and nothing planted.

    Above :data:`BILLS_PER_MESSAGE` bills a CUSCAR interchange holds several messages. Raises ``ValueError`` for a
    count outside 1 to 100,000 or a format that is not one of :data:`FORMS`.
    """
    if not 1 <= consignments <= MOST_CONSIGNMENTS:
        raise ValueError(f"consignments must be from 1 to {MOST_CONSIGNMENTS:,}, not {consignments:,}")
    if format not in FORMS:
        raise ValueError(f"format must be one of {', '.join(FORMS)}, not {format!r}")
    rng = np.random.default_rng([seed, 2])
    voyage = arriving_voyages(rng, BASE_DATE)[0]
    loads = plan_loads(rng, bills=consignments)
    containers = iter(container_numbers(rng, sum(load.boxes for load in loads)))
    numbers = Numbers(containers=containers, bills=bill_numbers(voyage.ship, rng))
    economy = build_economy(np.random.default_rng([seed, 1]))
    bills = make_mistakes(honest_cargo(Clerk(voyage, economy, numbers, rng), IMPORT, loads), rng)
    if format == AWMDS:
        path.write_bytes(manifest_xml(voyage.ship, bills, totals(bills)))
        return
    if format == TABLE:
        path.write_bytes(
            manifest_csv(f"{voyage.ship.line_code}{voyage.ship.voyage}", voyage.ship, bills, totals(bills))
        )
        return
    reports: list[Report] = []
    for start in range(0, consignments, BILLS_PER_MESSAGE):
        part = bills[start : start + BILLS_PER_MESSAGE]
        reference = f"{voyage.ship.line_code}{len(reports) + 1:03d}"
        reports.append(Report(reference, "9", voyage.ship, part, totals(part), is_lean=True))
    sent = voyage.ship.arrival - timedelta(hours=30)
    path.write_bytes(
        interchange(reports, sender=voyage.ship.line_code, receiver=f"{port()[0]}CUS", sent=sent, reference="M1")
    )


def write_watchlist(path: Path, *, names: int, seed: int) -> None:
    """Write so many invented persons, organisations and ships (one in twenty) as an own list.

    Two in a thousand are importers and exporters of the economy of the same seed under a changed spelling, so that a
    manifest written with that seed has something to be found. The others share with the traffic what real lists share
    with real trade: given names, common surnames, everyday words.
    """
    if names < 1:
        raise ValueError(f"names must be at least 1, not {names:,}")
    rng = np.random.default_rng([seed, 3])
    economy = build_economy(np.random.default_rng([seed, 1]))
    ships = names // _NAMES_PER_SHIP
    people = listed_names(rng, names - ships)
    planted = with_traders(rng, people, economy, names * _TRADERS_PER_MILLE // 1000)
    path.write_bytes(watchlist_csv([*planted, *listed_ships(rng, ships)]))
