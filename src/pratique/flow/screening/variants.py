"""Words that are one name: WILLIAM and BILL, ALEKSANDR and SASHA, and one name in several languages and scripts.

So are words for the same sort of organisation: KATIBAT and BRIGADE, KHAYRIYA and CHARITY.

The table is data with its source (``data/names/variants.txt.gz``): one group of words on each line, in the letters of
:mod:`~pratique.flow.screening.scripts`. It is read when first asked for, which takes about half a second.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from pratique.flow.screening.words import organisation_words

_NONE: Final[tuple[int, ...]] = ()


def are_one_name(left: str, right: str) -> bool:
    """Whether the table holds both words as one name."""
    of = _groups_of()
    groups = of.get(left, _NONE)
    return bool(groups) and not set(groups).isdisjoint(of.get(right, _NONE))


def other_forms(word: str) -> frozenset[str]:
    """Every other word that is one name with this one."""
    groups = _groups()
    return frozenset(form for group in _groups_of().get(word, _NONE) for form in groups[group]) - {word}


@cache
def _groups() -> tuple[tuple[str, ...], ...]:
    packed = (files("pratique") / "data" / "names" / "variants.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode("ascii").splitlines()
    organisations: dict[str, list[str]] = {}
    for word, english in organisation_words().items():
        organisations.setdefault(english, [english]).append(word)
    persons = (line.split() for line in lines if not line.startswith("#"))
    return tuple(tuple(group) for group in (*persons, *organisations.values()))


@cache
def _groups_of() -> Mapping[str, tuple[int, ...]]:
    groups: dict[str, tuple[int, ...]] = {}
    for number, words in enumerate(_groups()):
        for word in words:
            groups[word] = (*groups.get(word, _NONE), number)
    return groups
