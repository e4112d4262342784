"""What happens to a Latin name on its way into a declaration, one function for each kind of accident.

Each takes the name as a filer would have it (capitals, running order) and what is drawn, and gives the damaged name,
or ``None`` where that accident cannot happen to this name. They are made from the nature of the accident (the
neighbours of a key, the shapes a reader confuses, the length of a field), not from what a matcher forgives.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

Accident = Callable[[str, random.Random], str | None]

_KEYBOARD: Final = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_SHAPES: Final = (
    *(("O", "0"), ("I", "1"), ("L", "1"), ("S", "5"), ("B", "8"), ("Z", "2"), ("G", "6"), ("T", "7"), ("A", "4")),
    *(("M", "RN"), ("W", "VV"), ("D", "CL"), ("H", "LI"), ("N", "RI"), ("U", "LI"), ("K", "IC"), ("RN", "M")),
    *(("E", "F"), ("C", "G"), ("V", "Y"), ("I", "L"), ("Q", "O"), ("P", "F"), ("O", "D"), ("I", "J"), ("CL", "D")),
)
_HONORIFICS: Final = ("MR", "DR", "ENG", "SHEIKH", "HAJI", "SEYED", "CAPT", "PROF", "GENERAL", "SR", "DON", "MR.")
_CARE: Final = ("C/O {}", "TO THE ORDER OF {}", "TO ORDER OF {}", "ATTN {}", "O/B OF {}", "{} AS AGENT", "NOTIFY {}")
_SMALL: Final = frozenset({"AL", "EL", "BIN", "IBN", "DE", "DEL", "LA", "OF", "AND", "THE", "Y", "VAN", "VON", "FOR"})
SHORTEST: Final = 4
"""Letters a word must have for a typing error in it: below, it may well be another word."""


@cache
def words(file: str) -> Mapping[str, Any]:
    """One of the bench's own tables in ``words/``."""
    told = yaml.safe_load((resources.files(__package__) / "words" / file).read_text(encoding="utf-8"))
    assert isinstance(told, dict)
    return told


def one_typo(name: str, drawn: random.Random) -> str | None:
    """One key missed, doubled, hit beside, or two keys swapped, in a word of four letters or more."""
    split = name.split(" ")
    at = _drawn_word(split, drawn, SHORTEST)
    if at is None:
        return None
    split[at] = _typed_wrong(split[at], drawn)
    return " ".join(split)


def two_typos(name: str, drawn: random.Random) -> str | None:
    """Two typing errors, in two words where the name has two long enough."""
    split = name.split(" ")
    long = [at for at, word in enumerate(split) if _letters(word) >= SHORTEST + 1]
    if not long:
        return None
    for at in drawn.sample(long, 2) if len(long) > 1 else long * 2:
        split[at] = _typed_wrong(split[at], drawn)
    return " ".join(split)


def _typed_wrong(word: str, drawn: random.Random) -> str:
    letters = list(word)
    at = drawn.randrange(len(letters))
    match drawn.choice(("missed", "doubled", "beside", "beside", "swapped")):
        case "missed":
            del letters[at]
        case "doubled":
            letters.insert(at, letters[at])
        case "beside":
            letters[at] = drawn.choice(_neighbours(letters[at]))
        case "swapped":
            at = min(at, len(letters) - 2)
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    changed = "".join(letters)
    return changed if changed != word else _typed_wrong(word, drawn)


@cache
def _neighbours(key: str) -> str:
    """Keys beside ``key`` on a keyboard; of a key that is no letter, the home row."""
    for row, keys in enumerate(_KEYBOARD):
        if key in keys:
            at = keys.index(key)
            beside = [
                keys[max(0, at - 1) : at],
                keys[at + 1 : at + 2],
                *(_KEYBOARD[other][max(0, at - 1) : at + 1] for other in (row - 1, row + 1) if 0 <= other < 3),
            ]
            return "".join(beside)
    return "AEIOU"


