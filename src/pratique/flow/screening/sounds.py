"""Two coarser forms of a word: how it sounds, and its consonants alone.

Spellings of one name in different romanisations differ in vowels (MOHAMED, MUHAMMAD), in the letters for one sound (KH
and H, SH and CH, Q and K, W and V, -OFF and -OV) and in doubled letters. ``sound`` folds these and keeps three vowels;
``consonants`` keeps none, so that it also bridges scripts that write no vowels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
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


def _compiled(steps: Sequence[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), to) for pattern, to in steps)


_SOUND: Final = _compiled(
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
_CONSONANTS: Final = _compiled(
    [
        ("^(?:OUA|UA|OA|OUI|OUE)", "WA"),
        ("^I(?=[AOU])", "Y"),
        *_ONE_SOUND,
        ("DZH|DJ|DSCH", "J"),
        ("DH|DZ", "D"),
        *_LETTERS_OF_A_SOUND,
        ("TS|TZ", "Z"),
        ("^[AEIOU]", "%"),
        ("(?<!^)[AEIOUWY]", ""),
        ("V", "F"),
        (r"(.)\1+", r"\1"),
        ("(?<=..)H$", ""),
    ]
)
_WITHOUT_VOWELS: Final = _compiled(
    [("q", "k"), ("v", "f"), ("^[ae]", "%"), ("(?<!^)[aewy]", ""), (r"(.)\1+", r"\1"), ("(?<=..)h$", "")]
)
_FOLDED_C: Final = str.maketrans("c", "4")


@lru_cache(_CACHED)
def sound(word: str) -> str:
    """How a word of Latin capitals sounds, roughly: letters of one sound are one letter, vowels are A, I or U."""
    for pattern, to in _SOUND:
        word = pattern.sub(to, word)
    if len(word) > 2 and word[-1] == "H":
        word = word[:-1]
    return word[:-1] + "V" if len(word) > 3 and word.endswith("UF") else word


def sound_joined(first: str, second: str) -> str:
    """How two words sound when they are read as one: one after the other, a sound that would be doubled only once."""
    one, other = sound(first), sound(second)
    return one + (other[1:] if one[-1:] == other[:1] else other)


@lru_cache(_CACHED)
def consonants(word: str) -> str:
    """The consonants of a word of any script, each once where doubled; % for a vowel at the beginning."""
    if is_without_vowels(word):
        for pattern, to in _WITHOUT_VOWELS:
            word = pattern.sub(to, word)
        return word.translate(_FOLDED_C).upper()
    for pattern, to in _CONSONANTS:
        word = pattern.sub(to, word)
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
