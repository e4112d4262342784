"""Misclassification: goods are declared under a neighbouring heading with a lower duty.

Changes the subheading. In 55 % of the cases the text is changed with it; else the text still names the true goods. The
value stays that of the true goods, so that the price per kilogram may be odd for the heading, as may be the mass of a
package. Honest slips between neighbours go both ways and are not in this world. Offenders are importers with a mean
propensity of 0.5; a quarter are single acts.
"""

from __future__ import annotations

from typing import Final

from pratique_world.years.goods import Flags, Ints
from pratique_world.years.mechanisms.scene import Mechanism, Scene, by_importer, is_box, is_dutiable
from pratique_world.years.offenders import Law

TEXT_FOLLOWS: Final = 0.55
LAW: Final = Law(single=0.25, alpha=3.0, beta=3.0)


def _eligible(scene: Scene) -> Flags:
    return is_box(scene) & is_dutiable(scene) & (scene.market.lower[scene.rows.ware] >= 0)


def _plant(scene: Scene, at: Ints) -> Ints:
    rows = scene.rows
    rows.ware[at] = scene.market.lower[rows.ware[at]]
    follows = scene.some(at, TEXT_FOLLOWS)
    rows.text_ware[follows] = rows.ware[follows]
    return at


MISCLASSIFICATION: Final = Mechanism("misclassification", LAW, by_importer, _eligible, _plant, "misclassification")
