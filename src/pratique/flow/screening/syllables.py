"""Greek, Korean and Devanagari words in Latin letters, where letters stand for other sounds together than alone.

Sources: ISO 843 and the Greek digraphs of names (MP for B, NT for D); McCune-Reischauer without its marks, which lists
of names from Korea use; the inherent vowel of Devanagari as the romanisation of Hunter writes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_GREEK: Final = re.compile("ΜΠ|ΝΤ|ΓΚ|ΓΓ|ΟΥ|ΤΖ|ΕΙ|ΟΙ|ΑΥ|ΕΥ|[Α-Ω]")
_GREEK_SOUNDS: Final[Mapping[str, str]] = {
    "ΜΠ": "B",
    "ΝΤ": "D",
    "ΓΚ": "G",
    "ΓΓ": "G",
    "ΟΥ": "U",
    "ΤΖ": "J",
    "ΕΙ": "I",
    "ΟΙ": "I",
    "ΑΥ": "AV",
    "ΕΥ": "EV",
    **dict(zip("ΑΒΓΔΕΖΗΙΚΛΜΝΞΟΠΡΣΤΥΦΩ", "AVGDEZIIKLMNXOPRSTIFO", strict=True)),
    "Θ": "TH",
    "Χ": "KH",
    "Ψ": "PS",
}

_FIRST_SYLLABLE: Final = 0xAC00
_SYLLABLES: Final = 11172
_KOREAN: Final = re.compile(f"[{chr(_FIRST_SYLLABLE)}-{chr(_FIRST_SYLLABLE + _SYLLABLES - 1)}]")
_INITIALS: Final = [
    "K",
    "KK",
    "N",
    "T",
    "TT",
    "R",
    "M",
    "P",
    "PP",
    "S",
    "SS",
    "",
    "CH",
    "TCH",
    "CH",
    "K",
    "T",
    "P",
    "H",
]
_VOWELS: Final = [
    "A",
    "AE",
    "YA",
    "YAE",
    "O",
    "E",
    "YO",
    "YE",
    "O",
    "WA",
    "WAE",
    "OE",
    "YO",
    "U",
    "WO",
    "WE",
    "WI",
    "YU",
    "U",
    "UI",
    "I",
]
_FINALS: Final = [
    "",
    "K",
    "K",
    "K",
    "N",
    "N",
    "N",
    "T",
    "L",
    "K",
    "M",
    "L",
    "L",
    "L",
    "P",
    "L",
    "M",
    "P",
    "P",
    "T",
    "T",
    "NG",
    "T",
    "T",
    "K",
    "T",
    "P",
    "T",
]

_DEVANAGARI: Final = re.compile("[\u0900-\u097f]+")
_CONSONANTS: Final[Mapping[str, str]] = {
    **dict(
        zip(
            "कगचजटडणतदनपबमयरलवसहळञङ",
            [
                "K",
                "G",
                "CH",
                "J",
                "T",
                "D",
                "N",
                "T",
                "D",
                "N",
                "P",
                "B",
                "M",
                "Y",
                "R",
                "L",
                "V",
                "S",
                "H",
                "L",
                "N",
                "N",
            ],
            strict=True,
        )
    ),
    **dict(zip("खघछझठढथधफभशष", ["KH", "GH", "CH", "JH", "TH", "DH", "TH", "DH", "PH", "BH", "SH", "SH"], strict=True)),
    **dict(zip((letter + "\u093c" for letter in "कखगजडढफय"), ["Q", "KH", "GH", "Z", "R", "RH", "F", "Y"], strict=True)),
}
_VOWEL_SIGNS: Final = dict(zip("ािीुूृेैोौॅॉ", ["A", "I", "I", "U", "U", "RI", "E", "AI", "O", "AU", "E", "O"], strict=True))
_ALONE: Final = dict(zip("अआइईउऊऋएऐओऔ", ["A", "A", "I", "I", "U", "U", "RI", "E", "AI", "O", "AU"], strict=True))
_NO_VOWEL: Final = "\u094d"
_NASAL: Final = "ंँ"
_DOT: Final = "\u093c"


def in_latin_sounds(text: str) -> str:
    """The text with Greek, Korean and Devanagari words in Latin capitals; a Korean word becomes one word a syllable."""
    text = _GREEK.sub(lambda found: _GREEK_SOUNDS[found[0]], text.upper())
    text = _KOREAN.sub(lambda found: f" {_syllable(found[0])} ", text)
    return _DEVANAGARI.sub(lambda found: _devanagari(found[0]), text)


def _syllable(letter: str) -> str:
    number = ord(letter) - _FIRST_SYLLABLE
    initial, rest = divmod(number, len(_VOWELS) * len(_FINALS))
    vowel, final = divmod(rest, len(_FINALS))
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]


def _devanagari(word: str) -> str:
    """Each consonant has an A unless a vowel sign, the sign for no vowel or the end of the word follows."""
    letters = re.findall(f".{_DOT}?", word)
    sounds: list[str] = []
    for at, letter in enumerate(letters):
        following = letters[at + 1] if at + 1 < len(letters) else ""
        if letter in _CONSONANTS:
            bare = following in _VOWEL_SIGNS or following == _NO_VOWEL or not following
            sounds.append(_CONSONANTS[letter] + ("" if bare else "A"))
        elif letter in _NASAL:
            sounds.append("N")
        else:
            sounds.append(_VOWEL_SIGNS.get(letter) or _ALONE.get(letter, ""))
    return "".join(sounds)
