"""Names that somebody asks about, from a table of their own: CSV or Parquet, checked before anything is compared.

Columns ``id, name, kind`` and, where they are there, ``country, birth_date, identifiers, address``; all are text, and a
cell that holds several values has ``;`` between them. Other columns are not read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from pratique.node.errors import refuse
from pratique.node.runs.incoming import open_regular, plain_name
from pratique.vocabulary.listings import FOLLOW_THE_MONEY_KINDS, KINDS

REQUIRED: Final = ("id", "name", "kind")
OPTIONAL: Final = ("country", "birth_date", "identifiers", "address")
COLUMNS: Final = (*REQUIRED, *OPTIONAL)
MOST_BYTES: Final = 512 * 1024 * 1024
SHOWN: Final = 40  # characters of a cell that an error repeats
CSV_FIELD: Final = 1024 * 1024
DELIMITERS: Final = (",", "\t")
ROW: Final = "row"
_FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "country": ("^[A-Z]{2}$", "a two-letter country code"),
    "birth_date": (r"^\d{4}(-\d{2}(-\d{2})?)?$", "a date as YYYY-MM-DD, YYYY-MM or YYYY"),
    "identifiers": (r"^[A-Za-z_]+:\s*\S.*$", "scheme:value"),
}


def read_names(path: Path) -> pl.DataFrame:
    """The rows of the file, checked, with the columns ``COLUMNS`` as text; what a file lacks is null.

    Raises ``REJECTED`` (``names.*``) with the file, the row and what was expected.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise refuse("names.file_kind", name=plain_name(path))
    with open_regular(path) as source:
        content = source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise refuse("names.too_large", name=plain_name(path), most=MOST_BYTES)
    rows = _from_csv(content, plain_name(path)) if kind == ".csv" else _from_parquet(content, plain_name(path))
    return checked_names(rows, plain_name(path))


def checked_names(rows: pl.DataFrame, where: str) -> pl.DataFrame:
    """Rows of text with ``COLUMNS`` and ``ROW`` (its number in the source), checked: blanks cut off, codes in capitals.

    Raises ``REJECTED`` for the first cell that does not fit; ``where`` is the name of the source in that sentence.
    """
    if rows.is_empty():
        raise refuse("names.empty", name=where)
    trimmed = pl.col(*COLUMNS).str.strip_chars().replace("", None)
    rows = rows.with_columns(trimmed).with_columns(pl.col("country").str.to_uppercase())
    _require(rows, pl.col("id").is_not_null(), "id", where, "an id")
    kinds = [*KINDS, *FOLLOW_THE_MONEY_KINDS]
    known = pl.col("kind").is_in(kinds) | pl.col("kind").str.to_lowercase().is_in(list(KINDS))
    _require(rows, known.fill_null(value=True), "kind", where, f"one of {', '.join(kinds)}")
    for column, (form, expected) in _FORMS.items():
        values = pl.col(column).str.split(";").list.eval(pl.element().str.strip_chars())
        fits = values.list.eval(pl.element().str.contains(form) | (pl.element() == "")).list.all()
        _require(rows, fits.fill_null(value=True), column, where, expected)
    return rows.drop(ROW)


def _require(rows: pl.DataFrame, fits: pl.Expr, column: str, where: str, expected: str) -> None:
    unfit = rows.filter(~fits).head(1)
    if unfit.height:
        value = unfit[column][0] or ""
        told = f"{value[:SHOWN]!r}"
        raise refuse("names.cell", name=where, row=unfit[ROW][0], column=column, value=told, expected=expected)


def _from_csv(content: bytes, where: str) -> pl.DataFrame:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise refuse("names.not_text", name=where, byte=fault.start + 1) from fault
    if not text.strip():
        raise refuse("names.empty", name=where)
    before = csv.field_size_limit(CSV_FIELD)
    try:
        return _table_of(text, where)
    finally:
        csv.field_size_limit(before)


def _table_of(text: str, where: str) -> pl.DataFrame:
    first = text[: text.find("\n")] if "\n" in text else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count), strict=True)
    try:
        headings = _headings(next(reader, []), where)
        at = [(name, headings.index(name)) for name in COLUMNS if name in headings]
        cells: dict[str, list[str]] = {name: [] for name, _ in at}
        numbers: list[int] = []
        for row in _rows(reader, len(headings), where, numbers):
            for name, place in at:
                cells[name].append(row[place])
    except csv.Error as fault:
        raise refuse("names.not_csv", name=where, row=reader.line_num, why=str(fault)) from fault
    given = [pl.Series(name, cells.get(name, [None] * len(numbers)), dtype=pl.String) for name in COLUMNS]
    return pl.DataFrame([*given, pl.Series(ROW, numbers, dtype=pl.Int64)])


def _rows(reader: Iterator[list[str]], width: int, where: str, numbers: list[int]) -> Iterator[list[str]]:
    """The rows that are not blank; ``numbers`` gets the line in which each ends, as an editor shows it."""
    for row in reader:
        line: int = reader.line_num  # type: ignore[attr-defined]  # of every csv.reader
        if not row:
            continue
        if len(row) != width:
            raise refuse("names.cells", name=where, row=line, found=len(row), expected=width)
        numbers.append(line)
        yield row


def _from_parquet(content: bytes, where: str) -> pl.DataFrame:
    try:
        found = pl.read_parquet(io.BytesIO(content))
        _headings(found.columns, where)
        return found.select(*(_as_text(found, name) for name in COLUMNS)).with_row_index(ROW, offset=1)
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise refuse("names.not_parquet", name=where) from fault


def _as_text(found: pl.DataFrame, name: str) -> pl.Expr:
    if name not in found.columns:
        return pl.lit(None, dtype=pl.String).alias(name)
    if isinstance(found.schema[name], pl.List):
        return pl.col(name).cast(pl.List(pl.String)).list.join(";")
    return pl.col(name).cast(pl.String)


def _headings(row: Sequence[str], where: str) -> list[str]:
    headings = [heading.strip().lower() for heading in row]
    missing = [name for name in REQUIRED if name not in headings]
    if missing:
        raise refuse("names.columns_missing", name=where, missing=", ".join(missing))
    twice = [name for name in COLUMNS if headings.count(name) > 1]
    if twice:
        raise refuse("names.columns_twice", name=where, twice=", ".join(twice))
    return headings
