"""What controls find depends on the consignment, the day and the seed alone, whoever chooses and whatever else."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pratique_world.years import Plan, World, build_world, results
from pratique_world.years.control import FINDINGS

DAY = date(2023, 5, 1)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(Plan(seed=8, days=200, rows=20_000, illicit=0.2))


def test_officers_miss_one_in_twenty_and_rarely_find_what_is_not_there(world: World) -> None:
    found = results(world.truth, world.truth["consignment"], DAY, 3).join(world.truth, on="consignment")
    missed = 1 - found.filter("illicit")["found"].mean()  # type: ignore[operator]
    assert 0.035 < missed < 0.065
    wrongly = found.filter(~pl.col("illicit"))["found"].mean()
    assert wrongly is not None
    assert 0 < wrongly < 0.006
    named = found.filter("found", "illicit").with_columns(right=pl.col("mechanism").replace_strict(FINDINGS))
    assert 0.88 < (named["finding"] == named["right"]).mean() < 0.97  # type: ignore[operator]
    assert (found["duty_recovered_minor"] <= found["duty_lost_minor"]).all()


def test_a_result_does_not_depend_on_what_else_is_controlled(world: World) -> None:
    chosen = world.truth["consignment"].gather_every(7)
    whole = results(world.truth, world.truth["consignment"], DAY, 3)
    some = results(world.truth, chosen.shuffle(seed=1), DAY, 3)
    assert some.sort("consignment").equals(whole.filter(pl.col("consignment").is_in(chosen.to_list())))
    assert not results(world.truth, chosen, DAY, 4).equals(results(world.truth, chosen, DAY, 3))


def test_each_consignment_can_have_its_own_day(world: World) -> None:
    chosen = world.truth["consignment"].head(3)
    days = pl.Series([date(2023, 3, 1), date(2023, 3, 2), date(2023, 3, 9)])
    found = results(world.truth, chosen, days, 1)
    assert found["controlled_on"].to_list() == days.to_list()
    assert (found["known_on"] > found["controlled_on"]).all()


def test_nothing_chosen_finds_nothing(world: World) -> None:
    assert results(world.truth, [], DAY, 1).height == 0


def test_what_is_unknown_or_chosen_twice_is_refused(world: World) -> None:
    first = world.truth["consignment"][0]
    with pytest.raises(ValueError, match="chosen twice"):
        results(world.truth, [first, first], DAY, 1)
    with pytest.raises(ValueError, match="no consignment 99XX"):
        results(world.truth, ["99XX"], DAY, 1)
