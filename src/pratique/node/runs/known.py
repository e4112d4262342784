"""The past: looked up for the consignments of a manifest, and added to once they are assessed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import polars as pl

from pratique.flow.assess import MetPast
from pratique.flow.intake.amendments import known_bills
from pratique.node.instants import from_text, to_text
from pratique.node.storage import history as stored
from pratique.node.storage.runs import first_run_at
from pratique.node.storage.store import Connection
from pratique.vocabulary.frames import UTC_TIME, Manifest, Schema
from pratique.vocabulary.history import (
    KNOWN_BILL,
    KNOWN_BOX,
    KNOWN_PARTY,
    KNOWN_ROUTE,
    History,
    known_bills_of_then,
    party_keys,
)

ORIGINAL: Final = "9"  # EDIFACT 1225
BETWEEN: Final = "\x1f"  # stands between the parts of a list in one text
MOMENT: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"


def known_past(connection: Connection, manifest: Manifest, as_of: datetime) -> History:
    """What earlier runs left about the parties, boxes and bills of this manifest, and nothing about any other."""
    parties = party_keys(manifest.parties["name"])["party_key"].unique()
    boxes = manifest.equipment["equipment_id"].drop_nulls().unique()
    bills = manifest.consignments["transport_contract_document_id"].drop_nulls().unique()
    amending = manifest.message.filter(pl.col("function_code") != ORIGINAL)
    references = pl.concat([amending["functional_reference_id"], amending["replaces_id"]]).drop_nulls()
    counts = stored.counts(connection)
    return History(
        as_of=as_of,
        parties=_frame(KNOWN_PARTY, stored.PARTY_COLUMNS, stored.parties_known(connection, parties)),
        boxes=_frame(KNOWN_BOX, stored.BOX_COLUMNS, stored.boxes_known(connection, boxes)),
        bills=_frame(KNOWN_BILL, stored.BILL_COLUMNS, stored.bills_known(connection, bills, references=references)),
        party_count=counts["known_party"],
        bill_count=counts["known_bill"],
        routes=_frame(KNOWN_ROUTE, stored.ROUTE_COLUMNS, stored.routes_known(connection)),
        since=from_text(first) if (first := first_run_at(connection)) else as_of,
    )


def past_then(manifest: Mapping[str, Any], read: Callable[[str], pl.DataFrame]) -> History:
    """The past that a stored run was decided with; ``read`` gives a frame of the run by its name."""
    known = manifest["known"]
    return History(
        as_of=from_text(manifest["at"]),
        parties=read("known_parties"),
        boxes=read("known_boxes"),
        bills=known_bills_of_then(read("known_bills")),
        party_count=known["parties"],
        bill_count=known["bills"],
        routes=read("known_routes"),
        since=from_text(known["since"]) if "since" in known else None,
    )


def remember(connection: Connection, met: MetPast, *, history: History, counted: Collection[str], at: datetime) -> None:
    """Adds a run to the past. Raw messages (SHA-256) that are ``counted`` already do not count their parties again."""
    marked = _marked(met, counted)
    moment = to_text(at)
    stored.remember_parties(connection, _party_rows(met.manifest, marked, moment))
    stored.remember_boxes(connection, _box_rows(met.manifest, marked, moment))
    bills = known_bills(met.versions, at)
    stored.remember_bills(connection, _bill_rows(bills))
    stored.remember_routes(connection, _route_rows(bills, history.bills))


def _marked(met: MetPast, counted: Collection[str]) -> pl.DataFrame:
    """``consignment, consignment_id, new, bill`` for every consignment of the run."""
    messages = met.manifest.message.select("message", new=~pl.col("raw_sha256").is_in(sorted(counted)))
    return (
        met.manifest.consignments.with_columns(consignment_id=met.consignment_ids)
        .join(messages, on="message", how="left", maintain_order="left")
        .select("consignment", "consignment_id", "new", pl.col("transport_contract_document_id").alias("bill"))
    )


def _party_rows(manifest: Manifest, marked: pl.DataFrame, moment: str) -> list[tuple[Any, ...]]:
    keys = party_keys(manifest.parties["name"])
    named = manifest.parties.select("consignment", "name").drop_nulls().join(keys, on="name").drop("name")
    counted = (
        named.unique(maintain_order=True)
        .join(marked.select("consignment", "new"), on="consignment", how="left", maintain_order="left")
        .group_by("party_key", maintain_order=True)
        .agg(consignment_count=pl.col("new").sum().cast(pl.Int64))
        .filter(pl.col("party_key") != "")
    )
    at = pl.lit(moment)
    return (
        counted.select("party_key", first_seen=at, last_seen=at, consignment_count="consignment_count")
        .sort("party_key")
        .rows()
    )


def _box_rows(manifest: Manifest, marked: pl.DataFrame, moment: str) -> list[tuple[Any, ...]]:
    journeys = manifest.transport.group_by("message", maintain_order=True).agg(
        pl.col("journey_id", "arrival_datetime").drop_nulls().first()
    )
    return (
        manifest.equipment.drop_nulls("equipment_id")
        .select("equipment_id", "consignment", "message")
        .join(marked, on="consignment", how="left", maintain_order="left")
        .join(journeys, on="message", how="left", maintain_order="left")
        .unique("equipment_id", keep="last", maintain_order=True)
        .sort("equipment_id")  # in the order of the table's key: neighbours share a page
        .select(
            "equipment_id",
            "consignment_id",
            "bill",
            "journey_id",
            pl.col("arrival_datetime").dt.strftime(MOMENT),
            pl.lit(moment),
        )
        .rows()
    )


def _route_rows(bills: pl.DataFrame, before: pl.DataFrame) -> list[tuple[Any, ...]]:
    first_seen = bills.join(before, on=["transport_contract_document_id", "sender_id"], how="anti", nulls_equal=True)
    routes = first_seen.drop_nulls(["loading_location", "unloading_location"])
    counted = routes.group_by("loading_location", "unloading_location", maintain_order=True).agg(bill_count=pl.len())
    return counted.select(stored.ROUTE_COLUMNS).rows()


def _bill_rows(known: pl.DataFrame) -> list[tuple[Any, ...]]:
    columns: Mapping[str, pl.Expr] = {
        "sender_id": pl.col("sender_id").fill_null(""),
        "received_at": pl.col("received_at").dt.strftime(MOMENT),
        "issued_at": pl.col("issued_at").dt.strftime(MOMENT),
        "cancelled": pl.col("cancelled").cast(pl.Int64),
        "equipment_ids": pl.col("equipment_ids").list.join(BETWEEN),
        "seal_ids": pl.col("seal_ids").list.join(BETWEEN),
    }
    return known.with_columns(**columns).select(stored.BILL_COLUMNS).sort(stored.BILL_COLUMNS[:2]).rows()


def _frame(schema: Schema, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Rows of the store as a frame of ``schema``: moments, flags and lists become what they were."""
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    frame = pl.DataFrame(
        dict(zip(columns, values, strict=True)), schema={name: _stored_as(schema[name]) for name in columns}
    )
    return frame.select(_restored(name, dtype) for name, dtype in schema.items())


def _stored_as(dtype: Any) -> Any:
    if dtype in (UTC_TIME, pl.List(pl.String)):
        return pl.String
    return pl.Int64 if dtype == pl.Boolean else dtype


def _restored(name: str, dtype: Any) -> pl.Expr:
    value = pl.col(name)
    if dtype == UTC_TIME:
        return value.str.to_datetime(MOMENT, time_unit="us", time_zone="UTC")
    if dtype == pl.List(pl.String):
        parts = value.str.split(BETWEEN)
        return pl.when(value == "").then(pl.lit([], dtype=pl.List(pl.String))).otherwise(parts).alias(name)
    if name == "sender_id":
        return value.replace("", None)
    return value.cast(dtype)
