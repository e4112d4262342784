"""The gain curve: what the first controls reach, by value and by lot."""

import polars as pl

from pratique.flow.selection.gain import GainPoint, gain_curve


def test_the_curve_adds_up_what_the_first_controls_hold() -> None:
    curve = gain_curve(pl.Series([60, 30, 10, 0]), first=4)
    assert [point.by_value_permille for point in curve] == [0, 600, 900, 1000, 1000]
    assert [point.by_lot_permille for point in curve] == [0, 250, 500, 750, 1000]


def test_a_long_curve_has_few_points_and_always_those_that_are_marked() -> None:
    curve = gain_curve(pl.Series(range(5000, 0, -1)), first=4000, marks=(123, 124, 9999))
    numbers = [point.controls for point in curve]
    assert len(numbers) <= 63
    assert {0, 123, 124, 4000} <= set(numbers)
    assert numbers == sorted(set(numbers))


def test_without_points_or_rows_nothing_is_reached() -> None:
    assert gain_curve(pl.Series([], dtype=pl.Int64), first=10) == (GainPoint(0, 0, 0),)
    assert {point.by_value_permille for point in gain_curve(pl.Series([0, 0]), first=2)} == {0}
