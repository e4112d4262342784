"""Disclosing to a partner: previewed by the gate, then decided, sealed, stored and logged in one transaction.

``Disclose`` is the only way out. A refusal is a result with its reasons, kept and logged like what was sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Query, Stepwise, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange.disclosing import About, Disclosed, Disclosing, told
from pratique.node.exchange.held import fields_of, terms_of
from pratique.node.exchange.recalled import looked_up
from pratique.node.exchange.share import Share, decided
from pratique.node.storage import inbox, outbox
from pratique.node.storage.attachments import OUT, SharedFile, StoredAttachment, attachments_of, files_of_consignment
from pratique.node.storage.inbox import StoredEvent
from pratique.node.storage.outbox import StoredDisclosure, StoredOut, StoredRefusal
from pratique.node.storage.store import Connection
from pratique.partners.exchange.fields import MessageField
from pratique.partners.exchange.inner import Inner
from pratique.vocabulary.errors import Category

MOST = 1000


@dataclass(frozen=True, slots=True)
class Disclose(Command[Disclosed]):
    """Discloses to a partner what the named clause permits, and nothing where it permits nothing."""

    share: Share
    about: About = field(default_factory=About)
    entry: ClassVar[str] = "exchange.disclosed"


@dataclass(frozen=True, slots=True)
class PreviewShare(Query[Disclosed]):
    """What ``Disclose`` would come to: what would be sent, what withheld, why, and the smallest lawful change."""

    share: Share


@dataclass(frozen=True, slots=True)
class ShownDisclosure:
    """A disclosure with its terms, what of its content is still here, where its envelope is, what happened since."""

    disclosure: StoredDisclosure
    terms: Inner
    fields: tuple[MessageField, ...]
    out: StoredOut | None
    events: tuple[StoredEvent, ...]
    attachments: tuple[StoredAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Disclosures:
    """The newest disclosures, and the newest that were refused."""

    made: tuple[StoredDisclosure, ...]
    refused: tuple[StoredRefusal, ...]


@dataclass(frozen=True, slots=True)
class ListDisclosures(Query[Disclosures]):
    """What was disclosed, newest first; ``about`` limits it to one consignment."""

    about: str | None = None
    most: int = 100


@dataclass(frozen=True, slots=True)
class ListFilesOf(Query[tuple[SharedFile, ...]]):
    """The photos and documents of the controls of a consignment, which can go beside a message about it."""

    consignment: str


@dataclass(frozen=True, slots=True)
class ShowDisclosure(Query[ShownDisclosure]):
    """One disclosure."""

    message: str


def disclose(command: Disclose, work: Work) -> Act[Disclosed]:
    """Raises ``NOT_FOUND`` for a partner or agreement that is not there, ``REJECTED`` for what is no message."""
    one = Disclosing(command.share, command.about, work)

    def act(connection: Connection) -> Done[Disclosed]:
        done = one.done(connection)
        return Done(done.disclosed, command=done.facts, outcome=done.outcome, leaves=done.leaves)

    return Stepwise((one.decide, one.write, one.seal), act)


def preview_share(query: PreviewShare, view: View) -> Disclosed:
    """Decides as the act would and keeps nothing."""
    known = looked_up(view.connection, view.folder, view.stores)
    return told(decided(view.connection, query.share, known, at=view.at), query.share, None)


def list_disclosures(query: ListDisclosures, view: View) -> Disclosures:
    """At most a thousand."""
    most = min(max(query.most, 1), MOST)
    made = outbox.disclosures(view.connection, most=most, about=query.about)
    return Disclosures(tuple(made), tuple(outbox.refused(view.connection, most=most)))


def list_files_of(query: ListFilesOf, view: View) -> tuple[SharedFile, ...]:
    """By name, each once. What an open second look is still to find without the first is not among them."""
    return tuple(files_of_consignment(view.connection, query.consignment))


def show_disclosure(query: ShowDisclosure, view: View) -> ShownDisclosure:
    """Raises ``NOT_FOUND`` for a message that this node did not send."""
    found = outbox.disclosure_of(view.connection, query.message)
    if found is None:
        raise refuse("share.no_message", Category.NOT_FOUND, message=query.message[:60])
    return ShownDisclosure(
        found,
        terms_of(found),
        fields_of(found),
        outbox.out_of(view.connection, found.id),
        tuple(inbox.events_of(view.connection, found.id)),
        tuple(attachments_of(view.connection, found.id, OUT)),
    )
