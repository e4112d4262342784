"""Parties: who is known, who shares an address or a telephone, who only stands in for another."""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique.flow.risk.facts.reference import Reference
from pratique.flow.risk.facts.words import contains_any, spaced
from pratique.vocabulary.history import History, party_key

ENOUGH_HISTORY: Final = 1_000  # parties or bills; below it, as in a young history, "never seen" says nothing
_ADDRESS: Final = ["address_line", "city", "postcode", "country"]
POST_BOX_REST: Final = 12  # letters that may stand beside the words "PO BOX" before it is more than a post box


def party_facts(parties: pl.DataFrame, rows: pl.DataFrame, *, history: History, reference: Reference) -> pl.DataFrame:
    """The facts of every party of a consignment, in the order of ``parties``; ``rows`` has ``consignment, row``.

    Each different name, address and telephone is looked at once.
    """
    keyed = (
        parties.join(rows, on="consignment", maintain_order="left")
        .join(_names(parties, reference), on="name", how="left", maintain_order="left")
        .join(_addresses(parties, reference), on=_ADDRESS, how="left", nulls_equal=True, maintain_order="left")
    )
    pairs = keyed.filter(~pl.col("is_to_order")).select("name_key", "address_key").drop_nulls().unique()
    for of, name in (("address_key", "names_at_address"), ("name_key", "addresses_of_name")):
        counts = pairs.group_by(of).agg(pl.len().cast(pl.Int64).alias(name))
        keyed = keyed.join(counts, on=of, how="left", maintain_order="left")
    return _with_seen(_with_phones(keyed), history)


def _names(parties: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    names = parties.select("name").drop_nulls().unique(maintain_order=True)
    text = spaced(pl.col("name"))
    key = party_key(pl.col("name"))
    return names.with_columns(
        name_key=pl.when(key != "").then(key),
        is_forwarder=contains_any(text, _phrases(reference, "forwarder")),
        is_to_order=contains_any(text, _phrases(reference, "to_order")) | text.str.contains(r"^ ORDER "),
    )


def _addresses(parties: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    different = parties.select(_ADDRESS).unique(maintain_order=True)
    street = party_key(pl.col("address_line"))
    town = party_key(pl.coalesce("city", "postcode"))
    return different.with_columns(
        address_key=pl.when(street.str.len_chars() > 0).then(
            pl.concat_str(street, town, "country", separator="|", ignore_nulls=True)
        ),
        post_box_only=_post_box(reference),
    )


def _phone_keys() -> pl.Expr:
    """``TE:+49 40 555-12`` and ``FX:0049...`` by their last nine digits, mail by its text; shorter ones say nothing."""
    number = pl.element().str.replace(r"^[A-Z]{2}:", "")
    digits = number.str.replace_all(r"[^0-9]", "")
    key = (
        pl.when(number.str.contains("@", literal=True)).then(number.str.to_lowercase()).otherwise(digits.str.slice(-9))
    )
    return pl.col("communication").list.eval(key.filter(key.str.len_chars() >= 7).unique(maintain_order=True))


def _post_box(reference: Reference) -> pl.Expr:
    text = spaced(pl.col("address_line"))
    rest = text.str.replace_many({f" {phrase} ": " " for phrase in _phrases(reference, "post_box")})
    letters = rest.str.replace_all(r"[^\p{L}]", "").str.len_chars()
    return contains_any(text, _phrases(reference, "post_box")) & (letters <= POST_BOX_REST)


def _phrases(reference: Reference, kind: str) -> list[str]:
    return reference.party_words.filter(pl.col("kind") == kind)["phrase"].to_list()


def _with_phones(keyed: pl.DataFrame) -> pl.DataFrame:
    numbers = keyed.select("communication").drop_nulls().unique(maintain_order=True).with_columns(phone=_phone_keys())
    calls = (
        keyed.filter(pl.col("name_key").is_not_null() & pl.col("communication").is_not_null())
        .select("name_key", "communication")
        .unique()
        .join(numbers, on="communication")
        .explode("phone", empty_as_null=True)
        .drop_nulls("phone")
    )
    counts = calls.group_by("phone").agg(names_at_phone=pl.col("name_key").n_unique().cast(pl.Int64))
    most = calls.join(counts, on="phone").group_by("communication").agg(pl.col("names_at_phone").max())
    told = numbers.rename({"phone": "phone_keys"}).join(most, on="communication", how="left")
    return keyed.join(told, on="communication", how="left", maintain_order="left")


def _with_seen(keyed: pl.DataFrame, history: History) -> pl.DataFrame:
    if history.is_young or history.parties_in_all < ENOUGH_HISTORY:
        return keyed.with_columns(seen_before=pl.lit(None, dtype=pl.Int64))
    known = history.parties.select(name_key="party_key", seen_before="consignment_count").unique(
        "name_key", keep="first", maintain_order=True
    )
    return keyed.join(known, on="name_key", how="left", maintain_order="left").with_columns(
        seen_before=pl.when(pl.col("name_key").is_not_null()).then(pl.col("seen_before").fill_null(0))
    )
