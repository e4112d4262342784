"""Hits: which rows of a list stand behind the names and numbers that answered, with evidence for and against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl

from pratique.flow.screening.calibrate import Calibration
from pratique.flow.screening.commonness import said_common
from pratique.flow.screening.evidence import Known, evidence
from pratique.flow.screening.identifiers import identifier_key, own_number
from pratique.flow.screening.listed import Listed
from pratique.flow.screening.match import Alignment, Weighed, explain
from pratique.flow.screening.reasons import IDENTIFIER, Reason, joined_reasons, reasons_json
from pratique.flow.screening.traffic import Traffic
from pratique.vocabulary.errors import PratiqueError

SUBJECT: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "name": pl.String,
    "kind": pl.String,
    "country": pl.String,  # alpha-2; several separated by ";"
    "birth_date": pl.String,
    "identifiers": pl.String,  # "scheme:value;scheme:value"
    "address": pl.String,
}

HITS: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "subject": pl.UInt32,
    "listing_id": pl.String,
    "entity_id": pl.String,
    "listed_name": pl.String,
    "programme": pl.String,
    "score_permille": pl.Int64,
    "basis": pl.String,
    "reasons": pl.String,
}

MAX_SPELLINGS: Final = 200
"""Rows of the list looked at for one distinct listed name; a reason says how many more there are."""

MAX_HITS: Final = 50
"""Entities told for one subject, the best first; a reason of the last one says how many more there are."""


@dataclass(frozen=True)
class Scored:
    """A distinct declared name (``declared``) that answers to a distinct listed name (``listed``), and how: the
    ``words`` of both sides, their alignment, and the traffic that words were weighed with."""

    declared: int
    listed: int
    permille: int
    words: tuple[Weighed, Weighed]
    alignment: Alignment
    traffic: Traffic | None

    @cached_property
    def reasons(self) -> str:
        """Why, as JSON; told once, and only where a hit needs it."""
        told = explain(*self.words, self.alignment)
        if self.traffic is not None:
            told += said_common(*self.words, self.alignment, self.traffic)
        return reasons_json(told)


class Hit(NamedTuple):
    """A row of ``HITS``, of which ``reasons`` are told when they are asked for: a better one may take its place."""

    subject: int
    listing_id: str
    entity_id: str
    listed_name: str
    programme: str | None
    permille: int
    basis: str
    reasons: Callable[[], str]


class _Row(NamedTuple):
    """A row of the list: its kind, how good the spelling is, what is known beside the name, and what a hit tells."""

    kind: str
    quality: str
    known: Known
    told: tuple[str, str, str, str | None]


def with_schema(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns ``id`` and those of ``SUBJECT``; optional ones that are absent are null.

    Raises :class:`PratiqueError` (``screening.columns_missing``) where ``id`` or ``name`` is missing.
    """
    missing = [name for name in ("id", "name") if name not in frame.columns]
    if missing:
        raise PratiqueError(
            "screening.columns_missing",
            f"The names to screen lack the columns {', '.join(missing)}.",
            todo="Columns are id, name, kind and, where known, country, birth_date, identifiers and address.",
        )
    return pl.DataFrame([frame["id"], *(_column(frame, name) for name in SUBJECT)])


def _column(frame: pl.DataFrame, name: str) -> pl.Series:
    """A column as text, without a query: for one name that would cost more than the rest."""
    if name not in frame.columns:
        return pl.Series(name, [None] * len(frame), dtype=pl.String)
    if isinstance(frame.schema[name], pl.List):
        return frame[name].cast(pl.List(pl.String)).list.join(";")
    return frame[name].cast(pl.String)


def name_hits(
    subjects: pl.DataFrame,
    answering: Mapping[tuple[str, str | None], Sequence[int]],
    scored: Sequence[Scored],
    listed: Listed,
    lines: Calibration,
) -> Iterator[Hit]:
    """Hits by name of the ``subjects``; ``answering`` gives for a name and its kind the numbers of its distinct names
    that answer to a listed one. Subjects are found without a query, which for one name would cost more than the rest.
    """
    by_name: dict[int, list[Scored]] = {}
    for pair in scored:
        by_name.setdefault(pair.declared, []).append(pair)
    rows = _rows_behind(scored, listed)
    told = zip(subjects["name"], subjects["kind"], strict=True)
    asked = [number for number, named in enumerate(told) if named in answering]
    chosen = subjects if len(asked) == len(subjects) else subjects[asked]
    for number, subject in zip(asked, chosen.iter_rows(named=True), strict=True):
        known = _declared_side(subject)
        for declared in answering[subject["name"], subject["kind"]]:
            yield from _of_subject(number, known, by_name[declared], rows, lines)


def number_hits(subjects: pl.DataFrame, listed: Listed) -> Iterator[Hit]:
    """Hits by a number that identifies alone."""
    if subjects["identifiers"].null_count() == len(subjects):
        return
    told = subjects.select(
        subject=pl.int_range(pl.len(), dtype=pl.UInt32), value=pl.col("identifiers").str.split(";")
    ).explode("value")
    told = told.drop_nulls().filter(_may_stand_on(listed.numbers))
    keys = [identifier_key(value) for value in told["value"]]
    asked = told.select("subject", pl.Series("key", keys, dtype=pl.String)).drop_nulls().unique(maintain_order=True)
    found = asked.join(listed.numbers, on="key", how="inner", maintain_order="left_right")
    rows = listed.rows[found["row"].to_numpy()].select("listing_id", "entity_id", "name", "programme").iter_rows()
    for subject, key, (listing, entity, name, programme) in zip(found["subject"], found["key"], rows, strict=True):
        yield Hit(subject, listing, entity, name, programme, 1000, "identifier", partial(_number_reason, key))


