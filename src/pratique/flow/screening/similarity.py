"""How far two words may stand for one another, in thousandths, and in which way.

A word is the other one with typing errors (``alike``), sounds like it (``sound``), has its consonants (``skeleton``),
may be the same name (``variant``), was misread by a machine (``misread``), carries an article (``article``) or the
first part of ABD AL-RAHMAN (``servant``), or is written without vowels (``unvowelled``). The best way counts. What is
less than ``LEAST`` is another word.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from pratique.flow.screening.rarity import is_known_name
from pratique.flow.screening.scripts import is_without_vowels
from pratique.flow.screening.sounds import consonants, sound, vowels_between

EQUAL: Final = 1000
SOUND: Final = 980
SOUND_WITH_EDITS: Final = 965
SKELETON: Final = 860
VARIANT: Final = 950
MISREAD: Final = 960
ARTICLE: Final = 975
SERVANT: Final = 900
INITIAL: Final = 930
CUT_OFF: Final = 900
EDIT_COST: Final = 1000
VOWEL_COST: Final = 60
KNOWN_APART: Final = 830
"""Thousandths of a likeness that stay when both words are names that many people bear: KAMAL is not JAMAL mistyped."""

UNVOWELLED: Final = (700, 860, 920)
"""Consonants agree and the written vowels contradict, agree in part, or agree."""

LEAST: Final = 530
VOWELS_APART: Final = 4
"""Edits between the sounds of two words beyond which equal consonants say nothing."""

TWO_CONSONANTS: Final = 120
SHORT: Final = 100
"""Thousandths by which short words are less alike than longer ones that agree in the same way."""

SHORTEST_SURE: Final = 4
SHORT_VARIANT: Final = 250
"""The same for short words that a table holds as one name: it holds many readings of one sign."""
SHORTEST_SKELETON: Final = 3
SHORTEST_MISREAD: Final = 4
SHORTEST_WITH_DIGITS: Final = 3
LONGEST_EDITED: Final = 3  # letters by which two words may differ in length
_ARTICLES: Final = ("AL", "EL")
_SERVANT_OF: Final = "ABD"
PREFIXES: Final = (*_ARTICLES, _SERVANT_OF)
SECOND_LETTER_OF_SERVANT: Final = ord(_SERVANT_OF[1])
"""By which ``ABD`` is told from an article."""

_SHORTEST_WITH_ARTICLE: Final = 6
_SHORTEST_WITH_SERVANT: Final = 7
_CACHED: Final = 1 << 18
_DIGITS: Final = str.maketrans("0123456789", "OIZEASGTBG")


class Likeness(NamedTuple):
    """Thousandths, and the way in which two words are alike; 0 and no way for different words."""

    similarity: int
    how: str


DIFFERENT: Final = Likeness(0, "")


def likeness(left: str, right: str, *, one_name: bool = False) -> Likeness:
    """The best way in which the two words are alike; ``one_name`` says that a table holds them as one name."""
    found = _by_letters(left, right)
    if one_name:
        short = min(len(left), len(right)) <= SHORTEST_SURE and left.isupper() and right.isupper()
        found = max(found, Likeness(VARIANT - (SHORT_VARIANT if short else 0), "variant"))
    return found if found.similarity >= LEAST else DIFFERENT


@lru_cache(_CACHED)
def _by_letters(left: str, right: str) -> Likeness:
    if left == right:
        return Likeness(EQUAL, "equal")
    if not (left.isalpha() and right.isalpha()):
        return _with_digits(left, right)
    if is_without_vowels(left) or is_without_vowels(right):
        found = _unvowelled(left, right)
    else:
        found = max(_sounding(left, right), _edited(left, right), _skeleton(left, right), _behind_prefix(left, right))
        if found.similarity < MISREAD and min(len(left), len(right)) >= SHORTEST_MISREAD:
            found = Likeness(MISREAD, "misread") if misread(left) == misread(right) else found
    if found.similarity < EQUAL and min(len(left), len(right)) < SHORTEST_SURE:
        found = Likeness(found.similarity - SHORT, found.how)
    if found.similarity < SOUND and is_known_name(left) and is_known_name(right):
        found = Likeness(found.similarity * KNOWN_APART // 1000, found.how)
    return found


def edits_allowed(left: str, right: str) -> int:
    """Letters wrong, missing, too many or swapped: none below three letters, one up to five, then two.

    Words of three or four letters must begin with the same one: TAN is not LAN.
    """
    shorter = min(len(left), len(right))
    if shorter < 3 or (shorter < 5 and left[0] != right[0]):
        return 0
    return 1 if shorter < 6 else 2


def sounding_edits_allowed(left: str, right: str) -> int:
    """The same for the sounds of two words, which are shorter than the words."""
    shorter = min(len(left), len(right))
    return 0 if shorter < 4 else 1 if shorter < 8 else 2


def as_letters(word: str) -> str:
    """The word with the digits that look like letters read as these."""
    return word.translate(_DIGITS)


@lru_cache(_CACHED)
def misread(word: str) -> str:
    """The word as a machine reads it that does not keep alike shapes apart."""
    folded = as_letters(word)
    for shapes, letter in (("RN", "M"), ("VV", "W"), ("CL", "D"), ("LI", "U"), ("I", "L")):
        folded = folded.replace(shapes, letter)
    return folded


@lru_cache(_CACHED)
def without_prefix(word: str) -> str:
    """The word behind a joined article (ALHASSAN) or behind ABD (ABDRAHMAN), or nothing where there is neither."""
    if word.startswith(_SERVANT_OF):
        return word.removeprefix(_SERVANT_OF) if len(word) >= _SHORTEST_WITH_SERVANT else ""
    return word[2:] if word.startswith(_ARTICLES) and len(word) >= _SHORTEST_WITH_ARTICLE else ""


def _edited(left: str, right: str) -> Likeness:
    allowed = edits_allowed(left, right)
    if not allowed or abs(len(left) - len(right)) > allowed:
        return DIFFERENT
    edits = OSA.distance(left, right, score_cutoff=allowed)
    if edits > allowed:
        return DIFFERENT
    return Likeness(EQUAL - EDIT_COST * edits // max(len(left), len(right)), "alike")


def _sounding(left: str, right: str) -> Likeness:
    if min(len(left), len(right)) < 3:
        return DIFFERENT
    one, other = sound(left), sound(right)
    if one == other:
        return Likeness(SOUND, "sound")
    allowed = sounding_edits_allowed(one, other)
    if not allowed or abs(len(one) - len(other)) > allowed:
        return DIFFERENT
    edits = OSA.distance(one, other, score_cutoff=allowed)
    if edits > allowed:
        return DIFFERENT
    return Likeness(SOUND_WITH_EDITS - EDIT_COST * edits // max(len(one), len(other)), "sound")


def _skeleton(left: str, right: str) -> Likeness:
    one = consonants(left)
    if len(one) < SHORTEST_SKELETON or one != consonants(right):
        return DIFFERENT
    vowels = OSA.distance(sound(left), sound(right), score_cutoff=VOWELS_APART)
    if vowels > VOWELS_APART:
        return DIFFERENT
    short = VOWEL_COST if len(one) == SHORTEST_SKELETON else 0
    return Likeness(SKELETON - short - VOWEL_COST * (vowels - 1), "skeleton")


def _behind_prefix(left: str, right: str) -> Likeness:
    for one, other in ((left, right), (right, left)):
        behind = without_prefix(one)
        if behind and not other.startswith(PREFIXES) and (behind == other or sound(behind) == sound(other)):
            return Likeness(SERVANT, "servant") if one.startswith(_SERVANT_OF) else Likeness(ARTICLE, "article")
    return DIFFERENT


def _with_digits(left: str, right: str) -> Likeness:
    """Words with digits differ, unless a machine read letters as digits: numbers must agree."""
    if min(sum(c.isalpha() for c in word) for word in (left, right)) < 2:
        return DIFFERENT
    if misread(left) == misread(right):
        return Likeness(MISREAD, "misread")
    if not (left.isalpha() or right.isalpha()):
        return DIFFERENT
    found = _edited(as_letters(left), as_letters(right))
    return Likeness(min(MISREAD, found.similarity), "misread") if found.similarity else DIFFERENT


def _unvowelled(left: str, right: str) -> Likeness:
    """Two words of which one or both are written without vowels."""
    if is_without_vowels(left) and is_without_vowels(right):
        return _edited(left, right)
    one = consonants(left)
    if len(one) < 2 or one != consonants(right):
        return DIFFERENT
    bare, full = (left, right) if is_without_vowels(left) else (right, left)
    similarity = UNVOWELLED[_agreement(vowels_between(bare), vowels_between(full))]
    return Likeness(similarity - (TWO_CONSONANTS if len(one) == 2 else 0), "unvowelled")


def _agreement(written: tuple[str, ...], spoken: tuple[str, ...]) -> int:
    """2: each written vowel is spoken at its place; 1: all but one, or that cannot be said; 0: they contradict."""
    if len(written) != len(spoken):
        return 1
    wrong = sum(bool(vowel) and vowel != heard for vowel, heard in zip(written, spoken, strict=True))
    if wrong == 0:
        return 2
    return 1 if wrong == 1 and len(written) > 3 else 0
