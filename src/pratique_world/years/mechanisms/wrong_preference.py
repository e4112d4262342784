"""Wrong preference: a preferential rate is claimed for goods that come from the land but do not qualify.

Changes the claim (true) and the price, because goods that were only repacked there are cheaper: ``exp(-0.2)`` of the
price in the mean. Half of them come over a hub, two in five are dispatched by a trader there, against the rule of
direct transport; some importers claim who never claimed before. One in five shows the claim alone; the shares above
are of the others. Most claims are honest and look alike. Offenders are importers with a mean propensity of 0.5; a
quarter are single acts.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pratique_world.years.goods import PREFERENCE, Flags, Ints, lands
from pratique_world.years.mechanisms.scene import (
    Mechanism,
    Scene,
    by_importer,
    dispatched_from_a_hub,
    is_box,
    over_a_hub,
)
from pratique_world.years.offenders import Law

CHEAPER_MEAN, CHEAPER_SIGMA = 0.2, 0.15
OVER_A_HUB, FROM_A_HUB = 0.5, 0.4
LAW: Final = Law(single=0.25, alpha=3.0, beta=3.0)


def _eligible(scene: Scene) -> Flags:
    rows = scene.rows
    preferential = np.isin(lands(), list(PREFERENCE))[rows.origin]
    return is_box(scene) & preferential & (scene.market.duty[rows.ware] > 0)


def _plant(scene: Scene, at: Ints) -> Ints:
    rows = scene.rows
    rows.preference[at] = True
    rows.true_rate_ppm[at] = scene.market.rate(rows.ware[at], rows.origin[at], rows.day[at], ~rows.preference[at])
    _, bold = scene.careful(at)
    cheaper = np.exp(-scene.rng.normal(CHEAPER_MEAN, CHEAPER_SIGMA, len(bold)))
    rows.value_minor[bold] = np.rint(rows.value_minor[bold] * cheaper).astype(np.int64)
    rows.true_value_minor[at] = rows.value_minor[at]
    over_a_hub(scene, scene.some(bold, OVER_A_HUB))
    dispatched_from_a_hub(scene, scene.some(bold, FROM_A_HUB))
    return at


WRONG_PREFERENCE: Final = Mechanism("wrong_preference", LAW, by_importer, _eligible, _plant, "wrong_preference")
