"""What a row says by itself, and the figures that are compared with those of its like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.keys import KeyPlan, Keys, key_numbers
from pratique.flow.learning.parts import Parts, column_or_none, heading_in_text, per_different
from pratique.flow.learning.peers import fine_steps

Floats = npt.NDArray[np.float64]
PPM_STEP: Final = 1000  # duty rates are compared in steps of a tenth of a per cent
MOST_STEP: Final = (1 << 16) - 1


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure, made of one column over another, and whose figures it stands beside, finest first."""

    name: str
    upper: str
    lower: str | None
    groups: tuple[tuple[str, ...], ...]
    times: float = 1.0


MEASURES: Final = (
    Measure("unit_value", "value_minor", "net_mass_g", (("hs6", "origin"), ("hs6",), ("hs4",), ("hs2",)), 1000.0),
    Measure("package_mass", "net_mass_g", "packages", (("hs6", "package_type"), ("hs6",), ("hs4",), ("hs2",))),
    Measure("freight", "freight_minor", "gross_mass_g", (("origin", "loading"), ("dispatch",)), 1_000_000.0),
    Measure("tare", "gross_mass_g", "net_mass_g", (("hs6",), ("hs4",), ("hs2",)), 1000.0),
    Measure("heading_duty", "duty_rate_ppm", None, (("hs4",),)),
    Measure("chapter_duty", "duty_rate_ppm", None, (("hs2",),)),
    Measure("text_duty", "duty_rate_ppm", None, (("text",),)),
    Measure("text_value", "value_minor", "net_mass_g", (("text", "origin"), ("text",)), 1000.0),
    Measure("subheading_duty", "duty_rate_ppm", None, (("hs6", "origin"), ("hs6",))),
)
DUTY: Final = frozenset({"text_duty", "heading_duty", "chapter_duty", "subheading_duty"})


class Measures:
    """The figures of one table and the groups they stand in."""

    def __init__(self, rows: pl.DataFrame, parts: Parts) -> None:
        self.rows, self.parts = rows, parts

    def figure(self, measure: Measure) -> Floats | None:
        """The figure of each row in steps, NaN for none; ``None`` where the table lacks a column of it."""
        upper = column_or_none(self.rows, measure.upper)
        if measure.lower is None:
            return None if upper is None else np.minimum(np.floor(upper / PPM_STEP), MOST_STEP)
        lower = column_or_none(self.rows, measure.lower)
        if upper is None or lower is None:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            figure = np.where((lower > 0) & (upper > 0), upper * measure.times / lower, np.nan)
        return np.clip(fine_steps(figure), 0, MOST_STEP)

    def groups(self, measure: Measure) -> Sequence[Keys]:
        """The group of each row on each level whose columns are there."""
        plans = [KeyPlan(measure.name, columns) for columns in measure.groups if self.parts.columns.issuperset(columns)]
        return [key_numbers(plan, self.parts, len(self.rows)) for plan in plans]


def said_by_rows(rows: pl.DataFrame, parts: Parts) -> Mapping[str, Floats]:
    """Features of the row alone: amounts, shares, codes in their own order."""
    columns = {name: column_or_none(rows, name) for name in _NUMBERS}
    there = {name: values for name, values in columns.items() if values is not None}
    told: dict[str, Floats] = {}
    for name in ("value_minor", "net_mass_g", "gross_mass_g", "packages", "duty_minor", "freight_minor"):
        if name in there:
            told[f"said.{name}"] = np.log1p(np.clip(there[name], 0, None))
    for name in ("duty_rate_ppm", "preference"):
        if name in there:
            told[f"said.{name}"] = there[name]
    for name, (upper, lower) in _SHARES.items():
        if upper in there and lower in there:
            with np.errstate(divide="ignore", invalid="ignore"):
                told[f"said.{name}"] = np.where(there[lower] > 0, there[upper] / there[lower], np.nan)
    told["said.hs6"] = rows["hs6"].cast(pl.Float64, strict=False).to_numpy()
    there_too = set(rows.columns)
    claims = {name: claim.cast(pl.Float64) for name, (needs, claim) in _CLAIMS.items() if needs <= there_too}
    if claims:
        told |= {f"said.{column.name}": column.to_numpy() for column in rows.select(**claims).iter_columns()}
    if "description" in rows.columns:
        told |= _text(rows, parts)
    return told


def _text(rows: pl.DataFrame, parts: Parts) -> Mapping[str, Floats]:
    told = pl.DataFrame(
        {
            "words": parts.values("text"),
            "named": per_different(rows["description"], heading_in_text),
            "heading": parts.values("hs4"),
        }
    ).select(
        words=pl.col("words").str.count_matches(" ").fill_null(-1).cast(pl.Float64) + 1,
        other=(pl.col("named") != pl.col("heading")).cast(pl.Float64).fill_null(np.nan),
    )
    return {"said.words": told["words"].to_numpy(), "said.other_code": told["other"].to_numpy()}


_NUMBERS: Final = (
    "value_minor", "net_mass_g", "gross_mass_g", "packages", "duty_minor", "freight_minor", "duty_rate_ppm",
    "preference",
)  # fmt: skip
_SHARES: Final = {
    "freight_share": ("freight_minor", "value_minor"),
    "package_value": ("value_minor", "packages"),
    "net_share": ("net_mass_g", "gross_mass_g"),
}
_CLAIMS: Final = {
    "other_dispatch": ({"origin", "dispatch"}, pl.col("origin") != pl.col("dispatch")),
    "other_loading": ({"dispatch", "loading"}, pl.col("dispatch") != pl.col("loading").str.slice(0, 2)),
    "other_shore": ({"origin", "loading"}, pl.col("origin") != pl.col("loading").str.slice(0, 2)),
    "transhipped": ({"transhipment"}, pl.col("transhipment").is_not_null()),
}
