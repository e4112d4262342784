"""Drawing from lists with uniform numbers that were made beforehand.

A numpy generator is quick when it makes many numbers at once and slow when it makes one; so whoever builds many things
draws a block of uniforms first and turns them into choices here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


def pick(choices: Sequence[T], uniform: float) -> T:
    """The choice that a number in [0, 1) points to, all equally likely."""
    return choices[int(uniform * len(choices))]


def ranked(choices: Sequence[T], uniform: float, *, shift: float) -> T:
    """A choice of a list whose first ones are frequent: the chance of a rank falls as ``1 / (rank + shift)``."""
    rank = int(shift * ((len(choices) / shift + 1.0) ** uniform - 1.0))
    return choices[min(rank, len(choices) - 1)]


def between(low: float, high: float, uniform: float) -> float:
    """The number that lies ``uniform`` of the way from low to high."""
    return low + (high - low) * uniform


def whole(low: int, high: int, uniform: float) -> int:
    """A whole number from low to high, both possible."""
    return low + int(uniform * (high - low + 1))


def zipf_weights(count: int, *, exponent: float, shift: float) -> NDArray[np.float64]:
    """Probabilities that fall with the rank as ``1 / (rank + shift) ** exponent``: few names often, many seldom."""
    weights = 1.0 / (np.arange(count) + 1.0 + shift) ** exponent
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def uniforms(rng: np.random.Generator, rows: int, columns: int) -> list[list[float]]:
    """Rows of uniform numbers in [0, 1), as plain lists."""
    drawn: list[list[float]] = rng.random((rows, columns)).tolist()
    return drawn
