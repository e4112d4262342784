"""The labelled pairs: spellings that are the listed name, and names that only look like it.

Columns ``left`` (listed name), ``right`` (as declared), ``kind``, ``label`` (1 the same, 0 another), ``category`` and
``entity_id`` of the left name. Positives are what the authority itself lists as other spellings, and listed names after
one accident of :mod:`~bench.screening.noise` or in another script. Negatives are names that the same authority lists
for another entity and that share a rare word with the left name, half of them after an accident too, so that damage is
no giveaway; and names whose numbers do not agree.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
from rapidfuzz.distance import OSA

from bench.screening import noise, scripts
from bench.screening.lists import Entity, in_running_order, is_latin, words_of

Drawn = random.Random

PAIRS: Final[Mapping[str, type[pl.DataType]]] = {
    "left": pl.String,
    "right": pl.String,
    "kind": pl.String,
    "label": pl.Int8,
    "category": pl.String,
    "entity_id": pl.String,
}

ANY: Final = ("person", "organisation", "party", "vessel")
PERSON: Final = ("person",)
FIRM: Final = ("organisation",)
NAMED: Final = ("person", "organisation", "party")


_ARABIC: Final = "AE AF BH DZ EG IQ JO KW LB LY MA OM PK PS QA SA SD SO SY TN YE IR"
_SLAVIC: Final = "RU UA BY BG KZ RS MK UZ KG TJ TM ME"
_INDIAN: Final = "IN PK NP BD LK"
_CHINESE: Final = "CN HK TW SG MO"
_KOREAN: Final = "KP KR"


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of positive: how many are wanted, for which kinds of name, what happens to it, and where it happens.

    ``countries`` empty: to names of any country. ``as_listed``: the words keep the order of the list, surname first.
    """

    name: str
    wanted: int
    kinds: Sequence[str]
    accident: noise.Accident
    countries: str = ""
    as_listed: bool = False


CATEGORIES: Final = (
    Category("one_typo", 330, ANY, noise.one_typo),
    Category("two_typos", 250, NAMED, noise.two_typos),
    Category("ocr", 250, ANY, noise.ocr),
    Category("dropped_token", 160, PERSON, noise.dropped_name),
    Category("dropped_token", 90, FIRM, noise.dropped_word),
    Category("added_token", 80, PERSON, noise.added_name),
    Category("added_token", 70, FIRM, noise.added_word),
    Category("joined_tokens", 220, NAMED, noise.joined_tokens),
    Category("split_token", 200, ANY, noise.split_token),
    Category("reordered", 230, NAMED, noise.reordered),
    Category("initials", 150, PERSON, noise.initials),
    Category("cut_at_35", 230, NAMED, noise.cut_at_35),
    Category("cut_at_70", 50, NAMED, noise.cut_at_70),
    Category("legal_form", 220, FIRM, noise.legal_form),
    Category("trade_abbreviation", 200, FIRM, noise.trade_abbreviation),
    Category("care_of", 150, NAMED, noise.care_of),
    Category("address_bleed", 150, NAMED, noise.address_bleed),
    Category("honorific", 90, PERSON, noise.honorific),
    Category("patronymic", 50, PERSON, noise.patronymic_arabic, _ARABIC),
    Category("patronymic", 40, PERSON, noise.patronymic_slavic, _SLAVIC),
    Category("acronym", 50, FIRM, noise.acronym),
    Category("nickname", 100, PERSON, noise.nickname),
    Category("other_romanisation", 200, PERSON, scripts.other_romanisation),
    Category("arabic_generated", 180, PERSON, scripts.arabic),
    Category("cyrillic_generated", 60, PERSON, scripts.cyrillic, _SLAVIC),
    Category("greek_generated", 30, ("person", "vessel"), scripts.greek),
    Category("han_generated", 50, PERSON, scripts.han, _CHINESE, as_listed=True),
    Category("hangul_generated", 40, PERSON, scripts.hangul, _KOREAN, as_listed=True),
    Category("devanagari_generated", 40, PERSON, scripts.devanagari, _INDIAN),
)
LISTED_ALIASES: Final = 1550
WEAK_ALIASES: Final = 330
ORIGINALS: Final = 400
POSITIVES: Final = LISTED_ALIASES + WEAK_ALIASES + ORIGINALS + sum(category.wanted for category in CATEGORIES)
SHARED_WORDS: Final = 4270
NUMBERS: Final = 50
_RARE: Final = 30
"""A word is rare that at most so many of the entities have."""
_NOISY_NEGATIVE: Final = 0.5
_UNTELLING: Final = frozenset({"acronym", "nickname", "care_of", "address_bleed", "dropped_token"})
"""Accidents that negatives do not have: they say nothing there, or take away the word that tells two names apart."""


