"""The oracle's answer for declarations."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from pratique_world.years.goods import Floats
from pratique_world.years.mix import MECHANISMS, Mix, parsed
from pratique_world.years.oracle.laws import Known, losses
from pratique_world.years.oracle.school import School, actors_past, go_to_school, joined
from pratique_world.years.oracle.seen import seen
from pratique_world.years.oracle.trees import probabilities
from pratique_world.years.plan import FIRST_DAY

_SHORTEST: Final = 28


def expected(
    declarations: pl.DataFrame, labels_known: pl.DataFrame, mix: Mix, *, illicit: float = 0.022, days: int | None = None
) -> pl.DataFrame:
    """What the oracle expects of each declaration: ``consignment, chance, expected_duty_lost_minor``, in their order.

    ``declarations`` are all of the world up to some day, sorted by day of lodging as they are written; ``labels_known``
    has at least ``consignment, known_on, found, finding``. A declaration is answered for by those before it and by the
    labels known before its week, so one call answers for all weeks; rows whose own label is known are answered as if it
    were not. ``illicit`` and ``days`` are those of the whole world; without ``days`` the last day of ``declarations``
    ends it. The first call for a mix takes a minute, in which the oracle goes to school; needs LightGBM.

    Raises ``ValueError`` where the declarations are not sorted by day, or a consignment has two labels.
    """
    if not declarations["lodged_on"].is_sorted():
        raise ValueError("declarations must be sorted by lodged_on, as they are written")
    if labels_known["consignment"].is_duplicated().any():
        raise ValueError("a consignment has two labels; keep the one that counts")
    length = max(_SHORTEST, _last_day(declarations) + 1) if days is None else days
    school = _school(json.dumps(mix.described()), illicit, length)
    table = seen(declarations, school.market)
    ratios = school.ratios(table)
    past = actors_past(declarations, table, ratios, labels_known, school.priors)
    chance = probabilities(school.weighing, joined(table, ratios, past))
    lost = chance * _loss(declarations, table, ratios, past, school)
    return pl.DataFrame(
        {"consignment": declarations["consignment"], "chance": chance, "expected_duty_lost_minor": lost}
    )


def _last_day(declarations: pl.DataFrame) -> int:
    days = (declarations["lodged_on"] - FIRST_DAY).dt.total_days()
    return int(days.to_numpy().max(initial=0))


@lru_cache(maxsize=4)
def _school(mix: str, illicit: float, days: int) -> School:
    return go_to_school(Known(parsed(json.loads(mix)), illicit, days))


def _loss(
    declarations: pl.DataFrame, table: pl.DataFrame, ratios: Floats, past: dict[str, Floats], school: School
) -> Floats:
    """The mean duty lost where a declaration is false: that of each mechanism, by how likely it is the one."""
    whole, weight = np.zeros(len(declarations)), np.full(len(declarations), 1e-12)
    for mechanism in school.known.mix.shares():
        chances = [column for name, column in past.items() if name.startswith(mechanism)]
        likely = np.maximum.reduce(chances) * ratios[:, MECHANISMS.index(mechanism)]
        whole += likely * losses(mechanism, table, declarations, school.market)
        weight += likely
    mean: Floats = whole / weight
    return mean
