"""A run goes into the store: its record, the look-up of its consignments, what people will touch, and the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from pratique.flow.assess import Assessment, output_digest
from pratique.node.calls import calls_in
from pratique.node.canonical import canonical, digest
from pratique.node.instants import to_text
from pratique.node.known import remember
from pratique.node.storage import runs as stored
from pratique.node.storage.calls import add_calls
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection
from pratique.vocabulary.history import History
from pratique.vocabulary.ids import short_id
from pratique.vocabulary.reasons import Control


def store_run(
    connection: Connection,
    assessment: Assessment,
    *,
    history: History,
    manifest: Mapping[str, Any],
    seq: int,
    at: datetime,
    actor: str,
) -> StoredRun:
    """Stores the run whose journal entry will have the number ``seq``."""
    manifest_sha256 = digest(manifest)
    chosen = chosen_decisions(assessment.decisions)
    run = StoredRun(
        id=short_id("run", str(seq), manifest_sha256),
        seq=seq,
        at=to_text(at),
        actor=actor,
        manifest=canonical(manifest),
        manifest_sha256=manifest_sha256,
        output_sha256=output_digest(assessment),
        consignment_count=assessment.manifest.consignments.height,
        hit_count=assessment.hits.height,
        chosen_count=chosen.height,
    )
    stored.add_run(connection, run)
    raws = assessment.manifest.message["raw_sha256"].unique(maintain_order=True).drop_nulls()
    before = stored.assessed_before(connection, raws)
    stored.add_messages(connection, seq, raws)
    add_calls(connection, seq, calls_in(run.id, assessment.manifest.message, assessment.manifest.transport))
    remember(connection, assessment, history=history, counted=before, at=at)
    stored.add_consignments(connection, _consignment_rows(assessment, seq))
    stored.add_hits(connection, _hit_rows(assessment, seq))
    stored.add_decisions(connection, _decision_rows(chosen, assessment, seq))
    return run


def journal_outcome(run: StoredRun) -> dict[str, object]:
    """What the journal keeps the digest of when a run is stored."""
    return {"output": run.output_sha256, "consignments": run.consignment_count, "chosen": run.chosen_count}


def chosen_decisions(decisions: pl.DataFrame) -> pl.DataFrame:
    """Decisions that take a person's time: a slot, an audit, or a must for which no slot was left."""
    return decisions.filter((pl.col("control") != Control.NONE.value) | pl.col("unplaced")).sort("rank")


def _consignment_rows(assessment: Assessment, seq: int) -> list[tuple[Any, ...]]:
    manifest = assessment.manifest
    senders = manifest.message.select("message", "sender_id")
    return (
        manifest.consignments.join(senders, on="message", how="left", maintain_order="left")
        .select(
            assessment.consignment_ids,
            pl.lit(seq),
            "consignment",
            "transport_contract_document_id",
            "sender_id",
            assessment.versions.frame["version"],
            (assessment.versions.frame["change"] == "cancelled").cast(pl.Int64).alias("cancelled"),
        )
        .sort("consignment_id")
        .rows()
    )


def _hit_rows(assessment: Assessment, seq: int) -> list[tuple[Any, ...]]:
    hits = assessment.hits.with_row_index("number").with_columns(
        run_seq=pl.lit(seq), consignment_id=_ids_of(assessment.hits, assessment)
    )
    return hits.select(stored.HIT_COLUMNS).rows()


def _decision_rows(chosen: pl.DataFrame, assessment: Assessment, seq: int) -> list[tuple[Any, ...]]:
    return (
        chosen.join(assessment.scores.select("consignment", "score"), on="consignment", how="left")
        .with_columns(run_seq=pl.lit(seq), consignment_id=_ids_of(chosen, assessment))
        .with_columns(pl.col("unplaced").cast(pl.Int64))
        .select(stored.DECISION_COLUMNS)
        .rows()
    )


def _ids_of(rows: pl.DataFrame, assessment: Assessment) -> pl.Series:
    return assessment.consignment_ids.gather(rows["consignment"])
