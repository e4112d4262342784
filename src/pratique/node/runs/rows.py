"""The rows of a run that people ask for, and one digest per table, by which the journal knows them again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from pratique.flow.assess import Assessment
from pratique.node.storage import runs as stored
from pratique.node.storage.store import Connection
from pratique.node.storage.tables import PURPOSE, RETENTION_CLASS
from pratique.vocabulary.reasons import Control

CHANGED: Final = "changed"  # stands for the digest of rows that do not even have their types


def run_rows(assessment: Assessment, seq: int) -> dict[str, pl.DataFrame]:
    """The rows of the run with that number by table: exactly its columns, in the order of its key."""
    rows = {
        "run_message": _messages(assessment),
        "consignment": _consignments(assessment),
        "hit": _hits(assessment),
        "decision": _decisions(assessment),
    }
    return {
        name: frame.with_columns(run_seq=pl.lit(seq, pl.Int64)).select(
            pl.col(column).cast(dtype) for column, dtype in stored.run_columns(name).items()
        )
        for name, frame in rows.items()
    }


def rows_digests(rows: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """SHA-256 (hex) of the rows of each table, as text in which no two values look alike."""
    return {
        name: hashlib.sha256(
            frame.write_csv(quote_style="non_numeric", null_value="null", include_header=True).encode()
        ).hexdigest()
        for name, frame in sorted(rows.items())
    }


def stored_digests(connection: Connection, seq: int) -> dict[str, str]:
    """The same digests, from what the store has now; ``changed`` where a value does not have the type of its column."""
    digests: dict[str, str] = {}
    for name in stored.RUN_TABLES:
        try:
            frame = pl.DataFrame(stored.run_rows(connection, name, seq), stored.run_columns(name), orient="row")
        except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
            digests[name] = CHANGED
        else:
            digests |= rows_digests({name: frame})
    return digests


def chosen_decisions(decisions: pl.DataFrame) -> pl.DataFrame:
    """Decisions that take a person's time: a slot, an audit, or a must for which no slot was left."""
    return decisions.filter((pl.col("control") != Control.NONE.value) | pl.col("unplaced")).sort("rank")


def _messages(assessment: Assessment) -> pl.DataFrame:
    raws = assessment.manifest.message.select("raw_sha256").drop_nulls()
    return raws.unique().sort("raw_sha256")


def _consignments(assessment: Assessment) -> pl.DataFrame:
    manifest, versions = assessment.manifest, assessment.versions.frame
    senders = manifest.message.select("message", "sender_id")
    return (
        manifest.consignments.join(senders, on="message", how="left", maintain_order="left")
        .with_columns(
            assessment.consignment_ids.alias("id"),
            versions["version"],
            (versions["change"] == "cancelled").alias("cancelled"),
            pl.col("transport_contract_document_id").alias("bill"),
        )
        .sort("id")
    )


def _hits(assessment: Assessment) -> pl.DataFrame:
    return assessment.hits.with_row_index("number").with_columns(
        consignment_id=_ids_of(assessment.hits, assessment),
        purpose=pl.lit(PURPOSE),
        retention_class=pl.lit(RETENTION_CLASS),
    )


def _decisions(assessment: Assessment) -> pl.DataFrame:
    chosen = chosen_decisions(assessment.decisions)
    scores = assessment.scores.select("consignment", "score")
    return chosen.join(scores, on="consignment", how="left", maintain_order="left").with_columns(
        consignment_id=_ids_of(chosen, assessment)
    )


def _ids_of(rows: pl.DataFrame, assessment: Assessment) -> Any:
    return assessment.consignment_ids.gather(rows["consignment"])
