"""Cells of text become typed values, column by column, with a finding for each that could not.

In: the sheet's text columns. Out: a frame with the row number and one typed column per field of the profile
(``consignment.gross_mass_g``), and the findings as frames of row, rule, severity and parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

import polars as pl

from pratique.flow.intake.formats.table.sheet import PLACE, ROW
from pratique.flow.intake.mapping import Column, MappingProfile, Match, target_type
from pratique.vocabulary.frames import UTC_TIME
from pratique.vocabulary.units import (
    BELOW_ONE_GRAM,
    LARGEST,
    cubic_decimetres,
    decimal_number,
    grams,
    is_below_one_gram,
    minor_units,
)

SHOWN_CHARACTERS: Final = 80
_ISO_FORMATS: Final = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
_OFFSET: Final = r":\d\d(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)$"
_EARLIEST_YEAR: Final = 1970


def typed_values(rows: pl.DataFrame, match: Match) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The rows with a typed column per field, in the schema's types, and what could not be converted."""
    values = rows.select(ROW, PLACE)
    faults: list[pl.DataFrame] = []
    for column, target in _in_order(match):
        text = rows[column.heading] if column.heading in rows.columns else pl.lit(match.profile.constants[target])
        work = values.with_columns(text.alias("text"))
        value = _convert(work, target, column, match.profile).alias(target)
        values = values.with_columns(value)
        if value.null_count() > work["text"].null_count():
            faults.append(_faults(work.with_columns(value), target, column.heading))
        if target.endswith("_g"):
            faults.append(_below_one_gram(work.with_columns(value), target, column, match.profile.decimal_mark))
    return values, faults


def constants_applied(match: Match) -> dict[str, str]:
    """The profile's constants for fields of which the table has no column."""
    given = {target for column in match.profile.columns if column.heading in match.positions for target in column.to}
    return {target: text for target, text in match.profile.constants.items() if target not in given}


def _in_order(match: Match) -> list[tuple[Column, str]]:
    """The fields to fill, texts first: an amount needs its currency."""
    pairs = [
        (column, target)
        for column in match.profile.columns
        if column.heading in match.positions
        for target in column.to
    ]
    pairs += [(Column(heading=f"constant {target}", to=(target,)), target) for target in constants_applied(match)]
    return sorted(pairs, key=lambda pair: target_type(pair[1]) != pl.String)


def _convert(work: pl.DataFrame, target: str, column: Column, profile: MappingProfile) -> pl.Series:
    dtype = target_type(target)
    text = work["text"]
    if isinstance(dtype, pl.List) or column.split is not None:
        return _parts(text, column.split)
    if dtype == pl.String:
        return _coded(text, column) if column.codes is not None else text
    if dtype == UTC_TIME:
        return _times(text, profile)
    return _numbers(work, target, column, profile)


def _coded(text: pl.Series, column: Column) -> pl.Series:
    codes = column.codes or {}
    return text.str.to_lowercase().replace_strict(
        list(codes), list(codes.values()), default=None, return_dtype=pl.String
    )


def _parts(text: pl.Series, separator: str | None) -> pl.Series:
    if separator is None:
        listed = pl.when(pl.col("text").is_not_null()).then(pl.concat_list("text"))
    else:
        parts = pl.col("text").str.split(separator).list.eval(pl.element().str.strip_chars())
        listed = pl.when(pl.col("text").is_not_null()).then(parts.list.eval(pl.element().filter(pl.element() != "")))
    return text.alias("text").to_frame().select(listed).to_series()


def _times(text: pl.Series, profile: MappingProfile) -> pl.Series:
    """Times as UTC: by their own offset, else by the profile's."""
    column = pl.col("text")
    offset = column.str.extract(_OFFSET)
    bare = pl.when(offset.is_not_null()).then(column.str.replace(r"\s*(?:Z|[+-]\d\d:?\d\d)$", "")).otherwise(column)
    formats = dict.fromkeys((*profile.datetime_formats, *_ISO_FORMATS))
    read = pl.coalesce(bare.str.to_datetime(each, strict=False, time_unit="us") for each in formats)
    known = pl.when(read.dt.year() >= _EARLIEST_YEAR).then(read)
    utc = (known - pl.duration(minutes=_offset_minutes(offset, profile))).dt.replace_time_zone("UTC")
    return text.alias("text").to_frame().select(utc.cast(UTC_TIME)).to_series()


