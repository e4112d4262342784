"""Rip-on/rip-off: drugs are put into an honest importer's box at a port on the way and taken out at the next.

Changes nothing on paper but the gross mass, by 30 to 250 kg, which hides in the usual tare. The importer knows
nothing: parties, goods and value are true. What remains to be seen is the lane, a carrier from one port over one hub,
on which such boxes come again and again. Eligible are heavy boxes (from 8 t) of goods in cartons or bags, which are
quickly opened. Lanes have a mean propensity of 0.1; one in five is a single act. No duty is lost. When routes change
(an event of the mix), other lanes take over on that day.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pratique_world.years.goods import Flags, Ints, ports, traded
from pratique_world.years.mechanisms.scene import Mechanism, Scene, is_box
from pratique_world.years.offenders import Law

LOAD_KG: Final = (30.0, 250.0)
HEAVY_G: Final = 8_000_000  # net mass from which such a load hides in the tare
LAW: Final = Law(single=0.2, alpha=1.5, beta=13.0)


def by_lane(scene: Scene) -> Ints:
    """The offender is whoever works a lane: carrier, port of loading and hub, as a number."""
    rows = scene.rows
    lane = (rows.carrier * len(ports()) + rows.loading) * (len(ports()) + 1) + rows.transhipment + 1
    place: Ints = np.unique(lane, return_inverse=True)[1].astype(np.int64)
    return place


def _eligible(scene: Scene) -> Flags:
    quick = np.array([ware.package in {"CT", "BG"} for ware in traded()])[scene.rows.ware]
    fits: Flags = is_box(scene) & quick & (scene.rows.net_g >= HEAVY_G)
    return fits


def _plant(scene: Scene, at: Ints) -> Ints:
    scene.rows.gross_g[at] += np.rint(scene.rng.uniform(*LOAD_KG, len(at)) * 1000).astype(np.int64)
    return at


RIP_ON_RIP_OFF: Final = Mechanism("rip_on_rip_off", LAW, by_lane, _eligible, _plant, "drugs")
