"""Where blind queries stand: lists that are shared, who may ask how much, what waits, what was asked both ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from pratique.node.acts import Query, View
from pratique.node.exchange.blind_kinds import KINDS
from pratique.node.exchange.blind_sets import marked_lists, sizes
from pratique.node.handlers.blind_asked import asked_at_hand
from pratique.node.instants import from_text, to_text
from pratique.node.storage import blind as stored
from pratique.node.storage import inbox
from pratique.node.storage.blind import StoredAsked, StoredPermission, StoredQuestion
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import lists_in_force
from pratique.vocabulary.errors import PratiqueError

DAY: Final = timedelta(hours=24)
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class ListStands:
    """A list in force and whether partners may ask about it."""

    list_id: str
    shared: bool
    basis: str


@dataclass(frozen=True, slots=True)
class PartnerStands:
    """What a partner may ask, and how much of it was used within 24 hours."""

    permission: StoredPermission
    used: int


@dataclass(frozen=True, slots=True)
class QueryWaits:
    """A question of a partner that waits: how many elements, of which kind; what they ask nobody here can know."""

    id: str
    partner: str
    kind: str
    elements: int
    received_at: str


@dataclass(frozen=True, slots=True)
class BlindShown:
    """Everything about blind queries but what was asked: ``sizes`` are identifiers by kind in the shared lists."""

    lists: tuple[ListStands, ...]
    sizes: dict[str, int]
    partners: tuple[PartnerStands, ...]
    waiting: tuple[QueryWaits, ...]
    settled: tuple[StoredAsked, ...]
    questions: tuple[StoredQuestion, ...]
    answers_waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShowBlind(Query[BlindShown]):
    """Where blind queries stand on this node, both ways."""


@dataclass(frozen=True, slots=True)
class BlindDue:
    """What the exchange worker does without a person: questions to answer within their limit, answers to read."""

    to_answer: tuple[str, ...]
    to_read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListBlindDue(Query[BlindDue]):
    """What is due now."""


def show_blind(query: ShowBlind, view: View) -> BlindShown:
    """The newest two hundred of each."""
    connection = view.connection
    shared, since = stored.shared_lists(connection), to_text(view.at - DAY)
    marked = marked_lists(connection)
    lists = [
        ListStands(each.list_id, each.list_id in shared, shared[each.list_id].basis if each.list_id in shared else "")
        for each in lists_in_force(connection)
    ]
    partners = [
        PartnerStands(each, stored.answered_since(connection, name, since))
        for name, each in stored.permissions(connection).items()
    ]
    questions = [replace(each, secrets=None, result=None) for each in stored.questions(connection, most=MOST)]
    return BlindShown(
        lists=tuple(lists),
        sizes={name: sizes(view.folder, kind, marked) for name, kind in KINDS.items()} if marked else {},
        partners=tuple(partners),
        waiting=tuple(_waiting(connection)),
        settled=tuple(stored.asked_by_partners(connection, most=MOST)),
        questions=tuple(questions),
        answers_waiting=tuple(stored.answers_waiting(connection)),
    )


def list_blind_due(query: ListBlindDue, view: View) -> BlindDue:
    """A question of a partner that a person answers is none of them."""
    by_itself = {name for name, each in stored.permissions(view.connection).items() if each.by_itself}
    to_answer = [each.id for each in _waiting(view.connection) if each.partner in by_itself]
    return BlindDue(tuple(to_answer), tuple(stored.answers_waiting(view.connection)))


def _waiting(connection: Connection) -> list[QueryWaits]:
    found = []
    for message_id in stored.queries_waiting(connection):
        held = inbox.in_of(connection, message_id)
        try:
            asked = asked_at_hand(held, from_text(held.received_at)) if held else None
        except PratiqueError:
            continue  # no blind query, whatever it says it is: it stands in the inbox with its fault
        if held is not None and asked is not None:
            elements = len(asked.query.elements)
            found.append(QueryWaits(held.id, held.partner_id, asked.kind.name, elements, held.received_at))
    return found