def may_hold_numbers(identifiers: pl.Series, listed: Listed) -> pl.Series:
    """Which of the values of ``identifiers`` (``scheme:value;scheme:value``) may hold a number of the list."""
    if listed.numbers.is_empty():
        return pl.repeat(False, len(identifiers), dtype=pl.Boolean, eager=True)
    told = pl.DataFrame({"value": identifiers.str.split(";")}).with_row_index("row").explode("value")
    rows = told.drop_nulls().filter(_may_stand_on(listed.numbers))["row"].unique()
    return pl.int_range(len(identifiers), dtype=pl.UInt32, eager=True).is_in(rows.implode())


def _may_stand_on(numbers: pl.DataFrame) -> pl.Expr:
    """Whether a value ends in one of the list's numbers; spares the many that do not the closer look."""
    plain = pl.col("value").str.to_uppercase().str.replace_all("[^0-9A-Z:]", "")
    behind = plain.str.replace("^[^:]*:", "").str.replace_all(":", "", literal=True).str.strip_prefix("IMO")
    on_list = numbers["key"].str.replace("^[^:]*:", "").str.strip_prefix("IMO").unique()
    return behind.is_in(on_list.to_list())


def best_per_entity(hits: Iterable[Hit]) -> pl.DataFrame:
    """The best hit of each subject for each entity, best first; what goes beyond ``MAX_HITS`` is counted, not told."""
    best: dict[int, dict[str, Hit]] = {}
    for hit in sorted(hits, key=lambda hit: (hit.subject, -hit.permille, hit.basis, hit.listing_id)):
        best.setdefault(hit.subject, {}).setdefault(hit.entity_id, hit)
    told: list[tuple[Any, ...]] = []
    for of_subject in best.values():
        told += [(*hit[:-1], hit.reasons()) for hit in islice(of_subject.values(), MAX_HITS)]
        if len(of_subject) > MAX_HITS:
            more = reasons_json([Reason("screening.more_entities", {"count": len(of_subject) - MAX_HITS})])
            told[-1] = (*told[-1][:-1], joined_reasons(told[-1][-1], more))
    return pl.DataFrame(told, schema=dict(HITS), orient="row")


def _number_reason(key: str) -> str:
    family, _, number = key.partition(":")
    return reasons_json([Reason(IDENTIFIER, {"scheme": family, "number": number})])


def _rows_behind(scored: Sequence[Scored], listed: Listed) -> Mapping[int, tuple[int, list[_Row]]]:
    """For each listed name that answered: how many rows stand behind it, and the first of them with what they tell."""
    names = sorted({pair.listed for pair in scored})
    first, last = listed.start[names], listed.start[np.array(names, dtype=np.int64) + 1]
    return {
        name: (b - a, [_row(listed.rows.row(at, named=True)) for at in range(a, min(b, a + MAX_SPELLINGS))])
        for name, a, b in zip(names, first.tolist(), last.tolist(), strict=True)
    }


def _row(row: dict[str, Any]) -> _Row:
    told = row["listing_id"], row["entity_id"], row["name"], row["programme"]
    return _Row(row["kind"], row["name_quality"] or "primary", _listed_side(row), told)


def _of_subject(
    subject: int,
    declared: Known,
    pairs: Sequence[Scored],
    rows: Mapping[int, tuple[int, list[_Row]]],
    lines: Calibration,
) -> Iterator[Hit]:
    for pair in pairs:
        total, spellings = rows[pair.listed]
        beyond = [Reason("screening.more_spellings", {"count": total - MAX_SPELLINGS})] if total > MAX_SPELLINGS else []
        for row in spellings:
            beside = evidence(declared, row.known, row.quality)
            permille = max(0, min(1000, pair.permille + sum(int(reason.params["points"]) for reason in beside)))
            if permille >= lines.line(row.kind):
                yield Hit(subject, *row.told, permille, "name", partial(_name_reasons, pair, [*beside, *beyond]))


def _name_reasons(pair: Scored, further: Sequence[Reason]) -> str:
    return joined_reasons(pair.reasons, reasons_json(further)) if further else pair.reasons


def _declared_side(subject: Mapping[str, Any]) -> Known:
    return Known(
        _values(subject["country"]),
        [subject["address"]] if subject["address"] else [],
        _values(subject["birth_date"]),
        [number for value in _values(subject["identifiers"]) if (number := own_number(value))],
    )


def _listed_side(row: Mapping[str, Any]) -> Known:
    keys = [number for value in row["identifiers"] or () if (number := own_number(value))]
    codes = [country for country in row["countries"] or () if len(country) == 2]
    return Known(codes, (row["address"] or "").splitlines(), row["birth_dates"] or (), keys)


def _values(text: str | None) -> list[str]:
    return [value for part in (text or "").split(";") if (value := part.strip())]
