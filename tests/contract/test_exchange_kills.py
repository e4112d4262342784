"""Killed at random points of sending and receiving: no message is lost, none is acted on twice, both logs agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange_kills import killed

pytestmark = pytest.mark.long


def test_ten_kills_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    assert killed(tmp_path, kills=10, seed=20261005) > 0
