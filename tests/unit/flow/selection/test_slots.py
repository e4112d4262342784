"""The slots answer as many points as any plan could."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.flow.selection.slots import NOWHERE, best_slots

ROWS = st.lists(st.lists(st.integers(-2, 9), min_size=3, max_size=3), min_size=0, max_size=5)
SLOTS = st.lists(st.integers(0, 2), min_size=3, max_size=3)


def best_by_trying_all(worth: np.ndarray, slots: np.ndarray) -> int:
    best = 0
    for plan in product(range(-1, 3), repeat=worth.shape[0]):
        used = np.bincount([resource for resource in plan if resource >= 0], minlength=3)
        if (used <= slots).all():
            best = max(best, sum(int(worth[row, resource]) for row, resource in enumerate(plan) if resource >= 0))
    return best


@settings(max_examples=150, deadline=None)
@given(ROWS, SLOTS)
def test_no_other_plan_answers_more_points(rows: list[list[int]], slots: list[int]) -> None:
    worth = np.array(rows, dtype=np.int64).reshape(len(rows), 3)
    plan = best_slots(worth, np.array(slots))
    placed = np.flatnonzero(plan != NOWHERE)
    assert worth[placed, plan[placed]].sum() == best_by_trying_all(worth, np.array(slots))
    assert (np.bincount(plan[placed], minlength=3) <= slots).all()


@pytest.mark.parametrize("capacity", [0, 5_000])
def test_large_capacity_is_used_up_or_left(capacity: int) -> None:
    worth = np.random.default_rng(7).integers(1, 100_000, size=(8_000, 3))
    plan = best_slots(worth, np.array([capacity, capacity // 2, 10]))
    expected = min(8_000, capacity + capacity // 2 + 10)
    assert (plan != NOWHERE).sum() == expected
