"""The importer for the official UN/LOCODE list: three CSV parts, of which any may be missing.

Format: UN/LOCODE Manual, CSV distribution: no header, twelve columns (change, country, place, name, name without
diacritics, subdivision, function, status, date, IATA, coordinates, remarks), Latin-1 or UTF-8. A row with an empty
place whose name begins with a dot opens a country; a row marked ``=`` is a cross-reference from one name to another
and no place of its own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from pratique.vocabulary.codes.location import LOCATION, SHAPE, UnlocodeTable
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.findings import Finding, findings_frame

LARGEST_PART: Final = 64 * 1024 * 1024
LONGEST_LINE: Final = 4_000
MOST_LINES: Final = 5  # of one row
COLUMNS: Final = 12

_CODE: Final = re.compile(SHAPE[1:-1])
_COORDINATES: Final = r"^([0-9]{2})([0-5][0-9])([NS]) ?([0-9]{3})([0-5][0-9])([EW])$"
_ROW: Final = ["code", "name", "country", "subdivision", "function", "status", "coordinates"]


@dataclass(slots=True)
class _Collected:
    """What has been read so far; ``current`` is the country whose rows are being read."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    current: str = ""


def parse_unlocode(parts: Sequence[bytes]) -> UnlocodeTable:
    """The places of the parts given, in any order.

    A country is complete where a part opens it and none of its rows was broken. A row that cannot be used is a finding
    with its part and line; the rest goes on. Raises ``PratiqueError`` where a part is larger than 64 MiB or no place
    could be read at all.
    """
    collected = _Collected()
    for number, part in enumerate(parts, start=1):
        _read_part(part, number, collected)
    if not collected.rows:
        raise _unreadable("No place could be read from the UN/LOCODE files.")
    rows = pl.DataFrame(collected.rows, schema=dict.fromkeys(_ROW, pl.String), orient="row")
    findings = pl.concat([findings_frame(collected.findings), _broken_coordinates(rows)])
    return UnlocodeTable(_places(rows), frozenset(collected.opened - collected.damaged), findings)


def _read_part(part: bytes, number: int, collected: _Collected) -> None:
    if len(part) > LARGEST_PART:
        raise _unreadable(f"Part {number} of the UN/LOCODE list is larger than 64 MiB.")
    collected.current = ""
    for line, cells in _cells(_decoded(part)):
        if not _take(cells, collected):
            collected.damaged.add(collected.current)
            params: dict[str, str | int] = {"part": number, "line": line, "text": ",".join(cells)[:200]}
            collected.findings.append(Finding("location.row_broken", f"part {number}, line {line}", params=params))


def _take(cells: Sequence[str], collected: _Collected) -> bool:
    """Takes one row in; false where it is broken."""
    if len(cells) != COLUMNS:
        return False
    change, country, place, name, _, subdivision, function, status, _, _, coordinates, _ = cells
    if not place and name.startswith("."):
        collected.opened.add(country)
        collected.current = country
        return True
    if change == "=":
        return True
    if _CODE.fullmatch(country + place) is None:
        return False
    collected.current = country
    collected.rows.append((country + place, name, country, subdivision, function, status, coordinates))
    return True


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that is not blank; a line that is no CSV comes as one cell.

    A remark may run over a few lines; a quotation mark that is not closed within them spoils its own line only.
    """
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        height = _height(lines, at)
        row = "\n".join(lines[at : at + height]).rstrip("\r")
        if row:
            yield at + 1, _split(row)
        at += height


def _height(lines: Sequence[str], at: int) -> int:
    """How many lines the row at ``at`` takes: until its quotation marks are even, one where they never are."""
    marks = 0
    for height, line in enumerate(lines[at : at + MOST_LINES], start=1):
        marks += line.count('"')
        if marks % 2 == 0:
            return height
    return 1


def _split(line: str) -> list[str]:
    if len(line) > LONGEST_LINE:
        return [line]
    try:
        return [cell.strip() for cell in next(csv.reader([line], strict=True))]
    except (csv.Error, StopIteration):
        return [line]


def _decoded(part: bytes) -> str:
    try:
        return part.decode("utf-8-sig")
    except UnicodeDecodeError:
        return part.decode("latin-1")


def _places(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per code: of two entries for one code the one with coordinates, else the first."""
    north, east = _minutes(1, "S"), _minutes(4, "W")
    return (
        rows.with_columns(latitude_minutes=north, longitude_minutes=east)
        .sort(pl.col("code"), pl.col("latitude_minutes").is_null(), maintain_order=True)
        .unique("code", keep="first", maintain_order=True)
        .with_columns(pl.col(pl.String).replace("", None))
        .select(*LOCATION)
    )


def _minutes(first: int, negative: str) -> pl.Expr:
    """Minutes of arc out of the three groups of the coordinates from ``first`` on; null where they do not fit."""
    degrees, minutes, side = (pl.col("coordinates").str.extract(_COORDINATES, first + step) for step in range(3))
    amount = degrees.cast(pl.Int64) * 60 + minutes.cast(pl.Int64)
    return pl.when(side == negative).then(-amount).otherwise(amount)


def _broken_coordinates(rows: pl.DataFrame) -> pl.DataFrame:
    broken = rows.filter(pl.col("coordinates") != "", ~pl.col("coordinates").str.contains(_COORDINATES))
    return findings_frame(list(_coordinate_findings(broken["code"], broken["coordinates"])))


def _coordinate_findings(codes: Iterable[str], texts: Iterable[str]) -> Iterator[Finding]:
    for code, text in zip(codes, texts, strict=True):
        yield Finding("location.coordinates_broken", code, "note", params={"code": code, "text": text[:50]})


def _unreadable(happened: str) -> PratiqueError:
    return PratiqueError(
        "location.list_unreadable",
        happened,
        kept="The list in force stays in force.",
        todo="Give the CSV parts of the UN/LOCODE distribution as UNECE publishes them.",
    )
