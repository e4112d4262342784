"""Functions as machine code, for loops over numbers that run for each pair of words, each letter or each row.

Importing this takes half a second, so that only what is about to compare names or to look at many rows does it, and
screening not even then (:mod:`~pratique.flow.kept_code`). See docs/decisions/the-inner-loop-is-compiled.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba
from numba.np import linalg

P = ParamSpec("P")
R = TypeVar("R")


def _leave_out_products() -> None:
    """Has the compiler not look for what multiplies matrices, which takes as long to load as itself: nothing does."""

    def not_looked_for() -> None:
        raise ImportError

    looking, linalg.ensure_blas = linalg.ensure_blas, not_looked_for
    try:
        import numba.np.arraymath  # noqa: F401 it looks when it is loaded
    finally:
        linalg.ensure_blas = looking


_leave_out_products()


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code, kept for the next process where there is a place to keep it.

    It becomes part of every function that calls it, which suits what runs for each pair.
    """
    return _compiled(function, forceinline=True)


def compiled_apart(function: Callable[P, R]) -> Callable[P, R]:
    """The same for what runs for each name: it stays a function of its own, which is compiled once and soon."""
    return _compiled(function, forceinline=False)


def _compiled(function: Callable[P, R], *, forceinline: bool) -> Callable[P, R]:
    try:
        return cast(Callable[P, R], numba.njit(nogil=True, cache=True, forceinline=forceinline)(function))
    except RuntimeError:  # nowhere to keep it
        return cast(Callable[P, R], numba.njit(nogil=True, forceinline=forceinline)(function))
