"""A run goes into the store: its record, the look-up of its consignments, what people will touch, and the past."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from pratique.flow.assess import Assessment, MetPast, output_digest
from pratique.node.canonical import canonical, digest
from pratique.node.instants import to_text
from pratique.node.runs.calls import calls_in
from pratique.node.runs.known import remember
from pratique.node.runs.rows import rows_digests, run_rows
from pratique.node.storage import runs as stored
from pratique.node.storage.calls import add_calls
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection
from pratique.vocabulary.history import History
from pratique.vocabulary.ids import short_id


@dataclass(frozen=True, slots=True)
class ToldRun:
    """What a run leaves, told before its record is written: the rows of each table and the digest of its output."""

    assessment: Assessment
    seq: int
    at: datetime
    rows: Mapping[str, pl.DataFrame]
    output_sha256: str


def add_to_past(connection: Connection, met: MetPast, *, history: History, at: datetime) -> None:
    """Adds what a run met to the past; it may do so while the run is still being screened."""
    before = stored.assessed_before(connection, met.manifest.message["raw_sha256"])
    remember(connection, met, history=history, counted=before, at=at)


def tell_run(assessment: Assessment, *, seq: int, at: datetime) -> ToldRun:
    """Makes the rows that the run leaves, whose journal entry will have the number ``seq``.

    It needs no file of the run, so that the files can be written meanwhile.
    """
    return ToldRun(assessment, seq, at, run_rows(assessment, seq), output_digest(assessment))


def store_run(
    connection: Connection, told: ToldRun, *, manifest: Mapping[str, Any], actor: str
) -> tuple[StoredRun, dict[str, str]]:
    """Stores the run under its manifest; gives it with the digests of its rows."""
    assessment, manifest_sha256 = told.assessment, digest(manifest)
    run = StoredRun(
        id=short_id("run", str(told.seq), manifest_sha256),
        seq=told.seq,
        at=to_text(told.at),
        actor=actor,
        manifest=canonical(manifest),
        manifest_sha256=manifest_sha256,
        output_sha256=told.output_sha256,
        consignment_count=assessment.manifest.consignments.height,
        hit_count=assessment.hits.height,
        chosen_count=told.rows["decision"].height,
    )
    stored.add_run(connection, run)
    add_calls(connection, run.seq, calls_in(run.id, assessment.manifest.message, assessment.manifest.transport))
    with ThreadPoolExecutor(max_workers=1) as beside:
        digests = beside.submit(rows_digests, told.rows)
        for name, frame in told.rows.items():
            stored.add_rows(connection, name, frame.rows())
    return run, digests.result()


def journal_outcome(run: StoredRun) -> dict[str, object]:
    """What the journal keeps the digest of when a run is stored."""
    return {
        "output": run.output_sha256,
        "consignments": run.consignment_count,
        "hits": run.hit_count,
        "chosen": run.chosen_count,
    }
