"""The word tables of name matching, which come as data with their source in each file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import polars as pl
from rapidfuzz.distance import OSA

from pratique.vocabulary.codes import commodity

SHORTEST_ABBREVIATION: Final = 4
SHORTEST_CORRECTED: Final = 6
_CACHED: Final = 1 << 16
_HEADING_DIGITS: Final = 4


def _lines(name: str) -> list[list[str]]:
    text = (files("pratique") / "data" / "names" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def legal_forms(where: str) -> frozenset[str]:
    """Legal forms to drop: ``any`` where they stand, ``end`` only at either end of a name."""
    return frozenset(word for word, place in _lines("legal_forms.txt") if place == where)


@cache
def legal_phrases() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Legal forms of several words, by their first word."""
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    for (text,) in _lines("legal_phrases.txt"):
        phrase = tuple(text.split())
        phrases[phrase[0]] = (*phrases.get(phrase[0], ()), phrase)
    return phrases


@cache
def trade_words() -> Mapping[str, str]:
    """Abbreviation of a company word to the word itself."""
    return {line[0]: line[1] for line in _lines("trade_words.txt")}


@cache
def organisation_words() -> Mapping[str, str]:
    """Word of the names of organisations, in another language or form, to the English word for the same thing."""
    return {line[0]: line[1] for line in _lines("organisation_words.txt")}


@lru_cache(_CACHED)
def unabbreviated(word: str) -> str:
    """The one company word of which this is the beginning, or of which it has the first, the last and most consonants.

    A last S may be that of several (INVTS). The word itself where it is too short, is a company word, or where there is
    none or more than one.
    """
    if len(word) < SHORTEST_ABBREVIATION or not word.isalpha() or not word.isupper() or word in generic_words():
        return word
    longer = [other for other in _company_words().get(word[0], ()) if len(other) >= len(word) + 2]
    few_vowels = 3 * sum(letter in "AEIOU" for letter in word) <= len(word)
    short = (word, word[:-1]) if word[-1] == "S" and len(word) > SHORTEST_ABBREVIATION else (word,)
    full = {
        trade_words().get(other, other)
        for other in longer
        if other.startswith(word) or (few_vowels and any(_has_in_order(other, each) for each in short))
    }
    return full.pop() if len(full) == 1 else word


@lru_cache(_CACHED)
def corrected(word: str) -> str:
    """The one company word or legal form of which a letter is missing here, too many, or swapped; else the word itself.

    Another letter in the place of one is no such error: WEALTH is not HEALTH, and MININT is not MINING.
    """
    if len(word) < SHORTEST_CORRECTED:
        return word
    near = {full for rest in _remainders(word) for full in _corrections().get(rest, ())}
    meant = {full for full in near if full == word or (OSA.distance(full, word) == 1 and _is_slip(full, word))}
    full = {trade_words().get(each, each) for each in meant}
    return full.pop() if len(full) == 1 and word not in meant else word


def _is_slip(full: str, word: str) -> bool:
    """Whether two words one error apart are so by a letter missing or too many, or by two swapped."""
    return len(full) != len(word) or sorted(full) == sorted(word)


@cache
def _corrections() -> Mapping[str, frozenset[str]]:
    """The company words and legal forms that are long enough to be told with an error, by each of their remainders."""
    long = {each for each in (*generic_words(), *legal_forms("any")) if len(each) >= SHORTEST_CORRECTED}
    found: dict[str, set[str]] = {}
    for word in long:
        for rest in _remainders(word):
            found.setdefault(rest, set()).add(word)
    return {rest: frozenset(words) for rest, words in found.items()}


def _remainders(word: str) -> set[str]:
    """The word, and what is left of it when one letter is taken away."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _has_in_order(full: str, word: str) -> bool:
    """The full word ends as the short one does, or a letter behind it, and has all its letters in that order."""
    letters = iter(full)
    return word[-1] in full[-2:] and all(letter in letters for letter in word)


@cache
def _company_words() -> Mapping[str, tuple[str, ...]]:
    """The generic words by their first letter."""
    letters: dict[str, tuple[str, ...]] = {}
    for word in sorted(generic_words()):
        letters[word[0]] = (*letters.get(word[0], ()), word)
    return letters


@cache
def generic_words() -> frozenset[str]:
    """Words of company names and addresses that say little."""
    return frozenset(line[0] for line in _lines("generic_words.txt"))


@cache
def particles() -> frozenset[str]:
    """Small words inside names that say little."""
    return frozenset(line[0] for line in _lines("particles.txt"))


@cache
def address_words() -> frozenset[str]:
    """Words with which an address begins that stands behind a name."""
    return frozenset(line[0] for line in _lines("address_words.txt"))


@cache
def titles(of: str) -> frozenset[str]:
    """Titles before the name of a ``person`` or a ``vessel``."""
    return frozenset(word for word, kind in _lines("titles.txt") if kind == of)


@cache
def no_names(where: str) -> frozenset[tuple[str, ...]]:
    """Phrases that name no one: the ``whole`` field, or what stands ``before`` a name."""
    return frozenset(tuple(phrase.split()) for phrase, place in _lines("no_names.txt") if place == where)


@cache
def first_words_of_no_names() -> frozenset[str]:
    """First words of the phrases that name no one, so that most names need not be compared with them."""
    return frozenset(phrase[0] for where in ("whole", "before") for phrase in no_names(where))


@cache
def words_of_places() -> frozenset[str]:
    """Words of the names of countries and of the large ports that are shipped."""
    table = (files("pratique") / "data" / "codes" / "unlocode_seed.csv").read_text(encoding="utf-8")
    ports = [line.split(",")[1] for line in table.splitlines()[1:]]
    names = " ".join([*ports, *country_codes()]).upper()
    return frozenset(word for word in re.findall("[A-Z]{4,}", names))


@cache
def words_of_goods() -> frozenset[str]:
    """Words by which the Harmonized System names its chapters and headings."""
    names = commodity.table().filter(pl.col("code").str.len_chars() <= _HEADING_DIGITS)["description"]
    return frozenset(word for name in names for word in re.findall("[A-Z]{4,}", name.upper()))


@cache
def words_of_activities() -> frozenset[str]:
    """Words by which the classification of economic activities (ISIC) names what firms do."""
    return frozenset(word for (word,) in _lines("activity_words.txt"))


@cache
def ordinary_words(of: str) -> tuple[str, ...]:
    """Frequent words of ordinary names: ``given``, ``family``, ``company``, ``ship`` or ``street``."""
    return tuple(word for word, kind in _lines("ordinary_names.txt") if kind == of)


@cache
def country_codes() -> Mapping[str, str]:
    """ISO 3166-1 alpha-2 code of a country name, in lower case, as lists write it."""
    return {name.lower(): code for name, code in _lines("countries.txt")}
