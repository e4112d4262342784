"""Frames in memory: made once, never beyond the bound."""

from threading import Barrier, Thread

import polars as pl
import pytest

from pratique.node.frame_cache import MEBIBYTE, FrameCache

FRAME = pl.DataFrame({"a": range(1000)})
SIZE = int(FRAME.estimated_size())


def test_a_frame_is_made_once_for_all_threads_that_ask_at_the_same_time() -> None:
    cache, made, start = FrameCache(most_bytes=10 * SIZE), [], Barrier(8)

    def make() -> pl.DataFrame:
        made.append(1)
        return FRAME

    def ask() -> None:
        start.wait()
        assert cache.get("one", make) is FRAME

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_the_longest_unused_goes_first_and_the_bound_holds() -> None:
    cache = FrameCache(most_bytes=3 * SIZE)
    made: list[str] = []

    def ask(key: str) -> None:
        cache.get(key, lambda: _noted(made, key))

    for key in ("a", "b", "c", "a", "d", "a", "b"):
        ask(key)
        assert cache.held_bytes <= 3 * SIZE
    assert made == ["a", "b", "c", "d", "b"]


def test_a_frame_larger_than_the_bound_is_given_and_not_kept() -> None:
    cache = FrameCache(most_bytes=SIZE - 1)
    assert cache.get("big", lambda: FRAME) is FRAME
    assert cache.held_bytes == 0


def test_what_could_not_be_made_is_asked_for_again() -> None:
    cache = FrameCache(most_bytes=10 * SIZE)

    def broken() -> pl.DataFrame:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        cache.get("one", broken)
    assert cache.get("one", lambda: FRAME) is FRAME


def _noted(made: list[str], key: str) -> pl.DataFrame:
    made.append(key)
    return FRAME.clone()


def test_what_is_looked_at_in_passing_is_shared_meanwhile_and_goes_then() -> None:
    cache = FrameCache(most_bytes=MEBIBYTE)
    kept, passing = pl.DataFrame({"a": [1]}), pl.DataFrame({"a": [2]})
    assert cache.get("kept", lambda: kept) is kept
    held = cache.held_bytes
    with cache.in_passing():
        assert cache.get("passing", lambda: passing) is passing
        assert cache.get("passing", pl.DataFrame) is passing
    assert cache.held_bytes == held
    assert cache.get("kept", pl.DataFrame) is kept
    assert cache.get("passing", lambda: kept) is kept
