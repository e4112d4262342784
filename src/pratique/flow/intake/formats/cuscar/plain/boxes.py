"""The rows of boxes, in the columns of :class:`..rows.Box`: those plain bills mention, and those of the message."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pratique.flow.intake.formats.cuscar.plain.columns import counts, owner, put, texts, thousandths
from pratique.flow.intake.formats.cuscar.plain.items import shares
from pratique.flow.intake.formats.cuscar.plain.stretch import Stretch
from pratique.flow.intake.formats.cuscar.rows import BETWEEN


def mentioned_boxes(stretch: Stretch, *, bills: int, described: Mapping[str | None, int]) -> pl.DataFrame:
    """A row for each box in each bill, in the order of mention; there are ``bills`` bills already.

    ``described`` are the rows in which the message itself describes boxes, by number.
    """
    split, mass = stretch.told("S"), shares(stretch)
    box, of_split = texts(split, "box"), owner(mass.at, split.at)
    mentions = [
        pl.DataFrame({"at": split.at, "box": box, "package_count": counts(split, "count")}),
        pl.DataFrame({"at": mass.at, "box": box.gather(of_split), "goods_mass_g": thousandths(mass)}),
    ]
    rows = pl.concat(mentions, how="diagonal").sort("at")
    rows = rows.with_columns(consignment=pl.Series(owner(rows["at"].to_numpy(), stretch.bills) + bills))
    sums = [_sum(name) for name in ("package_count", "goods_mass_g")]
    grouped = rows.group_by("consignment", "box", maintain_order=True).agg(pl.col("at").first(), *sums)
    return grouped.select(
        stretch.numbers(grouped["at"].to_numpy()).alias("segment"),
        "consignment",
        "package_count",
        "goods_mass_g",
        equipment_id_raw="box",
        described_by=pl.Series([described.get(name) for name in grouped["box"]], dtype=pl.Int64),
    )


def described_boxes(stretch: Stretch) -> pl.DataFrame:
    """A row for each box that the message describes before its bills (EQD, MEA, SEL)."""
    head = stretch.told("E")
    size = texts(head, "size").str.split_exact(":", 3)
    seals = stretch.told("s")
    of_box = pl.DataFrame({"box": owner(seals.at, head.at), "seal": texts(seals, "seal")})
    sealed = (
        of_box.unique(maintain_order=True).group_by("box", maintain_order=True).agg(pl.col("seal").str.join(BETWEEN))
    )
    return pl.DataFrame(
        {
            "segment": stretch.numbers(head.at),
            "equipment_id_raw": texts(head, "box"),
            "size_type_raw": _first_or_fourth(size),
            "status": texts(head, "status"),
            "fullness_code": texts(head, "fullness"),
            **{name: _mass(stretch, letters) for name, letters in (("gross_mass_g", "w"), ("tare_g", "r"))},
            "goods_mass_g": _mass(stretch, "Wn"),
            "seal_ids": put(sealed["seal"], sealed["box"].to_numpy(), len(head.at)),
        }
    )


def _sum(name: str) -> pl.Expr:
    """The sum of what is said, null where nothing is."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)


def _mass(stretch: Stretch, letters: str) -> pl.Series:
    told, boxes = stretch.told(letters), stretch.told("E").at
    return put(thousandths(told), owner(told.at, boxes), len(boxes))


def _first_or_fourth(components: pl.Series) -> pl.Series:
    first, fourth = (components.struct.field(f"field_{index}") for index in (0, 3))
    return pl.select(pl.when(first != "").then(first).when(fourth != "").then(fourth)).to_series()
