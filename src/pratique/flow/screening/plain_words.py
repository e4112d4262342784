"""Plain words (capitals only) as the compiled loop compares them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.hashing import Hashes

Letters = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

NOT_PLAIN: Final = -1
"""Stands for the likeness of pairs of which one word is not plain."""


class Plain(NamedTuple):
    """Words with what their likeness depends on, one entry (row) of each array for a word."""

    letters: Letters
    sounds: Letters
    skeletons: Hashes
    skeleton_lengths: Letters
    misreads: Hashes
    is_plain: Flags
    is_known: Flags
    has_prefix: Flags
    behind: Hashes
    behind_sounds: Hashes
