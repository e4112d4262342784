"""How well two names agree: an alignment of their words, weighted by rarity, that explains its own score.

Every pair of words is worth the smaller of their two weights times its similarity. What stands on one side only is
absent and costs ``ABSENT`` of its weight; as far as both sides have something left over they contradict each other, and
that costs ``CONTRADICTED`` on top. The less information the words that agree carry, the less they prove: a name of
common words scores less than a rare one. All numbers are integers, similarities and scores in thousandths:

    agreed = sum(weight * similarity)
    plain  = 10 * agreed / (10 * sum(weight) + ABSENT * left over + CONTRADICTED * contradiction)
    proof  = sum(information * sure(similarity))            (0 for words two thirds alike)
    score  = plain * proof / (proof + 1000 * SCARCE)        (times NUMBERS_DIFFER where numbers contradict)

Of that each doubt leaves so many thousandths (:mod:`~pratique.flow.screening.doubts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pratique.flow.screening.doubts import Agreement, Doubt, doubted, doubts
from pratique.flow.screening.normalise import Name, kind_of, normalise, readings
from pratique.flow.screening.reasons import (
    ALIGNED,
    DOUBT,
    IDENTIFIER,
    LEFT_OVER,
    NUMBERS,
    WEIGHED,
    Reason,
    reasons_from,
    reasons_json,
)
from pratique.flow.screening.runs import runs_alike
from pratique.flow.screening.similarity import CUT_OFF, DIFFERENT, EQUAL, INITIAL, Likeness, likeness
from pratique.flow.screening.sounds import sound, sound_joined
from pratique.flow.screening.variants import are_one_name
from pratique.flow.screening.weights import GENERIC_INFORMATION, INITIAL_WEIGHT, plain_worth

ABSENT: Final = 3
"""Tenths of its weight that a word costs which only one side has."""

ABSENT_BEHIND_CUT: Final = 2
"""The same for words of the listed name that a field of 35 or 70 characters may have cut off."""

CONTRADICTED: Final = 4
"""Tenths of the weight by which the two sides contradict each other."""

SCARCE: Final = 4
"""The information of agreeing words at which a score is half of what it would be if that were without end."""

UNSURE: Final = 3
"""By how much less words prove for each thousandth by which they are less alike: TODA does not prove half of HODA."""

NUMBERS_DIFFER: Final = 300
"""Thousandths of the score that are left where both names have a number and they are not the same (FACTORY 7 and 9)."""

JOINED: Final = 970
ACRONYM: Final = 850
MAX_INITIALS: Final = 2
MIN_JOINED: Final = 5
MIN_CUT_OFF: Final = 2

Alike = Callable[[str, str], Likeness]
"""How far a declared word and a listed one are alike."""


class Pair(NamedTuple):
    """Words of both sides that answer to each other; covered = the weight of each side that the pair accounts for."""

    declared: tuple[int, ...]
    listed: tuple[int, ...]
    similarity: int
    weight: int
    information: int
    declared_covered: int
    listed_covered: int
    how: str

    @property
    def value(self) -> int:
        """What the pair adds to the score, before division."""
        return self.weight * self.similarity


class Apart(NamedTuple):
    """What two names do not share: weights left over on either side, and numbers that contradict.

    ``own``: the most information of a word that is left over, on the side where that is less.
    """

    declared: int = 0
    listed: int = 0
    absent_listed: int = ABSENT
    numbers_differ: bool = False
    own: int = 0


class Alignment(NamedTuple):
    """The pairs of an alignment, and what is apart."""

    pairs: tuple[Pair, ...]
    apart: Apart

    @property
    def undoubted(self) -> int:
        """The score in thousandths that the words alone give."""
        return score_of([(pair.similarity, pair.weight, pair.information) for pair in self.pairs], self.apart)

    @property
    def doubts(self) -> list[Doubt]:
        """What speaks against it."""
        return doubts(
            Agreement(
                self.apart.declared,
                self.apart.listed,
                self.apart.own,
                min((pair.similarity for pair in self.pairs), default=EQUAL),
                sum(pair.information * sure(pair.similarity) for pair in self.pairs),
                sum(pair.information for pair in self.pairs),
                sum(pair.information > GENERIC_INFORMATION for pair in self.pairs),
                {"letters" if pair.how == "acronym" and len(pair.declared) > 1 else pair.how for pair in self.pairs},
            )
        )

    @property
    def permille(self) -> int:
        """The score in thousandths."""
        undoubted = self.undoubted
        return doubted(undoubted, [doubt.kept for doubt in self.doubts]) if undoubted else 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of comparing two names: ``score`` 0 to 1 and ``reasons``, a JSON array that gives the score again."""

    score: float
    reasons: str


class Weighed(NamedTuple):
    """A name with the weight and the information of each of its words."""

    name: Name
    weights: Sequence[int]
    information: Sequence[int]

    @property
    def words(self) -> tuple[str, ...]:
        """Its words."""
        return self.name.tokens


