"""Names of persons that are written as one, two or three words: ABD AL-RAHMAN, NUR AL-DIN, RAHMAT ULLAH, AL-HASSAN.

``ABD`` with the word behind it is one word, ``AL-DIN`` and ``ALLAH`` belong to the word before them, and an article
before a word is left out. Source: the forms in which the UN romanisation of Arabic and the common national ones write
the article, assimilated to the consonant behind it or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

_CACHED: Final = 1 << 16

_SERVANT_OF: Final = frozenset(
    f"AB{end}"
    for end in (
        *("D", "ED", "DU", "DOU", "DUL", "DULL", "DEL", "DAL", "DOL", "DOUL", "DIL"),
        *("DUR", "DER", "DAR", "DOR", "DUS", "DES", "DUN", "DUZ"),
    )
)
_BARE_SERVANTS: Final = frozenset({"ebd", "ebdl", "abdl"})
"""The last two are ABDUL written back, letter by letter, by who does not know the name."""
_PLAIN_ARTICLES: Final = frozenset({"AL", "EL", "UL", "IL"})
_ASSIMILATED: Final[Mapping[str, str]] = {
    **{vowel + letter: letter for vowel in "AEU" for letter in "RSDNTZ"},
    "ASH": "SH",
    "ESH": "SH",
}
_OF_THE_FAITH: Final = frozenset({"DIN", "DEEN", "DINE", "DDIN", "DDINE"})
_FAITH_JOINED: Final = frozenset(
    article + din for article in ("U", "E", "A") for din in ("DDIN", "DDINE", "DDEEN")
) | frozenset(article + din for article in ("AL", "EL", "UL") for din in ("DIN", "DINE", "DEEN"))
_BEHIND: Final[Mapping[str, str]] = {
    **dict.fromkeys(_FAITH_JOINED, "DIN"),
    **dict.fromkeys(("ALLAH", "ULLAH", "OULLAH", "ALLA", "ULLA"), "ALLAH"),
    "dyn": "dyn",
    "allh": "llh",
}
_SERVANT_JOINED: Final = re.compile("ABD(?:OU|[UEAOI])LL?(?=[^AEIOU])(.{3,})")
_SERVANT_ASSIMILATED: Final = re.compile(r"ABD(?:OU|[UEAOI])([RSDNTZ])\1(.{2,})")
_GOD: Final = re.compile("ABD(?:OU|[UEAO])LLAH?")
_BARE_SERVANT: Final = re.compile("(?:abdal|ebdal|abdl)(.{3,})")
_BARE_WITH_FAITH: Final = re.compile("(.{2,})al(dyn)")
_WITH_GOD: Final = re.compile("(.{3,})[UOAE]LL?AH?")
_WITH_FAITH: Final = re.compile("(.{3,}?)(?:[AEU]L|[AEU]D)DINE?")


def joined_compounds(words: list[str]) -> list[str]:
    """The words with each such name as one word and without articles; single words stay what they are."""
    if all(map(_stands_alone, words)):
        return words
    joined: list[str] = []
    at = 0
    while at < len(words):
        taken, word = _next(words, at, joined)
        if word:
            joined.append(word)
        at += taken
    return joined or words


def is_first_part(word: str) -> bool:
    """Whether the word is no name without the one behind it: the ABDUL of ABDUL RAHMAN."""
    return word in _BARE_SERVANTS or word in _SERVANT_OF


@lru_cache(_CACHED)
def _stands_alone(word: str) -> bool:
    """Whether the word stays as it is whatever stands beside it."""
    is_article = word in _PLAIN_ARTICLES or word in _ASSIMILATED
    return not (is_first_part(word) or is_article or word in _BEHIND) and _unfolded(word) == word


def _next(words: Sequence[str], at: int, before: list[str]) -> tuple[int, str]:
    """How many of the words from ``at`` on are taken, and the word they make; a part of the name before joins that."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if before and word in _BEHIND:
        before[-1] += _BEHIND[word]
        return 1, ""
    if word in _BARE_SERVANTS and following:
        return 2, "ebd" + following
    if word in _SERVANT_OF and following:
        return _servant(words[at:])
    if _is_article(word, following):
        if before and following in _OF_THE_FAITH:
            before[-1] += "DIN"
            return 2, ""
        return 1, ""
    return 1, _unfolded(word)


def _servant(words: Sequence[str]) -> tuple[int, str]:
    last = len(words) - 1
    at = next((at for at in range(1, last) if not _is_article(words[at], words[at + 1])), last)
    return at + 1, "ABD" + words[at]


def _is_article(word: str, following: str) -> bool:
    return bool(following) and (word in _PLAIN_ARTICLES or following.startswith(_ASSIMILATED.get(word, "?")))


def _unfolded(word: str) -> str:
    """One word that holds such a name (ABDURRAHMAN, SALAHUDDIN) in the form that the separate words get."""
    if word.startswith("ABD") and not _GOD.fullmatch(word):
        if found := _SERVANT_ASSIMILATED.fullmatch(word):
            return f"ABD{found[1]}{found[2]}"
        if found := _SERVANT_JOINED.fullmatch(word):
            return f"ABD{found[1]}"
    if word.islower():
        found = _BARE_SERVANT.fullmatch(word)
        return f"ebd{found[1]}" if found else _BARE_WITH_FAITH.sub(r"\1\2", word)
    if word.endswith(("LLAH", "LLA")) and (found := _WITH_GOD.fullmatch(word)):
        return f"{found[1]}ALLAH"
    if word.endswith(("DIN", "DINE")) and (found := _WITH_FAITH.fullmatch(word)):
        return f"{found[1]}DIN"
    return word