def build_pairs(listed: Sequence[Entity], *, seed: int, size: float = 1.0) -> pl.DataFrame:
    """The labelled set of ``seed``: columns ``PAIRS``. ``size`` scales how many of each category are wanted."""
    drawn = random.Random(seed)
    rows = [*_positives(listed, drawn, size), *_negatives(listed, drawn, size)]
    drawn.shuffle(rows)
    return pl.DataFrame(rows, schema=dict(PAIRS), orient="row").unique(["left", "right"], maintain_order=True)


Row = tuple[str, str, str, int, str, str]


def true_spellings(listed: Sequence[Entity], *, seed: int, count: int) -> pl.DataFrame:
    """About ``count`` positives of the same make, columns ``PAIRS``: what is asked in the end-to-end part."""
    drawn = random.Random(seed)
    rows = list(_positives(listed, drawn, count / POSITIVES))
    return pl.DataFrame(rows, schema=dict(PAIRS), orient="row").unique("right", maintain_order=True)


def _positives(listed: Sequence[Entity], drawn: Drawn, size: float) -> Iterator[Row]:
    """Rows of the labelled set with label 1."""
    yield from _sample(_alias_rows(listed, "strong"), round(size * LISTED_ALIASES), drawn)
    yield from _sample(_alias_rows(listed, "weak"), round(size * WEAK_ALIASES), drawn)
    yield from _sample(_original_rows(listed), round(size * ORIGINALS), drawn)
    for category in CATEGORIES:
        yield from _damaged(listed, category, round(size * category.wanted), drawn)


def _sample(rows: Sequence[Row], wanted: int, drawn: Drawn) -> list[Row]:
    return drawn.sample(rows, min(wanted, len(rows)))


def _alias_rows(listed: Sequence[Entity], quality: str) -> list[Row]:
    """Primary name and another Latin spelling of the same entity, where the two share a word that looks alike.

    Aliases that are other names altogether (``ABU X``, a former name) are left out: no comparison of names can find
    them, they must be on the list.
    """
    rows = []
    for entity in listed:
        for alias in getattr(entity, quality):
            if is_latin(alias) and words_of(alias) != words_of(entity.name) and same_in_part(entity.name, alias):
                right = in_running_order(alias) if entity.kind == "person" else alias
                rows.append((entity.name, right, entity.kind, 1, f"{quality}_alias", entity.entity_id))
    return rows


