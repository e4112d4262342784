"""The interval of a share: published figures, and the same figure for one share as for many."""

import numpy as np
import pytest

from pratique.vocabulary.intervals import wilson, wilson_of_all


@pytest.mark.parametrize(
    ("share", "number", "low", "high"),
    [(0.0, 10, 0.0, 0.2775), (0.5, 10, 0.2366, 0.7634), (1.0, 10, 0.7225, 1.0), (0.02, 1000, 0.013, 0.0307)],
)
def test_the_interval_is_that_of_the_textbook(share: float, number: int, low: float, high: float) -> None:
    assert [round(each, 4) for each in wilson(share, number)] == [low, high]


def test_without_a_trial_a_share_can_be_anything() -> None:
    assert wilson(0.0, 0) == (0.0, 1.0)


def test_many_shares_have_the_intervals_that_each_has_alone() -> None:
    shares, numbers = np.array([0.0, 0.25, 1.0, 0.5]), np.array([3.0, 40.0, 7.5, 0.0])
    low, high = wilson_of_all(shares, numbers)
    assert list(zip(low, high, strict=True)) == [wilson(*each) for each in zip(shares, numbers, strict=True)]
