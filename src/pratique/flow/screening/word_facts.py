"""What the inner loop of screening knows of a word, as one number: weight, information, form and first letter.

Weight and information are below 256 each (:mod:`~pratique.flow.screening.weights`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.hashing import as_words, first_letters

WEIGHT: Final = 0
"""Bits by which each is shifted."""
INFORMATION: Final = 8
FORM: Final = 16
FIRST: Final = 24

FACTS: Final = 32
"""Bits by which the facts of a word are shifted where they stand together with its number."""
NUMBER_OF_WORD: Final = (1 << FACTS) - 1
"""What of them is the number."""

LETTER: Final = 1
"""A single letter; the bits of a word's form."""
TEXT: Final = 2
NUMBER: Final = 4


def facts_of(words: Sequence[str], weights: npt.NDArray[Any], information: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The facts of each word as one number."""
    forms = [
        TEXT * word.isalpha() + LETTER * (len(word) == 1 and word.isalpha()) + NUMBER * word.isdigit() for word in words
    ]
    first = first_letters(as_words(words))
    parts = ((weights, WEIGHT), (information, INFORMATION), (np.array(forms, dtype=np.int64), FORM), (first, FIRST))
    facts = np.zeros(len(words), dtype=np.int64)
    for values, shift in parts:
        facts |= values.astype(np.int64) << shift
    return facts
