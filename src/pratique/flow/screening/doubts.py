"""What makes two names less likely one and the same than the words say that agree.

Every doubt leaves so many thousandths of the score. Doubts only ever take away: what the words alone do not bring to a
line cannot be a hit, which is what the index relies on.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

UNANSWERED: Final = 740
"""Something of the declared name, more than a small word weighs, is not in the listed one."""

MORE_UNANSWERED: Final = 800
"""It weighs more than any one word does: on top of the former."""

ONE_TELLING: Final = 910
"""Something is unanswered, and no more than one of the words that agree tells more than a word of business."""

UNSAID: Final = 915
"""Something of the listed name, more than a small word weighs, was not declared."""

MORE_UNSAID: Final = 830
"""It weighs more than any one word does: on top of the former."""

UNLIKE: Final = 810
"""Two words that answer to each other are not very alike."""

SHORT_PROOF: Final = 850
"""Where not the whole names agree: the words that do prove less than two that hardly anybody bears."""

LITTLE_PROOF: Final = 800
"""The words that agree are ones that many names have: on top of the former."""

OWN_WORDS: Final = 600
"""Each name has a word of its own that tells more than all the words that agree: the rest is what many names share."""

BY_SOUND: Final = 830
"""Two words only sound alike: many names do that are not one."""

BY_LETTERS: Final = 640
"""A listed word is made of the first letters of declared ones, as words often are by chance."""

LIGHT: Final = 7
"""Weight up to which what is left over raises no doubt: that of a particle."""

ONE_WORD: Final = 46
"""More than the heaviest word weighs."""

ALIKE: Final = 780
"""Thousandths from which words are alike enough."""

WHOLLY_ALIKE: Final = 960
"""Thousandths from which words are the same but for how they are written or were read."""

ENOUGH_PROOF: Final = 32_000
"""Thousandths of information from which names prove enough: more than any one word does."""

SOME_PROOF: Final = 16_000
"""The same from which they prove something: more than two words that everybody bears."""


class Doubt(NamedTuple):
    """Why, as in the code of the reason ``screening.doubt.<why>``, and the thousandths of the score that are left."""

    why: str
    kept: int


class Agreement(NamedTuple):
    """What an alignment of two names comes to.

    ``declared`` and ``listed``: weight that is left over of either; ``own``: the most information of a word that is
    left over, on the side where that is less; ``least``: similarity (thousandths) of the two words that answer to each
    other and are least alike; ``proof``: thousandths of information that all prove which do; ``shared``: their
    information were they equal; ``telling``: how many tell more than a word of business; ``ways``: how they are
    alike, ``letters`` where several declared words stand for the letters of one.
    """

    declared: int
    listed: int
    own: int
    least: int
    proof: int
    shared: int
    telling: int
    ways: Collection[str]


def doubts(told: Agreement) -> list[Doubt]:
    """The doubts about two names that agree in part, in the order in which they are taken off."""
    is_whole = max(told.declared, told.listed) <= LIGHT and told.least >= WHOLLY_ALIKE
    found = (
        (told.declared > LIGHT, Doubt("unanswered", UNANSWERED)),
        (told.declared > ONE_WORD, Doubt("more_unanswered", MORE_UNANSWERED)),
        (told.declared > LIGHT and told.telling < 2, Doubt("one_telling", ONE_TELLING)),
        (told.listed > LIGHT, Doubt("unsaid", UNSAID)),
        (told.listed > ONE_WORD, Doubt("more_unsaid", MORE_UNSAID)),
        (told.least < ALIKE, Doubt("unlike", UNLIKE)),
        (told.proof < ENOUGH_PROOF and not is_whole, Doubt("short_proof", SHORT_PROOF)),
        (told.proof < SOME_PROOF, Doubt("little_proof", LITTLE_PROOF)),
        (told.own > told.shared, Doubt("own_words", OWN_WORDS)),
        ("sound" in told.ways, Doubt("sound", BY_SOUND)),
        ("letters" in told.ways, Doubt("letters", BY_LETTERS)),
    )
    return [doubt for is_there, doubt in found if is_there]


def doubted(permille: int, kept: Collection[int]) -> int:
    """What is left of a score (thousandths) when each doubt keeps so many thousandths of what the former left."""
    for each in kept:
        permille = permille * each // 1000
    return permille
