"""Dual use: controlled machines, parts or materials are declared as everyday ones.

Changes the price, which is that of better goods (``exp(d)``, ``d`` normal with mean 0.65 and deviation 0.25), sends
half of them through a trader in a hub, and makes three texts in ten say nothing; one in five shows nothing of these;
the shares above are of the others. Dear goods of honest makers look alike. Offenders are importers with a mean
propensity of 0.4; three in ten are single acts. No duty is lost: the harm is another.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pratique_world.years.goods import Flags, Ints, traded
from pratique_world.years.mechanisms.scene import Mechanism, Scene, by_importer, dispatched_from_a_hub, is_box
from pratique_world.years.offenders import Law

CHAPTERS: Final = ("38", "39", "73", "76", "84", "85", "90")
DEARER_MEAN, DEARER_SIGMA, FROM_A_HUB, VAGUE = 0.65, 0.25, 0.5, 0.3
LAW: Final = Law(single=0.3, alpha=2.0, beta=3.0)


def _eligible(scene: Scene) -> Flags:
    controlled = np.array([ware.code[:2] in CHAPTERS for ware in traded()])[scene.rows.ware]
    fits: Flags = is_box(scene) & controlled
    return fits


def _plant(scene: Scene, at: Ints) -> Ints:
    rows = scene.rows
    _, bold = scene.careful(at)
    dearer = np.exp(scene.rng.normal(DEARER_MEAN, DEARER_SIGMA, len(bold)))
    rows.value_minor[bold] = np.rint(rows.value_minor[bold] * dearer).astype(np.int64)
    dispatched_from_a_hub(scene, scene.some(bold, FROM_A_HUB))
    rows.vague[scene.some(bold, VAGUE)] = True
    return at


DUAL_USE: Final = Mechanism("dual_use", LAW, by_importer, _eligible, _plant, "dual_use_goods")
