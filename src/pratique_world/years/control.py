"""What controls find: late, and sometimes wrong. For the world's own office and for anybody's who closes the loop.

Whether officers err over a consignment, and when the result is known, depends on the seed and on the consignment
alone: the same consignment controlled on the same day gives the same result, whatever else was chosen with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pratique_world.years.goods import Floats
from pratique_world.years.mechanisms import ALL

MISSED: Final = 0.05  # wrongdoing that is controlled and not found
FALSELY_FOUND: Final = 0.002  # honest consignments of which something is said to be found
OTHER_KIND: Final = 0.08  # finds that are called by another name
QUICK_DAYS, MEAN_DAYS, LONGEST_DAYS = 2, 11.0, 75  # from control to result: never less, more by so many, never more
RECOVERED: Final = (0.85, 1.0)  # of the duty lost, where something was found
SCHEMA: Final = {
    "consignment": pl.String, "controlled_on": pl.Date, "known_on": pl.Date, "found": pl.Boolean,
    "duty_recovered_minor": pl.Int64, "finding": pl.String,
}  # fmt: skip
FINDINGS: Final[Mapping[str, str]] = {mechanism.name: mechanism.finding for mechanism in ALL}
"""Mechanism to what an officer calls it who has found it."""


def results(
    truth: pl.DataFrame, chosen: pl.Series | list[str], controlled_on: date | pl.Series, seed: int
) -> pl.DataFrame:
    """The results of controlling the consignments in ``chosen``: the columns of :data:`SCHEMA`, in their order.

    ``truth`` has the columns of ``truth.parquet``; ``controlled_on`` is a day for all or one for each. Raises
    ``ValueError`` for a consignment that the truth does not know or that was chosen twice.
    """
    asked = pl.DataFrame({"consignment": pl.Series(chosen, dtype=pl.String)})
    asked = asked.with_columns(controlled_on=pl.lit(controlled_on))
    if asked["consignment"].n_unique() != len(asked):
        raise ValueError("a consignment was chosen twice; control it once")
    known = asked.join(truth, on="consignment", how="left", maintain_order="left")
    if known["illicit"].null_count():
        unknown = known.filter(pl.col("illicit").is_null())["consignment"][0]
        raise ValueError(f"the truth has no consignment {unknown}")
    draws = _draws(asked["consignment"], seed)
    illicit = known["illicit"].to_numpy()
    found = np.where(illicit, draws[0] >= MISSED, draws[0] < FALSELY_FOUND)
    late = QUICK_DAYS + np.minimum(np.floor(-MEAN_DAYS * np.log1p(-draws[1])), LONGEST_DAYS - QUICK_DAYS)
    share = RECOVERED[0] + (RECOVERED[1] - RECOVERED[0]) * draws[2]
    recovered = np.where(found, np.rint(known["duty_lost_minor"].to_numpy() * share), 0).astype(np.int64)
    kinds = sorted(set(FINDINGS.values()))
    other = pl.Series(kinds).gather((draws[3] / OTHER_KIND * len(kinds)).astype(np.int64) % len(kinds))
    named = known["mechanism"].replace_strict(FINDINGS, default=None, return_dtype=pl.String)
    kind = pl.DataFrame({"named": named, "other": other, "wrongly": draws[3] < OTHER_KIND, "found": found}).select(
        pl.when("found").then(pl.when(pl.col("wrongly") | pl.col("named").is_null()).then("other").otherwise("named"))
    )
    return asked.with_columns(
        known_on=pl.col("controlled_on") + pl.duration(days=pl.lit(pl.Series(late.astype(np.int64)))),
        found=pl.Series(found),
        duty_recovered_minor=pl.Series(recovered),
        finding=kind.to_series(),
    ).cast(SCHEMA)  # type: ignore[arg-type]


def _draws(consignments: pl.Series, seed: int) -> Floats:
    """Four uniforms for each consignment, from its number and the seed alone (splitmix64 over the bytes)."""
    numbers = np.zeros(len(consignments), dtype=np.uint64)
    texts = consignments.to_numpy().astype(np.bytes_)
    if len(texts):
        with np.errstate(over="ignore"):
            for column in texts.view(np.uint8).reshape(len(texts), -1).T:
                numbers = _mixed(numbers * np.uint64(257) + column.astype(np.uint64))
            start = _mixed(numbers ^ _mixed(np.full(1, seed % 2**64, dtype=np.uint64)))
            return np.stack([_uniform(_mixed(start + np.uint64(place))) for place in range(4)])
    return np.zeros((4, 0))


def _mixed(value: np.typing.NDArray[np.uint64]) -> np.typing.NDArray[np.uint64]:
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def _uniform(value: np.typing.NDArray[np.uint64]) -> Floats:
    return (value >> np.uint64(11)).astype(np.float64) / float(1 << 53)