def ocr(name: str, drawn: random.Random) -> str | None:
    """One to three shapes that a reader of scanned paper confuses: O and 0, RN and M, E and F."""
    places = [(at, shape, read) for shape, read in _SHAPES for at in range(len(name)) if name.startswith(shape, at)]
    if not places:
        return None
    text = name
    for at, shape, read in sorted(drawn.sample(places, min(len(places), drawn.choice((1, 1, 2, 3)))), reverse=True):
        if text.startswith(shape, at):
            text = text[:at] + read + text[at + len(shape) :]
    return text


def dropped_name(name: str, drawn: random.Random) -> str | None:
    """One of a person's three or more names is missing, whichever."""
    return _without_one(name, 0, drawn)


def dropped_word(name: str, drawn: random.Random) -> str | None:
    """One of a firm's three or more words is missing; the first, by which a firm is known, stays."""
    return _without_one(name, 1, drawn)


def _without_one(name: str, first: int, drawn: random.Random) -> str | None:
    split = name.split()
    telling = [at for at, word in enumerate(split) if word not in _SMALL]
    if len(telling) < 3:
        return None
    del split[drawn.choice([at for at in telling if at >= first])]
    return " ".join(split)


def added_name(name: str, drawn: random.Random) -> str | None:
    """A further given name that the list does not have, somewhere behind the first word."""
    return _with_further(name, str(words("trades.yaml")["further"]), drawn)


def added_word(name: str, drawn: random.Random) -> str | None:
    """A word that says a branch, a place or a trade, which the list does not have."""
    return _with_further(name, str(words("trades.yaml")["further_company"]), drawn)


def _with_further(name: str, further: str, drawn: random.Random) -> str:
    split = name.split()
    split.insert(drawn.randint(1, len(split)), drawn.choice(further.split()).replace("-", " "))
    return " ".join(split)


def joined_tokens(name: str, drawn: random.Random) -> str | None:
    """Two neighbouring words without the blank between them; one time in four all of them."""
    split = name.split()
    if len(split) < 2:
        return None
    if drawn.random() < 0.25:
        return "".join(split)
    at = drawn.randrange(len(split) - 1)
    split[at : at + 2] = [split[at] + split[at + 1]]
    return " ".join(split)


def split_token(name: str, drawn: random.Random) -> str | None:
    """A blank within a word of six letters or more, where a line broke or a syllable seemed a word."""
    split = name.split()
    at = _drawn_word(split, drawn, 6)
    if at is None:
        return None
    cut = drawn.randint(2, len(split[at]) - 2)
    split[at : at + 1] = [split[at][:cut], split[at][cut:]]
    return " ".join(split)


def reordered(name: str, drawn: random.Random) -> str | None:
    """The words in another order: surname first, or whatever the columns of a form made of them."""
    split = name.split()
    if len(split) < 2:
        return None
    moved = split[1:] + split[:1] if drawn.random() < 0.5 else drawn.sample(split, len(split))
    return " ".join(moved) if moved != split else " ".join(split[-1:] + split[:-1])


