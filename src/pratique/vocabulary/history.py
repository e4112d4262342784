"""What the node already knows when an assessment starts, as of one moment, so that a replay sees the same past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from pratique.vocabulary.frames import UTC_TIME, Schema, frame

KNOWN_PARTY: Final[Schema] = {
    "party_key": pl.String,  # as made by party_key() below
    "first_seen": UTC_TIME,
    "last_seen": UTC_TIME,
    "consignment_count": pl.Int64,
}

KNOWN_BOX: Final[Schema] = {
    "equipment_id": pl.String,
    "consignment_id": pl.String,  # short id of the newest consignment that declared it
    "transport_contract_document_id": pl.String,
    "journey_id": pl.String,
    "arrival_datetime": UTC_TIME,
    "last_seen": UTC_TIME,
}

KNOWN_BILL: Final[Schema] = {
    # the newest version of every bill the node has read
    "transport_contract_document_id": pl.String,
    "sender_id": pl.String,
    "consignment_id": pl.String,
    "version": pl.Int64,  # 1 for the first
    "message_id": pl.String,
    "functional_reference_id": pl.String,
    "raw_sha256": pl.String,
    "received_at": UTC_TIME,
    "cancelled": pl.Boolean,
    "gross_mass_g": pl.Int64,
    "package_count": pl.Int64,
    "consignor_name": pl.String,
    "consignee_name": pl.String,
    "loading_location": pl.String,
    "unloading_location": pl.String,
    "descriptions": pl.String,  # of all goods items, joined with " | "
    "equipment_ids": pl.List(pl.String),
    "seal_ids": pl.List(pl.String),
    "issued_at": UTC_TIME,  # when the message was issued that this version is of; null: it does not say
    "said_function": pl.String,  # its function (EDIFACT 1225), the bill's own before the message's
}

KNOWN_ROUTE: Final[Schema] = {
    "loading_location": pl.String,
    "unloading_location": pl.String,
    "bill_count": pl.Int64,  # bills first seen on this route
}

OF_AGE: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class History:
    """Known parties, boxes and bills at ``as_of`` (UTC).

    The frames need to hold only what the manifest at hand could meet: its own parties, boxes, bills and the bills of
    the messages it refers to. How much is known in all stands in ``party_count``, ``bill_count`` and ``routes``
    (schema ``KNOWN_ROUTE``); where these are not given the frames are all there is. ``since`` is when the node first
    saw anything; ``None`` stands for a moment long gone.
    """

    as_of: datetime
    parties: pl.DataFrame
    boxes: pl.DataFrame
    bills: pl.DataFrame
    party_count: int | None = None
    bill_count: int | None = None
    routes: pl.DataFrame | None = None
    since: datetime | None = None

    @property
    def is_young(self) -> bool:
        """It is so short that most of what comes is new to it, which then says nothing of anybody."""
        return self.since is not None and self.as_of - self.since < OF_AGE

    @property
    def parties_in_all(self) -> int:
        """How many parties the node knows."""
        return self.parties.height if self.party_count is None else self.party_count

    @property
    def bills_in_all(self) -> int:
        """How many bills the node knows."""
        return self.bills.height if self.bill_count is None else self.bill_count

    @property
    def routes_in_all(self) -> pl.DataFrame:
        """How many bills the node knows on each route (schema ``KNOWN_ROUTE``)."""
        if self.routes is not None:
            return self.routes
        route = self.bills.group_by("loading_location", "unloading_location", maintain_order=True)
        return route.agg(bill_count=pl.len().cast(pl.Int64)).drop_nulls()


def known_bills_of_then(kept: pl.DataFrame) -> pl.DataFrame:
    """The known bills that an earlier run was decided with; what was not kept then is null."""
    lacking = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in KNOWN_BILL.items() if name not in kept.columns]
    return kept.with_columns(lacking).select(list(KNOWN_BILL))


def empty_history(as_of: datetime) -> History:
    """The past of a node that has seen nothing."""
    return History(as_of=as_of, parties=frame(KNOWN_PARTY), boxes=frame(KNOWN_BOX), bills=frame(KNOWN_BILL))


def party_key(name: pl.Expr) -> pl.Expr:
    """Names that differ in case, punctuation and blanks only share one key."""
    return name.str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def party_keys(names: pl.Series) -> pl.DataFrame:
    """``name, party_key`` of each distinct name: made once for each, for they repeat."""
    return (
        names.drop_nulls()
        .unique(maintain_order=True)
        .to_frame("name")
        .with_columns(party_key=party_key(pl.col("name")))
    )
