"""Numbers that identify alone, of ships, containers, documents, persons and companies, as they are compared.

Numbers of persons and companies are compared whatever their scheme, because a sender's word for a number is seldom the
list's; ships, containers and documents only among themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_FAMILIES: Final[Mapping[str, str]] = {
    "imo": "imo",
    "mmsi": "mmsi",
    "container": "container",
    "document": "document",
    "imo_company": "imo_company",
}
_SHORTEST: Final[Mapping[str, int]] = {"imo": 7, "mmsi": 9, "container": 10, "document": 5, "number": 5}
_NOT_IN_NUMBERS: Final = re.compile(r"[^0-9A-Z]+")

CONFLICTING: Final = frozenset({"imo", "lei"})
"""Schemes of which a subject has one number only, so that another number is evidence against a name."""


def identifier_key(text: str) -> str | None:
    """``family:NUMBER`` for ``scheme:value``; ``None`` where the value is too short to identify anything."""
    scheme, _, value = text.partition(":")
    family = _FAMILIES.get(scheme.strip().lower(), "number")
    number = _NOT_IN_NUMBERS.sub("", value.upper())
    if family == "imo":
        number = number.removeprefix("IMO")
    enough = len(number) >= _SHORTEST.get(family, 5) and any(c.isdigit() for c in number)
    return f"{family}:{number}" if enough and set(number) != {"0"} else None


def own_number(text: str) -> str | None:
    """``scheme:NUMBER`` where the scheme of ``scheme:value`` gives a subject one number only, else ``None``."""
    scheme, _, value = text.partition(":")
    scheme = scheme.strip().lower()
    number = _NOT_IN_NUMBERS.sub("", value.upper()).removeprefix(scheme.upper())
    return f"{scheme}:{number}" if scheme in CONFLICTING and number else None
