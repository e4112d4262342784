"""The limit below which nothing is due is found in the declarations themselves, and closeness to it is told."""

from __future__ import annotations

import numpy as np
import pytest

from pratique.flow.learning import peers
from pratique.flow.learning.relief import below_limit, relieved, values_relieved

DAY = 20_000


def known(rate: np.ndarray, claimed: np.ndarray) -> dict[str, np.ndarray]:
    """Rows of goods that usually pay a tenth."""
    usual = np.full(len(rate), 100) - rate / 1000
    told = {"subheading_duty.usual": usual, "said.duty_rate_ppm": rate, "said.preference": claimed}
    return {name: values.astype(np.float32) for name, values in told.items()}


def test_a_lot_just_below_the_limit_is_close_and_one_that_pays_or_is_tiny_is_not() -> None:
    before = np.linspace(1_000, 200_000, 400)  # relieved up to 2,000.00, as the table shows and nobody said
    value = np.concatenate([before, [195_000, 20_000, 210_000, 5_000_000]])
    rate = np.concatenate([np.zeros(402), [100_000, 0]])
    claimed = np.concatenate([np.zeros(403), [1]])  # a claim of preference pays nothing either, and sets no limit
    rows = known(rate, claimed)
    rows["said.relieved"] = relieved(rows, value * rate / 1e6).astype(np.float32)
    assert rows["said.relieved"][-4:].tolist() == [1, 1, 0, 1]
    fine = values_relieved(rows, value)
    assert np.isnan(fine[-2:]).all()
    blocks = peers.blocks_of(np.where(np.arange(404) < 400, DAY, DAY + 2 * peers.BLOCK_DAYS))
    everybody = [np.ones(404, dtype=np.uint64)]
    limit = peers.standing(peers.counted(everybody, peers.whole_steps(fine), blocks, peers.empty()), everybody, blocks)
    told = below_limit(rows, value, limit)
    assert told["relief.near"][-4:-1].tolist() == [1, 0, 0]
    assert np.exp(told["relief.limit"][-1]) == pytest.approx(190_000, rel=0.06)
    assert told["relief.near"][:400].max() == 0  # nothing was known before


def test_without_duty_no_row_is_relieved() -> None:
    rows = known(np.zeros(3), np.zeros(3))
    assert not relieved(rows, None).any()
