"""How sure a share is: the interval of Wilson, for one share or for many at once. No input or output."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Z: Final = 1.959963984540054  # of the standard normal distribution: two-sided 95 %


def wilson(share: float, number: float) -> tuple[float, float]:
    """The 95 % interval of a share seen in ``number`` trials (Wilson 1927); 0 to 1, never beyond.

    Where there was no trial the share can be anything.
    """
    low, high = wilson_of_all(np.array([share]), np.array([float(number)]))
    return float(low[0]), float(high[0])


def wilson_of_all(shares: Floats, numbers: Floats) -> tuple[Floats, Floats]:
    """The same for many shares at once; ``numbers`` need not be whole (effective numbers of weighted trials)."""
    tried = numbers > 0
    count = np.where(tried, numbers, 1.0)
    middle = (shares + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z * np.sqrt(shares * (1 - shares) / count + Z**2 / (4 * count**2)) / (1 + Z**2 / count)
    return np.where(tried, np.clip(middle - half, 0, 1), 0.0), np.where(tried, np.clip(middle + half, 0, 1), 1.0)