def _offset_minutes(offset: pl.Expr, profile: MappingProfile) -> pl.Expr:
    digits = offset.str.replace(":", "")
    minutes = digits.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + digits.str.slice(3, 2).cast(
        pl.Int64, strict=False
    )
    signed = pl.when(offset.str.starts_with("-")).then(-minutes).otherwise(minutes)
    return pl.when(offset.is_null()).then(profile.utc_offset_minutes).when(offset == "Z").then(0).otherwise(signed)


def _numbers(work: pl.DataFrame, target: str, column: Column, profile: MappingProfile) -> pl.Series:
    currency = target.removesuffix("_minor") + "_currency"
    if not target.endswith("_minor"):
        return _by_distinct(work, ["text"], lambda parts: _number(parts[0], target, column, profile.decimal_mark))
    if currency not in work.columns:
        return pl.repeat(None, work.height, dtype=pl.Int64, eager=True)
    return _by_distinct(
        work, ["text", currency], lambda parts: minor_units(parts[0], parts[1], mark=profile.decimal_mark)
    )


def _number(text: str, target: str, column: Column, mark: str) -> int | None:
    if target.endswith("_g"):
        return grams(text, column.unit or "", mark=mark)
    if target.endswith("_dm3"):
        return cubic_decimetres(text, column.unit or "", mark=mark)
    if target.endswith(("_milli", "_milli_c")):
        return _thousandths(decimal_number(text, mark=mark))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _thousandths(number: Decimal | None) -> int | None:
    if number is None or number.copy_abs() > LARGEST // 1000 or number * 1000 != int(number * 1000):
        return None
    return int(number * 1000)


def _by_distinct(
    work: pl.DataFrame, columns: Sequence[str], convert: Callable[[tuple[str, ...]], int | None]
) -> pl.Series:
    """``convert`` called once for each distinct cell; null where any of the ``columns`` is."""
    distinct = work.select(columns).drop_nulls().unique(maintain_order=True)
    found = pl.Series("value", [convert(parts) for parts in distinct.iter_rows()], dtype=pl.Int64)
    joined = work.join(distinct.with_columns(found), on=list(columns), how="left", maintain_order="left")
    return joined["value"]


def _faults(work: pl.DataFrame, target: str, heading: str) -> pl.DataFrame:
    wrong = work.filter(pl.col("text").is_not_null() & pl.col(target).is_null())
    shown = pl.col("text").str.slice(0, SHOWN_CHARACTERS)
    return wrong.select(
        ROW,
        _rule(wrong, target).alias("rule"),
        pl.lit("warning").alias("severity"),
        pl.struct(column=pl.lit(heading), text=shown).struct.json_encode().alias("params"),
    )


def _below_one_gram(work: pl.DataFrame, target: str, column: Column, mark: str) -> pl.DataFrame:
    """A finding for each mass that is more than nothing and less than one gram."""
    unit = column.unit or ""
    asked = work.filter(pl.col(target).is_in([0, 1]))
    small = [text for text in asked["text"].unique() if is_below_one_gram(text, unit, mark=mark)]
    found = asked.filter(pl.col("text").is_in(small)).with_columns(
        pl.col("text").str.slice(0, SHOWN_CHARACTERS), unit=pl.lit(unit), grams=target
    )
    return found.select(
        ROW,
        pl.lit(BELOW_ONE_GRAM).alias("rule"),
        pl.lit("warning").alias("severity"),
        pl.struct("text", "unit", "grams").struct.json_encode().alias("params"),
    )


def _rule(wrong: pl.DataFrame, target: str) -> pl.Expr:
    dtype = target_type(target)
    if dtype == pl.String:
        return pl.lit("table.code_unknown")
    if dtype == UTC_TIME:
        return pl.lit("table.not_a_time")
    currency = target.removesuffix("_minor") + "_currency"
    if target.endswith("_minor"):
        known = pl.col(currency).is_not_null() if currency in wrong.columns else pl.lit(False)
        return pl.when(known).then(pl.lit("table.not_a_number")).otherwise(pl.lit("table.amount_without_currency"))
    return pl.lit("table.not_a_number")
