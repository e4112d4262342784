"""Feedback: what came of a message that a partner sent, told back to it under a clause, in the thread it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.exchange.disclosing import About, Disclosed, disclose_in
from pratique.node.exchange.following import Under, follow_up, received_message
from pratique.node.exchange.told import FEEDBACK
from pratique.node.instants import to_text
from pratique.node.storage import inbox, journal
from pratique.node.storage.inbox import StoredEvent
from pratique.node.storage.store import Connection


@dataclass(frozen=True, slots=True)
class GiveFeedback(Command[Disclosed]):
    """Tells the sender what came of its message: ``outcome`` is a code of feedback, ``fields`` what else is told."""

    message: str
    outcome: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    under: Under | None = None
    entry: ClassVar[str] = "exchange.feedback_given"


def give_feedback(command: GiveFeedback, work: Work) -> Act[Disclosed]:
    """Raises ``NOT_FOUND`` for a message that never came, ``REJECTED`` for what is no feedback."""

    def act(connection: Connection) -> Done[Disclosed]:
        held = received_message(connection, command.message)
        fields = {**command.fields, "about": held.id, "outcome": command.outcome}
        share = follow_up(held, "feedback/1", fields, command.under)
        done = disclose_in(connection, share, About(held.thread, held.id), work)
        if done.disclosed.message is not None:
            seq, number = journal.next_seq(connection), inbox.next_event(connection, journal.next_seq(connection))
            said = done.disclosed.message
            at, by = to_text(work.at), work.actor.name
            inbox.add_events(connection, [StoredEvent(seq, number, held.id, FEEDBACK, said, command.outcome, at, by)])
        return Done(done.disclosed, command=done.facts, outcome=done.outcome, leaves=done.leaves)

    return act
