"""The random floor takes what mandatory leaves, and its chances are those of the draw."""

from fractions import Fraction
from itertools import permutations
from math import factorial

import numpy as np
import pytest

from pratique.flow.selection.floor import chances, cut, floor_slots


@pytest.mark.parametrize(
    ("slots", "left", "permille", "expected"),
    [
        ([12, 60, 200], [12, 60, 200], 100, [2, 6, 20]),
        ([1, 1, 1], [1, 1, 1], 100, [1, 1, 1]),
        ([1, 1, 1], [0, 1, 0], 100, [0, 1, 0]),
        ([10, 10, 10], [10, 3, 0], 500, [5, 3, 0]),
        ([7, 7, 7], [7, 7, 7], 0, [0, 0, 0]),
        ([1_000_000, 0, 1], [1_000_000, 0, 1], 1000, [1_000_000, 0, 1]),
    ],
)
def test_the_floor_is_the_share_rounded_up_as_far_as_slots_are_left(
    slots: list[int], left: list[int], permille: int, expected: list[int]
) -> None:
    assert floor_slots(np.array(slots), left=np.array(left), share_permille=permille).tolist() == expected


@pytest.mark.parametrize("slots", [[0, 0, 0], [1, 0, 0], [1, 1, 1], [2, 1, 3], [0, 7, 1], [9, 9, 9]])
@pytest.mark.parametrize("pool", [0, 1, 2, 4, 6])
def test_over_every_order_each_row_is_drawn_as_often_as_its_chance_says(pool: int, slots: list[int]) -> None:
    drawn = np.array([cut(np.array(order, dtype=np.int64), np.array(slots)) for order in permutations(range(pool))])
    told = chances(pool, np.array(slots))
    for resource in range(3):
        often = [Fraction(int((column == resource).sum()), factorial(pool)) for column in drawn.T]
        assert [float(each) for each in often] == [told[resource]] * pool