def score_of(pairs: Sequence[tuple[int, int, int]], apart: Apart) -> int:
    """The score in thousandths of pairs of (similarity, weight, information) and what is apart, before any doubt."""
    agreed = proof = weighed = 0
    for similarity, weight, information in pairs:
        agreed += weight * similarity
        proof += information * sure(similarity)
        weighed += weight
    if agreed == 0:
        return 0
    contradicted = min(apart.declared, apart.listed)
    left = ABSENT * apart.declared + apart.absent_listed * apart.listed + CONTRADICTED * contradicted
    plain = 10 * agreed // (10 * weighed + left)
    if apart.numbers_differ:
        plain = plain * NUMBERS_DIFFER // 1000
    return plain * proof // (proof + 1000 * SCARCE)


def sure(similarity: int) -> int:
    """Thousandths of their information that two words prove which are so far alike."""
    return max(0, EQUAL - UNSURE * (EQUAL - similarity))


def align(declared: Weighed, listed: Weighed, alike: Alike) -> Alignment:
    """The alignment of two names: best pairs first, each word used once, whatever the order of the words."""
    pairs = sorted(
        _possible(declared, listed, alike),
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
    only_declared = [i for i in range(len(declared.words)) if i not in used_declared]
    only_listed = [j for j in range(len(listed.words)) if j not in used_listed]
    apart = Apart(
        sum(declared.weights) - sum(pair.declared_covered for pair in chosen),
        sum(listed.weights) - sum(pair.listed_covered for pair in chosen),
        ABSENT_BEHIND_CUT if declared.name.cut else ABSENT,
        any(declared.words[i].isdigit() for i in only_declared) and any(listed.words[j].isdigit() for j in only_listed),
        min(
            max((declared.information[i] for i in only_declared), default=0),
            max((listed.information[j] for j in only_listed), default=0),
        ),
    )
    return Alignment(tuple(chosen), apart)


def _possible(declared: Weighed, listed: Weighed, alike: Alike) -> Iterator[Pair]:
    words, others = declared.words, listed.words
    last = len(words) - 1 if declared.name.cut else -1
    for i, word in enumerate(words):
        for j, other in enumerate(others):
            similarity, how = alike(word, other)
            if not similarity and (i == last or 1 in (len(word), len(other))):
                similarity, how = _in_part(word, other, is_cut=i == last)
            if not similarity:
                continue
            left, right = declared.weights[i], listed.weights[j]
            information = min(declared.information[i], listed.information[j])
            if how == "initial":
                if max(left, right) <= INITIAL_WEIGHT:  # an article or another particle is never abbreviated
                    continue
                left, right = min(left, INITIAL_WEIGHT), min(right, INITIAL_WEIGHT)
            yield Pair((i,), (j,), similarity, min(left, right), information, left, right, how)
    yield from _joined(declared, listed)
    yield from _acronyms(declared, listed)
    if similarity := runs_alike(declared.name.runs, listed.name.runs):
        whole, other_whole = tuple(range(len(words))), tuple(range(len(others)))
        yield _together(declared, listed, whole, other_whole, (similarity, "run"))


def _in_part(word: str, other: str, *, is_cut: bool) -> Likeness:
    """How a declared word answers to a listed one of which it is the beginning, or the other way round."""
    if is_cut and len(word) >= MIN_CUT_OFF and other.startswith(word):
        return Likeness(CUT_OFF, "cut_off")
    if word[0] == other[0] and 1 in (len(word), len(other)) and word.isalpha() and other.isalpha():
        return Likeness(INITIAL, "initial")
    return DIFFERENT


def _joined(declared: Weighed, listed: Weighed) -> Iterator[Pair]:
    """Pairs of one word with two neighbouring words of the other side that sound the same without the blank.

    The last and the first word are neighbours too, for lists put the surname first and messages put it last.
    """
    words, others = declared.words, listed.words
    own, other = len(words), len(others)
    for i, word in enumerate(words):
        for j, first in enumerate(others if other > 1 else ()):
            if word[0] == first[0] and are_joined(word, first, others[(j + 1) % other]):
                yield _together(declared, listed, (i,), (j, (j + 1) % other), (JOINED, "joined"))
    for j, word in enumerate(others):
        for i, first in enumerate(words if own > 1 else ()):
            if word[0] == first[0] and are_joined(word, first, words[(i + 1) % own]):
                yield _together(declared, listed, (i, (i + 1) % own), (j,), (JOINED, "split"))


def _together(
    declared: Weighed, listed: Weighed, own: tuple[int, ...], other: tuple[int, ...], found: tuple[int, str]
) -> Pair:
    """The pair of all these words of both sides; it is worth what the smaller side is."""
    left, right = sum(declared.weights[i] for i in own), sum(listed.weights[j] for j in other)
    information = min(sum(declared.information[i] for i in own), sum(listed.information[j] for j in other))
    return Pair(own, other, found[0], min(left, right), information, left, right, found[1])


def are_joined(word: str, first: str, second: str) -> bool:
    """Whether the word is the two others, or sounds like them, without the blank.

    A part that is not heard is none: INVESTMENT is not INVESTMENT and T.
    """
    if len(word) < MIN_JOINED or abs(len(word) - len(first) - len(second)) > 3:
        return False
    if word == first + second:
        return True
    heard = sound(word) if word.isupper() and second.isupper() else ""
    return bool(heard) and heard == sound_joined(first, second) and heard not in (sound(first), sound(second))


def _acronyms(declared: Weighed, listed: Weighed) -> Iterator[Pair]:
    """Pairs of one word with all words of the other side, whose first letters it is."""
    for i, word in enumerate(declared.words if listed.name.acronyms else ()):
        if word in listed.name.acronyms:
            yield _together(declared, listed, (i,), tuple(range(len(listed.words))), (ACRONYM, "acronym"))
    for j, word in enumerate(listed.words if declared.name.acronyms else ()):
        if word in declared.name.acronyms:
            yield _together(declared, listed, tuple(range(len(declared.words))), (j,), (ACRONYM, "acronym"))


def explain(declared: Weighed, listed: Weighed, alignment: Alignment) -> list[Reason]:
    """The alignment as reasons: each pair with similarity and weight, then what only one side has, then the rest."""
    told = [
        Reason(
            ALIGNED + pair.how,
            {
                "declared": " ".join(declared.words[i] for i in pair.declared),
                "listed": " ".join(listed.words[j] for j in pair.listed),
                "similarity": pair.similarity,
                "weight": pair.weight,
                "information": pair.information,
            },
        )
        for pair in alignment.pairs
    ]
    taken_declared = {i for pair in alignment.pairs for i in pair.declared}
    taken_listed = {j for pair in alignment.pairs for j in pair.listed}
    only_declared = [word for i, word in enumerate(declared.words) if i not in taken_declared]
    only_listed = [word for j, word in enumerate(listed.words) if j not in taken_listed]
    told += [Reason("screening.only_declared", {"word": word}) for word in only_declared]
    told += [Reason("screening.only_listed", {"word": word}) for word in only_listed]
    apart = alignment.apart
    if apart.declared or apart.listed:
        params: dict[str, str | int] = {
            "declared": apart.declared,
            "listed": apart.listed,
            "absent_listed": apart.absent_listed,
        }
        told.append(Reason(LEFT_OVER, params))
    if apart.numbers_differ:
        told.append(Reason(NUMBERS))
    if alignment.pairs:
        told.append(Reason(WEIGHED, {"information": sum(pair.information for pair in alignment.pairs)}))
        told += [Reason(DOUBT + doubt.why, {"kept": doubt.kept}) for doubt in alignment.doubts]
    if declared.name.capped:
        told.append(Reason("screening.name_capped"))
    if declared.name.address:
        told.append(Reason("screening.read_as_address", {"words": declared.name.address}))
    return told


def score_from_reasons(text: str) -> int:
    """The score in thousandths, computed again from the reasons alone."""
    reasons = reasons_from(text)
    if any(reason.code == IDENTIFIER for reason in reasons):
        return 1000
    left = next((reason.params for reason in reasons if reason.code == LEFT_OVER), {})
    pairs = [
        (int(reason.params["similarity"]), int(reason.params["weight"]), int(reason.params["information"]))
        for reason in reasons
        if reason.code.startswith(ALIGNED)
    ]
    apart = Apart(
        int(left.get("declared", 0)),
        int(left.get("listed", 0)),
        int(left.get("absent_listed", ABSENT)),
        any(reason.code == NUMBERS for reason in reasons),
    )
    kept = [int(reason.params["kept"]) for reason in reasons if reason.code.startswith(DOUBT)]
    evidence = sum(int(reason.params.get("points", 0)) for reason in reasons)
    return max(0, min(1000, doubted(score_of(pairs, apart), kept) + evidence))


def compare(left: str, right: str, kind: str = "party") -> Comparison:
    """How far the declared name ``left`` agrees with the listed name ``right``, words weighed by a shipped table.

    ``kind`` is one of ``pratique.vocabulary.listings.KINDS`` or a FollowTheMoney schema name. A party that may be a
    person with initials is read as one too; the better reading counts.
    """
    return max(
        (_compared(declared, normalise(right, meant), meant) for meant, declared in readings(left, kind_of(kind))),
        key=lambda compared: compared.score,
    )


def _compared(left: Name, right: Name, kind: str) -> Comparison:
    declared, listed = weighed(left), weighed(right)
    alignment = align(declared, listed, likeness if kind == "address" else alike_or_one_name)
    return Comparison(alignment.permille / 1000, reasons_json(explain(declared, listed, alignment)))


def addresses_alike(left: str, right: str) -> int:
    """Thousandths to which two addresses agree; what only one of them says raises no doubt."""
    declared, listed = weighed(normalise(left, "address")), weighed(normalise(right, "address"))
    return align(declared, listed, likeness).undoubted


def weighed(name: Name) -> Weighed:
    """The name with the worth of its words when no list is at hand."""
    worth = [plain_worth(word) for word in name.tokens]
    return Weighed(name, [each.weight for each in worth], [each.information for each in worth])


def alike_or_one_name(left: str, right: str) -> Likeness:
    """How far two words are alike; the table of names is asked where their letters do not say enough."""
    found = likeness(left, right)
    return likeness(left, right, one_name=True) if found.similarity < EQUAL and are_one_name(left, right) else found
