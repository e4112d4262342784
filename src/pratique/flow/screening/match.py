"""How well two names agree: an alignment of their words, weighted by rarity, that explains its own score.

Every pair of words is worth the smaller of their two weights times its similarity. What stands on one side only is
absent and costs ``ABSENT`` of its weight; as far as both sides have something left over they contradict each other, and
that costs ``CONTRADICTED`` on top. All numbers are integers, similarities and scores in thousandths:

    score = 10 * sum(weight * similarity) / (10 * sum(weight) + ABSENT * left over + CONTRADICTED * contradiction)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from pratique.flow.screening.normalise import Name, kind_of, normalise
from pratique.flow.screening.reasons import ALIGNED, IDENTIFIER, LEFT_OVER, Reason, reasons_from, reasons_json
from pratique.flow.screening.weights import INITIAL_WEIGHT, plain_weight

ABSENT: Final = 4
"""Tenths of its weight that a word costs which only one side has."""

ABSENT_BEHIND_CUT: Final = 2
"""The same for words of the listed name that a field of 35 or 70 characters may have cut off."""

CONTRADICTED: Final = 6
"""Tenths of the weight by which the two sides contradict each other."""

EQUAL: Final = 1000
INITIAL: Final = 900
JOINED: Final = 950
CUT_OFF: Final = 900
EDIT_COST: Final = 1200
MAX_INITIALS: Final = 2
MIN_JOINED: Final = 5
SURE_OF_BEGINNING: Final = 5
MIN_CUT_OFF: Final = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Words of both sides that answer to each other; covered = the weight of each side that the pair accounts for."""

    declared: tuple[int, ...]
    listed: tuple[int, ...]
    similarity: int
    weight: int
    declared_covered: int
    listed_covered: int
    how: str

    @property
    def value(self) -> int:
        """What the pair adds to the score, before division."""
        return self.weight * self.similarity


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairs of an alignment with what was left over on either side, and the score in thousandths."""

    pairs: tuple[Pair, ...]
    declared_left: int
    listed_left: int
    absent_listed: int

    @property
    def permille(self) -> int:
        """0 to 1000."""
        return score_of(
            [(pair.weight, pair.similarity) for pair in self.pairs],
            self.declared_left,
            self.listed_left,
            self.absent_listed,
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of comparing two names: ``score`` 0 to 1 and ``reasons``, a JSON array that gives the score again."""

    score: float
    reasons: str


def score_of(pairs: Sequence[tuple[int, int]], declared_left: int, listed_left: int, absent_listed: int) -> int:
    """The score in thousandths of pairs of (weight, similarity) and the weights left over; see the module's formula."""
    matched = sum(weight for weight, _ in pairs)
    if matched == 0:
        return 0
    agreed = sum(weight * similarity for weight, similarity in pairs)
    left = ABSENT * declared_left + absent_listed * listed_left + CONTRADICTED * min(declared_left, listed_left)
    return 10 * agreed // (10 * matched + left)


def edits_allowed(left: str, right: str) -> int:
    """Edits two words may be apart: none below three letters or with a digit, one up to seven letters, then two.

    Words of three or four letters must begin with the same one: TAN is not LAN.
    """
    shorter = min(len(left), len(right))
    if shorter < 3 or not (left.isalpha() and right.isalpha()):
        return 0
    if shorter < SURE_OF_BEGINNING and left[0] != right[0]:
        return 0
    return 1 if shorter < 8 else 2


def edit_similarity(distance: int, length: int) -> int:
    """Thousandths for two words ``distance`` edits apart, the longer of ``length`` letters."""
    return 1000 - EDIT_COST * distance // length


@lru_cache(maxsize=65536)
def token_similarity(left: str, right: str) -> int:
    """Thousandths to which two whole words are alike: 1000 equal, 0 different words."""
    if left == right:
        return 1000
    allowed = edits_allowed(left, right)
    if allowed == 0 or abs(len(left) - len(right)) > allowed:
        return 0
    distance = OSA.distance(left, right, score_cutoff=allowed)
    return edit_similarity(distance, max(len(left), len(right))) if distance <= allowed else 0


def align(
    declared: Name, listed: Sequence[str], declared_weights: Sequence[int], listed_weights: Sequence[int]
) -> Alignment:
    """The alignment of two names: best pairs first, each word used once, whatever the order of the words."""
    pairs = sorted(
        _possible(declared, listed, declared_weights, listed_weights),
        key=lambda pair: (-pair.value, -pair.similarity, pair.declared, pair.listed),
    )
    chosen: list[Pair] = []
    used_declared: set[int] = set()
    used_listed: set[int] = set()
    initials = 0
    for pair in pairs:
        if used_declared.isdisjoint(pair.declared) and used_listed.isdisjoint(pair.listed):
            initials += pair.how == "initial"
            if pair.how == "initial" and initials > MAX_INITIALS:
                continue
            used_declared.update(pair.declared)
            used_listed.update(pair.listed)
            chosen.append(pair)
    chosen.sort(key=lambda pair: pair.declared)
    return Alignment(
        tuple(chosen),
        sum(declared_weights) - sum(pair.declared_covered for pair in chosen),
        sum(listed_weights) - sum(pair.listed_covered for pair in chosen),
        ABSENT_BEHIND_CUT if declared.cut else ABSENT,
    )


