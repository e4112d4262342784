"""Names of any script in the letters in which they are compared: A to Z, and a to z for scripts that leave vowels out.

Arabic and Hebrew words become small letters, one for each letter that stands for a consonant or a long vowel, so that a
word shows by its form that its short vowels are not known. All other scripts become Latin capitals. Works offline.
Sources: the romanisation tables of the UN group of experts on geographical names for Arabic, Persian, Urdu, Pashto and
Hebrew, read as classes of letters that romanisations do not keep apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from anyascii import anyascii

from pratique.flow.screening.syllables import in_latin_sounds

_LETTERS: Final[Mapping[str, str]] = {
    "a": "اأإآٱא",
    "b": "بב",
    "c": "چצץ",
    "d": "دذڈضד",
    "e": "عע",
    "f": "فפף",
    "g": "غگג",
    "h": "حهھہۀהח",
    "j": "ج",
    "k": "خكکכך",
    "l": "לل",
    "m": "مמם",
    "n": "نںנן",
    "p": "پ",
    "q": "قק",
    "r": "رڑڕר",
    "s": "سشصסש",
    "t": "تثطٹטת",
    "v": "ڤ",
    "w": "وؤۆו",
    "y": "يىئیېےי",
    "z": "زژظז",
}
_CONSONANT_SCRIPTS: Final = str.maketrans(
    {**{letter: latin for latin, letters in _LETTERS.items() for letter in letters}, "ة": "", "ء": "", "ـ": ""}
)
_WORD_OF_CONSONANTS: Final = re.compile(r"[\u0590-\u05ff\u0600-\u06ff\u0750-\u077f]+")
_ARTICLE: Final = "ال"
_LONGER_THAN_ARTICLE: Final = 5
_INVISIBLE: Final = frozenset({"Cf", "Cs", "Co", "Cn"})
_MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")


def in_compared_letters(text: str) -> str:
    """The text with Arabic and Hebrew words in small letters and everything else in Latin capitals."""
    if text.isascii():
        return text.upper()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    bare = _MARKS.sub("", decomposed)
    visible = "".join(c for c in unicodedata.normalize("NFC", bare) if unicodedata.category(c) not in _INVISIBLE)
    visible = in_latin_sounds(visible)
    parts: list[str] = []
    last = 0
    for word in _WORD_OF_CONSONANTS.finditer(visible):
        parts += [anyascii(visible[last : word.start()]).upper(), without_vowels(word[0])]
        last = word.end()
    return "".join([*parts, anyascii(visible[last:]).upper()])


def without_vowels(word: str) -> str:
    """An Arabic or Hebrew word in small letters, without the article; what is not a letter of theirs is left out."""
    if word.startswith(_ARTICLE) and len(word) >= _LONGER_THAN_ARTICLE:
        word = word.removeprefix(_ARTICLE)
    return "".join(c for c in word.translate(_CONSONANT_SCRIPTS) if c.isascii() and c.isalpha())


def is_without_vowels(word: str) -> bool:
    """Whether the word comes from a script that leaves short vowels out."""
    return word[:1].islower()
