"""The whole ledger, checked before somebody's eyes, and when that was last done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import canonical
from pratique.node.instants import to_text
from pratique.node.ledger.log import pending
from pratique.node.ledger.verdict import LedgerFault, Step, Verdict
from pratique.node.ledger.verifying import verified
from pratique.node.storage import journal
from pratique.node.storage.ledger_checks import StoredCheck, last_check, put_check
from pratique.node.storage.ledger_order import log_size, newest_checkpoint
from pratique.node.storage.store import Connection


@dataclass(frozen=True, slots=True)
class VerifyLedger(Command[Verdict]):
    """Hashes every entry and branch again and compares them with all that was signed.

    ``copies`` are checkpoints that others hold, by whose they are: a partner's copy shows a fork or a rollback even
    where somebody changed everything in this folder.
    """

    copies: Mapping[str, bytes] = field(default_factory=dict)
    entry: ClassVar[str] = "ledger.verified"


def verify_ledger(command: VerifyLedger, work: Work) -> Act[Verdict]:
    """What does not hold is part of the answer, never an error. Raises ``MISCONFIGURED`` without a log key."""
    verdict = verified(work.folder, work.stores, copies=command.copies, progress=work.say)

    def act(connection: Connection) -> Done[Verdict]:
        told = {
            "root": verdict.root,
            "pending": verdict.pending,
            "erased": verdict.erased,
            "steps": [asdict(step) for step in verdict.steps],
            "faults": [{"code": fault.code, "params": dict(fault.params)} for fault in verdict.faults],
        }
        check = StoredCheck(
            journal.next_seq(connection),
            to_text(work.at),
            work.actor.name,
            verdict.size,
            verdict.fault_count,
            canonical(told),
        )
        put_check(connection, check)
        facts = {"size": verdict.size, "root": verdict.root, "faults": verdict.fault_count}
        return Done(verdict, command=facts, outcome=facts)

    return act


@dataclass(frozen=True, slots=True)
class LedgerState:
    """Where the log stands, and what the last check of all of it came to (``None`` where there was none).

    ``checkpoint_at`` is when the newest checkpoint was signed, ``pending`` how many leaves came since.
    """

    size: int
    pending: int
    checkpoint_at: str | None
    checked_at: str | None
    checked_by: str | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class ShowLedgerState(Query[LedgerState]):
    """Where the log stands; quick enough for every page."""


def show_ledger_state(query: ShowLedgerState, view: View) -> LedgerState:
    """Nothing is hashed again."""
    newest, checked = newest_checkpoint(view.connection), last_check(view.connection)
    with view.stores.access.reading() as access:
        left = pending(view.connection, access)
    return LedgerState(
        size=log_size(view.connection),
        pending=left,
        checkpoint_at=newest.at if newest else None,
        checked_at=checked.at if checked else None,
        checked_by=checked.by if checked else None,
        verdict=_verdict(checked) if checked else None,
    )


@dataclass(frozen=True, slots=True)
class LedgerBadge:
    """What every page says of the ledger: when all of it was last checked (``None``: never), and what did not hold."""

    checked_at: str | None
    fault_count: int
    first_fault: LedgerFault | None


@dataclass(frozen=True, slots=True)
class ShowLedgerBadge(Query[LedgerBadge]):
    """The last check of the ledger in short."""


def show_ledger_badge(query: ShowLedgerBadge, view: View) -> LedgerBadge:
    """One row is read."""
    checked = last_check(view.connection)
    if checked is None:
        return LedgerBadge(None, 0, None)
    faults = _verdict(checked).faults if checked.fault_count else ()
    return LedgerBadge(checked.at, checked.fault_count, faults[0] if faults else None)


def _verdict(check: StoredCheck) -> Verdict:
    told: dict[str, Any] = json.loads(check.verdict)
    return Verdict(
        size=check.tree_size,
        root=told["root"],
        pending=told["pending"],
        erased=told["erased"],
        steps=tuple(Step(**step) for step in told["steps"]),
        faults=tuple(LedgerFault.of(each["code"], each["params"]) for each in told["faults"]),
        fault_count=check.fault_count,
    )
