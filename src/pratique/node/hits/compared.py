"""A hit side by side: the names word over word and every field of both sides, out of the stored reasons."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from pratique.flow.screening.letters import Letter, aligned_letters

ALIGNED: Final = "screening.aligned."
COMMON: Final = "screening.common."
DOUBT: Final = "screening.doubt."
READ_AS: Final = "screening.read_as_address"
NUMBER: Final = "screening.identifier_equal"
ONLY: Final = {"screening.only_declared": "declared", "screening.only_listed": "listed"}
FIELDS: Final = ("number", "country", "address", "birth_date")
CODES: Final = {"number": "identifier"}  # a field's name in the codes of reasons, where it is another
AGREES, DIFFERS, SAYS_NOTHING, NOT_COMPARED = "agrees", "differs", "says_nothing", "not_compared"


@dataclass(frozen=True, slots=True)
class WordPair:
    """One or two words of each side that answer to each other; a side without them is empty.

    ``how`` is a way of :mod:`pratique.flow.screening.similarity`, joined, split, run, acronym, only_declared or
    only_listed; ``similarity`` in thousandths; ``weight`` how much of the name the words are; ``share_permille`` the
    part of the name's score that the pair carries; ``is_rarest`` marks the pair that carries most.
    """

    how: str
    declared: str
    listed: str
    similarity: int
    weight: int
    share_permille: int
    is_rarest: bool
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class FieldCompared:
    """One field of both sides: ``verdict`` agrees, differs, says_nothing (both given, no conclusion) or not_compared.

    ``points`` are thousandths added to the score; ``code`` and ``params`` make the sentence where a reason was stored.
    """

    field: str
    declared: tuple[str, ...]
    listed: tuple[str, ...]
    verdict: str
    points: int
    code: str | None
    params: Mapping[str, Any]


def said_of_words(reasons: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """The reasons that say how a name was read, what a word proves and who says so, and what doubts leave."""
    return tuple(each for each in reasons if each["code"].startswith((READ_AS, COMMON, DOUBT)))


def word_pairs(reasons: Sequence[Mapping[str, Any]]) -> tuple[WordPair, ...]:
    """The names word over word, in the order of the declared name; then what only one side has."""
    aligned = [each for each in reasons if each["code"].startswith(ALIGNED)]
    carried = [each["params"]["weight"] * each["params"]["similarity"] for each in aligned]
    most, whole = max(carried, default=0), sum(carried)
    pairs = [
        WordPair(
            how=each["code"].removeprefix(ALIGNED),
            declared=each["params"]["declared"],
            listed=each["params"]["listed"],
            similarity=each["params"]["similarity"],
            weight=each["params"]["weight"],
            share_permille=part * 1000 // whole if whole else 0,
            is_rarest=part == most,
            letters=aligned_letters(each["params"]["declared"], each["params"]["listed"]),
        )
        for each, part in zip(aligned, carried, strict=True)
    ]
    return (*pairs, *(_alone(each) for each in reasons if each["code"] in ONLY))


def fields_compared(
    hit: Mapping[str, Any], declared: Mapping[str, Any], listed: pl.DataFrame
) -> tuple[FieldCompared, ...]:
    """The name, then every field compared beside it; ``declared`` is the party's row, empty where there is none.

    Where a number is the listed one, that alone decides, whatever the names.
    """
    reasons = reasons_of(hit)
    own = {
        "number": _given(declared.get("party_id")),
        "country": _given(declared.get("country")),
        "address": _given(", ".join(part for part in _address(declared) if part)),
        "birth_date": (),
    }
    other = {
        "number": _all(listed, "identifiers"),
        "country": _all(listed, "countries"),
        "address": _all(listed, "address"),
        "birth_date": _all(listed, "birth_dates"),
    }
    beside = sum(int(each["params"].get("points", 0)) for each in reasons)
    decides = hit["score_permille"] - beside
    by_number = any(each["code"] == NUMBER for each in reasons)
    name = FieldCompared(
        "name",
        (hit["screened_value"],),
        (hit["listed_name"],),
        SAYS_NOTHING if by_number else AGREES,
        0 if by_number else decides,
        None,
        {},
    )
    fields = [_compared(field, own[field], other[field], reasons) for field in FIELDS]
    return (name, *(replace(each, points=decides) if each.code == NUMBER else each for each in fields))


def reasons_of(hit: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The stored reasons of a hit: ``code`` and ``params`` each."""
    found: list[dict[str, Any]] = json.loads(hit["reasons"] or "[]")
    return found


def _compared(
    field: str, own: tuple[str, ...], other: tuple[str, ...], reasons: Sequence[Mapping[str, Any]]
) -> FieldCompared:
    word = f"screening.{CODES.get(field, field)}_"
    told = next((each for each in reasons if each["code"].startswith(word)), None)
    if told is None:
        verdict = SAYS_NOTHING if own and other else NOT_COMPARED
        return FieldCompared(field, own, other, verdict, 0, None, {})
    verdict = DIFFERS if told["code"].endswith("_differs") else AGREES
    own = own or _given(told["params"].get("declared") or told["params"].get("number"))
    other = other or _given(told["params"].get("listed") or told["params"].get("number"))
    return FieldCompared(field, own, other, verdict, int(told["params"].get("points", 0)), told["code"], told["params"])


def _alone(reason: Mapping[str, Any]) -> WordPair:
    word, side = reason["params"]["word"], ONLY[reason["code"]]
    declared, listed = (word, "") if side == "declared" else ("", word)
    return WordPair(f"only_{side}", declared, listed, 0, 0, 0, is_rarest=False, letters=())


def _address(party: Mapping[str, Any]) -> tuple[str | None, ...]:
    return tuple(party.get(name) for name in ("address_line", "postcode", "city", "subdivision"))


def _given(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _all(listed: pl.DataFrame, column: str) -> tuple[str, ...]:
    values = listed[column].explode() if listed.schema[column] == pl.List(pl.String) else listed[column]
    return tuple(dict.fromkeys(value for value in values.to_list() if value))
