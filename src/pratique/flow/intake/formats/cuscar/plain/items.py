"""The rows of goods items of plain bills, in the columns of :class:`..rows.Item`."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from pratique.flow.intake.formats.cuscar.party import joined_components
from pratique.flow.intake.formats.cuscar.plain.columns import counts, minor_units, owner, texts, thousandths
from pratique.flow.intake.formats.cuscar.plain.forms import Flags, Positions, Told
from pratique.flow.intake.formats.cuscar.plain.stretch import Stretch
from pratique.flow.intake.formats.cuscar.rows import BETWEEN
from pratique.vocabulary.frames import PACKAGING

MEASURES: Final = {"gross_mass_g": "wW", "net_mass_g": "n", "volume_dm3": "v"}


def item_rows(stretch: Stretch, *, before: int, bills: int) -> pl.DataFrame:
    """A row for each goods item; there are ``before`` rows and ``bills`` bills already."""
    head, text, value = stretch.told("G"), stretch.told("f"), stretch.told("V")
    value = value.where(stretch.is_of_item(value.at))
    return pl.DataFrame(
        {
            "segment": stretch.numbers(head.at),
            "consignment": owner(head.at, stretch.bills) + bills,
            "goods_item": np.arange(before, before + len(head.at)),
            "sequence": counts(head, "sequence"),
            "description": stretch.of_items(_joined(texts(text, "text")), text.at),
            "commodity_code_raw": stretch.item_text("c", "code"),
            "origin_country": stretch.item_text("O", "place"),
            "packaging": _packaging(head),
            "package_count": counts(head, "count"),
            **{name: _measured(stretch, letters) for name, letters in MEASURES.items()},
            "customs_value_minor": stretch.of_items(minor_units(value), value.at),
            "customs_value_currency": stretch.of_items(texts(value, "currency"), value.at),
            "un_number": stretch.item_text("d", "number"),
            "imdg_class": stretch.item_text("d", "danger"),
            "equipment_ids": _boxes(stretch),
        }
    )


def shares(stretch: Stretch) -> Told:
    """Masses that are said of the share of an item in a box, behind its SGP."""
    told = stretch.told("wWn")
    return told.where(_is_of_share(stretch, told.at))


def _packaging(head: Told) -> pl.Series:
    """The one packaging of each item, as GID gives it."""
    fields = {"type_code": texts(head, "package"), "quantity": counts(head, "count")}
    records = pl.DataFrame(fields).select(pl.struct("type_code", "quantity", marks=pl.lit(None, dtype=pl.String)))
    return records.select(pl.concat_list(pl.all())).to_series().cast(pl.List(PACKAGING))


def _measured(stretch: Stretch, letters: str) -> pl.Series:
    told = stretch.told(letters)
    told = told.where(~_is_of_share(stretch, told.at))
    return stretch.of_items(thousandths(told), told.at)


def _is_of_share(stretch: Stretch, at: Positions) -> Flags:
    begun = np.append(stretch.told("S").at, -1)  # the -1 behind them: no share is open yet
    return begun[owner(at, begun[:-1])] > stretch.items[owner(at, stretch.items)]


def _joined(text: pl.Series) -> pl.Series:
    return pl.select(joined_components(pl.lit(text), " ")).to_series()


def _boxes(stretch: Stretch) -> pl.Series:
    """The boxes that each goods item is in, each once, as one text."""
    told = stretch.told("S")
    mentions = pl.DataFrame({"item": owner(told.at, stretch.items), "box": texts(told, "box")})
    grouped = (
        mentions.unique(maintain_order=True).group_by("item", maintain_order=True).agg(pl.col("box").str.join(BETWEEN))
    )
    return stretch.of_items(grouped["box"], stretch.items[grouped["item"].to_numpy()])
