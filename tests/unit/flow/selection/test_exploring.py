"""The share that explores: it follows the signs of drift, and never leaves its bounds."""

from __future__ import annotations

import pytest

from pratique.flow.selection.exploring import explored_permille


@pytest.mark.parametrize(
    ("nights", "share"),
    [
        ([], 50),
        ([True], 75),
        ([True, True], 113),
        ([True, False], 68),
        ([True] * 20, 200),
        ([True] * 20 + [False], 162),
    ],
)
def test_it_is_half_as_much_again_after_a_sign_and_goes_back_without_one(nights: list[bool], share: int) -> None:
    assert explored_permille(nights, usual=50, most=200) == share


def test_it_comes_back_to_the_usual_and_stays_there() -> None:
    assert explored_permille([True] * 20 + [False] * 30, usual=50, most=200) == 50


def test_who_explores_nothing_explores_nothing_after_a_sign_either() -> None:
    assert explored_permille([True] * 5, usual=0, most=200) == 0


def test_a_limit_below_the_usual_share_leaves_the_usual_share() -> None:
    assert explored_permille([True] * 5, usual=100, most=50) == 100
