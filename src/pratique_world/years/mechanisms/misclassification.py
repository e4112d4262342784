"""Misclassification: goods are declared under a neighbouring heading with a lower duty.

Changes the subheading. In 45 % of the cases the text still names the true goods; value, packages and their mass stay
those of the true goods, so that the price per kilogram may be odd for the heading. One in five has papers of the
false heading throughout: text, value and packages; the shares above are of the others. Honest texts name a neighbour
too, by a slip or because two kinds are in the box. Offenders are importers with a mean propensity of 0.5; a quarter
are single acts.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pratique_world.years.goods import Flags, Ints, traded
from pratique_world.years.mechanisms.scene import Mechanism, Scene, by_importer, is_box, is_dutiable
from pratique_world.years.offenders import Law

TEXT_FOLLOWS: Final = 0.55
LAW: Final = Law(single=0.25, alpha=3.0, beta=3.0)


def _eligible(scene: Scene) -> Flags:
    return is_box(scene) & is_dutiable(scene) & (scene.market.lower[scene.rows.ware] >= 0)


def _plant(scene: Scene, at: Ints) -> Ints:
    rows = scene.rows
    careful, bold = scene.careful(at)
    rows.ware[at] = scene.market.lower[rows.ware[at]]
    follows = np.concatenate([scene.some(bold, TEXT_FOLLOWS), careful])
    rows.text_ware[follows] = rows.ware[follows]
    _papers_of_the_heading(scene, careful)
    return at


def _papers_of_the_heading(scene: Scene, at: Ints) -> None:
    """Value and packages as goods of the declared heading have them."""
    rows, rng = scene.rows, scene.rng
    low, high = (np.array([ware.package_kg[side] for ware in traded()])[rows.ware[at]] for side in (0, 1))
    each_g = 1000 * rng.uniform(low, high)
    rows.packages[at] = np.maximum(1, np.rint(rows.net_g[at] / each_g)).astype(np.int64)
    usual = scene.market.usual(rows.ware[at], rows.origin[at], rows.day[at])
    price = np.exp(usual + rng.normal(0, scene.market.spread[rows.ware[at]]))
    value = np.minimum(rows.value_minor[at], np.rint(price * rows.net_g[at] / 10))
    rows.value_minor[at] = np.maximum(100, value).astype(np.int64)


MISCLASSIFICATION: Final = Mechanism("misclassification", LAW, by_importer, _eligible, _plant, "misclassification")
