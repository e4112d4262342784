"""The threshold from an alert budget: how many of 1,000 ordinary names may alert.

The ordinary names are made from the shipped table of frequent given names, family names and company words, half persons
and half companies, always the same ones. They are not the administration's own traffic: on names that resemble the list
more than these do, more will alert.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pratique.flow.screening.words import ordinary_words

LOWEST: Final = 800
"""Thousandths below which no name alerts, however large the budget."""

HIGHEST: Final = 950
"""Thousandths above which the threshold never goes: a name that good is shown even when it breaks the budget."""

ORDINARY_NAMES: Final = 2000


@dataclass(frozen=True, slots=True)
class Calibration:
    """The threshold in thousandths, the budget asked for and how many of 1,000 ordinary names alert at it."""

    threshold: int
    budget: int
    alerts: float


def ordinary_names(count: int = ORDINARY_NAMES) -> list[tuple[str, str]]:
    """Pairs (name, kind), the same ones every time."""
    drawn = np.random.Generator(np.random.PCG64(20_020))
    given, family, company = (ordinary_words(of) for of in ("given", "family", "company"))

    def word(words: Sequence[str]) -> str:
        return words[int(drawn.integers(len(words)))]

    persons = [(f"{word(given)} {word(given)} {word(family)}", "person") for _ in range(count // 4)]
    persons += [(f"{word(given)} {word(family)}", "person") for _ in range(count // 4)]
    companies = [(f"{word(company)} {word(company)} CO LTD", "organisation") for _ in range(count // 4)]
    companies += [
        (f"{word(family)} {word(company)} {word(company)} LLC", "organisation") for _ in range(count - 3 * (count // 4))
    ]
    return persons + companies


def calibrated(scores: Sequence[int], *, budget: int) -> Calibration:
    """The lowest threshold at which at most ``budget`` of 1,000 ordinary names alert.

    ``scores`` is the best score of each ordinary name in thousandths (0 below ``LOWEST``).
    """
    best = sorted(scores, reverse=True)
    allowed = budget * len(best) // 1000
    excess = best[allowed] + 1 if allowed < len(best) else LOWEST
    threshold = min(HIGHEST, max(LOWEST, excess))
    alerts = sum(score >= threshold for score in best)
    return Calibration(threshold, budget, 1000 * alerts / max(1, len(best)))
