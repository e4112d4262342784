"""Rows of the frames while a file is read, and the numbers and times in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

import polars as pl

from pratique.vocabulary.findings import Finding, Severity, findings_frame
from pratique.vocabulary.frames import PURPOSE, RETENTION_CLASS, SCHEMAS, Manifest, Schema
from pratique.vocabulary.units import BELOW_ONE_GRAM, cubic_decimetres, grams, is_below_one_gram, minor_units

Row = dict[str, Any]
Value = TypeVar("Value")


class Rows:
    """Collects the rows and findings of one file; :meth:`manifest` makes the frames."""

    def __init__(self) -> None:
        self.message: list[Row] = []
        self.consignments: list[Row] = []
        self.goods_items: list[Row] = []
        self.equipment: list[Row] = []
        self.parties: list[Row] = []
        self.transport: list[Row] = []
        self.declared: list[Row] = []
        self.findings: list[Finding] = []
        self.at_consignment: int | None = None  # where findings belong from now on

    def party(self, **values: Any) -> None:
        """One party row, with the purpose and retention class of person data; nothing where it says nothing."""
        told = ("party_id", "name", "address_line", "city", "subdivision", "postcode", "country", "communication")
        if any(values.get(name) for name in told):
            self.parties.append({**values, "purpose": PURPOSE, "retention_class": RETENTION_CLASS})

    def find(self, rule: str, place: str | None, severity: Severity = "warning", **params: str | int) -> None:
        """One finding of the message that is being read, and of the consignment ``at_consignment``."""
        self.findings.append(Finding(rule, place, severity, self._message(), self.at_consignment, params))

    def grams(self, text: str | None, unit_code: str, place: str) -> int | None:
        """The mass in grams; text that is no mass, or one below a gram, is a finding."""
        value = self._number(text, lambda given: grams(given, unit_code), place)
        if value in (0, 1) and text is not None and is_below_one_gram(text, unit_code):
            self.find(BELOW_ONE_GRAM, place, text=text[:80], unit=unit_code, grams=value)
        return value

    def cubic_decimetres(self, text: str | None, unit_code: str, place: str) -> int | None:
        """The volume in cubic decimetres; text that is no volume is a finding."""
        return self._number(text, lambda given: cubic_decimetres(given, unit_code), place)

    def minor_units(self, text: str | None, currency: str | None, place: str) -> int | None:
        """The amount in minor units; an amount without a currency, or text that is none, is a finding."""
        if text is not None and currency is None:
            self.find("xml.amount_without_currency", place, text=text[:80])
            return None
        return self._number(text, lambda given: minor_units(given, currency or ""), place)

    def count(self, text: str | None, place: str) -> int | None:
        """A whole number; anything else is a finding. ``12.0`` is 12."""
        return self._number(text, _whole, place)

    def moment(self, text: str | None, pattern: str, place: str) -> datetime | None:
        """The time in UTC; without a zone it is taken as UTC (see :meth:`zone_unknown`)."""
        return self._number(text, lambda given: _moment(given, pattern), place)

    def zone_unknown(self, place: str) -> None:
        """Says once per message that its times carry no zone and are kept as if they were UTC."""
        self.find("xml.time_without_zone", place, "note")

    def manifest(self) -> Manifest:
        """The frames of everything that was collected; ``computed`` stays empty."""
        frames = {name: _frame(SCHEMAS[name], getattr(self, name, ())) for name in SCHEMAS if name != "findings"}
        return Manifest(**frames, findings=findings_frame(self.findings))

    def _message(self) -> int | None:
        return len(self.message) - 1 if self.message else None

    def _number(self, text: str | None, parse: Callable[[str], Value | None], place: str) -> Value | None:
        if text is None:
            return None
        value = parse(text)
        if value is None:
            self.find("xml.value_unreadable", place, text=text[:80])
        return value


def _whole(text: str) -> int | None:
    whole, _, decimals = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) < 19 and not decimals.strip("0")):
        return None
    return int(whole)


def _moment(text: str, pattern: str) -> datetime | None:
    zone = UTC
    body = text.removesuffix("Z")
    if len(body) > 14 and body[-3] in "+-" and body[-2:].isdigit():
        zone, body = timezone(timedelta(hours=int(body[-3:]))), body[:-3]
    try:
        return datetime.strptime(body, pattern).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _frame(schema: Schema, rows: Sequence[Row]) -> pl.DataFrame:
    flat = {name: dtype for name, dtype in schema.items() if not isinstance(dtype, pl.List)}
    frame = pl.DataFrame(rows, schema=flat, strict=True, infer_schema_length=None)
    lists = [_list_column(name, dtype, rows) for name, dtype in schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(lists).select(list(schema))


def _list_column(name: str, dtype: pl.List, rows: Sequence[Row]) -> pl.Series:
    """A column of lists, built flat and then gathered: building it from nested Python lists costs ten times more."""
    at = [index for index, row in enumerate(rows) for _ in row.get(name) or ()]
    if not at:
        return pl.repeat(None, len(rows), dtype=dtype, eager=True).alias(name)
    values: list[Any] = [value for row in rows for value in row.get(name) or ()]
    inner = dtype.inner
    column = pl.Series(name, values, dtype=inner) if not isinstance(inner, pl.Struct) else _struct(name, values, inner)
    gathered = pl.DataFrame([pl.Series("at", at, dtype=pl.UInt32), column]).group_by("at", maintain_order=True).all()
    whole = pl.DataFrame({"at": pl.int_range(len(rows), dtype=pl.UInt32, eager=True)})
    return whole.join(gathered, on="at", how="left", maintain_order="left")[name].cast(dtype)


def _struct(name: str, values: Sequence[Mapping[str, Any]], dtype: pl.Struct) -> pl.Series:
    schema = {part.name: part.dtype for part in dtype.fields}
    return pl.DataFrame(values, schema=schema, infer_schema_length=None).to_struct(name)
