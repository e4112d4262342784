"""Typed and numbered rows become the frames of a manifest.

A field of a bill that stands on several rows is taken once and never added up; what goods items say is added up per
item. Where rows of one bill say different things, the first stands and a finding says what the others said.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import polars as pl

from pratique.flow.intake.formats.table.grouping import targets_of
from pratique.flow.intake.formats.table.sheet import PLACE, ROW
from pratique.vocabulary.frames import (
    CONSIGNMENT,
    EQUIPMENT,
    GOODS_ITEM,
    MESSAGE,
    PACKAGING,
    PARTY,
    PURPOSE,
    RETENTION_CLASS,
    TOTALS,
    TRANSPORT,
    Schema,
    frame,
)
from pratique.vocabulary.sums import total, total_or_null

_FROM_ITEMS: Final = ("gross_mass_g", "package_count", "volume_dm3")
ADDED_PER_BOX: Final = frozenset(("goods_mass_g", "package_count"))
_UNITED: Final = frozenset(("seal_ids", "handling_codes", "communication"))
BOX: Final = "equipment.equipment_id_raw"
_MARKS: Final = ("goods_item.packaging.type_code", "goods_item.packaging.marks")


def messages(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per message of the file."""
    return _fit(_firsts(rows, ["message"], "message."), MESSAGE)


def transport(rows: pl.DataFrame) -> pl.DataFrame:
    """The means of transport of each message, where the table names one."""
    said = _said(rows, "transport.", silent=("stage", "mode_code", "identification_scheme"))
    found = _fit(_firsts(said, ["message"], "transport."), TRANSPORT)
    scheme = pl.when(pl.col("identification").is_not_null()).then("identification_scheme")
    return found.with_columns(scheme.alias("identification_scheme"))


def declared_totals(rows: pl.DataFrame) -> pl.DataFrame:
    """The totals that the sender declared, per message."""
    said = _said(rows, "declared.")
    return _fit(_firsts(said, ["message"], "declared."), TOTALS)


