"""What a reason shows: the values of the fields that the profile names, and where in the message they stand.

Values of the rows below a consignment come from those rows that made the rule true, at most three of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.risk.facts import Facts
from pratique.flow.risk.fields import field_spec
from pratique.flow.risk.language.compile import ROW

MOST_WITNESSES: Final = 3
_UNITS_BESIDE: Final = "_currency"

Rows = npt.NDArray[np.uint32]


def params_of(facts: Facts, names: Sequence[str], rows: Rows, witnesses: Mapping[str, Rows]) -> pl.Series:
    """One JSON object per row of the consignment frame in ``rows``: the fields ``names``, amounts with currency."""
    columns = [_first_value(facts, name, rows, witnesses) for name in with_currencies(names)]
    if not columns:
        return pl.Series(["{}"] * len(rows), dtype=pl.String)
    values = pl.DataFrame(columns)
    return values.select(pl.struct(pl.all()).struct.json_encode())[values.columns[0]]


def evidence_of(facts: Facts, names: Sequence[str], rows: Rows, witnesses: Mapping[str, Rows]) -> pl.Series:
    """One JSON array per row in ``rows``: ``{field, value, place}`` of every field, of every row that bears witness."""
    pieces: list[pl.Series] = []
    for scope, inside in _by_scope(names).items():
        if scope == "":
            pieces.append(_encoded(facts.consignment.select("place", *inside)[rows], scope, inside))
        else:
            pieces.append(_of_witnesses(facts.children[scope], scope, inside, rows, witnesses))
    joined = pl.DataFrame([piece.alias(f"piece {number}") for number, piece in enumerate(pieces)])
    if not pieces:
        return pl.Series(["[]"] * len(rows), dtype=pl.String)
    inner = pl.concat_str(pl.all(), separator=",", ignore_nulls=True)
    return joined.select(evidence=pl.lit("[") + inner + pl.lit("]"))["evidence"]


def with_currencies(names: Iterable[str]) -> tuple[str, ...]:
    """The names, each amount in minor units followed by the field of its currency."""
    told: dict[str, None] = {}
    for name in names:
        told[name] = None
        spec = field_spec(name)
        if spec is not None and spec.unit == "minor":
            told[name.removesuffix("_minor") + _UNITS_BESIDE] = None
    return tuple(told)


def _by_scope(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in with_currencies(names):
        scope, _, field = name.rpartition(".")
        found.setdefault(scope, []).append(field)
    return found


def _first_value(facts: Facts, name: str, rows: Rows, witnesses: Mapping[str, Rows]) -> pl.Series:
    scope, _, field = name.rpartition(".")
    if not scope:
        return facts.consignment[field].gather(rows).alias(name)
    child = facts.children[scope]
    seen = _witnesses(child, scope, rows, witnesses).unique(ROW, keep="first", maintain_order=True)
    found = pl.DataFrame({ROW: rows}).join(seen, on=ROW, how="left", maintain_order="left")["at"]
    return child[field].gather(found).alias(name)


def _witnesses(child: pl.DataFrame, scope: str, rows: Rows, witnesses: Mapping[str, Rows]) -> pl.DataFrame:
    """``at`` (the child row) and ``row``: those that bear witness; of a scope the rule does not ask about, all."""
    at = witnesses.get(scope)
    if at is not None:
        return pl.DataFrame({"at": at, ROW: child[ROW].gather(at)})
    below = child.select(ROW).with_row_index("at")
    return below.filter(pl.col(ROW).is_in(pl.Series(rows).implode()))


def _of_witnesses(
    child: pl.DataFrame, scope: str, fields: Sequence[str], rows: Rows, witnesses: Mapping[str, Rows]
) -> pl.Series:
    seen = _witnesses(child, scope, rows, witnesses).filter(pl.int_range(pl.len()).over(ROW) < MOST_WITNESSES)
    told = seen.with_columns(
        _encoded(child.select("place", *fields)[seen["at"].to_numpy()], scope, fields).alias("told")
    )
    grouped = told.group_by(ROW, maintain_order=True).agg(pl.col("told").str.join(","))
    return pl.DataFrame({ROW: rows}).join(grouped, on=ROW, how="left", maintain_order="left")["told"]


def _encoded(values: pl.DataFrame, scope: str, fields: Sequence[str]) -> pl.Series:
    """``{"field":…,"value":…,"place":…}`` of every field, joined by commas."""
    objects = [
        pl.struct(
            pl.lit(f"{scope}.{field}" if scope else field).alias("field"), pl.col(field).alias("value"), "place"
        ).struct.json_encode()
        for field in fields
    ]
    return values.select(pl.concat_str(objects, separator=",").alias("told"))["told"]
