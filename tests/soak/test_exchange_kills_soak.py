"""The same as tests/contract/test_exchange_kills.py, two hundred times."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange_kills import killed

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("seed", range(10))
def test_twenty_kills_lose_nothing_and_repeat_nothing(tmp_path: Path, seed: int) -> None:
    assert killed(tmp_path, kills=20, seed=seed) > 0
