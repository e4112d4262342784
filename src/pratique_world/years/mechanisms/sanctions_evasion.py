"""Sanctions evasion: a listed exporter goes on under another name.

Changes the exporter to a new one with a name that is near the old (respelled or another legal form; one in five takes
a name that has nothing of it), has half of the consignments dispatched by a trader in a hub, and sends two in five
over one. Goods, importer, price and route stay, so that the new exporter steps into the trade of an old one. Three in
a hundred honest exporters take another name too. Offenders are exporters with a mean propensity of 0.6, each with one
new name; one in ten is a single act. No duty is lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from pratique_world.draw import uniforms
from pratique_world.names import DRAWS, trader
from pratique_world.years.goods import Flags, Ints, lands
from pratique_world.years.mechanisms.scene import Mechanism, Scene, dispatched_from_a_hub, is_box, over_a_hub
from pratique_world.years.offenders import Law
from pratique_world.years.parties import another_name, numbered

FROM_A_HUB, OVER_A_HUB = 0.65, 0.5
LAW: Final = Law(single=0.1, alpha=3.0, beta=2.0)


def _by_exporter(scene: Scene) -> Ints:
    return scene.rows.exporter


def _eligible(scene: Scene) -> Flags:
    return is_box(scene)


def _plant(scene: Scene, at: Ints) -> Ints:
    rows, known = scene.rows, scene.parties.exporters
    old, place = np.unique(rows.exporter[at], return_inverse=True)
    draws = uniforms(scene.rng, len(old), 4)
    names = [another_name(known.name[seller], row) for seller, row in zip(old.tolist(), draws, strict=True)]
    unlike, _ = scene.careful(np.arange(len(old)))
    for seller, row in zip(unlike.tolist(), uniforms(scene.rng, len(unlike), DRAWS), strict=True):
        names[seller] = trader(lands()[known.land[old[seller]]], row).name
    none = np.full(len(old), -1)
    scene.parties = replace(
        scene.parties,
        exporters=replace(
            known,
            code=np.concatenate([known.code, _fresh(scene, len(old))]),
            name=np.concatenate([known.name, np.array(names, dtype=object)]),
            land=np.concatenate([known.land, known.land[old]]),
            weight=np.concatenate([known.weight, np.zeros(len(old))]),
            renamed_on=np.concatenate([known.renamed_on, np.full(len(old), np.iinfo(np.int64).max)]),
            heir=np.concatenate([known.heir, none]),
        ),
    )
    rows.exporter[at] = len(known.code) + place
    _, bold = scene.careful(at)
    dispatched_from_a_hub(scene, scene.some(bold, FROM_A_HUB))
    over_a_hub(scene, scene.some(bold, OVER_A_HUB))
    return at


def _fresh(scene: Scene, count: int) -> Ints:
    """Numbers for so many new exporters, of the same kind as all others and none of them in use."""
    used = set(scene.parties.exporters.code.tolist())
    drawn = [code for code in numbered(scene.rng, "X", count + 200, 8).tolist() if code not in used]
    return np.array(drawn[:count], dtype=object)


SANCTIONS_EVASION: Final = Mechanism("sanctions_evasion", LAW, _by_exporter, _eligible, _plant, "sanctions_evasion")
