"""What controls found: a column of the table itself, or a table of results beside it.

A consignment has one result. Two that say the same count once; two that contradict one another are refused by name,
since only the administration can say which one is true. A result before its declaration is a clock that went back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.columns import LABEL, Attribute, Brought, refuse_headings
from pratique.flow.learning.errors import refuse
from pratique.flow.learning.looks import Results, days_of

Floats = npt.NDArray[np.float64]
MOST_WEIGHT: Final = 5.0  # of one result: the few drawn at random must not drown the many
_TRUTHS: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "2": True}
_SHOWN: Final = 40


@dataclass(frozen=True)
class Labels:
    """Results of controls, one a consignment: ``rows`` has the columns of ``LABEL`` and the declaration's place."""

    rows: pl.DataFrame
    unknown: int  # results whose consignment is not in the table
    with_amounts: bool

    @property
    def place(self) -> npt.NDArray[np.int64]:
        """Where the declaration of each result stands."""
        return self.rows["place"].cast(pl.Int64).to_numpy()

    @property
    def found(self) -> Floats:
        """1 where something was found, else 0."""
        return self.rows["found"].cast(pl.Float64).to_numpy()

    @property
    def amount(self) -> Floats:
        """Duty recovered, in minor units."""
        return self.rows["duty_recovered_minor"].cast(pl.Float64).fill_null(0).to_numpy()

    @property
    def weight(self) -> Floats:
        """How many consignments each result speaks for: one over its chance of control, bounded."""
        chance = self.rows["probability"].fill_null(1.0).to_numpy()
        weight: Floats = np.minimum(1.0 / np.maximum(chance, 1e-6), MOST_WEIGHT)
        return weight

    @property
    def at_random(self) -> npt.NDArray[np.bool_]:
        """Whether each was drawn by lot."""
        drawn = pl.col("drawn_at_random").fill_null(pl.col("probability").fill_null(1.0) < 1.0)
        return self.rows.select(drawn.alias("drawn"))["drawn"].to_numpy()


def labels_of_column(table: pl.DataFrame, heading: str, data: Brought) -> Labels:
    """The labels that a column of the table holds (1, true, yes; 0, false, no; empty where nobody looked)."""
    if heading not in table.columns:
        raise refuse("model.label_missing", column=heading)
    found = _truths(table[heading], heading)
    numbers = table[data.mapping.headings["consignment"]].cast(pl.String).str.strip_chars()
    said = pl.DataFrame({"consignment": numbers, "found": found}).drop_nulls("found")
    known = pl.col("lodged_on") + pl.duration(days=data.mapping.known_after_days)
    said = said.join(data.rows.select("consignment", "lodged_on"), on="consignment").select(
        "consignment", "found", controlled_on="lodged_on", known_on=known
    )
    return _whole(said, data, with_amounts=False)


def labels_of_table(results: pl.DataFrame, data: Brought, attribute: Attribute) -> Labels:
    """The labels of a table of results with the columns ``consignment``, ``known_on`` and ``found`` at least."""
    refuse_headings(results.columns, attribute)
    for column in ("consignment", "known_on", "found"):
        if column not in results.columns:
            raise refuse("model.label_missing", column=column)
    there = [name for name in LABEL if name in results.columns]
    said = results.select(there).with_columns(_truths(results["found"], "found").alias("found")).drop_nulls("found")
    for name in ("known_on", "controlled_on"):
        if name in there:
            said = said.with_columns(_dates(said[name], name))
    try:
        said = said.cast({name: LABEL[name] for name in there})
    except pl.exceptions.PolarsError as error:
        raise refuse("model.results_unreadable", reason=str(error).splitlines()[0][:200]) from error
    return _whole(said, data, with_amounts="duty_recovered_minor" in there)


def results_of(labels: Labels) -> Results:
    """The results as the features read them."""
    return Results(labels.place, days_of(labels.rows["known_on"]), labels.rows["found"].cast(pl.Int64).to_numpy())


def _whole(said: pl.DataFrame, data: Brought, *, with_amounts: bool) -> Labels:
    missing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in LABEL.items() if name not in said.columns]
    said = said.with_columns(missing).select(*LABEL)
    twice = said.group_by("consignment").agg(pl.col("found").n_unique().alias("kinds")).filter(pl.col("kinds") > 1)
    if twice.height:
        first = twice["consignment"].min()
        raise refuse("model.labels_contradict", count=twice.height, number=str(first)[:_SHOWN])
    said = said.unique("consignment", keep="first", maintain_order=True)
    bad = said.filter(~pl.col("probability").is_between(0, 1, closed="right"))
    if bad.height:
        raise refuse("model.probability_impossible", number=str(bad["consignment"][0])[:_SHOWN])
    place = data.rows.select("consignment", "lodged_on").with_row_index("place")
    rows = place.join(said, on="consignment", how="inner", maintain_order="left")
    early = rows.filter(pl.col("known_on") < pl.col("lodged_on"))
    if early.height:
        raise refuse("model.clock_went_back", count=early.height, number=str(early["consignment"][0])[:_SHOWN])
    rows = rows.drop_nulls("known_on")
    return Labels(rows, said.height - rows.height, with_amounts)


def _truths(cells: pl.Series, heading: str) -> pl.Series:
    if cells.dtype == pl.Boolean:
        return cells
    said = cells.cast(pl.String).str.strip_chars().str.to_lowercase().str.replace(r"\.0+$", "")
    read = said.replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)
    faulty = read.is_null() & said.is_not_null() & (said != "")
    if faulty.any():
        row = int(faulty.arg_max() or 0)
        raise refuse("model.label_unreadable", column=heading, row=row + 1, cell=str(cells[row])[:_SHOWN])
    return read


def _dates(cells: pl.Series, heading: str) -> pl.Series:
    if cells.dtype != pl.String:
        return cells
    read = cells.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    faulty = read.is_null() & cells.is_not_null() & (cells != "")
    if faulty.any():
        row = int(faulty.arg_max() or 0)
        cell = str(cells[row])[:_SHOWN]
        raise refuse("model.cells_unreadable", column=heading, row=row + 1, cell=cell, kind="date")
    return read
