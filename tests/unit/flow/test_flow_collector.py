"""The collector of cycles stands still while rows are made, and goes on as it was found."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from pratique.flow.collector import collector_paused


@pytest.fixture(autouse=True)
def going() -> Iterator[None]:
    """The collector as most programs have it, and afterwards as it was."""
    was_enabled = gc.isenabled()
    gc.enable()
    yield
    if not was_enabled:
        gc.disable()


def test_it_stands_still_and_goes_on() -> None:
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), collector_paused():
        raise KeyError
    assert gc.isenabled()


def test_whoever_found_it_still_leaves_it_still() -> None:
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
