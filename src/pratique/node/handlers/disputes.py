"""Disputed reasons: an officer says that a reason of a consignment is wrong; it is counted per rule and per feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import polars as pl

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.controls.reason_codes import checked_reason
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.runs.at_hand import require_kept, taken_at_hand
from pratique.node.storage import disputes as stored
from pratique.node.storage import journal, runs
from pratique.node.storage.disputes import DisputeCount, StoredDispute
from pratique.node.storage.runs import StoredConsignment
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

ACT: Final = "dispute"  # of control/reasons.yaml


@dataclass(frozen=True, slots=True)
class Disputes:
    """What stands on the consignment asked about, and how often every reason is disputed, most disputed first."""

    consignment_id: str | None
    standing: tuple[StoredDispute, ...]
    counts: tuple[DisputeCount, ...]


@dataclass(frozen=True, slots=True)
class DisputeReason(Command[StoredDispute]):
    """Says that a reason of a consignment is wrong. Its points stay as they were given; it is counted.

    ``consignment`` is its short id or bill number (the newest version in its newest run), ``reason`` the id of the rule
    or the code of a model's reason, ``because`` a code. :class:`~pratique.node.handlers.undoing.UndoAct` takes it back.
    """

    consignment: str
    reason: str
    because: str
    note: str = ""
    entry: ClassVar[str] = "reasons.disputed"


@dataclass(frozen=True, slots=True)
class ListDisputes(Query[Disputes]):
    """How often each reason is disputed; with a consignment, what stands on it."""

    consignment: str | None = None


def dispute_reason(command: DisputeReason, work: Work) -> Act[StoredDispute]:
    """Raises ``NOT_FOUND`` for a consignment or reason that is not there, ``CONFLICT`` where the officer said so."""
    because, note = checked_reason(ACT, command.because, command.note)

    def act(connection: Connection) -> Done[StoredDispute]:
        chosen = _consignment(connection, command.consignment)
        given = _reason(connection, work, chosen, command.reason)
        _refuse_twice(connection, chosen, command.reason, work.actor.name)
        dispute = StoredDispute(
            seq=journal.next_seq(connection),
            at=to_text(work.at),
            by=work.actor.name,
            run_seq=chosen.run_seq,
            consignment_id=chosen.id,
            profile_id=command.reason,
            profile_version=given["profile_version"],
            points=given["points"],
            because=str(because),
            note=note,
        )
        stored.add_dispute(connection, dispute)
        told = {"consignment": chosen.id, "reason": command.reason, "version": given["profile_version"]}
        return Done(dispute, command=told, outcome={"because": because})

    return act


def list_disputes(query: ListDisputes, view: View) -> Disputes:
    """Raises ``NOT_FOUND`` where nothing has that id or bill number."""
    counts = tuple(stored.dispute_counts(view.connection))
    if query.consignment is None:
        return Disputes(None, (), counts)
    chosen = _consignment(view.connection, query.consignment)
    return Disputes(chosen.id, tuple(stored.disputes_of(view.connection, chosen.id)), counts)


def _consignment(connection: Connection, ref: str) -> StoredConsignment:
    called = runs.consignments_called(connection, ref.strip())
    if not called:
        raise refuse("consignments.not_found", Category.NOT_FOUND, ref=ref)
    return called[0]


def _reason(connection: Connection, work: Work, chosen: StoredConsignment, reason: str) -> dict[str, Any]:
    """The row (schema ``REASON``) of the reason that is disputed."""
    run = runs.run_by_seq(connection, chosen.run_seq)
    require_kept(connection, run)
    reasons = taken_at_hand(connection, work.folder, run).frames["reasons"]
    found = reasons.filter(pl.col("profile_id") == reason, consignment=chosen.consignment)
    if found.is_empty():
        raise refuse("disputes.no_reason", Category.NOT_FOUND, reason=reason[:60], consignment=chosen.id)
    return found.row(0, named=True)


def _refuse_twice(connection: Connection, chosen: StoredConsignment, reason: str, by: str) -> None:
    """One officer says it once of a consignment, so that what is counted are consignments and not clicks."""
    said = [each for each in stored.disputes_of(connection, chosen.id) if (each.profile_id, each.by) == (reason, by)]
    if said:
        raise refuse("disputes.said_before", Category.CONFLICT, by=by, reason=reason, consignment=chosen.id)
