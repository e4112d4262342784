"""The clocks of what was shared: content goes when its time is over, and the partner that waits for it is told so.

The last day is the earliest that the agreement, an inherited caveat or, where neither says one, the node's own class
names. Nobody is asked: only where the gate does not let a certificate go, a person finds another clause for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange.arriving import erased_beside, swept_aside
from pratique.node.exchange.disclosing import About, Disclosed, disclose_in
from pratique.node.exchange.following import Under, follow_up, received_message
from pratique.node.exchange.recalled import recalled
from pratique.node.exchange.share import Share, decided
from pratique.node.exchange.told import DESTROYED
from pratique.node.files import remove_files
from pratique.node.instants import to_text
from pratique.node.settings import Settings
from pratique.node.storage import attachments, inbox, journal, outbox
from pratique.node.storage.attachments import OUT
from pratique.node.storage.inbox import StoredEvent
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.partners.agreements import ClauseKind
from pratique.partners.agreements.terms import Mode
from pratique.partners.exchange.wire import moment_text
from pratique.vocabulary.errors import Category

OVER: Final = "retention_over"
CERTIFICATE_REFUSED: Final = "certificate_refused"
UNUSED: Final = timedelta(days=30)  # a file that was kept for sharing and went with nothing
MOST: Final = 10_000
OWN_DAYS: Final = "retention_disclosure_days"


@dataclass(frozen=True, slots=True)
class RetentionDone:
    """What went: messages that came, the own copies of what was sent, files that belonged to them.

    ``to_certify`` are messages whose sender is told of it; nobody agreed on a day for the others.
    """

    received: tuple[str, ...]
    sent: tuple[str, ...]
    files: int
    to_certify: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CarryOutRetention(Command[RetentionDone]):
    """Erases what was shared and whose time is over; a second time finds nothing."""

    entry: ClassVar[str] = "exchange.retention_carried_out"


@dataclass(frozen=True, slots=True)
class CertifyDestruction(Command[Disclosed]):
    """Tells the sender of a message that its content was destroyed here, because its time was over.

    Where the gate does not let it go under the clause of the message, a person names another with ``under``.
    """

    message: str
    under: Under | None = None
    entry: ClassVar[str] = "exchange.destruction_certified"


@dataclass(frozen=True, slots=True)
class RetentionIsOver(Query[bool]):
    """Something that was shared is here past its time."""


@dataclass(frozen=True, slots=True)
class ListToCertify(Query[tuple[str, ...]]):
    """Messages that were destroyed here as their time was over, and whose sender was not told yet."""


def carry_out_retention(command: CarryOutRetention, work: Work) -> Act[RetentionDone]:
    """Files go once the transaction stands. That messages came and went, their terms and receipts stay."""
    today = work.at.date()

    def act(connection: Connection) -> Done[RetentionDone]:
        days = Settings.of(changed_settings(connection)).number(OWN_DAYS)
        bounds = today.isoformat(), to_text(work.at - timedelta(days=days))
        tidying: list[Callable[[], None]] = []
        received = tuple(each.id for each in inbox.ins_over(connection, before=bounds[0], came_before=bounds[1]))
        agreed = {each.id for each in inbox.ins_due(connection, before=bounds[0])}
        for message in received:
            inbox.erase_in(connection, message)
            inbox.add_events(connection, [_destroyed(connection, message, work)])
            tidying.append(erased_beside(connection, message, work))
        sent = tuple(outbox.disclosures_over(connection, before=bounds[0], made_before=bounds[1]))
        free: list[str] = []
        for message in sent:
            outbox.erase_disclosed(connection, message)
            free += attachments.erase_attachments(connection, message, OUT)
        free += attachments.drop_shared(connection, before=to_text(work.at - UNUSED))
        done = RetentionDone(received, sent, len(free), tuple(each for each in received if each in agreed))

        def after() -> None:
            for tidy in tidying:
                tidy()
            remove_files(work.folder, free)
            swept_aside(work)

        facts: dict[str, object] = {"before": bounds[0], "received": list(received), "sent": list(sent)}
        return Done(done, command=facts, outcome={"files": len(free)}, after=after)

    return act


def certify_destruction(command: CertifyDestruction, work: Work) -> Act[Disclosed]:
    """Raises ``NOT_FOUND``, ``CONFLICT`` where nothing of it was destroyed here, or it was certified already."""

    def act(connection: Connection) -> Done[Disclosed]:
        held = received_message(connection, command.message)
        events = [each for each in inbox.events_of(connection, held.id) if each.event == DESTROYED]
        if not events or held.openings is not None:
            raise refuse("share.not_destroyed", Category.CONFLICT, message=held.id)
        if any(each.by_message is not None for each in events):
            raise refuse("share.destroyed_already", Category.CONFLICT, message=held.id)
        at = moment_text(work.at)
        fields = {"about": [held.id], "cause": events[0].note, "destroyed_at": at, "copies": 1}
        share = follow_up(held, "destruction_certificate/1", fields, command.under)
        if command.under is None:
            share = _under_agreement(connection, share, work)
        done = disclose_in(connection, share, About(held.thread, held.id), work)
        if done.disclosed.message is not None:
            inbox.note_by(connection, events[0], done.disclosed.message)
        else:
            verdict = done.disclosed.verdict
            inbox.add_events(connection, [_event(connection, held.id, CERTIFICATE_REFUSED, verdict, work)])
        return Done(done.disclosed, command=done.facts, outcome=done.outcome, leaves=done.leaves)

    return act


def retention_is_over(query: RetentionIsOver, view: View) -> bool:
    """Cheap enough to ask in every round of the worker."""
    days = Settings.of(changed_settings(view.connection)).number(OWN_DAYS)
    before, made_before = view.at.date().isoformat(), to_text(view.at - timedelta(days=days))
    return bool(
        inbox.ins_over(view.connection, before=before, came_before=made_before)
        or outbox.disclosures_over(view.connection, before=before, made_before=made_before)
    )


def list_to_certify(query: ListToCertify, view: View) -> tuple[str, ...]:
    """Oldest first; those that the gate refused once wait for a person, and are not among them."""
    refused = inbox.messages_with(view.connection, CERTIFICATE_REFUSED)
    return tuple(each for each in inbox.uncertified(view.connection, cause=OVER) if each not in refused)


def _under_agreement(connection: Connection, share: Share, work: Work) -> Share:
    """The share under the clause of its message, else under the first of the same agreement that lets it go.

    Where none does it stays as it was, and the refusal explains itself.
    """
    known = recalled(connection, work)
    clauses = known.gate(connection, share.agreement).instrument.clauses
    names = [share.clause, *(each.id for each in clauses if each.kind is ClauseKind.PERMIT)]
    for name in dict.fromkeys(names):
        for mode in (Mode.SPONTANEOUS, Mode.AUTOMATIC):
            under = replace(share, clause=name, circumstances=replace(share.circumstances, mode=mode))
            said = decided(connection, under, known, at=work.at).disclosure
            if said.decision.permitted and not said.withheld:
                return under
    return share


def _destroyed(connection: Connection, message: str, work: Work) -> StoredEvent:
    return _event(connection, message, DESTROYED, OVER, work)


def _event(connection: Connection, message: str, event: str, note: str, work: Work) -> StoredEvent:
    seq = journal.next_seq(connection)
    number = inbox.next_event(connection, seq)
    return StoredEvent(seq, number, message, event, None, note, to_text(work.at), work.actor.name)
