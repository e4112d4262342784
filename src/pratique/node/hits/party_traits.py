"""What ties parties together: the name, the address, telephones and mail, the number; one row for each."""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl

from pratique.flow.screening.words import no_names
from pratique.node.canonical import digest
from pratique.node.frame_cache import FRAMES
from pratique.node.runs.manifest import CONSIGNMENT_ID
from pratique.node.runs.queue_frame import RunFrames
from pratique.vocabulary.history import party_key, party_keys

NAME: Final = "name"
TRAITS: Final = ("address", "communication", "number")
SHORTEST_ADDRESS: Final = 8  # characters: a city alone ties nobody together


def traits_of(frames: RunFrames) -> pl.DataFrame:
    """``consignment_id, key, name, role_code, trait, value`` of every named party of a run.

    ``trait`` is name (value: the key), address, communication or number; values are compared as they stand, without
    case, punctuation and blanks.
    """
    return FRAMES.get(digest(["traits", frames.key]), lambda: _made(frames))


@cache
def nobody() -> frozenset[str]:
    """What stands in a name field without naming anyone (SAME AS CONSIGNEE), as keys."""
    return frozenset(" ".join(words) for words in no_names("whole"))


def _made(frames: RunFrames) -> pl.DataFrame:
    said = frames["parties"].filter(pl.col("consignment").is_not_null() & pl.col("name").is_not_null())
    parties = said.filter(~party_key(pl.col("name")).is_in(sorted(nobody())))
    ids = frames["consignments"].select("consignment", CONSIGNMENT_ID)
    keys = party_keys(parties["name"]).rename({"party_key": "key"})
    named = parties.join(keys, on="name", how="left", maintain_order="left").join(
        ids, on="consignment", how="left", maintain_order="left"
    )
    address = pl.concat_str("address_line", "postcode", "city", "country", separator=" ", ignore_nulls=True)
    plain_address = pl.when(pl.col("address_line").is_not_null()).then(party_key(address))
    told = [
        _rows(named, NAME, pl.col("key")),
        _rows(named, "address", pl.when(plain_address.str.len_chars() >= SHORTEST_ADDRESS).then(plain_address)),
        _rows(named, "number", party_key(pl.col("party_id"))),
        _rows(
            named.explode("communication"),
            "communication",
            pl.col("communication").str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}@:.+]", ""),
        ),
    ]
    return pl.concat(told)


def _rows(named: pl.DataFrame, trait: str, value: pl.Expr) -> pl.DataFrame:
    return named.select(CONSIGNMENT_ID, "key", "name", "role_code", trait=pl.lit(trait), value=value).filter(
        pl.col("value").is_not_null() & (pl.col("value") != "")
    )