def consignments(rows: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """One row per bill; what no column says of the bill itself is the sum of its goods items."""
    found = _fit(_firsts(rows, ["consignment", "message"], "consignment."), CONSIGNMENT)
    summed = goods.group_by("consignment", maintain_order=True).agg(
        *(total_or_null(name).alias(f"sum_{name}") for name in _FROM_ITEMS),
        *_value_of_items(),
    )
    joined = found.join(summed, on="consignment", how="left", maintain_order="left")
    own_value = pl.col("customs_value_minor").is_not_null()
    return joined.with_columns(
        *(pl.coalesce(name, f"sum_{name}").alias(name) for name in _FROM_ITEMS),
        pl.coalesce("customs_value_minor", "sum_value").alias("customs_value_minor"),
        pl.when(own_value)
        .then("customs_value_currency")
        .otherwise(pl.coalesce("sum_currency", "customs_value_currency"))
        .alias("customs_value_currency"),
    ).select(list(CONSIGNMENT))


def goods_items(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per goods item, its masses, packages and values added up over its rows, its containers named."""
    own = rows.filter(pl.col("goods_item").is_not_null())
    numbers = [name for name in targets_of(own, "goods_item.") if own.schema[name] == pl.Int64]
    added = [name for name in numbers if name != "goods_item.sequence"]
    keys = ["consignment", "goods_item"]
    found = _firsts(own.drop(added), keys, "goods_item.")
    sums = own.group_by("goods_item", maintain_order=True).agg(_sum(own, name) for name in added)
    named = own.group_by("goods_item", maintain_order=True).agg(_boxes(own))
    for other in (sums, named, _packaging(own)):
        found = found.join(other, on="goods_item", how="left", maintain_order="left")
    return _fit(found.sort("goods_item"), GOODS_ITEM)


def equipment(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per container and bill; several containers in one cell are taken apart."""
    said = _said(rows, "equipment.", silent=ADDED_PER_BOX)
    if BOX not in said.columns:
        said = said.with_columns(pl.lit(None, pl.String).alias(BOX))
    said = _one_box_per_row(said)
    keys = ["consignment", "message", BOX, "alone"]
    marked = said.with_columns(pl.when(pl.col(BOX).is_null()).then(ROW).alias("alone"))
    added = [name for name in targets_of(said, "equipment.") if name.partition(".")[2] in ADDED_PER_BOX]
    found = _firsts(marked.drop(added), keys, "equipment.")
    sums = marked.group_by(keys, maintain_order=True).agg(_sum(said, name) for name in added)
    return _fit(pl.concat([found, sums.drop(keys)], how="horizontal"), EQUIPMENT)


def parties(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per role and bill; one more for each row of the bill that says something else of it."""
    roles = dict.fromkeys(name.split(".")[1] for name in targets_of(rows, "party."))
    found = [_party(rows, role) for role in roles]
    if not found:
        return frame(PARTY)
    return pl.concat(found).sort("consignment", maintain_order=True)


def _one_box_per_row(rows: pl.DataFrame) -> pl.DataFrame:
    """Several containers in one cell: what the row says of mass and packages is then not of one of them."""
    if rows.schema[BOX] == pl.String:
        return rows
    shared = pl.col(BOX).list.len() > 1
    added = [name for name in targets_of(rows, "equipment.") if name.partition(".")[2] in ADDED_PER_BOX]
    own = rows.with_columns(pl.when(shared).then(None).otherwise(pl.col(name)).alias(name) for name in added)
    return own.explode(BOX, keep_nulls=True, empty_as_null=True)


def _said(rows: pl.DataFrame, prefix: str, *, silent: Collection[str] = ()) -> pl.DataFrame:
    """The rows that say anything at this level beyond the ``silent`` fields, which say nothing on their own."""
    names = [name for name in targets_of(rows, prefix) if name.rpartition(".")[2] not in silent]
    if not names:
        return rows.clear()
    return rows.filter(pl.any_horizontal(pl.col(names).is_not_null()))


def _firsts(rows: pl.DataFrame, keys: Sequence[str], prefix: str) -> pl.DataFrame:
    """Per group the first value of each field that is not null, with the place of the group's first row."""
    names = [name for name in targets_of(rows, prefix) if name not in keys and name not in _MARKS]
    found = rows.group_by(keys, maintain_order=True).agg(pl.col(PLACE).first(), *(_first(name) for name in names))
    return found.rename({name: name.removeprefix(prefix) for name in [*names, *keys] if name.startswith(prefix)})


def _first(name: str) -> pl.Expr:
    if name.rpartition(".")[2] in _UNITED:
        united = pl.col(name).list.explode(keep_nulls=False, empty_as_null=False).unique(maintain_order=True)
        return pl.when(pl.col(name).count() > 0).then(united.implode()).alias(name)
    return pl.col(name).drop_nulls().first()


def _sum(rows: pl.DataFrame, name: str) -> pl.Expr:
    """The sum of what is given; null where nothing is, or where amounts are in several currencies."""
    field = name.partition(".")[2]
    given = pl.col(name).count() > 0
    currency = name.removesuffix("_minor") + "_currency"
    if name.endswith("_minor") and currency in rows.columns:
        given = given & (pl.col(currency).drop_nulls().n_unique() <= 1)
    return pl.when(given).then(total(name)).alias(field)


def _value_of_items() -> list[pl.Expr]:
    one_currency = pl.col("customs_value_currency").drop_nulls().n_unique() == 1
    given = one_currency & (pl.col("customs_value_minor").count() > 0)
    return [
        pl.when(given).then(total("customs_value_minor")).alias("sum_value"),
        pl.when(given).then(pl.col("customs_value_currency").drop_nulls().first()).alias("sum_currency"),
    ]


def _boxes(rows: pl.DataFrame) -> pl.Expr:
    if BOX not in rows.columns:
        return pl.lit(None, pl.List(pl.String)).alias("equipment_ids")
    boxes = (
        pl.col(BOX)
        if rows.schema[BOX] == pl.String
        else pl.col(BOX).list.explode(keep_nulls=False, empty_as_null=False)
    )
    return (
        pl.when(pl.col(BOX).count() > 0)
        .then(boxes.drop_nulls().unique(maintain_order=True).implode())
        .alias("equipment_ids")
    )


def _packaging(rows: pl.DataFrame) -> pl.DataFrame:
    """The kinds of packages of each goods item, with how many of each."""
    kinds = [name for name in _MARKS if name in rows.columns]
    if not kinds:
        return pl.DataFrame(schema={"goods_item": pl.UInt32, "packaging": pl.List(PACKAGING)})
    quantity = "goods_item.package_count"
    given = rows.filter(pl.any_horizontal(pl.col(kinds).is_not_null()))
    counted = given.with_columns(
        pl.lit(None, pl.String).alias(name) for name in _MARKS if name not in rows.columns
    ).with_columns([] if quantity in rows.columns else [pl.lit(None, pl.Int64).alias(quantity)])
    per_kind = counted.group_by("goods_item", *_MARKS, maintain_order=True).agg(
        total_or_null(quantity).alias("quantity")
    )
    kind = pl.struct(type_code=_MARKS[0], quantity="quantity", marks=_MARKS[1]).alias("packaging")
    return per_kind.group_by("goods_item", maintain_order=True).agg(kind)


def _party(rows: pl.DataFrame, role: str) -> pl.DataFrame:
    prefix = f"party.{role}."
    said = _said(rows, prefix)
    names = [name for name in targets_of(said, prefix) if said.schema[name] == pl.String]
    merged = _firsts(said, ["consignment", "message"], prefix)
    each = _firsts(said, ["consignment", "message", *names], prefix)
    differing = (
        pl.any_horizontal(pl.col(name).min() != pl.col(name).max() for name in names) if names else pl.lit(False)
    )
    several = said.group_by("consignment").agg(differing.fill_null(False).alias("several")).filter("several")
    both = pl.concat(
        [
            merged.join(several, on="consignment", how="anti", maintain_order="left"),
            each.join(several, on="consignment", how="semi", maintain_order="left").select(merged.columns),
        ]
    )
    shaped = both.with_columns(role_code=pl.lit(role), purpose=pl.lit(PURPOSE), retention_class=pl.lit(RETENTION_CLASS))
    return _fit(shaped, PARTY)


def _fit(found: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Exactly the schema's columns, in its order; those that the table does not fill are null."""
    return found.select(
        pl.col(name).cast(dtype) if name in found.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in schema.items()
    )
