"""Prohibited goods: something else is in the box, such as cigarettes, spirits or protected species.

Changes the mass of a package (by ``exp(N(0, 0.5))``, because other goods fill it) and makes nearly half of the texts
say nothing; one in five has papers as ordinary goods have them; the shares above are of the others. Value and heading
are those of ordinary goods throughout. The duty lost is that of what is inside: 35 % of a value twice as high in the
mean. Offenders are importers with a mean propensity of 0.35; four in ten are single acts.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pratique_world.years.goods import Flags, Ints
from pratique_world.years.mechanisms.scene import Mechanism, Scene, by_importer, is_box
from pratique_world.years.offenders import Law

PACK_SIGMA, VAGUE = 0.5, 0.45
INSIDE_PPM, INSIDE_MEAN, INSIDE_SIGMA = 350_000, 0.6, 0.4
LAW: Final = Law(single=0.4, alpha=2.0, beta=3.7)


def _eligible(scene: Scene) -> Flags:
    return is_box(scene)


def _plant(scene: Scene, at: Ints) -> Ints:
    rows, rng = scene.rows, scene.rng
    _, bold = scene.careful(at)
    other = rows.packages[bold] * np.exp(rng.normal(0, PACK_SIGMA, len(bold)))
    rows.packages[bold] = np.maximum(1, np.rint(other)).astype(np.int64)
    rows.vague[scene.some(bold, VAGUE)] = True
    inside = rows.value_minor[at] * rng.lognormal(INSIDE_MEAN, INSIDE_SIGMA, len(at))
    rows.true_value_minor[at] = np.rint(inside).astype(np.int64)
    rows.true_rate_ppm[at] = INSIDE_PPM
    return at


PROHIBITED_GOODS: Final = Mechanism("prohibited_goods", LAW, by_importer, _eligible, _plant, "prohibited_goods")
