"""How long somebody waits after failed sign-ins."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes import NOON
from pratique.node.access.throttle import ADDRESS, LOGIN, PAIR, Failures, Limit

SECONDS = st.lists(st.integers(0, 3600), max_size=60)


def before(*seconds: int) -> list[datetime]:
    return sorted(NOON - timedelta(seconds=each) for each in seconds)


@pytest.mark.parametrize(("failures", "seconds"), [(4, 0), (5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (40, 900)])
def test_delay_doubles_from_the_fifth_failure_of_a_pair_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert PAIR.wait(before(*[0] * failures), NOON) == timedelta(seconds=seconds)


@pytest.mark.parametrize("limit", [ADDRESS, LOGIN])
def test_what_strangers_can_cause_is_a_minute_at_most(limit: Limit) -> None:
    assert limit.wait(before(*[0] * 10_000), NOON) == timedelta(minutes=1)


@given(SECONDS)
def test_wait_never_grows_while_nobody_tries(seconds: list[int]) -> None:
    now, later = PAIR.wait(before(*seconds), NOON), PAIR.wait(before(*seconds), NOON + timedelta(seconds=30))
    assert later <= now


@given(SECONDS, st.integers(0, 3600))
def test_one_more_failure_never_shortens_the_wait(seconds: list[int], more: int) -> None:
    assert PAIR.wait(before(*seconds, more), NOON) >= PAIR.wait(before(*seconds), NOON)


@given(SECONDS)
def test_known_address_is_not_slowed_by_failures_elsewhere(seconds: list[int]) -> None:
    elsewhere = before(*seconds)
    assert Failures(pair=[], address=[], login=elsewhere, known=True).wait(NOON) == timedelta(0)
