"""The closed loop of the bench counts as it says, and its history is the same however often it is carried on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

import numpy as np
import polars as pl
import pytest
from bench.learning.loop import week_of
from bench.learning.offices import EXPLOITING, Declared, Office
from bench.learning.worlds import data_of, scene

from pratique.flow.learning.looks import days_of
from pratique.flow.learning.model import Model
from pratique.flow.learning.profiles import ProfileStore

pytestmark = pytest.mark.long


def test_the_lot_counts_as_what_it_is_expected_to_recover() -> None:
    decided = pl.DataFrame({"basis": ["value", "random", "none", "unsure", "none"], "worth": [9, 1, 2, 3, 4]})
    false, lost = np.array([1.0, 0.0, 1.0, 1.0, 1.0]), np.array([10.0, 0.0, 6.0, 2.0, 4.0])
    told = week_of(decided, false, lost, date(2026, 11, 2), 3)
    assert (told.revenue, told.expected, told.by_value, told.best) == (12.0, 10 + 2 + 3.0, 16.0, 20.0)
    assert (told.found, told.findable) == (2, 3)
    assert told.slots == {"value": 1, "random": 1, "unsure": 1}


def test_history_carried_on_week_by_week_is_that_carried_on_at_once() -> None:
    at = scene(5, 1500, 120, "calm")
    rows = data_of(at.world.declarations).rows
    start = cast("date", rows["lodged_on"][0])

    def history(weeks: list[int]) -> str:
        parts: Any = dict.fromkeys(("trees", "calibration", "stake", "usual"))
        begun = ProfileStore(as_of=int(days_of(rows["lodged_on"])[0]))
        empty = Model(names=(), columns=tuple(rows.columns), start=0.0, store=begun, card={}, **parts)
        office = Office("any", EXPLOITING, Declared(rows, days_of(rows["lodged_on"]), {}), at.labels, model=empty)
        for week in weeks:
            office.carry_on(start + timedelta(weeks=week))
        assert office.model is not None
        return office.model.store.digest()

    assert history([3, 4, 9, 10, 14]) == history([14])
