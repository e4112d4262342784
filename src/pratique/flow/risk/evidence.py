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


def shown(facts: Facts, names: Sequence[str], rows: Rows, witnesses: Mapping[str, Rows]) -> tuple[pl.Series, pl.Series]:
    """Parameters and evidence of one profile for the consignment rows ``rows`` on which it fired.

    Parameters: a JSON object each, the fields ``names`` (amounts with their currency) as in the first row that bears
    witness. Evidence: a JSON array each of ``{field, value, place}``, of every field and of every such row.
    """
    height = pl.DataFrame({ROW: rows})
    params: list[pl.Series] = []
    pieces: list[pl.Series] = []
    for scope, inside in _by_scope(names).items():
        source = facts.children[scope] if scope else facts.consignment
        at = _seen(source[ROW], rows, witnesses.get(scope)) if scope else [pl.Series(rows)]
        seen = [pl.col(field).gather(at[0]).alias(_qualified(scope, field)) for field in inside]
        params += source.select(seen).get_columns()
        pieces += [_encoded(source, scope, inside, index) for index in at]
    told = height.hstack(params).select(
        pl.struct(column.name for column in params).struct.json_encode().alias("params")
    )
    joined = height.hstack([piece.alias(f"piece {number}") for number, piece in enumerate(pieces)]).drop(ROW)
    inner = pl.concat_str(pl.all(), separator=",", ignore_nulls=True)
    return told["params"], joined.select(evidence=pl.lit("[") + inner + pl.lit("]"))["evidence"]


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


def _seen(owner: pl.Series, rows: Rows, witnesses: Rows | None) -> list[pl.Series]:
    """Positions of the first, second and third row that bears witness for each of ``rows``; null where there is none.

    Without ``witnesses`` (the rule does not ask about these rows) all rows below count. ``owner`` is sorted.
    """
    at = np.arange(len(owner), dtype=np.uint32) if witnesses is None else witnesses
    owners = owner.to_numpy()[at]
    start, end = np.searchsorted(owners, rows, "left"), np.searchsorted(owners, rows, "right")
    found: list[pl.Series] = []
    for number in range(MOST_WITNESSES):
        there = start + number < end
        if number and not there.any():
            break
        position = np.zeros(len(rows), np.uint32)
        position[there] = at[start[there] + number]
        found.append(pl.Series(position).set(pl.Series(~there), None))
    return found


def _encoded(source: pl.DataFrame, scope: str, fields: Sequence[str], at: pl.Series) -> pl.Series:
    """``{"field":…,"value":…,"place":…}`` of every field at the positions ``at``, joined by commas; null for null."""
    values = source.select(pl.col([*dict.fromkeys(("place", *fields))]).gather(at)).with_columns(at.alias("at"))
    objects = [
        pl.struct(
            pl.lit(_qualified(scope, field)).alias("field"), pl.col(field).alias("value"), "place"
        ).struct.json_encode()
        for field in fields
    ]
    joined = pl.concat_str(objects, separator=",")
    return values.select(pl.when(pl.col("at").is_not_null()).then(joined).alias("told"))["told"]


def _qualified(scope: str, field: str) -> str:
    return f"{scope}.{field}" if scope else field
