"""The table format: from bytes to a reading."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import BinaryIO, Final

import polars as pl

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.table import assemble
from pratique.flow.intake.formats.table.grouping import number_rows, rows_without_key
from pratique.flow.intake.formats.table.oddities import oddities
from pratique.flow.intake.formats.table.records import MOST_COLUMNS, Source
from pratique.flow.intake.formats.table.sheet import PLACE, ROW, Sheet, gather
from pratique.flow.intake.formats.table.text import DELIMITERS, CsvSource, first_rows, looks_binary
from pratique.flow.intake.formats.table.values import constants_applied, typed_values
from pratique.flow.intake.formats.table.workbook import XlsxSource
from pratique.flow.intake.mapping import (
    MappingProfile,
    Match,
    match,
    parse_mapping,
    plain_heading,
    shipped_mappings,
)
from pratique.vocabulary.findings import Finding, findings_frame
from pratique.vocabulary.frames import FINDING, TOTALS, Manifest, frame

_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"
_OTHER_KINDS: Final = ("<", "UNA", "UNB", "{", "[")
_SHOWN_HEADINGS: Final = 60


class Table:
    """Manifests and declarations as CSV, XLSX or Parquet."""

    name = "table"

    def detect(self, head: bytes, file_name: str) -> int:
        """95 for a workbook or Parquet, 90 for text under a known row of headings, 30 for anything else in columns."""
        if head.startswith(_ZIP):
            named = file_name.lower().endswith((".xlsx", ".xlsm"))
            return 95 if b"xl/" in head or (named and b"[Content_Types].xml" in head) else 0
        if head.startswith(_PARQUET):
            return 95
        text = _plain_text(head)
        if not text or text.lstrip().startswith(_OTHER_KINDS):
            return 0
        profiles = shipped_mappings()
        rows = {delimiter: first_rows(text, delimiter) for delimiter in DELIMITERS}
        if any(_fits(profile, each) for profile in profiles for each in rows.values()):
            return 90
        if any(len(each) > 1 and len(each[0]) == len(each[1]) > 1 for each in rows.values()):
            return 30
        return 20 if file_name.lower().endswith((".csv", ".tsv")) else 0

    def read(self, stream: BinaryIO, *, context: ReadContext) -> Reading:
        """The table by ``context.mapping``, else by the shipped profile that its headings fit."""
        given = parse_mapping(context.mapping) if context.mapping is not None else None
        profiles = shipped_mappings() if given is None else (given,)
        source = _open(stream, profiles)
        chosen, headings = _choose(source, profiles)
        sheet = gather(source, chosen, headings)
        if sheet.rows.is_empty():
            raise _no_rows(source, chosen, sheet)
        return Reading(_manifest(sheet, chosen, context, layout=source.layout), sheet.quarantined)


def _plain_text(head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace")
    if head.count(0) * 10 > len(head) or looks_binary(head):
        return None
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


def _fits(profile: MappingProfile, rows: Sequence[Sequence[str]]) -> bool:
    return len(rows) >= profile.header_row and not match(profile, rows[profile.header_row - 1]).missing


def _open(stream: BinaryIO, profiles: Sequence[MappingProfile]) -> Source:
    stream.seek(0)
    start = stream.read(4)
    if start == _ZIP:
        return XlsxSource(stream)
    if start == _PARQUET:
        from pratique.flow.intake.formats.table.parquet import ParquetSource

        return ParquetSource(stream)
    known = frozenset(
        plain_heading(name)
        for profile in profiles
        for column in profile.columns
        for name in (column.heading, *column.also)
    )
    return CsvSource(stream, headings=known)


def _choose(source: Source, profiles: Sequence[MappingProfile]) -> tuple[Match, list[str]]:
    """The profile all of whose required headings are there and that knows most of the others."""
    tried: list[tuple[Match, list[str]]] = []
    for profile in profiles:
        if isinstance(source, XlsxSource) and not source.has_sheet(profile.sheet):
            continue
        rows = source.head(profile.sheet)
        headings = rows[profile.header_row - 1] if len(rows) >= profile.header_row else []
        tried.append((match(profile, headings), headings))
    fitting = [each for each in tried if not each[0].missing]
    if not fitting:
        raise _no_mapping(tried)
    chosen, headings = max(fitting, key=lambda each: len(each[0].positions))
    if len(headings) > MOST_COLUMNS:
        raise Unreadable("table.too_many_columns", f"The table has {len(headings)} columns; {MOST_COLUMNS} are read.")
    return chosen, headings


def _no_rows(source: Source, chosen: Match, sheet: Sheet) -> Unreadable:
    happened = "There is no row below the headings that could be read."
    if sheet.quarantined:
        first = sheet.quarantined[0].reason
        happened += f" {len(sheet.quarantined)} did not fit, the first at {first.place} ({first.rule})."
    return Unreadable(
        "table.no_rows",
        happened,
        place=source.place(chosen.profile.sheet, chosen.profile.header_row),
        todo="Ask the sender for the table with its rows, each with as many cells as there are headings.",
    )


def _no_mapping(tried: Sequence[tuple[Match, list[str]]]) -> Unreadable:
    if not tried:
        return Unreadable("table.no_sheet", "The workbook has no sheet of the name that the mapping profile says.")
    nearest, headings = max(tried, key=lambda each: (len(each[0].positions), -len(each[0].missing)))
    found = ", ".join(repr(heading[:40]) for heading in headings[:_SHOWN_HEADINGS]) or "none"
    return Unreadable(
        "table.no_mapping",
        f"No mapping profile fits the headings found: {found}. "
        f"The nearest, {nearest.profile.mapping_id!r}, also needs: {', '.join(nearest.missing)}.",
        place=f"row {nearest.profile.header_row}",
        todo="Rename the headings, or write a mapping profile and name it when reading.",
    )


def _manifest(sheet: Sheet, chosen: Match, context: ReadContext, *, layout: str) -> Manifest:
    values, faults = typed_values(sheet.rows, chosen)
    rows = number_rows(sheet.rows, values, chosen)
    goods = assemble.goods_items(rows)
    return Manifest(
        message=assemble.messages(rows).with_columns(
            message_type=pl.lit(chosen.profile.message_type),
            format=pl.lit(Table.name),
            format_version=pl.lit(f"{chosen.profile.mapping_id}; {layout}"),
            raw_sha256=pl.lit(context.raw_sha256),
        ),
        consignments=assemble.consignments(rows, goods),
        goods_items=goods,
        equipment=assemble.equipment(rows),
        parties=assemble.parties(rows),
        transport=assemble.transport(rows),
        declared=assemble.declared_totals(rows),
        computed=frame(TOTALS),
        findings=pl.concat([_file_findings(sheet, chosen), _row_findings(sheet, rows, faults, chosen)]),
    )


def _file_findings(sheet: Sheet, chosen: Match) -> pl.DataFrame:
    constants = "; ".join(f"{target} = {text}" for target, text in constants_applied(chosen).items())
    said = [Finding("table.constants_applied", severity="note", params={"fields": constants})] if constants else []
    return findings_frame([*sheet.findings, *said])


def _row_findings(sheet: Sheet, rows: pl.DataFrame, faults: Sequence[pl.DataFrame], chosen: Match) -> pl.DataFrame:
    keyless = rows_without_key(sheet.rows, chosen)
    headings = ", ".join(chosen.profile.keys["consignment"])
    found = [
        *faults,
        _key_faults(keyless, headings),
        oddities(rows),
    ]
    located = pl.concat(found).unique(maintain_order=True)
    where = rows.select(ROW, PLACE, "message", "consignment")
    return located.join(where, on=ROW, how="left", maintain_order="left").select(list(FINDING))


def _key_faults(rows: pl.Series, headings: str) -> pl.DataFrame:
    params = findings_frame([Finding("table.key_empty", params={"headings": headings})])["params"][0]
    return rows.to_frame().select(
        ROW,
        rule=pl.lit("table.key_empty"),
        severity=pl.lit("error"),
        params=pl.lit(params),
    )
