"""What is disclosed about an earlier message: to the same partner, in the same thread, under a clause of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pratique.node.errors import refuse
from pratique.node.exchange.held import terms_of
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.storage.inbox import StoredIn, in_of
from pratique.node.storage.outbox import StoredDisclosure, disclosure_of
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class Under:
    """The clause that a follow-up is disclosed under, where it is not that of the message it is about."""

    agreement: str
    clause: str
    circumstances: Circumstances


def follow_up(earlier: StoredIn | StoredDisclosure, kind: str, fields: Mapping[str, Any], under: Under | None) -> Share:
    """The share of a message about ``earlier``. It holds what happened, and nothing of what the earlier one said."""
    if under is None:
        terms = terms_of(earlier)
        same = Circumstances(terms.purpose, tlp=terms.handling.tlp)
        under = Under(terms.agreement.id, terms.clauses[0], same)
    return Share(earlier.partner_id, kind, fields, under.agreement, under.clause, under.circumstances)


def sent_message(connection: Connection, message_id: str) -> StoredDisclosure:
    """A message that this node sent. Raises ``NOT_FOUND``."""
    found = disclosure_of(connection, message_id)
    if found is None:
        raise refuse("share.no_message", Category.NOT_FOUND, message=message_id[:60])
    return found


def received_message(connection: Connection, message_id: str) -> StoredIn:
    """A message that this node received. Raises ``NOT_FOUND``."""
    found = in_of(connection, message_id)
    if found is None:
        raise refuse("share.no_message", Category.NOT_FOUND, message=message_id[:60])
    return found
