"""The collector of cycles, kept still while many rows are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Rows hold no cycles and stay until all are made: to look for cycles meanwhile costs up to as much as the rows.

    Where several threads pause it, it goes on when the first of them that found it going ends.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
