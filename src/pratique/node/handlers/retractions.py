"""Taking back, and destroying when the time is up: each is a message that the partner acknowledges or certifies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange.arriving import erased_beside
from pratique.node.exchange.disclosing import About, Disclosed, disclose_in
from pratique.node.exchange.following import Under, follow_up, received_message, sent_message
from pratique.node.exchange.held import terms_of
from pratique.node.exchange.told import CERTIFIED, DESTROYED, FEEDBACK, RETRACTED
from pratique.node.instants import to_text
from pratique.node.storage import inbox, journal, outbox
from pratique.node.storage.inbox import StoredEvent, StoredIn
from pratique.node.storage.store import Connection
from pratique.partners.exchange.wire import moment_text
from pratique.vocabulary.errors import Category

RETENTION_OVER: Final = "retention_over"
SOON: Final = timedelta(days=30)
MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Retract(Command[Disclosed]):
    """Takes a message back: ``wished`` is destroy, correct or do_not_use, ``reason`` a code of retractions.

    Where the gate does not let the retraction go under the clause of the message, ``under`` names another.
    """

    message: str
    reason: str
    wished: str = "destroy"
    under: Under | None = None
    entry: ClassVar[str] = "exchange.retracted"


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A message whose content is gone here, and the certificate that goes to whom it came from."""

    message: str
    certificate: Disclosed


@dataclass(frozen=True, slots=True)
class DestroyMessage(Command[Destroyed]):
    """Destroys what a received message said and certifies it to the sender.

    ``cause``: retention_over, retraction, agreement_ended or originator_asked. That it came, its terms and its receipt
    stay, so that both sides can still prove the exchange.
    """

    message: str
    cause: str
    under: Under | None = None
    entry: ClassVar[str] = "exchange.destroyed"


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something that an agreement asks for: destroy, destroy_retracted, certify, report_outcome or certificate.

    ``certificate`` is what the partner owes; the others are owed here. ``by`` is the last day, where there is one.
    """

    duty: str
    message: str
    partner: str
    type: str
    by: str | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class ListShareDue(Query[list[DueLine]]):
    """Duties that are due within ``days``, and those that are overdue, on both sides."""

    days: int = SOON.days


def retract(command: Retract, work: Work) -> Act[Disclosed]:
    """Raises ``NOT_FOUND`` for a message that this node did not send, ``CONFLICT`` where it was taken back already."""

    def act(connection: Connection) -> Done[Disclosed]:
        earlier = sent_message(connection, command.message)
        if any(each.event == RETRACTED for each in inbox.events_of(connection, earlier.id)):
            raise refuse("share.retracted_already", Category.CONFLICT, message=earlier.id)
        fields = {"about": earlier.id, "wished": command.wished, "reason": command.reason}
        share = follow_up(earlier, "retraction/1", fields, command.under)
        done = disclose_in(connection, share, About(earlier.thread, earlier.id, earlier.about), work)
        if done.disclosed.message is not None:
            note = f"{command.wished}: {command.reason}"
            inbox.add_events(connection, [_event(connection, earlier.id, RETRACTED, note, done.disclosed, work)])
        return Done(done.disclosed, command=done.facts, outcome=done.outcome, leaves=done.leaves)

    return act


def destroy_message(command: DestroyMessage, work: Work) -> Act[Destroyed]:
    """Raises ``NOT_FOUND`` for a message that never came, ``CONFLICT`` where it was destroyed already."""

    def act(connection: Connection) -> Done[Destroyed]:
        held = received_message(connection, command.message)
        fields = {"about": [held.id], "cause": command.cause, "destroyed_at": moment_text(work.at), "copies": 1}
        share = follow_up(held, "destruction_certificate/1", fields, command.under)
        done = disclose_in(connection, share, About(held.thread, held.id), work)
        if not inbox.erase_in(connection, held.id):
            raise refuse("share.destroyed_already", Category.CONFLICT, message=held.id)
        event = _event(connection, held.id, DESTROYED, command.cause, done.disclosed, work)
        inbox.add_events(connection, [event])
        result = Destroyed(held.id, done.disclosed)
        facts, tidy = done.facts | {"destroyed": held.id}, erased_beside(connection, held.id, work)
        return Done(result, command=facts, outcome=done.outcome, leaves=done.leaves, after=tidy)

    return act


def list_share_due(query: ListShareDue, view: View) -> list[DueLine]:
    """What is owed here first, then what partners owe; the earliest day first."""
    today = view.at.date().isoformat()
    until = (view.at + timedelta(days=max(query.days, 0))).date().isoformat()
    lines = [*_owed_here(view.connection, today, until), *_owed_by_partners(view.connection, today)]
    return sorted(lines, key=lambda line: (line.duty == "certificate", line.by or "", line.message))


def _owed_here(connection: Connection, today: str, until: str) -> list[DueLine]:
    retracted, reported = (inbox.messages_with(connection, event) for event in (RETRACTED, FEEDBACK))
    lines = [_line("certify", held, None, overdue=True) for held in _uncertified(connection)]
    for held in inbox.ins(connection, most=MOST):
        if held.openings is None:
            continue
        if held.id in retracted:
            lines.append(_line("destroy_retracted", held, None, overdue=True))
        elif held.retention_until is not None and held.retention_until <= until:
            lines.append(_line("destroy", held, held.retention_until, overdue=held.retention_until < today))
        duties = terms_of(held).duties
        if "report_outcome" in duties.acts and held.id not in reported:
            lines.append(_line("report_outcome", held, None, overdue=False))
    return lines


def _uncertified(connection: Connection) -> list[StoredIn]:
    """What was destroyed here as its time was over, without a certificate that the gate let through."""
    return [received_message(connection, each) for each in inbox.uncertified(connection, cause=RETENTION_OVER)]


def _owed_by_partners(connection: Connection, today: str) -> list[DueLine]:
    """Certificates: of what was taken back, and of what had to be destroyed by a day that is past."""
    certified, retracted = (inbox.messages_with(connection, event) for event in (CERTIFIED, RETRACTED))
    return [
        DueLine("certificate", sent.id, sent.partner_id, sent.type, sent.retention_until, True)
        for sent in outbox.disclosures(connection, most=MOST)
        if sent.id not in certified
        and (sent.id in retracted or (sent.retention_until is not None and sent.retention_until < today))
    ]


def _line(duty: str, held: StoredIn, by: str | None, *, overdue: bool) -> DueLine:
    return DueLine(duty, held.id, held.partner_id, held.type, by, overdue)


def _event(connection: Connection, message: str, event: str, note: str, said: Disclosed, work: Work) -> StoredEvent:
    seq = journal.next_seq(connection)
    number = inbox.next_event(connection, seq)
    plain = StoredEvent(seq, number, message, event, None, note, to_text(work.at), work.actor.name)
    return replace(plain, by_message=said.message)
