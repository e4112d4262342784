"""A table as a frame of text: the columns that the mapping uses, one row per row of the sheet.

In: a source of records and the profile that fits its headings. Out: a :class:`Sheet` with what had to be left aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import polars as pl

from pratique.flow.intake.format import Quarantined
from pratique.flow.intake.formats.table.records import EXCERPT_CHARACTERS, Fault, Record, Source, misfit
from pratique.flow.intake.mapping import Match
from pratique.vocabulary.findings import Finding

ROW: Final = "row"
PLACE: Final = "place"
_ROWS_AT_ONCE: Final = 20_000
_SHOWN_HEADINGS: Final = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that could be read.

    ``rows`` has the row number (``row``, from 1), its ``place``, and one text column per heading of the profile that
    the table has; a blank cell is null.
    """

    rows: pl.DataFrame
    findings: tuple[Finding, ...]
    quarantined: tuple[Quarantined, ...]


def gather(source: Source, match: Match, headings: Sequence[str]) -> Sheet:
    """All rows below the headings; those that do not fit under them go to quarantine."""
    profile = match.profile
    quarantined: list[Quarantined] = []
    records = source.records(profile.sheet, header_row=profile.header_row, width=len(headings))
    below = islice(records, profile.header_row, None)
    fitting = _fitting(below, source, match, len(headings), quarantined)
    chunks = []
    while chunk := list(islice(fitting, _ROWS_AT_ONCE)):
        chunks.append(_chunk_frame(chunk, match))
    rows = pl.concat(chunks) if chunks else _chunk_frame([], match)
    place = source.place(profile.sheet, 0).removesuffix("0")
    return Sheet(
        rows=rows.with_columns((pl.lit(place) + pl.col(ROW).cast(pl.String)).alias(PLACE)),
        findings=(*source.findings, *_heading_findings(source, match)),
        quarantined=tuple(quarantined),
    )


def _fitting(
    records: Iterator[Record], source: Source, match: Match, width: int, quarantined: list[Quarantined]
) -> Iterator[Record]:
    for record in records:
        fault = record.fault or misfit(record.cells, width)
        if fault is not None:
            place = source.place(match.profile.sheet, record.number)
            quarantined.append(_quarantine(record, fault, place))
        elif any(map(str.strip, record.cells)):
            yield record


def _quarantine(record: Record, fault: Fault, place: str) -> Quarantined:
    reason = Finding(fault.rule, place=place, severity="error", params=fault.params)
    excerpt = " | ".join(record.cells)[:EXCERPT_CHARACTERS]
    return Quarantined(reason, record.offset, record.length, excerpt)


def _chunk_frame(records: Sequence[Record], match: Match) -> pl.DataFrame:
    numbers = pl.Series(ROW, [record.number for record in records], dtype=pl.UInt32)
    cells = [
        pl.Series(heading, [record.cells[index] for record in records], dtype=pl.String)
        for heading, index in match.positions.items()
    ]
    return pl.DataFrame([numbers, *cells]).with_columns(pl.col(pl.String).str.strip_chars().replace("", None))


def _heading_findings(source: Source, match: Match) -> list[Finding]:
    place = source.place(match.profile.sheet, match.profile.header_row)
    findings = [Finding("table.heading_twice", place=place, params={"heading": heading}) for heading in match.repeated]
    unused = [heading.strip()[:80] or "(blank)" for heading in match.unused]
    if unused:
        params: dict[str, str | int] = {"count": len(unused), "headings": ", ".join(unused[:_SHOWN_HEADINGS])}
        findings.append(Finding("table.columns_not_used", place=place, severity="note", params=params))
    return findings
