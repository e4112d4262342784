"""The store of profiles: peers as a slow and plain count has them, the same digest with any number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from learning_tables import lesson
from pratique.flow.learning import peers
from pratique.flow.learning.keys import part_numbers
from pratique.flow.learning.labels import results_of
from pratique.flow.learning.look import look
from pratique.flow.learning.looks import days_of
from pratique.flow.learning.profiles import ProfileStore
from pratique.flow.learning.store_bytes import store_of, stored

TESTS = Path(__file__).parents[3]


def snapshot() -> ProfileStore:
    data, labels = lesson(2000)
    as_of = int(days_of(data.rows["lodged_on"])[-1]) + 1
    store = look(data.rows, results_of(labels), ProfileStore(), keep_as_of=as_of).store
    assert store is not None
    return store


def test_peers_are_those_of_the_six_blocks_before_in_the_finest_group_that_is_large_enough():
    rng = np.random.default_rng(3)
    rows = 900
    blocks = np.sort(rng.integers(0, 12, rows))
    fine, wide = rng.integers(1, 30, rows).astype(np.uint64), rng.integers(100, 103, rows).astype(np.uint64)
    steps = rng.integers(0, 400, rows)
    told = peers.standing(peers.counted([fine, wide], steps, blocks, peers.empty()), [fine, wide], blocks)
    for row in range(0, rows, 7):
        window = (blocks < blocks[row]) & (blocks >= blocks[row] - peers.BLOCKS)
        groups = [np.sort(steps[window & (group == group[row])]) for group in (fine, wide)]
        level = next((place for place, like in enumerate(groups) if len(like) >= peers.LEAST_PEERS), -1)
        assert told.level[row] == level
        if level >= 0:
            like = groups[level]
            assert told.peers[row] == len(like)
            for values, (part, whole) in zip(told.quantiles, peers.QUANTILES, strict=True):
                assert values[row] == like[-(-len(like) * part // whole) - 1]


def test_a_store_comes_back_from_its_bytes_as_it_was():
    store = snapshot()
    assert store_of(stored(store)).digest() == store.digest()


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_gives_the_same_store(threads):
    code = "from test_learning_store import snapshot; print(snapshot().digest())"
    places = os.pathsep.join(map(str, (TESTS, Path(__file__).parent)))
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads), "PYTHONPATH": places}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == snapshot().digest()


def test_texts_whose_hashes_are_one_are_told_apart_by_themselves(monkeypatch):
    texts = pl.Series([*"abcabc", None] * 30)
    usual = part_numbers(texts)
    monkeypatch.setattr(pl.Series, "hash", lambda column: pl.Series([1] * len(column), dtype=pl.UInt64))
    assert (part_numbers(texts) == usual).all()
    assert len(set(usual.tolist())) == 4
    assert (usual == 0).sum() == 30
