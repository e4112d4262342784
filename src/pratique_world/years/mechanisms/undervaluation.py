"""Undervaluation: the goods are what the declaration says, the value is a part of what they cost.

Changes the value alone: it is declared at ``exp(-d)`` of the true one, with ``d`` normal (mean 0.8, deviation 0.35,
at least 0.12), so that half of the values are below 45 % of the true one; one in five is modest (mean 0.2) and hides
in the noise. What remains to be seen is a low price per kilogram, beside peers of the same goods and origin and
beside the other consignments of the same trade; honest stock lots look the same. Offenders are importers with a mean
propensity of 0.45; three in ten are single acts.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pratique_world.years.goods import Flags, Ints
from pratique_world.years.mechanisms.scene import Mechanism, Scene, by_importer, is_box, is_dutiable
from pratique_world.years.offenders import Law

DEPTH_MEAN, DEPTH_SIGMA, LEAST_DEPTH = 0.8, 0.35, 0.12
MODEST_MEAN, MODEST_SIGMA = 0.2, 0.06
LAW: Final = Law(single=0.3, alpha=2.5, beta=3.0)


def lowered(scene: Scene, at: Ints, mean: float, sigma: float) -> None:
    """Declare a part of the value."""
    depth = np.maximum(LEAST_DEPTH, scene.rng.normal(mean, sigma, len(at)))
    value = scene.rows.value_minor[at] * np.exp(-depth)
    scene.rows.value_minor[at] = np.maximum(100, np.rint(value)).astype(np.int64)


def _eligible(scene: Scene) -> Flags:
    return is_box(scene) & is_dutiable(scene)


def _plant(scene: Scene, at: Ints) -> Ints:
    careful, bold = scene.careful(at)
    lowered(scene, bold, DEPTH_MEAN, DEPTH_SIGMA)
    lowered(scene, careful, MODEST_MEAN, MODEST_SIGMA)
    return at


UNDERVALUATION: Final = Mechanism("undervaluation", LAW, by_importer, _eligible, _plant, "undervaluation")
