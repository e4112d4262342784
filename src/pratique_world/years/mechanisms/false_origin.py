"""False origin: goods of one land are declared as those of a land with a preference.

Changes the origin, claims the preference, and sends the goods over a hub (seven in ten). In 55 % of the cases the
port of loading is still that of the true land; the exporter is the usual one, whose other goods come from elsewhere.
The price is that of the true origin. One in five has papers of an exporter in the declared land, its port, and no
hub; the shares above are of the others. Honest goods are loaded elsewhere and sold by traders of third lands too.
Offenders are importers with a mean propensity of 0.5; a quarter are single acts.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pratique_world.years.goods import Flags, Ints
from pratique_world.years.mechanisms.scene import (
    Mechanism,
    Scene,
    by_importer,
    first_gateway,
    is_box,
    is_dutiable,
    over_a_hub,
)
from pratique_world.years.offenders import Law
from pratique_world.years.relations import NO_PORT
from pratique_world.years.rows import market_preferential

LOADING_STAYS, OVER_A_HUB = 0.55, 0.7
LAW: Final = Law(single=0.25, alpha=3.0, beta=3.0)


def _eligible(scene: Scene) -> Flags:
    foreign = ~market_preferential()[scene.rows.origin]
    return is_box(scene) & is_dutiable(scene) & foreign & (scene.market.relief[scene.rows.ware] >= 0)


def _plant(scene: Scene, at: Ints) -> Ints:
    rows = scene.rows
    careful, bold = scene.careful(at)
    over_a_hub(scene, scene.some(bold, OVER_A_HUB))
    rows.origin[at] = scene.market.relief[rows.ware[at]]
    rows.dispatch[at] = rows.origin[at]
    rows.preference[at] = True
    _supplied_from_there(scene, careful)
    moved = np.concatenate([scene.some(bold, 1 - LOADING_STAYS), careful])
    rows.loading[moved] = first_gateway(rows.origin[moved])
    return at


def _supplied_from_there(scene: Scene, at: Ints) -> None:
    """Papers of an exporter in the declared land, and no hub on the way."""
    known = scene.parties.exporters
    for land in np.unique(scene.rows.origin[at]).tolist():
        sellers = np.flatnonzero((known.land == land) & (known.weight > 0))
        there = at[scene.rows.origin[at] == land]
        weight = known.weight[sellers] / known.weight[sellers].sum()
        scene.rows.exporter[there] = scene.rng.choice(sellers, len(there), p=weight)
    scene.rows.transhipment[at] = NO_PORT


FALSE_ORIGIN: Final = Mechanism("false_origin", LAW, by_importer, _eligible, _plant, "false_origin")
