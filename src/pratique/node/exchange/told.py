"""What messages about earlier ones do when they arrive: retraction, certificate, feedback are noted where they belong.

Only the partner that an earlier message came from, or went to, can say anything about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from pratique.node.instants import to_text
from pratique.node.storage import inbox, outbox
from pratique.node.storage.inbox import StoredEvent, StoredIn
from pratique.node.storage.store import Connection
from pratique.partners.exchange.messages.afterwards import DestructionCertificate, Feedback, Retraction
from pratique.partners.exchange.messages.asking import Reminder
from pratique.partners.exchange.messages.held import Message
from pratique.partners.exchange.messages.warnings import ContainerFeedback

RETRACTED: Final = "retracted"
CERTIFIED: Final = "certified"
FEEDBACK: Final = "feedback"
DESTROYED: Final = "destroyed"
USED: Final = "used"
REMINDED: Final = "reminded"


def took_notice(connection: Connection, row: StoredIn, message: Message, *, seq: int, at: datetime) -> None:
    """Notes what the message in that row says of earlier ones; what it may not say stays a message to read."""
    said = list(_said(connection, row, message))
    if not said:
        return
    first = inbox.next_event(connection, seq)
    noted = [
        StoredEvent(seq, number, about, event, row.id, note, to_text(at), row.partner_id)
        for number, (about, event, note) in enumerate(said, first)
    ]
    inbox.add_events(connection, noted)


def _said(connection: Connection, row: StoredIn, message: Message) -> Iterable[tuple[str, str, str]]:
    """Message, event and note."""
    if isinstance(message, Retraction):
        if _came_from(connection, message.about, row.partner_id):
            yield message.about, RETRACTED, f"{message.wished}: {message.reason}"
    elif isinstance(message, DestructionCertificate):
        for about in message.about:
            if _went_to(connection, about, row.partner_id):
                yield about, CERTIFIED, message.cause
    elif isinstance(message, Feedback):
        if _went_to(connection, message.about, row.partner_id):
            yield message.about, FEEDBACK, message.outcome
    elif isinstance(message, Reminder):
        if _came_from(connection, message.request, row.partner_id):
            yield message.request, REMINDED, str(message.days_open)
    elif isinstance(message, ContainerFeedback) and _went_to(connection, message.warning, row.partner_id):
        yield message.warning, FEEDBACK, message.outcome


def _came_from(connection: Connection, message_id: str, partner_id: str) -> bool:
    held = inbox.in_of(connection, message_id)
    return held is not None and held.partner_id == partner_id


def _went_to(connection: Connection, message_id: str, partner_id: str) -> bool:
    sent = outbox.disclosure_of(connection, message_id)
    return sent is not None and sent.partner_id == partner_id