def same_in_part(left: str, right: str) -> bool:
    """Whether all words (three letters or more) of the shorter name but one are found in the other, an edit for every
    three letters allowed."""
    mine, others = (
        [word for word in words_of(name) if len(word) >= 3 and word not in ("LTD", "LLC", "INC", "THE", "BIN", "ABU")]
        for name in sorted((left, right), key=lambda name: len(words_of(name)))
    )
    alike = sum(any(OSA.distance(word, other) <= len(word) // 3 for other in others) for word in mine)
    return bool(mine) and alike >= max(1, len(mine) - 1)


def _original_rows(listed: Sequence[Entity]) -> list[Row]:
    """Primary name and the spelling in its own script that the list publishes, by script."""
    return [
        (entity.name, original, entity.kind, 1, f"{_script(original)}_listed", entity.entity_id)
        for entity in listed
        for original in entity.original
        if not is_latin(original)
    ]


def _script(text: str) -> str:
    """``arabic``, ``cyrillic`` ...: the script of most letters."""
    names = Counter(unicodedata.name(letter, "OTHER").split()[0].lower() for letter in text if letter.isalpha())
    return names.most_common(1)[0][0]


def as_declared(name: str, kind: str) -> str:
    """The name as a filer has it: capitals, running order, no accents that a listed name may have."""
    return " ".join((in_running_order(name) if kind == "person" else name).upper().split())


def _damaged(listed: Sequence[Entity], category: Category, wanted: int, drawn: Drawn) -> list[Row]:
    """Names drawn from the list after the accident of ``category``; fewer where it can happen to few of them."""
    rows: list[Row] = []
    for entity in drawn.sample(listed, len(listed)):
        if len(rows) == wanted:
            break
        if not _can_happen(entity, category):
            continue
        declared = as_declared(entity.name, entity.kind)
        damaged = category.accident(entity.name.upper().replace(",", "") if category.as_listed else declared, drawn)
        if damaged and damaged != declared:
            rows.append((entity.name, damaged, entity.kind, 1, category.name, entity.entity_id))
    return rows


def _can_happen(entity: Entity, category: Category) -> bool:
    """Whether the accident is one of such names: Latin ones of the kinds and countries, of two words or a ship's."""
    here = not category.countries or bool(set(category.countries.split()) & set(entity.countries))
    whole = entity.kind == "vessel" or len(words_of(entity.name)) >= 2
    return entity.kind in category.kinds and here and whole and is_latin(entity.name)


def _negatives(listed: Sequence[Entity], drawn: Drawn, size: float) -> Iterator[Row]:
    yield from _sharing_words(listed, round(size * SHARED_WORDS), drawn)
    yield from _other_numbers(listed, round(size * NUMBERS), drawn)


def _sharing_words(listed: Sequence[Entity], wanted: int, drawn: Drawn) -> list[Row]:
    """Primary names, each with a name of another entity of the same list that shares a word few entities have."""
    holders = _holders(listed)
    rows: list[Row] = []
    seen: set[tuple[str, str]] = set()
    for _ in range(20 * wanted):
        left = drawn.choice(listed)
        rare = [word for word in words_of(left.name) if 2 <= len(holders.get((left.list_id, word), ())) <= _RARE]
        if len(rows) == wanted:
            break
        if not rare or left.list_id == "bis":
            continue
        others = [
            (listed[at], name)
            for at, name in holders[left.list_id, drawn.choice(rare)]
            if _different(left, listed[at]) and (left.name, name) not in seen and _is_whole(name, left.kind)
        ]
        if others:
            right, name = drawn.choice(others)
            seen.add((left.name, name))
            rows.append(_negative(left, right, name, drawn))
    return rows


def _is_whole(name: str, kind: str) -> bool:
    """Persons by one name only (DIEGO) are no negatives: they may be anybody, the left one too."""
    return kind != "person" or len(words_of(name)) >= 2


def _holders(listed: Sequence[Entity]) -> dict[tuple[str, str], list[tuple[int, str]]]:
    """Entity (its number) and name by list and word of four letters or more."""
    holders: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for number, entity in enumerate(listed):
        for name in (entity.name, *entity.strong, *entity.weak):
            for word in {word for word in words_of(name) if len(word) >= 4}:
                holders[entity.list_id, word].append((number, name))
    return holders


def _different(left: Entity, right: Entity) -> bool:
    """Whether the two entries are of one kind and share no spelling, legal form and order aside: two entries of one
    name cannot be told apart by it."""
    if left.kind != right.kind:
        return False
    mine, others = (
        {
            tuple(sorted(words_of(noise.without_form(name.upper()))))
            for name in (entity.name, *entity.strong, *entity.weak)
        }
        for entity in (left, right)
    )
    return mine.isdisjoint(others)


def _negative(left: Entity, right: Entity, name: str, drawn: Drawn) -> Row:
    declared = as_declared(name, right.kind)
    category = "shared_word"
    fitting: list[Category] = []
    if drawn.random() < _NOISY_NEGATIVE:
        fitting = [of for of in CATEGORIES if of.name not in _UNTELLING and _can_happen(right, of)]
    if fitting:
        damage = drawn.choices(fitting, [of.wanted for of in fitting])[0]
        if is_latin(name) and (damaged := damage.accident(declared, drawn)):
            declared, category = damaged, f"shared_word_{damage.name}"
    elif drawn.random() < 0.7:
        declared = in_running_order(name) if right.kind == "person" else name
    return left.name, declared, left.kind, 0, category, left.entity_id


def _other_numbers(listed: Sequence[Entity], wanted: int, drawn: Drawn) -> list[Row]:
    """Firms and ships of which a number tells one from the other: FACTORY NO 7 and NO 9, IRAN SHIP 12 and 21."""
    rows: list[Row] = []
    for entity in drawn.sample(listed, len(listed)):
        if len(rows) == wanted:
            break
        if entity.kind not in ("organisation", "vessel") or len(entity.name) > 60:
            continue
        number, other = drawn.sample(range(1, 60), 2)
        form = drawn.choice(("{} NO {}", "{} NO. {}", "{} {}", "{} UNIT {}", "{} PLANT {}", "{} BRANCH {}"))
        bare = as_declared(entity.name, entity.kind)
        if any(letter.isdigit() for letter in bare):
            told = _with_other_number(bare, drawn)
            rows.append((entity.name, told, entity.kind, 0, "other_number", entity.entity_id))
        elif drawn.random() < 0.15:
            left, right = form.format(bare, number), form.format(bare, other)
            rows.append((left, right, entity.kind, 0, "other_number", entity.entity_id))
    return rows


def _with_other_number(name: str, drawn: Drawn) -> str:
    """The first number of the name changed by one digit."""
    at = next(at for at, letter in enumerate(name) if letter.isdigit())
    return name[:at] + str((int(name[at]) + drawn.randint(1, 9)) % 10) + name[at + 1 :]
