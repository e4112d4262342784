"""Shell importers: firms of a ring, used up one after the other, that declare too little (``rings.py``).

Changes the value (``exp(-d)``, ``d`` normal with mean 0.55 and deviation 0.3; one in five is modest) and makes a
quarter of the texts say nothing. What remains to be seen: the address, telephone and director that members share,
their suppliers and their broker, and that they are new. Business centres and groups of firms share honestly. Every
member is an offender, with a mean propensity of 0.55.
"""

from __future__ import annotations

from typing import Final

from pratique_world.years.goods import Flags, Ints
from pratique_world.years.mechanisms.scene import Mechanism, Scene, by_importer
from pratique_world.years.mechanisms.undervaluation import MODEST_MEAN, MODEST_SIGMA, lowered
from pratique_world.years.offenders import Law
from pratique_world.years.rings import NAME, NO_RING, PROPENSITY

DEPTH_MEAN, DEPTH_SIGMA, VAGUE = 0.55, 0.3, 0.3
LAW: Final = Law(single=0.0, alpha=8.0 * PROPENSITY, beta=8.0 * (1 - PROPENSITY))


def _eligible(scene: Scene) -> Flags:
    of_ring: Flags = scene.parties.importers.ring[scene.rows.importer] != NO_RING
    return of_ring


def _plant(scene: Scene, at: Ints) -> Ints:
    careful, bold = scene.careful(at)
    lowered(scene, bold, DEPTH_MEAN, DEPTH_SIGMA)
    lowered(scene, careful, MODEST_MEAN, MODEST_SIGMA)
    scene.rows.vague[scene.some(bold, VAGUE)] = True
    return at


SHELL_IMPORTERS: Final = Mechanism(NAME, LAW, by_importer, _eligible, _plant, "undervaluation")
