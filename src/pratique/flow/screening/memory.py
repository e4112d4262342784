"""Memory: hits of a pair that people answered before, and that nothing has changed since, stay quiet.

In: hits, the parties of their manifest, and the answers that hold. Out: the same hits, each with the answer that keeps
it quiet, if one does. A quiet hit is kept and shown; it adds no points. This never decides whether an answer still
holds: that is the node's, which knows the entries, the clock and who agreed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from pratique.vocabulary.history import party_key

KNOWN_ANSWER: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    # one row per party as declared and listed entity that somebody answered to be different
    "subject": pl.String,  # party, vessel, equipment, document
    "party_key": pl.String,  # of the screened value
    "list_id": pl.String,
    "entity_id": pl.String,
    "party_sha256": pl.String,  # of everything declared about the party
    "seq": pl.Int64,  # number of the answer
}

DECLARED: Final = ("address_line", "city", "subdivision", "postcode", "country", "party_id", "party_id_scheme")
"""What a message says of a party beside its name; any of it may tell two parties apart."""

QUIET_BY: Final = "quiet_by"
_PAIR: Final = ("subject", "party_key", "list_id", "entity_id", "party_sha256")
_OF_PARTY: Final = ("consignment", "place", "role_code")  # in a table all parties of a row share its place
_BETWEEN: Final = "\x1f"  # stands between the parts of what is digested


def no_answers() -> pl.DataFrame:
    """The memory of somebody who never answered."""
    return pl.DataFrame(schema=dict(KNOWN_ANSWER))


def with_memory(hits: pl.DataFrame, *, parties: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """The hits with ``quiet_by``: the number of the answer (schema ``KNOWN_ANSWER``) that keeps it quiet, else null."""
    if answers.is_empty() or hits.is_empty():
        return hits.with_columns(pl.lit(None, dtype=pl.Int64).alias(QUIET_BY))
    known = answers.select(*_PAIR, pl.col("seq").alias(QUIET_BY)).unique(_PAIR, keep="last", maintain_order=True)
    keyed = hits.with_columns(
        party_key=party_key(pl.col("screened_value").fill_null("")), party_sha256=party_digests(hits, parties)
    )
    found = keyed.join(known, on=list(_PAIR), how="left", maintain_order="left")
    return found.drop("party_key", "party_sha256")


def loud(hits: pl.DataFrame) -> pl.DataFrame:
    """The hits that no answer keeps quiet: those that rules may see."""
    return hits.filter(pl.col(QUIET_BY).is_null()) if QUIET_BY in hits.columns else hits


def declared_sides(hits: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """What was declared on the side of each hit: ``name`` and the fields of ``DECLARED``, in the order of ``hits``.

    A hit on a vessel, a box or a document has a name only.
    """
    own = parties.select(*_OF_PARTY, *DECLARED).unique(_OF_PARTY, keep="first", maintain_order=True)
    keys = hits.select(
        "consignment",
        "role_code",
        pl.when(pl.col("subject") == "party").then("place").alias("place"),
        pl.col("screened_value").alias("name"),
    )
    joined = keys.join(own, on=list(_OF_PARTY), how="left", nulls_equal=True, maintain_order="left")
    return joined.select("name", *DECLARED)


def party_digests(hits: pl.DataFrame, parties: pl.DataFrame) -> pl.Series:
    """SHA-256 (hex) of the declared side of each hit; differences of case, punctuation and blanks do not count."""
    sides = declared_sides(hits, parties)
    parts = [party_key(pl.col(name).fill_null("")) for name in ("name", *DECLARED)]
    texts = sides.select(pl.concat_str(parts, separator=_BETWEEN)).to_series().to_list()
    return pl.Series([_sha256(text) for text in texts], dtype=pl.String)


def _sha256(text: Any) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()
