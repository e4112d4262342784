"""The rows of plain bills, in the columns of :class:`..rows.Bill`."""

from __future__ import annotations

import numpy as np
import polars as pl

from pratique.flow.intake.formats.cuscar.consignment import BILL_NUMBERS, HOUSE_DOCUMENTS
from pratique.flow.intake.formats.cuscar.plain.columns import counts, minor_units, texts, thousandths
from pratique.flow.intake.formats.cuscar.plain.stretch import Stretch


def bill_rows(stretch: Stretch, *, before: int, nature: str | None) -> pl.DataFrame:
    """A row for each bill; ``before`` rows are there already, ``nature`` is what the message says of all."""
    head, freight, value = stretch.told("CZ"), stretch.told("F"), stretch.told("V")
    value = value.where(~stretch.is_of_item(value.at))
    mass, volume, packages = stretch.told("K"), stretch.told("y"), stretch.told("k")
    kind = stretch.bill_text("B", "kind").replace_strict(BILL_NUMBERS, default=None, return_dtype=pl.String)
    master = stretch.bill_text("m", "value")
    number = stretch.bill_text("B", "value").fill_null(texts(head, "number"))
    return pl.DataFrame(
        {
            "segment": stretch.numbers(head.at),
            "consignment": np.arange(before, before + len(head.at)),
            "sequence": counts(head, "sequence"),
            "transport_contract_document_id": number,
            "transport_contract_document_type_code": kind,
            "master_document_id": master,
            "house_level": _house_level(kind, master),
            "ucr": stretch.bill_text("u", "value"),
            "nature_code": stretch.bill_text("I", "nature").fill_null(pl.lit(nature, dtype=pl.String)),
            "loading_location": stretch.bill_text("L", "place"),
            "unloading_location": stretch.bill_text("U", "place"),
            "place_of_acceptance": stretch.bill_text("A", "place"),
            "final_destination": stretch.bill_text("D", "place"),
            "gross_mass_g": stretch.of_bills(thousandths(mass), mass.at),
            "volume_dm3": stretch.of_bills(thousandths(volume), volume.at),
            "package_count": stretch.of_bills(counts(packages, "count"), packages.at),
            "freight_charge_minor": stretch.of_bills(minor_units(freight), freight.at),
            "freight_charge_currency": stretch.of_bills(texts(freight, "currency"), freight.at),
            "freight_payment_method_code": stretch.bill_text("P", "method"),
            "customs_value_minor": stretch.of_bills(minor_units(value), value.at),
            "customs_value_currency": stretch.of_bills(texts(value, "currency"), value.at),
        }
    )


def _house_level(kind: pl.Series, master: pl.Series) -> pl.Series:
    """A house bill where its kind (1001) or a master says so, simple where it has a kind; no number makes a master."""
    is_house = kind.is_in(sorted(HOUSE_DOCUMENTS)) | master.is_not_null()
    return pl.select(
        pl.when(is_house).then(pl.lit("house")).when(kind.is_not_null()).then(pl.lit("simple"))
    ).to_series()