def initials(name: str, drawn: random.Random) -> str | None:
    """The first names as initials, all of them or one, with or without a stop; what stands in the second half stays."""
    split = [word.strip("'") for word in name.split()]
    if len(split) < 2 or _letters(split[-1]) < SHORTEST or not all(word[:1].isalpha() for word in split):
        return None
    stop = drawn.choice(("", "."))
    given = range(len(split) // 2)
    shortened = given if drawn.random() < 0.6 else [drawn.choice(given)]
    return " ".join(word[0] + stop if at in shortened else word for at, word in enumerate(split))


def cut_at_35(name: str, drawn: random.Random) -> str | None:
    """A name longer than the 35 characters of one line of an EDIFACT name (C080), cut there."""
    return name[:35].rstrip() if len(name) > 38 else None


def cut_at_70(name: str, drawn: random.Random) -> str | None:
    """A name longer than the 70 characters of two such lines, or of an air waybill's field, cut there."""
    return name[:70].rstrip() if len(name) > 72 else None


def legal_form(name: str, drawn: random.Random) -> str | None:
    """Another legal form, or one where the list has none, or none where the list has one."""
    bare = without_form(name)
    if bare != name and drawn.random() < 0.4:
        return bare
    changed = f"{bare} {drawn.choice(words('trades.yaml')['legal'])}"
    return changed if changed != name else bare


def without_form(name: str) -> str:
    """The name, in capitals, without the legal forms at its end: ``X SHIPPING, S.A. DE C.V.`` is X SHIPPING."""
    forms, joining = words("trades.yaml")["forms"].split(), ("DE", "&", "AND")
    split = name.split()
    while len(split) > 1 and re.sub(r"[.,()]", "", split[-1]) in forms:
        split.pop()
        while len(split) > 2 and split[-1] in joining and re.sub(r"[.,()]", "", split[-2]) in forms:
            split.pop()
    return " ".join(split).rstrip(" ,&") or name


def trade_abbreviation(name: str, drawn: random.Random) -> str | None:
    """Words of trade in the short forms that fill short fields: TRDG, INTL, SVCS."""
    short: Mapping[str, str] = words("trades.yaml")["short"]
    split = name.split()
    if not any(word.rstrip(",.") in short for word in split):
        return None
    return " ".join(
        drawn.choice(short[word.rstrip(",.")].split()) if word.rstrip(",.") in short else word for word in split
    )


def care_of(name: str, drawn: random.Random) -> str | None:
    """The name behind C/O, TO THE ORDER OF or ATTN, or before AS AGENT."""
    return drawn.choice(_CARE).format(name)


def address_bleed(name: str, drawn: random.Random) -> str | None:
    """The first line of the address in the field of the name, whole or its beginning."""
    street: str = drawn.choice(words("trades.yaml")["streets"])
    split = street.split()
    return f"{name} {' '.join(split[: drawn.randint(2, len(split))])}"


def honorific(name: str, drawn: random.Random) -> str | None:
    """MR, DR, SHEIKH, HAJI or CAPT before a person's name."""
    return f"{drawn.choice(_HONORIFICS)} {name}"


def patronymic_slavic(name: str, drawn: random.Random) -> str | None:
    """A father's name between given and family name that the list does not have: IVANOVICH."""
    return _with_father(
        name, ("IVANOVICH", "NIKOLAEVICH", "VLADIMIROVICH", "SERGEEVICH", "PETROVICH", "YURIEVICH"), drawn
    )


def patronymic_arabic(name: str, drawn: random.Random) -> str | None:
    """A father's name between given and family name that the list does not have: BIN ALI, S/O KARIM, or bare HASSAN."""
    return _with_father(name, ("BIN ALI", "BIN MOHAMMED", "IBN AHMED", "BIN SALEH", "S/O KARIM", "HASSAN"), drawn)


def _with_father(name: str, fathers: Sequence[str], drawn: random.Random) -> str | None:
    split = name.split()
    return f"{split[0]} {drawn.choice(fathers)} {split[1]}" if len(split) == 2 else None


def acronym(name: str, drawn: random.Random) -> str | None:
    """A firm of four to seven words, its legal form aside, by its first letters."""
    split = [word.strip(",.()'") for word in without_form(name).split()]
    telling = [word for word in split if word and word not in _SMALL]
    if not 4 <= len(telling) <= 7 or not all(word[0].isalpha() for word in telling):
        return None
    return "".join(word[0] for word in telling)


def nickname(name: str, drawn: random.Random) -> str | None:
    """A given name in the short form its bearer goes by: BILL for WILLIAM, SASHA for ALEKSANDR."""
    short = words("nicknames.yaml")
    split = name.split()
    known = [at for at, word in enumerate(split[:-1]) if word in short]
    if not known:
        return None
    at = drawn.choice(known)
    split[at] = drawn.choice(str(short[split[at]]).split())
    return " ".join(split)


def _drawn_word(split: Sequence[str], drawn: random.Random, shortest: int) -> int | None:
    long = [at for at, word in enumerate(split) if _letters(word) >= shortest]
    return drawn.choice(long) if long else None


def _letters(word: str) -> int:
    return sum(letter.isalpha() for letter in word)
