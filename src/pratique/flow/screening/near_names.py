"""Names that share with a listed one all that is common in it and nothing that tells it from others.

A port is full of firms named X TIMBER TRADING LTD. Where one is on a list of a few names, no ordinary name made of
a table is like it, and its line would let all of them alert.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pratique.flow.screening.index import KIND_BITS, NameIndex
from pratique.flow.screening.normalise import Name
from pratique.flow.screening.weights import ORDINARY_INFORMATION, SMALLEST

_LIKE_NOTHING: Final = "QXZJVWKQ"
"""Letters of words that nobody bears."""


def is_short(index: NameIndex, kind: str) -> bool:
    """Whether the list holds few names of the kind: on a long one enough ordinary names are like one or the other."""
    return len(_numbers(index, kind)) < SMALLEST


def names_near(index: NameIndex, kind: str) -> list[Name]:
    """For each listed name of the kind the same one with its telling words exchanged."""
    return list(_near(index, _numbers(index, kind)))


def _numbers(index: NameIndex, kind: str) -> list[int]:
    return [number for number in range(index.size) if index.name_kinds[number] == KIND_BITS[kind]]


def _near(index: NameIndex, numbers: list[int]) -> Iterator[Name]:
    for number in numbers:
        listed = index.weighed(number)
        is_telling = [information > ORDINARY_INFORMATION for information in listed.information]
        if any(is_telling) and not all(is_telling):
            yield Name(
                tuple(
                    _like_nothing(at) if telling else word
                    for at, (word, telling) in enumerate(zip(listed.words, is_telling, strict=True))
                )
            )


def _like_nothing(at: int) -> str:
    turn = at % len(_LIKE_NOTHING)
    return _LIKE_NOTHING[turn:] + _LIKE_NOTHING[:turn]
