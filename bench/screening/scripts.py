"""A listed Latin name in another script, as a document from there would spell it, and in another romanisation.

Each function gives the name in its script or ``None`` where the name is not from there (or has a syllable that the
bench's table does not know). The tables are the bench's own: ``words/arabic.yaml``, ``words/syllables.yaml`` and
``words/letters.yaml``. Generated spellings are plainer than real ones; the originals that the lists publish are
measured as a category of their own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from bench.screening.noise import words

_SLAVIC: Final = re.compile(r".*(OV|EV|OVA|EVA|SKY|SKIY|SKII|SKAYA|ENKO|ANKA|CHUK|VICH|VNA|YUK)$")


def arabic(name: str, drawn: random.Random) -> str | None:
    """The name in Arabic letters without vowel signs; at most one word in three may be spelled by its sounds."""
    split = re.sub(r"\b(AL|EL|UL|AD|AS|ASH|AN|AR)[- ]", "AL-", name).split()
    if not 2 <= len(split) <= 6:
        return None
    known = [_arabic_words().get(word) for word in split]
    if known.count(None) > len(split) // 3 or not all(re.fullmatch(r"[A-Z'-]+", word) for word in split):
        return None
    return " ".join(script or _by_sound_arabic(word) for script, word in zip(known, split, strict=True))


@cache
def _arabic_words() -> Mapping[str, str]:
    return {latin: script for script, latins in words("arabic.yaml").items() for latin in latins.split()}


def _by_sound_arabic(word: str) -> str:
    """Consonants and what stands for a long vowel: final A and I, first vowels; short vowels are not written."""
    article = "ال" if word.startswith("AL-") else ""
    bare = word.removeprefix("AL-").replace("'", "").replace("-", "")
    first = "ا" if bare[:1] in "AEIOU" else ""
    last = {"A": "ا", "I": "ي", "E": "ه", "O": "و", "U": "و"}.get(bare[-1:], "")
    return article + first + _by_letters(bare, letters("arabic"), silent="AEIOU") + last


def cyrillic(name: str, drawn: random.Random) -> str | None:
    """A name in Russian letters, by the sounds of the usual romanisation."""
    if not re.fullmatch(r"[A-Z' -]+", name):
        return None
    softened = re.sub(r"([^AEIOU ])Y\b", r"\1IY", name.replace("'", "Ь"))
    spelled = " ".join(_by_letters(word, letters("cyrillic")) for word in softened.split())
    return spelled if drawn.random() < 0.5 else spelled.title()


def greek(name: str, drawn: random.Random) -> str | None:
    """A name in Greek capitals, as a Greek agent spells foreign names (ELOT 743 reversed)."""
    if not re.fullmatch(r"[A-Z' -]+", name) or len(name.split()) > 4:
        return None
    return " ".join(_by_letters(word, letters("greek")) for word in name.replace("'", "").split())


def devanagari(name: str, drawn: random.Random) -> str | None:
    """A name of two to four words in Devanagari, by its sounds."""
    if not re.fullmatch(r"[A-Z' -]+", name) or not 2 <= len(name.split()) <= 4:
        return None
    return " ".join(_by_sound_devanagari(word) for word in name.replace("'", "").replace("-", " ").split())


def _by_sound_devanagari(word: str) -> str:
    """Consonants with the signs of the vowels behind them; two consonants are bound, a final A is long."""
    vowels, consonants = letters("devanagari_vowels"), letters("devanagari")
    told, bound = "", False
    for group in _groups(word, (vowels, consonants)):
        if group in vowels:
            alone, _, sign = vowels[group].partition(" ")
            told += sign if bound else alone
            bound = False
        else:
            told += ("्" if bound else "") + consonants.get(group, group)
            bound = True
    return told + "ा" if re.search("[^A]A$", word) else told


def han(name: str, drawn: random.Random) -> str | None:
    """A Chinese name, family name first, in characters: the given name is cut into its syllables."""
    return _in_syllables(name, "han")


def hangul(name: str, drawn: random.Random) -> str | None:
    """A Korean name of three syllables, family name first, in Hangul."""
    told = _in_syllables(name, "hangul")
    return told if told is not None and len(told) == 3 else None


def _in_syllables(name: str, table: str) -> str | None:
    known: Mapping[str, str] = words("syllables.yaml")[table]
    split = [word.lower() for word in re.split(r"[ -]", name) if word]
    cut = [_cut(word, known) for word in split]
    if not 2 <= len(split) <= 3 or any(syllables is None for syllables in cut):
        return None
    told = "".join(known[syllable] for syllables in cut for syllable in syllables or ())
    return told if 2 <= len(told) <= 4 else None


def _cut(word: str, known: Mapping[str, str]) -> list[str] | None:
    """``xiaoming`` as xiao, ming: the longest first syllable that leaves a rest that can be cut."""
    if not word:
        return []
    for size in range(min(6, len(word)), 0, -1):
        if word[:size] in known and (rest := _cut(word[size:], known)) is not None:
            return [word[:size], *rest]
    return None


def other_romanisation(name: str, drawn: random.Random) -> str | None:
    """The same sounds in another romanisation: another spelling of a frequent name, EL for AL, IU for YU, HS for X."""
    romanised: Mapping[str, Sequence[Sequence[str]]] = words("letters.yaml")["romanised"]
    split = name.split()
    if all(part in _pinyin_families() for part in split[:1]) and len(split) in (2, 3):
        rules = romanised["chinese"]
    elif any(_SLAVIC.match(word) for word in split):
        rules = romanised["slavic"]
    elif any(word in _arabic_words() for word in split) or "AL-" in name:
        split = [_other_spelling(word, drawn) for word in split]
        rules = romanised["arabic"]
    else:
        return None
    text = " ".join(split)
    fitting = [rule for rule in rules if re.search(rule[0], text)]
    for pattern, *others in drawn.sample(fitting, min(len(fitting), drawn.choice((1, 2, 2, 3)))):
        text = re.sub(pattern, drawn.choice(others), text)
    text = " ".join(text.split())
    return text if text != name else None


def _other_spelling(word: str, drawn: random.Random) -> str:
    script = _arabic_words().get(word)
    same = words("arabic.yaml")[script].split() if script and drawn.random() < 0.7 else [word]
    return str(drawn.choice(same))


@cache
def _pinyin_families() -> frozenset[str]:
    return frozenset(words("regions.yaml")["china"]["family"].split())


def letters(script: str) -> Mapping[str, str]:
    """The letters of ``script`` by the groups of Latin ones that stand for them."""
    told: Mapping[str, str] = words("letters.yaml")[script]
    return told


def _by_letters(word: str, known: Mapping[str, str], silent: str = "") -> str:
    """Each longest group of Latin letters by its counterpart; what has none stays, what is ``silent`` goes."""
    return "".join("" if group in silent else known.get(group, group) for group in _groups(word, (known,)))


def _groups(word: str, tables: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The word cut into the longest groups of letters that a table knows, else into single letters."""
    at = 0
    while at < len(word):
        size = next((size for size in (4, 3, 2) if any(word[at : at + size] in table for table in tables)), 1)
        yield word[at : at + size]
        at += size
