"""Approved control lists: one for each call of a run, frozen as the officer saw it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select

from pratique.node.storage.tables import approval


@dataclass(frozen=True, slots=True)
class StoredApproval:
    """One approval. ``decisions`` is canonical JSON: where the frozen frame lies."""

    run_seq: int
    call_id: str
    seq: int
    at: str
    by: str
    list_sha256: str
    control_count: int
    decisions: str


def add_approval(connection: Connection, added: StoredApproval) -> None:
    """Adds the approval of a call, of which there can be one."""
    connection.execute(insert(approval).values(**asdict(added)))


def approvals_of(connection: Connection, run_seq: int) -> dict[str, StoredApproval]:
    """The approvals of a run by the id of the call."""
    rows = connection.execute(select(approval).where(approval.c.run_seq == run_seq).order_by(approval.c.seq))
    return {row.call_id: StoredApproval(**row._asdict()) for row in rows}
