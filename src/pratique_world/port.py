"""The sample port: three ships with their manifests, a watchlist, an amendment, the truth, and the counts by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from pratique_world.amendment import amendments
from pratique_world.cargo import Clerk, Numbers, Voyage, bill_numbers, empty_cargo, honest_cargo, loose_cargo
from pratique_world.economy import Economy, build_economy
from pratique_world.hold import Hold
from pratique_world.listed import Listed, listed_boxes, listed_names, listed_ships
from pratique_world.loads import plan_loads
from pratique_world.lookalikes import add_lookalikes
from pratique_world.mechanisms import plant_all
from pratique_world.mistakes import file_twice, make_mistakes
from pratique_world.model import EMPTY, IMPORT, TRANSHIPMENT, TRANSIT, Consignment, Totals
from pratique_world.numbers import container_numbers, imo_number
from pratique_world.tables import port
from pratique_world.voyages import BASE_DATE, arriving_voyages
from pratique_world.writers.awmds import manifest_xml
from pratique_world.writers.count import distinct_boxes, totals
from pratique_world.writers.cuscar import Report, interchange
from pratique_world.writers.lists import truth_csv, watchlist_csv
from pratique_world.writers.table import manifest_csv


@dataclass(frozen=True, slots=True)
class Quota:
    """The boxes of one ship: for import, under transit, to be transhipped, empty; and lots without a box."""

    imported: int
    transit: int
    transhipment: int
    empty: int
    loose: int


QUOTAS: Final = (Quota(980, 112, 450, 260, 0), Quota(752, 84, 355, 220, 6), Quota(541, 58, 245, 160, 5))
"""1,802 + 1,411 + 1,004 = 4,217 boxes: 640 empty, 1,050 transhipment, 2,527 import and transit."""

PLANTED_SHARE: Final = 0.025
LISTED_NAMES: Final = 420
FILES: Final = {"watchlist": "watchlist.csv", "truth": "truth.csv", "amendment": "amendment.edi"}
_LOOKALIKES: Final = 12
_FILED_TWICE: Final = (3, 3, 0)  # in a plain table a bill that stands there twice is one bill with more rows


@dataclass(frozen=True, slots=True)
class VesselSummary:
    """What was written for one ship: counted, and what the file says of itself."""

    file: str
    format: str
    name: str
    imo: str
    voyage: str
    arrival: str
    bills: int  # distinct bill numbers; `written.consignments` counts a bill that was filed twice twice
    empty_containers: int
    transhipment_containers: int
    planted: int
    written: Totals
    declared: Totals


@dataclass(frozen=True, slots=True)
class PortSummary:
    """What :func:`write_port` wrote; ``port.json`` holds the same."""

    seed: int
    base_date: str
    port: str
    vessels: tuple[VesselSummary, ...]
    consignments: int
    containers: int
    empty_containers: int
    transhipment_containers: int
    packages: int
    gross_kg: int
    planted: Mapping[str, int]  # mechanism -> bills
    files: Mapping[str, str]  # what for -> file name


def write_port(out: Path, *, seed: int, base: date = BASE_DATE) -> PortSummary:
    """Write the sample port into a folder (made where it is missing); the same seed and date give the same bytes."""
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(6)]
    economy, listed = build_economy(_economy_stream(seed)), _sample_list(streams[0])
    voyages = arriving_voyages(streams[1], base)
    hold = Hold(_load(voyages, economy, streams[2]), rng=streams[3], economy=economy, listed=listed)
    plant_all(hold, round(PLANTED_SHARE * sum(bill.nature in (IMPORT, TRANSIT) for bill in hold.consignments)))
    add_lookalikes(hold, _LOOKALIKES)
    filed = [_filed(hold, voyage, streams[4]) for voyage in voyages]
    out.mkdir(parents=True, exist_ok=True)
    vessels = tuple(
        _write_vessel(out, voyage, bills, hold, streams[5]) for voyage, bills in zip(voyages, filed, strict=True)
    )
    (out / FILES["watchlist"]).write_bytes(watchlist_csv(_with_namesake_ship(listed, voyages[1])))
    (out / FILES["truth"]).write_bytes(truth_csv([bill for bills in filed for bill in bills], hold.mechanisms))
    (out / FILES["amendment"]).write_bytes(_amendment(voyages[0], filed[0], economy, streams[5]))
    summary = PortSummary(
        seed=seed,
        base_date=base.isoformat(),
        port=port()[0],
        vessels=vessels,
        **_counts(vessels, filed),
        planted=dict(sorted(Counter(hold.mechanisms.values()).items())),
        files={**{f"vessel_{place}": vessel.file for place, vessel in enumerate(vessels, 1)}, **FILES},
    )
    (out / "port.json").write_text(json.dumps(asdict(summary), indent=2, ensure_ascii=True) + "\n", encoding="ascii")
    return summary


def _economy_stream(seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, 1])


def _sample_list(rng: np.random.Generator) -> list[Listed]:
    return [*listed_names(rng, LISTED_NAMES), *listed_ships(rng, 24), *listed_boxes(rng, 16)]


def _with_namesake_ship(listed: Sequence[Listed], voyage: Voyage) -> list[Listed]:
    """The list with a ship that is called like one of the three and is another one."""
    other = imo_number(910_000 + int(voyage.ship.imo[2:5]))
    return [*listed, Listed("SV-900", voyage.ship.name, "vessel", identifiers=(f"imo:{other}",), programme="SMUGGLING")]


def _load(voyages: Sequence[Voyage], economy: Economy, rng: np.random.Generator) -> list[Consignment]:
    containers = iter(container_numbers(rng, 6000))
    cargo: list[Consignment] = []
    for voyage, quota in zip(voyages, QUOTAS, strict=True):
        clerk = Clerk(voyage, economy, Numbers(containers, bill_numbers(voyage.ship, rng)), rng)
        for nature, boxes in ((IMPORT, quota.imported), (TRANSIT, quota.transit), (TRANSHIPMENT, quota.transhipment)):
            cargo += honest_cargo(clerk, nature, plan_loads(rng, boxes=boxes))
        cargo += loose_cargo(clerk, quota.loose)
        cargo += empty_cargo(clerk, quota.empty)
    return cargo


def _filed(hold: Hold, voyage: Voyage, rng: np.random.Generator) -> list[Consignment]:
    bills = make_mistakes([bill for bill in hold.consignments if bill.vessel == voyage.vessel], rng)
    honest = {bill.bill for bill in bills if bill.bill not in hold.mechanisms and bill.freight_cents}
    return file_twice(bills, honest, rng, _FILED_TWICE[voyage.vessel])


def _write_vessel(
    out: Path, voyage: Voyage, bills: Sequence[Consignment], hold: Hold, rng: np.random.Generator
) -> VesselSummary:
    ship = voyage.ship
    written = totals(bills)
    slips = rng.integers(-40, 41, size=2).tolist() if voyage.vessel == 1 else (0, 0)
    declared = Totals(
        written.consignments, written.containers, written.packages + slips[0], written.gross_kg + 10 * slips[1]
    )
    file, kind, content = _manifest(voyage, bills, declared)
    (out / file).write_bytes(content)
    boxes = distinct_boxes(bills)
    return VesselSummary(
        file=file,
        format=kind,
        name=ship.name,
        imo=ship.imo,
        voyage=ship.voyage,
        arrival=f"{ship.arrival:%Y-%m-%dT%H:%M}Z",
        bills=len({bill.bill for bill in bills}),
        empty_containers=sum(box.fullness == EMPTY for box in boxes),
        transhipment_containers=len(distinct_boxes(bill for bill in bills if bill.nature == TRANSHIPMENT)),
        planted=len({bill.bill for bill in bills} & hold.mechanisms.keys()),
        written=written,
        declared=declared,
    )


def _manifest(voyage: Voyage, bills: Sequence[Consignment], declared: Totals) -> tuple[str, str, bytes]:
    """File name, format and bytes: the first ship's line sends CUSCAR, the second AWMDS, the third a table."""
    ship = voyage.ship
    if voyage.vessel == 0:
        report = Report(_reference(voyage), "9", ship, bills, declared)
        return "vessel-1.edi", "cuscar", _interchange([report], voyage, f"{ship.line_code}1")
    if voyage.vessel == 1:
        return "vessel-2.xml", "awmds", manifest_xml(ship, bills, declared)
    return "vessel-3.csv", "table", manifest_csv(_reference(voyage), ship, bills, declared)


def _reference(voyage: Voyage) -> str:
    return f"{voyage.ship.line_code}{voyage.ship.voyage}{voyage.ship.arrival:%y%m%d}"


def _interchange(reports: Sequence[Report], voyage: Voyage, reference: str) -> bytes:
    sent = voyage.ship.arrival - timedelta(hours=30)
    return interchange(
        reports, sender=voyage.ship.line_code, receiver=f"{port()[0]}CUS", sent=sent, reference=reference
    )


def _amendment(voyage: Voyage, filed: Sequence[Consignment], economy: Economy, rng: np.random.Generator) -> bytes:
    reports = amendments(voyage.ship, filed, economy, previous=_reference(voyage), rng=rng)
    return _interchange(reports, voyage, f"{voyage.ship.line_code}2")


def _counts(vessels: Sequence[VesselSummary], filed: Sequence[Sequence[Consignment]]) -> dict[str, int]:
    whole = totals(bill for bills in filed for bill in bills)
    return {
        **asdict(whole),
        "empty_containers": sum(vessel.empty_containers for vessel in vessels),
        "transhipment_containers": sum(vessel.transhipment_containers for vessel in vessels),
    }
