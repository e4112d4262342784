"""What a manifest gives to screen: parties, vessels, boxes and documents, each once, and where each is mentioned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import polars as pl

from pratique.vocabulary.frames import Manifest

MENTION: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "consignment": pl.UInt32,  # null: of the message as a whole
    "message": pl.UInt32,
    "subject": pl.String,  # party, vessel, equipment, document
    "role_code": pl.String,
    "screened_value": pl.String,  # the name or number as declared
    "place": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "country": pl.String,
    "identifiers": pl.String,  # "scheme:value;scheme:value"
    "address": pl.String,
}

KEY: Final = ("subject", "screened_value", "name", "kind", "country", "identifiers", "address")
"""What makes two mentions the same subject."""


FRAMES: Final = ("consignments", "goods_items", "parties", "equipment", "transport")
"""Where something to screen is mentioned."""


@dataclass(frozen=True, slots=True)
class Mentioned:
    """What a manifest gives to screen: every mention, and the distinct subjects (see :func:`distinct`)."""

    manifest: Manifest
    mentions: pl.DataFrame
    subjects: pl.DataFrame

    @classmethod
    def of(cls, manifest: Manifest) -> Self:
        """What this manifest gives to screen."""
        found = mentions(manifest)
        return cls(manifest, found, distinct(found))

    def is_of(self, manifest: Manifest) -> bool:
        """Whether it was found in the very frames of this manifest."""
        return all(getattr(self.manifest, name) is getattr(manifest, name) for name in FRAMES)


def named_subjects(manifest: Manifest) -> pl.DataFrame:
    """Those of the subjects that have names, in the same order: what is compared and not only looked up."""
    return distinct(named_mentions(manifest))


def distinct(mentioned: pl.DataFrame) -> pl.DataFrame:
    """The distinct subjects among the mentions with an ``id`` each (``UInt32``, in order of first mention)."""
    return mentioned.select(KEY).unique(maintain_order=True).with_row_index("id")


def mentions(manifest: Manifest) -> pl.DataFrame:
    """Every mention of something to screen, in the order of the manifest.

    ``consignment`` is null for what stands on the message as a whole: the vessel, its carrier, a box under no bill.
    """
    return pl.concat([*_named(manifest), _equipment(manifest), _documents(manifest)])


def named_mentions(manifest: Manifest) -> pl.DataFrame:
    """Those of the mentions that have names, first of all and in the same order: parties, addresses and vessels."""
    return pl.concat(_named(manifest))


def for_each_consignment(rows: pl.DataFrame, consignments: pl.DataFrame) -> pl.DataFrame:
    """The rows, with those of a message as a whole once for each consignment of that message.

    A box under no bill concerns none of the bills beside it: its rows keep a null consignment.
    """
    of_message = consignments.select("message", of_message="consignment")
    whole = pl.col("consignment").is_null() & (pl.col("subject") != "equipment")
    spread = rows.filter(whole).join(of_message, on="message", how="inner", maintain_order="left_right")
    return pl.concat([rows.filter(~whole), spread.with_columns(consignment="of_message").drop("of_message")])


def _columns(**given: pl.Expr) -> list[pl.Expr]:
    """The columns of ``MENTION``; those not given are null."""
    return [given.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in MENTION.items()]


def _named(manifest: Manifest) -> list[pl.DataFrame]:
    return [_parties(manifest), _addresses(manifest), _vessels(manifest), _operators(manifest)]


def _address() -> pl.Expr:
    """Where a party is, in one line; null where no street is given."""
    parts = ("address_line", "city", "subdivision", "postcode", "country")
    return pl.when(pl.col("address_line").is_not_null()).then(pl.concat_str(*parts, separator=" ", ignore_nulls=True))


def _addresses(manifest: Manifest) -> pl.DataFrame:
    """The addresses of parties, for lists that hold addresses of their own."""
    return manifest.parties.filter(pl.col("address_line").is_not_null()).select(
        _columns(
            consignment=pl.col("consignment"),
            message=pl.col("message"),
            subject=pl.lit("party"),
            role_code=pl.col("role_code"),
            screened_value=_address(),
            place=pl.col("place"),
            name=_address(),
            kind=pl.lit("address"),
            country=pl.col("country"),
        )
    )


def _parties(manifest: Manifest) -> pl.DataFrame:
    scheme = pl.coalesce(pl.col("party_id_scheme"), pl.lit("other"))
    return manifest.parties.filter(pl.col("name").is_not_null() | pl.col("party_id").is_not_null()).select(
        _columns(
            consignment=pl.col("consignment"),
            message=pl.col("message"),
            subject=pl.lit("party"),
            role_code=pl.col("role_code"),
            screened_value=pl.coalesce("name", "party_id"),
            place=pl.col("place"),
            name=pl.col("name"),
            kind=pl.lit("party"),
            country=pl.col("country"),
            identifiers=_number(scheme, pl.col("party_id")),
            address=_address(),
        )
    )


def _vessels(manifest: Manifest) -> pl.DataFrame:
    scheme = pl.col("identification_scheme").str.to_lowercase()
    number = pl.when(scheme.is_in(["imo", "mmsi"])).then(_number(scheme, pl.col("identification")))
    named = pl.coalesce(pl.col("name"), pl.when(scheme == "name").then(pl.col("identification")))
    at_sea = pl.col("mode_code").is_null() | pl.col("mode_code").is_in(["1", "8"])
    rows = manifest.transport.filter(at_sea & (named.is_not_null() | number.is_not_null()))
    return rows.select(
        _columns(
            message=pl.col("message"),
            subject=pl.lit("vessel"),
            screened_value=pl.coalesce(named, pl.col("identification")),
            place=pl.col("place"),
            name=named,
            kind=pl.lit("vessel"),
            country=pl.col("nationality_country"),
            identifiers=number,
        )
    )


def _operators(manifest: Manifest) -> pl.DataFrame:
    return manifest.transport.filter(pl.col("operator_name").is_not_null()).select(
        _columns(
            message=pl.col("message"),
            subject=pl.lit("party"),
            role_code=pl.lit("CA"),
            screened_value=pl.col("operator_name"),
            place=pl.col("place"),
            name=pl.col("operator_name"),
            kind=pl.lit("party"),
        )
    )


def _equipment(manifest: Manifest) -> pl.DataFrame:
    """Boxes where they stand under a bill; a box of the message as a whole only where it stands under none."""
    number = pl.coalesce("equipment_id", "equipment_id_raw")
    boxes = manifest.equipment.filter(number.is_not_null())
    under_a_bill = boxes.filter(pl.col("consignment").is_not_null()).select("message", number.alias("number"))
    loose = boxes.filter(pl.col("consignment").is_null()).with_columns(number=number)
    loose = loose.join(under_a_bill, on=["message", "number"], how="anti", maintain_order="left").drop("number")
    return pl.concat([boxes.filter(pl.col("consignment").is_not_null()), loose]).select(
        _columns(
            consignment=pl.col("consignment"),
            message=pl.col("message"),
            subject=pl.lit("equipment"),
            screened_value=number,
            place=pl.col("place"),
            kind=pl.lit("equipment"),
            identifiers=_number(pl.lit("container"), number),
        )
    )


def _documents(manifest: Manifest) -> pl.DataFrame:
    """Bill numbers, master bills and the documents of consignments and of goods items."""
    bills = manifest.consignments.select(
        "consignment", "message", "place", number=pl.concat_list("transport_contract_document_id", "master_document_id")
    ).explode("number")
    placed = manifest.consignments.select("consignment", "message")
    own = manifest.consignments.select("consignment", "message", "place", "documents")
    of_goods = manifest.goods_items.select("consignment", "place", "documents").join(
        placed, on="consignment", how="inner", maintain_order="left"
    )
    papers = pl.concat([own, of_goods.select(own.columns)]).explode("documents")
    papers = papers.select("consignment", "message", "place", number=pl.col("documents").struct.field("document_id"))
    return (
        pl.concat([bills, papers])
        .drop_nulls("number")
        .select(
            _columns(
                consignment=pl.col("consignment"),
                message=pl.col("message"),
                subject=pl.lit("document"),
                screened_value=pl.col("number"),
                place=pl.col("place"),
                kind=pl.lit("document"),
                identifiers=_number(pl.lit("document"), pl.col("number")),
            )
        )
    )


def _number(scheme: pl.Expr, value: pl.Expr) -> pl.Expr:
    """``scheme:value``; null where there is no value. Separators inside are taken out, they belong to no number."""
    plain = value.str.replace_all("[;:]", " ")
    return pl.concat_str(scheme.str.replace_all("[;:]", " "), pl.lit(":"), plain)
