"""A run goes into the store: its record, the look-up of its consignments, what people will touch, and the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pratique.flow.assess import Assessment, output_digest
from pratique.node.calls import calls_in
from pratique.node.canonical import canonical, digest
from pratique.node.instants import to_text
from pratique.node.known import remember
from pratique.node.run_rows import rows_digests, run_rows
from pratique.node.storage import runs as stored
from pratique.node.storage.calls import add_calls
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection
from pratique.vocabulary.history import History
from pratique.vocabulary.ids import short_id


def store_run(
    connection: Connection,
    assessment: Assessment,
    *,
    history: History,
    manifest: Mapping[str, Any],
    seq: int,
    at: datetime,
    actor: str,
) -> tuple[StoredRun, dict[str, str]]:
    """Stores the run whose journal entry will have the number ``seq``; gives it with the digests of its rows."""
    manifest_sha256 = digest(manifest)
    rows = run_rows(assessment, seq)
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
        chosen_count=rows["decision"].height,
    )
    stored.add_run(connection, run)
    before = stored.assessed_before(connection, rows["run_message"]["raw_sha256"])
    add_calls(connection, seq, calls_in(run.id, assessment.manifest.message, assessment.manifest.transport))
    remember(connection, assessment, history=history, counted=before, at=at)
    for name, frame in rows.items():
        stored.add_rows(connection, name, frame.rows())
    return run, rows_digests(rows)


def journal_outcome(run: StoredRun) -> dict[str, object]:
    """What the journal keeps the digest of when a run is stored."""
    return {
        "output": run.output_sha256,
        "consignments": run.consignment_count,
        "hits": run.hit_count,
        "chosen": run.chosen_count,
    }
