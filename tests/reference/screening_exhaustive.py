"""Screening without an index: every declared name against every listed name, slow and obvious.

It shares with the product what a score *is* (normalising, weighing, aligning) and nothing of how candidates are found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pratique.flow.screening.match import Weighed, align, alike_or_one_name
from pratique.flow.screening.normalise import Name, acronyms_of, normalise
from pratique.flow.screening.weights import Worth, listed_worth

COMPARED = {
    "person": {"person", "party"},
    "organisation": {"organisation", "party"},
    "party": {"person", "organisation", "party"},
    "vessel": {"vessel"},
    "address": {"address"},
}


class Exhaustive:
    """The distinct names of a list, each with the weight of its words."""

    def __init__(self, listed: Sequence[tuple[str, str]]) -> None:
        runs: dict[tuple[str, tuple[str, ...]], str] = {}
        for name, kind in listed:
            form = normalise(name, kind)
            if kind in COMPARED and form.tokens:
                runs[kind, form.tokens] = min(runs.get((kind, form.tokens), form.run), form.run)
        self.names = sorted(runs)
        self.holding = Counter(word for _, words in self.names for word in set(words))
        self.weighed = [self._weighed(kind, words, runs[kind, words]) for kind, words in self.names]

    def worth(self, word: str) -> Worth:
        return listed_worth(word, names=len(self.names), holding=self.holding[word])

    def _weighed(self, kind: str, words: tuple[str, ...], run: str) -> Weighed:
        acronyms = acronyms_of(words) if kind in ("organisation", "party") else ()
        return self.weigh(Name(words, acronyms=acronyms, run=run))

    def weigh(self, name: Name) -> Weighed:
        worth = [self.worth(word) for word in name.tokens]
        return Weighed(name, [each.weight for each in worth], [each.information for each in worth])

    def hits(
        self, name: str, kind: str, threshold: int, among: Iterable[int] | None = None
    ) -> Iterator[tuple[int, int]]:
        """Number of each listed name (or of those ``among`` them) that reaches the threshold, with its thousandths."""
        declared = self.weigh(normalise(name, kind))
        for number in range(len(self.names)) if among is None else among:
            if self.names[number][0] in COMPARED[kind]:
                score = align(declared, self.weighed[number], alike_or_one_name).permille
                if score >= threshold:
                    yield number, score
