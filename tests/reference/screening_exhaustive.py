"""Screening without an index: every declared name against every listed name, slow and obvious.

It shares with the product what a score *is* (normalising, weighing, aligning) and nothing of how candidates are found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pratique.flow.screening.match import align
from pratique.flow.screening.normalise import Name, normalise
from pratique.flow.screening.weights import listed_weight

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
        forms = {(kind, normalise(name, kind).tokens) for name, kind in listed if kind in COMPARED}
        self.names = sorted(form for form in forms if form[1])
        self.holding = Counter(word for _, words in self.names for word in set(words))
        self.weights = [[self.weight(word) for word in words] for _, words in self.names]

    def weight(self, word: str) -> int:
        return listed_weight(word, names=len(self.names), holding=self.holding[word])

    def hits(self, name: str, kind: str, threshold: int) -> Iterator[tuple[int, int]]:
        """Number of each listed name that reaches the threshold, with its score in thousandths."""
        declared: Name = normalise(name, kind)
        weights = [self.weight(word) for word in declared.tokens]
        for number, (listed_kind, words) in enumerate(self.names):
            if listed_kind in COMPARED[kind]:
                score = align(declared, words, weights, self.weights[number]).permille
                if score >= threshold:
                    yield number, score
