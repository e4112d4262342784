"""What there is to a call in numbers: its boxes by kind, its consignments, and how many need a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from pratique.node.canonical import digest
from pratique.node.frame_cache import FRAMES
from pratique.node.runs.calls import Call
from pratique.node.runs.queue_frame import RunFrames

IMPORT, TRANSIT, TRANSHIPMENT, EXPORT = "23", "24", "28", "22"
EMPTY: Final = "4"
BIN_POINTS: Final = 10
LAST_BIN: Final = 10  # 100 points and more


@dataclass(frozen=True, slots=True)
class Boxes:
    """Different containers of a call by kind; each counts once. ``others`` stand under no bill with a known nature."""

    imports: int
    transhipments: int
    exports: int  # export and transit
    others: int
    empties: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.imports + self.transhipments + self.exports + self.others + self.empties


def boxes_of(frames: RunFrames, calls: list[Call]) -> dict[int, Boxes]:
    """The boxes of each call by the call's number."""
    key = digest(["boxes", frames.key])
    counted = FRAMES.get(key, lambda: _kinds(frames, calls))
    found: dict[int, dict[str, int]] = {}
    for call, kind, count in counted.iter_rows():
        found.setdefault(call, {})[kind] = count
    names = Boxes.__slots__
    return {call: Boxes(**{name: kinds.get(name, 0) for name in names}) for call, kinds in found.items()}


def histogram(scores: pl.Series) -> tuple[int, ...]:
    """How many scores there are in 0 to 9, 10 to 19 … 90 to 99 points, and from 100 on."""
    bins = (scores.clip(0) // BIN_POINTS).clip(upper_bound=LAST_BIN)
    counted: Mapping[int, int] = dict(bins.value_counts().iter_rows())
    return tuple(counted.get(number, 0) for number in range(LAST_BIN + 1))


def _kinds(frames: RunFrames, calls: list[Call]) -> pl.DataFrame:
    """``call, kind, count``. A box is empty where every mention that says so says empty; else its bill's nature."""
    call_of = {message: call.number for call in calls for message in call.messages}
    nature = frames["consignments"].select("consignment", "nature_code")
    mentions = frames["equipment"].join(nature, on="consignment", how="left")
    full = pl.col("fullness_code").drop_nulls()
    natures = pl.col("nature_code")
    return (
        mentions.filter(pl.col("equipment_id").is_not_null())
        .with_columns(call=pl.col("message").replace_strict(call_of, default=None, return_dtype=pl.UInt32))
        .group_by("call", "equipment_id")
        .agg(
            empty=(full == EMPTY).all() & (full.len() > 0),
            imports=(natures == IMPORT).any(),
            transhipments=(natures == TRANSHIPMENT).any(),
            exports=natures.is_in([EXPORT, TRANSIT]).any(),
        )
        .with_columns(
            kind=pl.when("empty")
            .then(pl.lit("empties"))
            .when("imports")
            .then(pl.lit("imports"))
            .when("transhipments")
            .then(pl.lit("transhipments"))
            .when("exports")
            .then(pl.lit("exports"))
            .otherwise(pl.lit("others"))
        )
        .group_by("call", "kind")
        .len()
        .drop_nulls()
    )
