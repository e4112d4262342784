"""Planted wrongdoing over the years: one kind to a module, whose docstring says what it changes and what remains.

Each is planted to its share of the mix, in the time that the mix gives it. What one cannot place (too few consignments
fit) the others take, so that the share of wrongdoing in the whole is what was asked for.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from pratique_world.years.goods import Floats
from pratique_world.years.mechanisms.dual_use import DUAL_USE
from pratique_world.years.mechanisms.false_origin import FALSE_ORIGIN
from pratique_world.years.mechanisms.misclassification import MISCLASSIFICATION
from pratique_world.years.mechanisms.prohibited_goods import PROHIBITED_GOODS
from pratique_world.years.mechanisms.rip_on_rip_off import RIP_ON_RIP_OFF
from pratique_world.years.mechanisms.sanctions_evasion import SANCTIONS_EVASION
from pratique_world.years.mechanisms.scene import Mechanism, Scene
from pratique_world.years.mechanisms.shell_importers import SHELL_IMPORTERS
from pratique_world.years.mechanisms.splitting import SPLITTING
from pratique_world.years.mechanisms.undervaluation import UNDERVALUATION
from pratique_world.years.mechanisms.wrong_preference import WRONG_PREFERENCE
from pratique_world.years.mix import MECHANISMS, ROUTES, day_number
from pratique_world.years.offenders import Field, choose
from pratique_world.years.plan import Plan

ALL: Final[tuple[Mechanism, ...]] = (
    SHELL_IMPORTERS, SPLITTING, SANCTIONS_EVASION, FALSE_ORIGIN, WRONG_PREFERENCE, MISCLASSIFICATION, DUAL_USE,
    PROHIBITED_GOODS, RIP_ON_RIP_OFF, UNDERVALUATION,
)  # fmt: skip
WITHOUT_LOSS: Final = ("rip_on_rip_off", "dual_use", "sanctions_evasion")


def number_of(name: str) -> int:
    """The number by which rows name a mechanism; 0 stands for none."""
    return MECHANISMS.index(name) + 1


def plant_all(scene: Scene, plan: Plan) -> None:
    """Make the asked share of the rows false, by the shares and times of the mix."""
    wanted = round(plan.rows * plan.illicit)
    shares = plan.mix.shares()
    planned = [mechanism for mechanism in ALL if mechanism.name in shares]
    left = wanted
    for mechanism in planned:
        is_last = mechanism is planned[-1]
        target = left if is_last else min(left, round(wanted * shares[mechanism.name]))
        left -= _planted(scene, plan, mechanism, target)
    for mechanism in reversed(planned):
        left -= _planted(scene, plan, mechanism, left) if left else 0


def _planted(scene: Scene, plan: Plan, mechanism: Mechanism, target: int) -> int:
    """Plant so many rows, part by part where routes change; returns how many could be."""
    level = plan.mix.intensity(mechanism.name, plan.days)
    turns = [day_number(event.start, plan.days) for event in plan.mix.events(ROUTES, mechanism.name)]
    used, done = np.zeros(0, dtype=np.int64), 0
    parts = _parts(level, turns)
    for place, part in enumerate(parts):
        goal = round(target * part.sum() / level.sum()) if place < len(parts) - 1 else target - done
        actor = mechanism.actor(scene)
        eligible = mechanism.eligible(scene) & (scene.rows.mechanism == 0) & ~np.isin(actor, used)
        at, first = choose(scene.rng, Field(actor, scene.rows.day, eligible), mechanism.law, part, goal)
        used = np.union1d(used, actor[at])
        planted = mechanism.plant(scene, at) if len(at) else at
        scene.rows.mechanism[planted] = number_of(mechanism.name)
        scene.rows.first_day[planted] = scene.rows.day[planted]
        scene.rows.first_day[at] = np.where(np.isin(at, planted), np.minimum(first, scene.rows.day[at]), -1)
        done += len(planted)
    return done


def _parts(level: Floats, turns: list[int]) -> list[Floats]:
    edges = [0, *sorted(turns), len(level)]
    parts = []
    for start, end in pairwise(edges):
        part = np.zeros_like(level)
        part[start:end] = level[start:end]
        if part.any():
            parts.append(part)
    return parts


__all__ = ["ALL", "WITHOUT_LOSS", "Mechanism", "Scene", "number_of", "plant_all"]
