"""What a mechanism works on: the columns, who trades, and what is usual; and what a mechanism is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pratique_world.tables import gateways
from pratique_world.years.goods import Flags, Ints, Market, lands, ports
from pratique_world.years.offenders import Law
from pratique_world.years.parties import Parties
from pratique_world.years.relations import HUB_LANDS, Relations, hubs_of
from pratique_world.years.rows import Rows


@dataclass(slots=True)
class Scene:
    """The world while wrongdoing is planted: ``rows`` change in place, ``parties`` is replaced where some come in."""

    rows: Rows
    parties: Parties
    relations: Relations
    market: Market
    rng: np.random.Generator

    def some(self, at: Ints, share: float) -> Ints:
        """About that share of the places, drawn."""
        return at[self.rng.random(len(at)) < share]

    def careful(self, at: Ints) -> tuple[Ints, Ints]:
        """The places where somebody takes care to leave nothing to see, one in five, and the others."""
        chosen = self.rng.random(len(at)) < CAREFUL
        return at[chosen], at[~chosen]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One kind of wrongdoing: its law, who stands behind it, which rows it can touch, and what it does to them.

    ``plant`` returns the rows that it made false, which may differ from the proposed ones but not in number.
    """

    name: str
    law: Law
    actor: Callable[[Scene], Ints]
    eligible: Callable[[Scene], Flags]
    plant: Callable[[Scene, Ints], Ints]
    finding: str  # what an officer calls it who has found it


CAREFUL = 0.2  # of a mechanism's consignments
BOX_G = 1_000_000  # net mass of the lightest consignment that fills a good part of a box


def by_importer(scene: Scene) -> Ints:
    """The offender is the importer."""
    return scene.rows.importer


def is_box(scene: Scene) -> Flags:
    """Consignments that fill a box, or a good part of one."""
    return ~scene.relations.is_small[scene.rows.relation] & (scene.rows.net_g >= BOX_G)


def is_dutiable(scene: Scene) -> Flags:
    """Consignments on which duty is due."""
    return scene.rows.true_rate_ppm > 0


def first_gateway(land: Ints) -> Ints:
    """The first port of loading of each land."""
    places = np.array([ports().index(gateways(name)[0]) for name in lands()])
    return places[land]


def hub_lands() -> Ints:
    """The lands where traders send goods on."""
    return np.array([lands().index(name) for name in HUB_LANDS])


def over_a_hub(scene: Scene, at: Ints) -> None:
    """Send the rows over a hub of their land of origin, where it has one."""
    for place in np.unique(scene.rows.origin[at]).tolist():
        hubs = hubs_of(lands()[place])
        rows = at[scene.rows.origin[at] == place]
        if hubs:
            scene.rows.transhipment[rows] = scene.rng.choice(hubs, len(rows))


def dispatched_from_a_hub(scene: Scene, at: Ints) -> None:
    """Have the rows dispatched by a trader in a hub."""
    scene.rows.dispatch[at] = scene.rng.choice(hub_lands(), len(at))
