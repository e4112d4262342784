"""How a message that came stands here: the request it was taken up for, and the certificate of its end."""

from __future__ import annotations

from dataclasses import dataclass

from pratique.node.acts import Query, View
from pratique.node.exchange.told import DESTROYED
from pratique.node.storage import inbox, outbox
from pratique.node.storage import requests as stored
from pratique.node.storage.inbox import StoredEvent
from pratique.node.storage.outbox import StoredOut


@dataclass(frozen=True, slots=True)
class MessageStanding:
    """``request`` is the one that it began or tells something of; ``destroyed`` says when, why and by whom.

    ``certificate`` is the envelope that tells the sender of it, with its receipt once that is here; neither is there
    where nothing of the kind happened.
    """

    request: str | None
    destroyed: StoredEvent | None
    certificate: StoredOut | None


@dataclass(frozen=True, slots=True)
class ShowMessageStanding(Query[MessageStanding]):
    """What became of a message of the inbox; empty for one that never came."""

    message: str


def show_message_standing(query: ShowMessageStanding, view: View) -> MessageStanding:
    """Nothing of its content is read."""
    events = [each for each in inbox.events_of(view.connection, query.message) if each.event == DESTROYED]
    told = next((each.by_message for each in events if each.by_message is not None), None)
    return MessageStanding(
        stored.request_of_message(view.connection, query.message),
        events[0] if events else None,
        outbox.out_of(view.connection, told) if told else None,
    )
