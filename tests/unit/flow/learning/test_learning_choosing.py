"""Choosing and watching: slots, probabilities, bounds, drift."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pratique.flow.learning.choosing import Knobs, choose, worth
from pratique.flow.learning.watching import bins_of, detection_delay, random_part, stability
from pratique.vocabulary.errors import PratiqueError


def scored(rows: int = 1000) -> pl.DataFrame:
    rng = np.random.default_rng(4)
    chance = rng.beta(1, 30, rows)
    return pl.DataFrame(
        {
            "consignment": [f"C{place}" for place in range(rows)],
            "chance": chance,
            "low": chance * 0.5,
            "high": np.minimum(chance * 2 + 0.01, 1),
            "stake_minor": rng.integers(0, 10**7, rows),
        }
    )


def test_slots_are_used_up_and_two_in_a_hundred_at_least_drawn_by_lot():
    told = choose(scored(), 100, Knobs(), seed=1)
    counts = dict(told.group_by("basis").len().iter_rows())
    assert counts == {"value": 90, "random": 2, "unsure": 8, "none": 900}


def test_those_of_most_worth_are_first_and_certain():
    told = choose(scored(), 100, Knobs(), seed=1)
    value = told.filter(pl.col("basis") == "value")
    assert value["rank"].max() == 90
    assert (value["probability"] == 1).all()


def test_the_probability_of_the_lot_is_what_many_lots_show():
    frame, knobs = scored(200), Knobs(explored=0.3, random=0.3)
    draws = [choose(frame, 40, knobs, seed=seed).with_columns(drawn=pl.col("basis") == "random") for seed in range(300)]
    pool = draws[0]["basis"] != "value"
    seen = np.mean([each["drawn"].to_numpy() for each in draws], axis=0)[pool.to_numpy()]
    assert abs(seen.mean() - 12 / pool.sum()) < 1e-9
    assert np.abs(seen - 12 / pool.sum()).max() < 0.1


def test_the_knob_goes_from_chance_to_money():
    frame = scored()
    by_chance, by_money = (worth(frame, Knobs(money=knob)) for knob in (0.0, 1.0))
    assert np.array_equal(np.argsort(by_chance), np.argsort(frame["chance"].to_numpy()))
    assert np.allclose(by_money, frame["chance"].to_numpy() * (frame["stake_minor"].to_numpy() + 1.0))


def test_harm_lifts_those_without_duty():
    frame = scored().with_columns(stake_minor=pl.lit(0))
    assert (worth(frame, Knobs(money=0.5, harm_minor=10**6)) > worth(frame, Knobs(money=0.5))).all()


@pytest.mark.parametrize("knobs", [{"random": 0.01}, {"explored": 0.9}, {"money": 2.0}, {"explored": 0.01}])
def test_knobs_outside_their_bounds_are_refused(knobs):
    with pytest.raises(PratiqueError) as caught:
        Knobs(**knobs)
    assert caught.value.code == "model.knob"


def test_the_same_values_have_not_moved_and_others_have():
    rng = np.random.default_rng(1)
    values = rng.normal(size=20_000)
    told = bins_of(values)
    assert stability(told, rng.normal(size=20_000)) < 0.01
    assert stability(told, rng.normal(1, 1, size=20_000)) > 0.25


def test_mostly_one_value_is_no_drift():
    values = np.concatenate([np.zeros(9_000), np.ones(1_000)])
    told = bins_of(values)
    assert stability(told, values) < 0.01


def test_few_different_values_are_no_drift_however_their_shares_fall():
    values = np.repeat([0.0, 1.0, 2.0, 3.0], [2_000, 960, 30, 10])  # no share is a tenth or some of them
    assert stability(bins_of(values), np.tile(values, 2)) < 0.001
    assert stability(bins_of(values), np.repeat([0.0, 1.0], [1_000, 2_000])) > 0.25


def test_the_random_part_alone_is_counted():
    labels = pl.DataFrame({"drawn_at_random": [True] * 50 + [False] * 50, "found": [True] + [False] * 49 + [True] * 50})
    told = random_part(labels)
    assert (told.controlled, told.found) == (50, 1)
    assert told.low < 0.02 < told.high
    assert random_part(labels.clear()).rate is None


def test_a_new_way_counts_as_caught_when_found_three_times():
    began = date(2025, 1, 1)
    days = [began + timedelta(days=each) for each in (-3, 5, 9, 20)]
    assert detection_delay(days, began) == 20
    assert detection_delay(days[:3], began) is None
