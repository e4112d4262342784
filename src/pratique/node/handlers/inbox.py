"""The inbox: what partners sent, with the terms and the caveats that bind this node."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.exchange.held import caveats_of, fields_of, terms_of
from pratique.node.files import file_digest
from pratique.node.storage import inbox
from pratique.node.storage.attachments import IN, WHOLE, StoredAttachment, attachments_of
from pratique.node.storage.inbox import StoredEvent, StoredIn
from pratique.partners.agreements import Caveat
from pratique.partners.exchange.fields import MessageField
from pratique.partners.exchange.inner import Inner
from pratique.vocabulary.errors import Category

MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A message in the list: ``retracted`` and ``destroyed`` say what became of it."""

    message: StoredIn
    retracted: bool
    destroyed: bool


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message with its terms, what of it is still here, the caveats that bind this node, what happened since.

    ``attachments`` are what it announces: each says whether it is here as a whole.
    """

    message: StoredIn
    terms: Inner
    fields: tuple[MessageField, ...]
    caveats: tuple[Caveat, ...]
    events: tuple[StoredEvent, ...]
    attachments: tuple[StoredAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class ListInbox(Query[list[InboxLine]]):
    """What came, newest first."""

    partner: str | None = None
    most: int = 100


@dataclass(frozen=True, slots=True)
class ShowMessage(Query[ShownMessage]):
    """One message."""

    message: str


@dataclass(frozen=True, slots=True)
class AttachmentRead:
    """An attachment that is whole, and where its bytes lie; their digest was checked just now."""

    attachment: StoredAttachment
    path: Path


@dataclass(frozen=True, slots=True)
class ReadAttachment(Query[AttachmentRead]):
    """An attachment of a message that came, by its number in the terms."""

    message: str
    number: int


def list_inbox(query: ListInbox, view: View) -> list[InboxLine]:
    """At most a thousand."""
    found = inbox.ins(view.connection, most=min(max(query.most, 1), MOST), partner_id=query.partner)
    retracted = inbox.messages_with(view.connection, "retracted")
    return [InboxLine(each, each.id in retracted, each.openings is None) for each in found]


def show_message(query: ShowMessage, view: View) -> ShownMessage:
    """Raises ``NOT_FOUND`` for a message that never came."""
    found = inbox.in_of(view.connection, query.message)
    if found is None:
        raise refuse("share.no_message", Category.NOT_FOUND, message=query.message[:60])
    events = tuple(inbox.events_of(view.connection, found.id))
    files = tuple(attachments_of(view.connection, found.id, IN))
    return ShownMessage(found, terms_of(found), fields_of(found), caveats_of(found), events, files)


def read_attachment(query: ReadAttachment, view: View) -> AttachmentRead:
    """Raises ``NOT_FOUND`` for none of that number, ``CONFLICT`` where it is not whole or erased, ``BROKEN``."""
    rows = attachments_of(view.connection, query.message, IN)
    row = next((each for each in rows if each.number == query.number), None)
    if row is None:
        raise refuse("attach.none", Category.NOT_FOUND, message=query.message[:40], number=query.number)
    if row.path is None or row.state != WHOLE:
        raise refuse("attach.not_whole", Category.CONFLICT, name=row.name or "-", state=row.state)
    path = view.folder.path(row.path)
    if not path.is_file() or file_digest(path) != row.sha256:
        raise refuse("attach.changed", Category.BROKEN, sha256=row.sha256[:12])
    return AttachmentRead(row, path)
