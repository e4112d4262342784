"""Drift: nothing is said to move that has not, and what has moved is seen, in numbers and in words."""

import numpy as np
import polars as pl
import pytest

from pratique.flow.learning.watching import DRIFTED, chance_alone, moved

RNG = np.random.default_rng(20261005)


def test_what_has_not_moved_raises_no_alarm_however_few_rows_there_are() -> None:
    for rows in (8, 40, 400):
        alarms = [
            moved("n", pl.Series(RNG.normal(size=rows)), pl.Series(RNG.normal(size=rows))).alarming for _ in range(200)
        ]
        assert sum(alarms) <= 20, rows


def test_numbers_that_have_moved_are_seen() -> None:
    found = moved("mass", pl.Series(RNG.normal(size=500)), pl.Series(RNG.normal(loc=1.0, size=500)))
    assert found.alarming
    assert (found.name, found.before, found.now) == ("mass", 500, 500)


def test_the_index_is_that_of_the_formula() -> None:
    before, now = pl.Series(["a"] * 50 + ["b"] * 50), pl.Series(["a"] * 80 + ["b"] * 20)
    told = 30 / 101 * np.log(80.5 / 50.5) - 30 / 101 * np.log(20.5 / 50.5)  # half a row more in each bin
    assert moved("word", before, now).index == pytest.approx(told)
    assert moved("word", before, before).index == 0.0


def test_nothing_said_is_a_word_and_a_new_word_is_a_move() -> None:
    before = pl.Series(["NLRTM"] * 90 + [None] * 10)
    assert moved("loading", before, pl.Series(["NLRTM"] * 10 + [None] * 90)).alarming
    assert moved("loading", before, pl.Series(["CNSHA"] * 90 + [None] * 10)).index > DRIFTED
    numbers = pl.Series([1, 2, 3, 4] * 25)
    assert moved("value", numbers, pl.Series([None] * 100, dtype=pl.Int64)).alarming
    assert moved("value", pl.Series([None] * 100, dtype=pl.Int64), numbers).alarming


def test_rare_words_are_one() -> None:
    before = pl.Series([f"importer {number}" for number in range(1000)])
    now = pl.Series([f"importer {number}" for number in range(1000, 2000)])
    assert not moved("importer", before, now).alarming


def test_nothing_to_compare_has_not_moved() -> None:
    nothing = pl.Series([], dtype=pl.Int64)
    assert moved("n", nothing, pl.Series([1, 2])).index == 0.0
    assert moved("n", pl.Series([1, 2]), nothing).index == 0.0


@pytest.mark.parametrize(("bins", "quantile"), [(2, 3.841), (10, 16.919), (21, 31.410)])
def test_what_chance_alone_does_is_the_quantile_of_the_tables(bins: int, quantile: float) -> None:
    assert chance_alone(bins, 2, 2) == pytest.approx(quantile, rel=0.03)
    assert chance_alone(1, 10, 10) == 0.0
