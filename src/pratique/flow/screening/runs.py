"""Whole names whose blanks stand elsewhere: SOURANCOMPANY, GROUP INVEST for GROUPINVEST, R IJE SON for RI JE SON.

A run is a name with its blanks, before anything is dropped from it. Two runs are alike when they have the same letters
but for one, and blanks in other places; where the blanks agree, the words are compared and not the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from pratique.flow.screening.hashing import (
    AT_A_TIME,
    Hashes,
    Ints,
    as_words,
    hashes_with_letters_left_out,
    sorted_by_number,
)
from pratique.flow.screening.similarity import EDIT_COST

MAX_RUN: Final = 64
"""Letters; longer names are compared word by word only."""

NEVER: Final = MAX_RUN + 1
"""Letters from which two are left out."""

SHORTEST_RUN: Final = 6
RUN: Final = 970


def run_of(words: Sequence[str]) -> str:
    """The words with their blanks; nothing where they have too few or too many letters."""
    return " ".join(words) if SHORTEST_RUN <= sum(map(len, words)) <= MAX_RUN else ""


def runs_alike(left: Sequence[str], right: Sequence[str]) -> int:
    """Thousandths to which the runs of two names are alike; 0 where they are not, or where the blanks agree."""
    return max((_alike(one, other) for one in left for other in right), default=0)


def _alike(left: str, right: str) -> int:
    if (
        left == right
        or left[0] != right[0]
        or abs(len(left) - len(right)) > 1 + abs(left.count(" ") - right.count(" "))
    ):
        return 0
    one, other = left.replace(" ", ""), right.replace(" ", "")
    edits = OSA.distance(one, other, score_cutoff=1)
    if edits > 1 or _digits(one) != _digits(other) or (edits and not _has_other_blanks(left, right)):
        return 0
    return RUN - EDIT_COST * edits // max(len(one), len(other))


def listed_runs(runs: Callable[[int], Sequence[str]], count: int) -> tuple[Hashes, npt.NDArray[np.int32]]:
    """The numbers of the runs of so many names, by number, with the place of the name; some names at a time."""
    parts: list[tuple[Hashes, Ints]] = []
    for first in range(0, count, AT_A_TIME):
        numbers, of = numbers_of_runs([runs(name) for name in range(first, min(count, first + AT_A_TIME))])
        parts.append((numbers, (first + of).astype(np.int32)))
    return sorted_by_number(parts)


def numbers_of_runs(names: Sequence[Sequence[str]]) -> tuple[Hashes, Ints]:
    """The numbers of the letters of each run, whole and with each letter left out, with the place of its name."""
    letters = as_words([run.replace(" ", "") for runs in names for run in runs], MAX_RUN)
    owners = np.repeat(np.arange(len(names), dtype=np.int64), [len(runs) for runs in names])
    numbers, places = hashes_with_letters_left_out(letters, one_from=1, two_from=NEVER)
    return numbers, owners[places]


def _digits(text: str) -> str:
    return "" if text.isalpha() else "".join(c for c in text if c.isdigit())


def _has_other_blanks(left: str, right: str) -> bool:
    """Whether one letter more or less does not explain where the blanks stand."""
    if left.count(" ") != right.count(" "):
        return True
    return len(left) == len(right) and [len(w) for w in left.split()] != [len(w) for w in right.split()]
