"""The threshold from an alert budget: how many of 1,000 ordinary names may alert, for each kind of name.

The ordinary names are made from the shipped table of frequent words of names of persons, companies, ships and streets,
always the same ones. They are not the administration's own traffic: on names that resemble the list more than these do,
more will alert. To a short list hardly any of them is like, which would leave its line at the lowest there is; so names
near it are asked as well (:mod:`~pratique.flow.screening.near_names`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from pratique.flow.screening.rarity import common_names, per_million
from pratique.flow.screening.words import ordinary_words, words_of_places

LOWEST: Final = 220
"""Thousandths below which no name alerts, however large the budget."""

LOWEST_OF_SHORT: Final = 340
"""The same for persons or companies of a short list, to which too few names are like to say where the line must be."""

HIGHEST: Final = 900
"""Thousandths above which the threshold never goes: a name that good is shown even when it breaks the budget."""

ORDINARY_NAMES: Final = 1000
"""Of each kind."""

CALIBRATED: Final = ("person", "organisation", "vessel", "address")
PARTIES: Final = ("person", "organisation")


@dataclass(frozen=True, slots=True)
class KindLine:
    """From which score (thousandths) a kind of name alerts, and how many of 1,000 ordinary ones do."""

    threshold: int
    alerts: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The lines of all kinds for a budget.

    ``threshold`` is the lowest line of persons and organisations, ``alerts`` the mean of what both give.
    """

    threshold: int
    budget: int
    alerts: float
    kinds: Mapping[str, KindLine]

    def line(self, kind: str) -> int:
        """The score from which a listed name of that kind is a hit; of a party: the lower one of its two kinds."""
        return self.kinds[kind].threshold if kind in self.kinds else self.threshold

    @classmethod
    def told(cls, told: Mapping[str, Any]) -> Self:
        """The lines as :func:`dataclasses.asdict` made them. Raises ``KeyError`` or ``TypeError`` for anything else."""
        kinds = {kind: KindLine(**line) for kind, line in told["kinds"].items()}
        return cls(told["threshold"], told["budget"], told["alerts"], kinds)


def calibration(scores: Mapping[str, Sequence[int]], near: Mapping[str, Sequence[int]], *, budget: int) -> Calibration:
    """The lines for the best scores of the ordinary names of each kind, in thousandths (0 below ``LOWEST``).

    ``near`` are, of each kind of which the list is short, the best scores of names that share its common words with it
    and nothing else: they keep to the budget as well.
    """
    kinds = {kind: calibrated(scores[kind], budget=budget) for kind in CALIBRATED}
    kinds |= {kind: _raised(kinds[kind], near[kind], scores[kind], budget) for kind in near}
    parties = [kinds[kind] for kind in PARTIES]
    return Calibration(
        min(line.threshold for line in parties), budget, sum(line.alerts for line in parties) / len(parties), kinds
    )


def calibrated(scores: Sequence[int], *, budget: int) -> KindLine:
    """The lowest threshold at which at most ``budget`` of 1,000 names with these best scores alert."""
    best = sorted(scores, reverse=True)
    allowed = budget * len(best) // 1000
    excess = best[allowed] + 1 if allowed < len(best) else LOWEST
    threshold = min(HIGHEST, max(LOWEST, excess))
    alerts = sum(score >= threshold for score in best)
    return KindLine(threshold, 1000 * alerts / max(1, len(best)))


def _raised(line: KindLine, near: Sequence[int], scores: Sequence[int], budget: int) -> KindLine:
    threshold = max(line.threshold, LOWEST_OF_SHORT, calibrated(near, budget=budget).threshold)
    return KindLine(threshold, 1000 * sum(score >= threshold for score in scores) / max(1, len(scores)))


def ordinary_names(kind: str, count: int = ORDINARY_NAMES) -> list[str]:
    """Ordinary names of that kind, the same ones every time."""
    drawn = np.random.Generator(np.random.PCG64(20_020 + CALIBRATED.index(kind)))

    def word(of: str) -> str:
        if of == "number":
            return str(int(drawn.integers(1, 400)))
        if of == "coined":
            first, second = word("family"), word("company")
            return first[: 1 + len(first) // 2] + second[len(second) // 2 :]
        words, shares = _shares(of)
        return words[int(np.searchsorted(shares, drawn.random() * shares[-1], side="right"))]

    forms = {
        "person": ("{given} {given} {family}", "{given} {family}"),
        "organisation": (
            "{coined} {company} LTD",
            "{company} {coined} {company} CO",
            "{company} {company} CO LTD",
            "{family} {company} {company} LLC",
            "{place} {company} {company} LIMITED",
            "{company} {place} {company} INC",
        ),
        "vessel": ("{ship} {ship}", "{ship} {given}", "{ship}"),
        "address": ("{number} {street} STREET {family}", "{street} ROAD {number}", "{number} {given} {family} AVENUE"),
    }[kind]
    return [forms[at % len(forms)].format_map(_Drawn(word)) for at in range(count)]


@cache
def _shares(of: str) -> tuple[Sequence[str], npt.NDArray[np.float64]]:
    """The words, and the running sum of their shares: names of persons are as common as they are in the world.

    Families bear any name that is known to the world, given names are the frequent ones: these repeat more.
    """
    if of == "family":
        words, counts = map(list, zip(*sorted(common_names().items()), strict=True))
    else:
        words = sorted(words_of_places()) if of == "place" else list(ordinary_words(of))
        counts = [per_million(word) if of == "given" else 1 for word in words]
    return words, np.cumsum(np.array(counts, dtype=np.float64))


class _Drawn(dict[str, str]):
    """Draws a word each time a name asks for one."""

    def __init__(self, word: Callable[[str], str]) -> None:
        super().__init__()
        self._word = word

    def __missing__(self, of: str) -> str:
        return self._word(of)
