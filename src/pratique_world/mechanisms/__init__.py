"""Planted wrongdoing: one kind to a file. Each leaves only traces that a manifest can show, and not always.

``MECHANISMS`` gives for each the share of the planted bills it gets. A mechanism takes the hold and a number of bills
and plants about as many: a split shipment comes in whole groups.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pratique_world.hold import Hold
from pratique_world.mechanisms.false_origin import plant_false_origin
from pratique_world.mechanisms.heavy_empty import plant_heavy_empty
from pratique_world.mechanisms.listed_party import plant_listed_party
from pratique_world.mechanisms.misclassification import plant_misclassification
from pratique_world.mechanisms.prohibited_goods import plant_prohibited_goods
from pratique_world.mechanisms.rip_on import plant_rip_on
from pratique_world.mechanisms.shell_importers import plant_shell_importers
from pratique_world.mechanisms.split_consignment import plant_split_consignment
from pratique_world.mechanisms.undeclared_dangerous import plant_undeclared_dangerous
from pratique_world.mechanisms.undervaluation import plant_undervaluation

MECHANISMS: Final[tuple[tuple[Callable[[Hold, int], None], float], ...]] = (
    (plant_listed_party, 0.07),
    (plant_shell_importers, 0.12),
    (plant_split_consignment, 0.12),
    (plant_rip_on, 0.1),
    (plant_heavy_empty, 0.05),
    (plant_undeclared_dangerous, 0.09),
    (plant_prohibited_goods, 0.08),
    (plant_false_origin, 0.11),
    (plant_misclassification, 0.12),
    (plant_undervaluation, 0.14),
)


def plant_all(hold: Hold, count: int) -> None:
    """Plant about so many bills of wrongdoing, by the shares of ``MECHANISMS``."""
    for plant, share in MECHANISMS:
        plant(hold, max(1, round(count * share)))
