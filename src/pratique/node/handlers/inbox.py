"""The inbox: what partners sent, with the terms and the caveats that bind this node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.exchange.held import caveats_of, fields_of, terms_of
from pratique.node.storage import inbox
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
    """A message with its terms, what of it is still here, the caveats that bind this node, what happened since."""

    message: StoredIn
    terms: Inner
    fields: tuple[MessageField, ...]
    caveats: tuple[Caveat, ...]
    events: tuple[StoredEvent, ...]


@dataclass(frozen=True, slots=True)
class ListInbox(Query[list[InboxLine]]):
    """What came, newest first."""

    partner: str | None = None
    most: int = 100


@dataclass(frozen=True, slots=True)
class ShowMessage(Query[ShownMessage]):
    """One message."""

    message: str


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
    return ShownMessage(found, terms_of(found), fields_of(found), caveats_of(found), events)
