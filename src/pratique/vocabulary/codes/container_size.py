"""ISO 6346 size and type codes of containers, with the outer measures and gross masses that bound what fits inside.

``42G1``: 4 = 40 ft long, 2 = 8 ft 6 in high and 8 ft wide, G1 = general purpose with vents. Where a sender only says
part of it, the code goes as far as that part: ``4???`` is a 40 ft container of unknown height and type. The last
character is not judged, because the detailed types changed between the editions of 1995 and 2022 (tanks moved from T
to K).

Sources: ISO 6346:2022 annexes D and E (codes); ISO 668:2020 (ratings: 36,000 kg since amendment 2 of 2016, 30,480 kg
before it, 10,160 kg for 10 ft).
"""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl

from pratique.vocabulary.codes.shipped import read_table

UNKNOWN: Final = "?"
_SEPARATORS: Final = r"[ \t\r\n\u00a0./\-]"


@cache
def lengths() -> pl.DataFrame:
    """``code, name, length_mm, max_gross_g, max_gross_g_until_2016``; no mass where ISO 668 rates no such length."""
    return read_table("container_lengths.csv").select(
        "code",
        "name",
        pl.col("length_mm").cast(pl.Int64),
        max_gross_g=pl.col("max_gross_kg").cast(pl.Int64) * 1000,
        max_gross_g_until_2016=pl.col("max_gross_kg_until_2016").cast(pl.Int64) * 1000,
    )


@cache
def heights() -> pl.DataFrame:
    """``code, name, height_mm, width_mm``; null where the code only says "over"."""
    return read_table("container_heights.csv").with_columns(pl.col("height_mm", "width_mm").cast(pl.Int64))


@cache
def types() -> pl.DataFrame:
    """``letter, group_code, name``: ``G, GP, general purpose``."""
    return read_table("container_types.csv")


@cache
def limits() -> pl.DataFrame:
    """What a box of each size can hold at most: ``size, length_mm, max_gross_g, outer_volume_dm3``.

    ``size`` is the first two characters of the code. The volume is that of the outside, so no cargo can exceed it; it
    is null where the code names no height or width.
    """
    return (
        lengths()
        .join(heights(), how="cross", suffix="_height")
        .select(
            size=pl.col("code") + pl.col("code_height"),
            length_mm="length_mm",
            max_gross_g="max_gross_g",
            outer_volume_dm3=pl.col("length_mm") * pl.col("height_mm") * pl.col("width_mm") // 1_000_000,
        )
    )


def normalised(column: pl.Expr) -> pl.Expr:
    """Upper case, without blanks and hyphens."""
    return column.str.to_uppercase().str.replace_all(_SEPARATORS, "")


def is_known(size_type: str) -> bool:
    """The code has a known length, height and type letter (or group code); ``?`` is a part not known."""
    return bool(known(pl.Series([size_type])).item())


def known(column: pl.Series) -> pl.Series:
    """:func:`is_known` for a column; null for null."""
    return column.str.contains(shape())


@cache
def shape() -> str:
    """The regular expression that :func:`known` codes fit."""
    length = "".join(lengths()["code"])
    height = "".join(heights()["code"])
    letters = "".join(types()["letter"].unique().sort())
    groups = "|".join(types()["group_code"])
    return rf"^[{length}?][{height}?](?:[{letters}][0-9?]|{groups}|\?\?)$"
