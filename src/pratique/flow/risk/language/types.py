"""The five types of the rule language and what each operator makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import polars as pl


class Type(StrEnum):
    """What a value is. There is no fraction: masses are grams, money is minor units, ratios are thousandths."""

    INT = "int"
    STRING = "string"
    BOOL = "bool"
    INT_LIST = "list<int>"
    STRING_LIST = "list<string>"


Scopes = Mapping[str, Mapping[str, Type]]
"""Field types by scope: the empty name holds the consignment's own fields, the others are the collections."""

ITEM: Final[Mapping[Type, Type]] = {Type.INT_LIST: Type.INT, Type.STRING_LIST: Type.STRING}
LIST_OF: Final[Mapping[Type, Type]] = {item: whole for whole, item in ITEM.items()}

POLARS: Final[Mapping[Type, pl.DataType]] = {
    Type.INT: pl.Int64(),
    Type.STRING: pl.String(),
    Type.BOOL: pl.Boolean(),
    Type.INT_LIST: pl.List(pl.Int64),
    Type.STRING_LIST: pl.List(pl.String),
}

EQUALITY: Final = ("==", "!=")
ORDER: Final = ("<", "<=", ">", ">=")
ARITHMETIC: Final = ("+", "-", "*", "/", "%")
TEXT_TESTS: Final = ("startsWith", "endsWith", "contains")
QUANTIFIERS: Final = ("exists", "all")

INT_LIMIT: Final = 2**63  # integers are those of 64 bits; a result outside them is unknown


def wanted_on_the_right(operator: str, left: Type) -> tuple[Type, ...]:
    """The types that may stand right of ``operator`` when ``left`` stands left of it; empty where none may."""
    if operator in EQUALITY:
        return (left,) if left in LIST_OF or left is Type.BOOL else ()
    if operator in ORDER or operator in ARITHMETIC:
        return (Type.INT,) if left is Type.INT else ()
    if operator == "in":
        return (LIST_OF[left],) if left in LIST_OF else ()
    return (Type.BOOL,) if left is Type.BOOL else ()


def wanted_on_the_left(operator: str) -> tuple[Type, ...]:
    """The types that may stand left of ``operator``."""
    if operator in EQUALITY:
        return (Type.INT, Type.STRING, Type.BOOL)
    if operator in ORDER or operator in ARITHMETIC:
        return (Type.INT,)
    return (Type.INT, Type.STRING) if operator == "in" else (Type.BOOL,)
