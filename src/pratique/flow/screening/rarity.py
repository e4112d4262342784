"""How common a word is among the names of the world, from a table of given and family names with its source.

The table (``data/names/common_words.txt``) gives, for each common word, how many of a million name words it is. What is
not in it is rare. Spellings that sound alike are counted together, for the table knows few of the romanisations.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from pratique.flow.screening.scripts import is_without_vowels
from pratique.flow.screening.sounds import sound, sounds_of

KNOWN_FROM: Final = 32
"""Of a million name words: from here on a word is a name that many people bear."""

SHORTEST_HEARD: Final = 3
"""Letters from which words that sound alike are counted together."""


def per_million(word: str) -> int:
    """How many of a million name words are this one, in this or another spelling of the same sound."""
    own = _table().get(word, 0)
    if is_without_vowels(word) or len(word) < SHORTEST_HEARD:
        return own
    return max(own, _by_sound().get(sound(word), 0))


def is_known_name(word: str) -> bool:
    """Whether many people bear this very word as a name."""
    return _table().get(word, 0) >= KNOWN_FROM


def common_names() -> Mapping[str, int]:
    """How many of a million name words each is that many people bear, in Latin capitals."""
    return {word: count for word, count in _table().items() if not is_without_vowels(word)}


@cache
def _table() -> Mapping[str, int]:
    text = (files("pratique") / "data" / "names" / "common_words.txt").read_text(encoding="ascii")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {word: int(count) for word, count in rows}


@cache
def _by_sound() -> Mapping[str, int]:
    words = [word for word in _table() if not is_without_vowels(word)]
    heard: dict[str, int] = {}
    for word, told in zip(words, sounds_of(words), strict=True):
        heard[told] = heard.get(told, 0) + _table()[word]
    return heard
