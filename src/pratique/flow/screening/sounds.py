"""Two coarser forms of a word: how it sounds, and its consonants alone.

Spellings of one name in different romanisations differ in vowels (MOHAMED, MUHAMMAD), in the letters for one sound (KH
and H, SH and CH, Q and K, W and V, -OFF and -OV) and in doubled letters. ``sound`` folds these and keeps three vowels;
``consonants`` keeps none, so that it also bridges scripts that write no vowels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Final

from pratique.flow.screening.scripts import is_without_vowels

_CACHED: Final = 1 << 17

_ONE_SOUND: Final = (
    ("TZSCH|TSCH|TCH|SHCH|CZ", "4"),
    ("SCH|SH|SZ", "S"),
    ("CH", "4"),
    ("KH", "K"),
    ("GH", "G"),
    ("ZH", "Z"),
)
_LETTERS_OF_A_SOUND: Final = (("TH", "T"), ("PH", "F"), ("CK|Q", "K"), ("C(?=[EIY])", "S"), ("C", "K"), ("X", "KS"))


Step = Callable[[str], str]


def _steps(told: Sequence[tuple[str, str]]) -> tuple[Step, ...]:
    """What is replaced by what, one after the other; plain letters without a pattern, which is quicker."""
    return tuple(_letters(old, to) if old.isalpha() else partial(re.compile(old).sub, to) for old, to in told)


def _letters(old: str, to: str) -> Step:
    return lambda word: word.replace(old, to)


_SOUND: Final = _steps(
    [
        *_ONE_SOUND,
        ("DZH|DJ|DZ|DSCH", "J"),
        ("DH", "D"),
        *_LETTERS_OF_A_SOUND,
        ("TS|TZ", "Z"),
        ("W", "V"),
        ("OU|OO|UO|OE|UE|O", "U"),
        ("AE?[IY]|E[IY]|AE|EE|IE|IJ|E|Y", "I"),
        (r"(.)\1+", r"\1"),
    ]
)
_CONSONANTS: Final = _steps(
    [
        ("^(?:OUA|UA|OA|OUI|OUE)", "WA"),
        ("^I(?=[AOU])", "Y"),
        ("^ABDH", "ABD5"),  # the servant of HABIB: two sounds, not the one of DHAHIR
        *_ONE_SOUND,
        ("DZH|DJ|DSCH", "J"),
        ("DH|DZ", "D"),
        *_LETTERS_OF_A_SOUND,
        ("TS|TZ", "Z"),
        ("^[AEIOU]", "%"),
        ("(?<!^)[AEIOUWY]", ""),
        ("V", "F"),
        ("5", "H"),
        (r"(.)\1+", r"\1"),
        ("(?<=..)H$", ""),
    ]
)
_WITHOUT_VOWELS: Final = _steps(
    [("q", "k"), ("v", "f"), ("^[ae]", "%"), ("(?<!^)[aewy]", ""), (r"(.)\1+", r"\1"), ("(?<=..)h$", "")]
)
_FOLDED_C: Final = str.maketrans("c", "4")


@lru_cache(_CACHED)
def sound(word: str) -> str:
    """How a word of Latin capitals sounds, roughly: letters of one sound are one letter, vowels are A, I or U."""
    for step in _SOUND:
        word = step(word)
    return _ended(word)


def sounds_of(words: Sequence[str]) -> list[str]:
    """How each of many words sounds: as :func:`sound`, whose steps go over all of them at once, line by line."""
    told = "\n".join(words)
    for step in _SOUND:
        told = step(told)
    return [_ended(word) for word in told.split("\n")] if words else []


def _ended(word: str) -> str:
    if len(word) > 2 and word[-1] == "H":
        word = word[:-1]
    return word[:-1] + "V" if len(word) > 3 and word.endswith("UF") else word


def sound_joined(first: str, second: str) -> str:
    """How two words sound when they are read as one: one after the other, a sound that would be doubled only once."""
    return sounds_joined(sound(first), sound(second))


def sounds_joined(one: str, other: str) -> str:
    """Two sounds one after the other, one that would be doubled only once."""
    return one + (other[1:] if one[-1:] == other[:1] else other)


@lru_cache(_CACHED)
def consonants(word: str) -> str:
    """The consonants of a word of any script, each once where doubled; % for a vowel at the beginning."""
    if is_without_vowels(word):
        for step in _WITHOUT_VOWELS:
            word = step(word)
        return word.translate(_FOLDED_C).upper()
    for step in _CONSONANTS:
        word = step(word)
    return word


@lru_cache(_CACHED)
def vowels_between(word: str) -> tuple[str, ...]:
    """The first vowel behind each consonant (A, I, U, or nothing): written ones only where short ones are left out."""
    if is_without_vowels(word):
        text = re.sub("^[AE]", "", word.upper()).replace("E", "").replace("Y", "I").replace("W", "U")
    else:
        text = re.sub("^[AIU]", "", sound(word))
    parts = re.split("[^AIU]", re.sub(r"(.)\1+", r"\1", text))
    return tuple(part[:1] for part in parts)
