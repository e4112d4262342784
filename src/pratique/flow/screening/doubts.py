"""What makes two names less likely one and the same than the words say that agree.

Every doubt leaves so many thousandths of the score. Doubts only ever take away: what the words alone do not bring to a
line cannot be a hit, which is what the index relies on.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

UNANSWERED: Final = 780
"""Something of the declared name, more than a small word weighs, is not in the listed one."""

MORE_UNANSWERED: Final = 905
"""It weighs more than any one word does: on top of the former."""

UNSAID: Final = 925
"""Something of the listed name, more than a small word weighs, was not declared."""

UNLIKE: Final = 850
"""Two words that answer to each other are not very alike."""

BY_SOUND: Final = 850
"""Two words only sound alike: many names do that are not one."""

BY_LETTERS: Final = 640
"""A listed word is made of the first letters of declared ones, as words often are by chance."""

LITTLE_PROOF: Final = 820
"""The words that agree are ones that many names have."""

OWN_WORDS: Final = 600
"""Each name has a word of its own that tells more than all the words that agree: the rest is what many names share."""

LIGHT: Final = 7
"""Weight up to which what is not answered raises no doubt: that of a particle."""

LIGHT_LISTED: Final = 26
"""The same in the listed name: a word of business, which declarations leave out."""

ONE_WORD: Final = 46
"""More than the heaviest word weighs."""

ALIKE: Final = 780
"""Thousandths from which words are alike enough."""

ENOUGH_PROOF: Final = 16_000
"""Thousandths of information from which names prove enough: more than two words that everybody bears."""


class Doubt(NamedTuple):
    """Why, as in the code of the reason ``screening.doubt.<why>``, and the thousandths of the score that are left."""

    why: str
    kept: int


def doubts(left: tuple[int, int, bool], least: int, proof: int, ways: Collection[str]) -> list[Doubt]:
    """The doubts about two names that agree in part, in the order in which they are taken off.

    ``left``: weight that is left over of the declared and of the listed name, and whether a word of either tells more
    than all that agree; ``least``: similarity (thousandths) of
    the two words that answer to each other and are least alike; ``proof``: thousandths of information of all that do;
    ``ways``: how they are alike, ``letters`` where several declared words stand for the letters of one.
    """
    declared, listed, own_words = left
    found = (
        (declared > LIGHT, Doubt("unanswered", UNANSWERED)),
        (declared > ONE_WORD, Doubt("more_unanswered", MORE_UNANSWERED)),
        (listed > LIGHT_LISTED, Doubt("unsaid", UNSAID)),
        (least < ALIKE, Doubt("unlike", UNLIKE)),
        (proof < ENOUGH_PROOF, Doubt("little_proof", LITTLE_PROOF)),
        (own_words, Doubt("own_words", OWN_WORDS)),
        ("sound" in ways, Doubt("sound", BY_SOUND)),
        ("letters" in ways, Doubt("letters", BY_LETTERS)),
    )
    return [doubt for is_there, doubt in found if is_there]


def doubted(permille: int, kept: Collection[int]) -> int:
    """What is left of a score (thousandths) when each doubt keeps so many thousandths of what the former left."""
    for each in kept:
        permille = permille * each // 1000
    return permille
