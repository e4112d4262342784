"""Feedback: what came of a message, told back to its sender in its thread; and asking a partner for what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.errors import refuse
from pratique.node.exchange.disclosing import About, Disclosed, disclose_in
from pratique.node.exchange.following import Under, follow_up, received_message, sent_message
from pratique.node.exchange.told import FEEDBACK, REMINDED
from pratique.node.instants import from_text, to_text
from pratique.node.storage import inbox, journal
from pratique.node.storage.inbox import StoredEvent
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

CONTAINER_WARNING: Final = "container_warning/1"
STILL_OPEN: Final = "still_open"


@dataclass(frozen=True, slots=True)
class GiveFeedback(Command[Disclosed]):
    """Tells the sender what came of its message: ``outcome`` is a code of feedback, ``fields`` what else is told.

    A container warning is answered as port control units do, with ``container_feedback/1``.
    """

    message: str
    outcome: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    under: Under | None = None
    entry: ClassVar[str] = "exchange.feedback_given"


@dataclass(frozen=True, slots=True)
class AskForFeedback(Command[Disclosed]):
    """Reminds a partner that nothing was said yet of a message that this side sent."""

    message: str
    under: Under | None = None
    entry: ClassVar[str] = "exchange.feedback_asked"


def give_feedback(command: GiveFeedback, work: Work) -> Act[Disclosed]:
    """Raises ``NOT_FOUND`` for a message that never came, ``REJECTED`` for what is no feedback."""

    def act(connection: Connection) -> Done[Disclosed]:
        held = received_message(connection, command.message)
        of_box = held.type == CONTAINER_WARNING
        about = {"warning" if of_box else "about": held.id, "outcome": command.outcome}
        kind = "container_feedback/1" if of_box else "feedback/1"
        share = follow_up(held, kind, _fitting({**command.fields, **about}, of_box=of_box), command.under)
        done = disclose_in(connection, share, About(held.thread, held.id), work)
        if done.disclosed.message is not None:
            seq, number = journal.next_seq(connection), inbox.next_event(connection, journal.next_seq(connection))
            said = done.disclosed.message
            at, by = to_text(work.at), work.actor.name
            inbox.add_events(connection, [StoredEvent(seq, number, held.id, FEEDBACK, said, command.outcome, at, by)])
        return Done(done.disclosed, command=done.facts, outcome=done.outcome, leaves=done.leaves)

    return act


def ask_for_feedback(command: AskForFeedback, work: Work) -> Act[Disclosed]:
    """Raises ``NOT_FOUND`` for a message that this node did not send, ``CONFLICT`` where feedback came."""

    def act(connection: Connection) -> Done[Disclosed]:
        sent = sent_message(connection, command.message)
        events = inbox.events_of(connection, sent.id)
        if any(each.event == FEEDBACK and each.note != STILL_OPEN for each in events):
            raise refuse("feedback.came", Category.CONFLICT, message=sent.id)
        days = max((work.at - from_text(sent.at)).days, 0)
        share = follow_up(sent, "reminder/1", {"request": sent.id, "days_open": days}, command.under)
        done = disclose_in(connection, share, About(sent.thread, sent.id, sent.about), work)
        if done.disclosed.message is not None:
            seq = journal.next_seq(connection)
            number, said = inbox.next_event(connection, seq), done.disclosed.message
            event = StoredEvent(seq, number, sent.id, REMINDED, said, str(days), to_text(work.at), work.actor.name)
            inbox.add_events(connection, [event])
        return Done(done.disclosed, command=done.facts, outcome=done.outcome, leaves=done.leaves)

    return act


def _fitting(fields: Mapping[str, Any], *, of_box: bool) -> Mapping[str, Any]:
    """Feedback on a box says the moment of the control, other feedback the day: a day is its beginning in UTC."""
    day = fields.get("at")
    if of_box and isinstance(day, str) and len(day) == len("2026-10-05"):
        return {**fields, "at": f"{day}T00:00:00Z"}
    return fields