def _possible(
    declared: Name, listed: Sequence[str], declared_weights: Sequence[int], listed_weights: Sequence[int]
) -> Iterator[Pair]:
    last = len(declared.tokens) - 1 if declared.cut else -1
    for i, word in enumerate(declared.tokens):
        for j, other in enumerate(listed):
            similarity, how = _words_alike(word, other, is_cut=i == last)
            if not similarity:
                continue
            left, right = declared_weights[i], listed_weights[j]
            if how == "initial":
                if max(left, right) <= INITIAL_WEIGHT:  # an article or another particle is never abbreviated
                    continue
                left, right = min(left, INITIAL_WEIGHT), min(right, INITIAL_WEIGHT)
            yield Pair((i,), (j,), similarity, min(left, right), left, right, how)
    yield from _joined(declared.tokens, listed, declared_weights, listed_weights)


def _words_alike(word: str, other: str, *, is_cut: bool) -> tuple[int, str]:
    """Thousandths and the way in which a declared word answers to a listed one."""
    similarity = token_similarity(word, other)
    if similarity:
        return similarity, "equal" if similarity == 1000 else "alike"
    if is_cut and len(word) >= MIN_CUT_OFF and other.startswith(word):
        return CUT_OFF, "cut_off"
    if word[0] == other[0] and 1 in (len(word), len(other)) and word.isalpha() and other.isalpha():
        return INITIAL, "initial"
    return 0, ""


def _joined(
    declared: Sequence[str], listed: Sequence[str], declared_weights: Sequence[int], listed_weights: Sequence[int]
) -> Iterator[Pair]:
    """Pairs of one word with two neighbouring words of the other side that read the same without the blank."""
    for i, word in enumerate(declared):
        for j in range(len(listed) - 1):
            if len(word) >= MIN_JOINED and word == listed[j] + listed[j + 1]:
                left, right = declared_weights[i], listed_weights[j] + listed_weights[j + 1]
                yield Pair((i,), (j, j + 1), JOINED, min(left, right), left, right, "joined")
    for j, word in enumerate(listed):
        for i in range(len(declared) - 1):
            if len(word) >= MIN_JOINED and word == declared[i] + declared[i + 1]:
                left, right = declared_weights[i] + declared_weights[i + 1], listed_weights[j]
                yield Pair((i, i + 1), (j,), JOINED, min(left, right), left, right, "split")


def explain(declared: Name, listed: Sequence[str], alignment: Alignment) -> list[Reason]:
    """The alignment as reasons: each pair with similarity and weight, then what only one side has, then the rest."""
    told = [
        Reason(
            ALIGNED + pair.how,
            {
                "declared": " ".join(declared.tokens[i] for i in pair.declared),
                "listed": " ".join(listed[j] for j in pair.listed),
                "similarity": pair.similarity,
                "weight": pair.weight,
            },
        )
        for pair in alignment.pairs
    ]
    taken_declared = {i for pair in alignment.pairs for i in pair.declared}
    taken_listed = {j for pair in alignment.pairs for j in pair.listed}
    only_declared = [word for i, word in enumerate(declared.tokens) if i not in taken_declared]
    only_listed = [word for j, word in enumerate(listed) if j not in taken_listed]
    told += [Reason("screening.only_declared", {"word": word}) for word in only_declared]
    told += [Reason("screening.only_listed", {"word": word}) for word in only_listed]
    if alignment.declared_left or alignment.listed_left:
        told.append(
            Reason(
                LEFT_OVER,
                {
                    "declared": alignment.declared_left,
                    "listed": alignment.listed_left,
                    "absent_listed": alignment.absent_listed,
                },
            )
        )
    if declared.capped:
        told.append(Reason("screening.name_capped"))
    return told


def score_from_reasons(text: str) -> int:
    """The score in thousandths, computed again from the reasons alone."""
    reasons = reasons_from(text)
    if any(reason.code == IDENTIFIER for reason in reasons):
        return 1000
    left = next((reason.params for reason in reasons if reason.code == LEFT_OVER), {})
    pairs = [_ints(reason, "weight", "similarity") for reason in reasons if reason.code.startswith(ALIGNED)]
    evidence = sum(int(reason.params.get("points", 0)) for reason in reasons)
    score = score_of(
        [(weight, similarity) for weight, similarity in pairs],
        int(left.get("declared", 0)),
        int(left.get("listed", 0)),
        int(left.get("absent_listed", ABSENT)),
    )
    return max(0, min(1000, score + evidence))


def _ints(reason: Reason, first: str, second: str) -> tuple[int, int]:
    return int(reason.params[first]), int(reason.params[second])


def compare(left: str, right: str, kind: str = "party") -> Comparison:
    """How far the declared name ``left`` agrees with the listed name ``right``; without a list every word is as rare.

    ``kind`` is one of ``pratique.vocabulary.listings.KINDS`` or a FollowTheMoney schema name.
    """
    declared, listed = normalise(left, kind_of(kind)), normalise(right, kind_of(kind)).tokens
    alignment = align(
        declared, listed, [plain_weight(word) for word in declared.tokens], [plain_weight(word) for word in listed]
    )
    return Comparison(alignment.permille / 1000, reasons_json(explain(declared, listed, alignment)))
