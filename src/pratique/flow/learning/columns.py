"""The table of declarations that a model learns from: its columns, and how another table's columns become them.

In: a frame as somebody brought it and a mapping profile (YAML in ``data/learning``, or one's own). Out: the columns of
``DECLARATION`` in their types, in order of day and number, and notes on what is missing. Only the number, the day, the
importer and the heading must be there. Tables of passengers are refused, and so is any column that names an attribute
that must never decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import polars as pl
import yaml

from pratique.flow.learning.errors import refuse

DECLARATION: Final = pl.Schema(
    {
        "consignment": pl.String, "lodged_on": pl.Date, "office": pl.String, "importer": pl.String,
        "importer_name": pl.String, "importer_address": pl.String, "importer_phone": pl.String,
        "importer_director": pl.String, "exporter": pl.String, "exporter_name": pl.String, "broker": pl.String,
        "carrier": pl.String, "container": pl.String, "container_operator": pl.String, "hs6": pl.String,
        "description": pl.String, "origin": pl.String, "dispatch": pl.String, "loading": pl.String,
        "transhipment": pl.String, "gross_mass_g": pl.Int64, "net_mass_g": pl.Int64, "packages": pl.Int64,
        "package_type": pl.String, "value_minor": pl.Int64, "freight_minor": pl.Int64, "duty_rate_ppm": pl.Int64,
        "duty_minor": pl.Int64, "preference": pl.Boolean, "procedure": pl.String, "regime": pl.String,
    }
)  # fmt: skip
LABEL: Final = pl.Schema(
    {
        "consignment": pl.String, "controlled_on": pl.Date, "known_on": pl.Date, "found": pl.Boolean,
        "duty_recovered_minor": pl.Int64, "probability": pl.Float64, "drawn_at_random": pl.Boolean,
    }
)  # fmt: skip
REQUIRED: Final = ("consignment", "lodged_on", "importer", "hs6")
PASSENGER_WORDS: Final = frozenset(
    {
        "record_locator", "date_of_birth", "birth_date", "nationality", "gender", "seat", "seat_number",
        "frequent_flyer", "given_name", "surname", "first_name", "last_name", "visa", "crew",
    }
)  # fmt: skip
_PASSENGER_STEMS: Final = ("passenger", "traveller", "traveler", "pnr", "passport")
_KEYS: Final = frozenset({"id", "title", "columns", "labels"})
_SHOWN: Final = 40
Attribute = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class LearningMapping:
    """Which heading is which column, what its numbers are multiplied by, and when labels of the table are known."""

    mapping_id: str
    title: str
    headings: Mapping[str, str]
    times: Mapping[str, int]
    known_after_days: int


@dataclass(frozen=True, slots=True)
class Brought:
    """The declarations in their own columns, and the codes of columns that are not there."""

    rows: pl.DataFrame
    missing: tuple[str, ...]
    mapping: LearningMapping


def parse_learning_mapping(text: str) -> LearningMapping:
    """The mapping profile that a YAML text describes. Raises ``model.mapping_broken`` with the place of the fault."""
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise refuse("model.mapping_broken", place="the file", expected="YAML") from error
    whole = _named(data, "the file")
    for key in whole:
        if key not in _KEYS:
            raise refuse("model.mapping_broken", place=key, expected=f"only {', '.join(sorted(_KEYS))}")
    headings, times = {}, {}
    for column, said in _named(whole.get("columns"), "columns").items():
        place = f"columns.{column}"
        if column not in DECLARATION:
            raise refuse("model.mapping_broken", place=place, expected="a column of the table of declarations")
        spec = said if isinstance(said, Mapping) else {"from": said}
        headings[column] = _text(spec.get("from"), f"{place}.from")
        times[column] = _whole(spec.get("times", 1), f"{place}.times", least=1)
    for column in REQUIRED:
        if column not in headings:
            raise refuse("model.mapping_broken", place="columns", expected=f"a heading for {column}")
    labels = _named(whole.get("labels", {}), "labels")
    after = _whole(labels.get("known_after_days", 14), "labels.known_after_days", least=0)
    name = _text(whole.get("id"), "id")
    return LearningMapping(name, _text(whole.get("title", name), "title"), headings, times, after)


@cache
def shipped_learning_mappings() -> tuple[LearningMapping, ...]:
    """The profiles that come with Pratique, by name."""
    folder = resources.files("pratique") / "data" / "learning"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return tuple(parse_learning_mapping((folder / name).read_text("utf-8")) for name in names)


def fitting(headings: Iterable[str]) -> LearningMapping:
    """The shipped profile that knows most of the headings. Raises ``model.table_unknown`` where none fits."""
    there = set(headings)
    fit = [each for each in shipped_learning_mappings() if all(each.headings[name] in there for name in REQUIRED)]
    if not fit:
        wanted = " | ".join(", ".join(each.headings[name] for name in REQUIRED) for each in shipped_learning_mappings())
        raise refuse("model.table_unknown", headings=", ".join(sorted(there))[:300], wanted=wanted)
    return max(fit, key=lambda each: sum(heading in there for heading in each.headings.values()))


def brought(table: pl.DataFrame, mapping: LearningMapping, attribute: Attribute) -> Brought:
    """The table in the columns of ``DECLARATION``, by day and number.

    ``attribute`` says which attribute that must never decide a name denotes, if any. Raises ``model.passengers``,
    ``model.prohibited_column``, ``model.column_missing``, ``model.cells_unreadable``, ``model.numbers_repeated``.
    """
    refuse_headings(table.columns, attribute)
    for column in REQUIRED:
        if mapping.headings[column] not in table.columns:
            raise refuse("model.column_missing", column=mapping.headings[column], mapping=mapping.mapping_id)
    there = {name: heading for name, heading in mapping.headings.items() if heading in table.columns}
    rows = table.select(
        _converted(table, heading, name, mapping.times[name]).alias(name) for name, heading in there.items()
    )
    for name in REQUIRED:
        empty = rows[name].null_count()
        if empty:
            row = rows[name].is_null().arg_max() or 0
            raise refuse("model.cells_empty", column=mapping.headings[name], count=empty, row=row + 1)
    repeated = rows["consignment"].is_duplicated()
    if repeated.any():
        raise refuse("model.numbers_repeated", number=rows["consignment"].filter(repeated)[0][:_SHOWN])
    missing = tuple(name for name in DECLARATION if name not in there)
    return Brought(rows.sort("lodged_on", "consignment"), missing, mapping)


def refuse_headings(headings: Iterable[str], attribute: Attribute) -> None:
    """Raises where a heading tells of passengers or denotes an attribute that must never decide."""
    for heading in headings:
        plain = re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")
        if plain in PASSENGER_WORDS or plain.startswith(_PASSENGER_STEMS):
            raise refuse("model.passengers", column=heading[:_SHOWN])
        denoted = attribute(plain)
        if denoted is not None and plain not in DECLARATION:
            raise refuse("model.prohibited_column", column=heading[:_SHOWN], attribute=denoted)


def _converted(table: pl.DataFrame, heading: str, name: str, times: int) -> pl.Series:
    """The cells as the type of their column. Raises ``model.cells_unreadable`` at the first that cannot be read."""
    cells, wanted = table[heading], DECLARATION[name]
    if wanted == pl.String:
        told = cells.cast(pl.String).str.strip_chars()
        told = told.set(told == "", None) if told.len() else told
        return told.str.zfill(6) if name == "hs6" else told
    if wanted == pl.Date:
        read = cells.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False) if cells.dtype == pl.String else cells
        read = (
            read.cast(pl.Date, strict=False)
            if read.dtype.is_temporal()
            else pl.Series([None] * len(cells), dtype=wanted)
        )
    elif wanted == pl.Boolean:
        read = cells if cells.dtype == pl.Boolean else cells.cast(pl.String).str.to_lowercase().replace_strict(
            {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}, default=None,
            return_dtype=pl.Boolean,
        )  # fmt: skip
    else:
        read = _scaled(cells, times)
    said = cells.cast(pl.String).str.strip_chars()
    faulty = read.is_null() & said.is_not_null() & (said != "")
    if faulty.any():
        row = int(faulty.arg_max() or 0)
        cell = str(cells[row])[:_SHOWN]
        raise refuse("model.cells_unreadable", column=heading, row=row + 1, cell=cell, kind=str(wanted).lower())
    return read


def _scaled(cells: pl.Series, times: int) -> pl.Series:
    if cells.dtype.is_integer():
        return cells.cast(pl.Int64, strict=False) * times
    figures = cells.cast(pl.Float64, strict=False) * times
    inside = figures.is_finite() & (figures.abs() < 2.0**53)
    return figures.set(~inside.fill_null(True), None).round().cast(pl.Int64, strict=False)


def _named(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise refuse("model.mapping_broken", place=place, expected="names with their values")
    return {str(key): item for key, item in value.items()}


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise refuse("model.mapping_broken", place=place, expected="a text")
    return value


def _whole(value: object, place: str, *, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 10**9:
        raise refuse("model.mapping_broken", place=place, expected=f"a whole number of at least {least}")
    return value
