"""Sealed messages about requests, taken up by an officer: a partner's request, or what it says about one of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.assistance.request_at_hand import RequestAtHand, Stamp, event_row, request_at_hand, require_possible
from pratique.node.assistance.request_lines import RequestShown
from pratique.node.assistance.request_messages import Learned, draft_from, learned_from
from pratique.node.errors import refuse
from pratique.node.exchange.held import fields_of
from pratique.node.handlers.requests import add_version, told
from pratique.node.handlers.requests_asked import ReceiveRequest, keep_received
from pratique.node.instants import from_text
from pratique.node.storage import inbox, journal
from pratique.node.storage import requests as stored
from pratique.node.storage.inbox import StoredIn
from pratique.node.storage.store import Connection
from pratique.partners.assistance.check import Partner, check
from pratique.partners.assistance.states import Event, Side
from pratique.partners.exchange.messages.asking import Request
from pratique.partners.exchange.messages.registry import received_message
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class TakeUpMessage(Command[RequestShown]):
    """Takes up a message of the inbox: a request begins or gets a new version, else what was said of one is noted."""

    message: str
    entry: ClassVar[str] = "requests.message_taken_up"


def take_up_message(command: TakeUpMessage, work: Work) -> Act[RequestShown]:
    """Raises ``NOT_FOUND`` (message, request), ``REJECTED`` for another type, ``CONFLICT`` for one taken up before."""

    def act(connection: Connection) -> Done[RequestShown]:
        row = inbox.in_of(connection, command.message)
        if row is None:
            raise refuse("requests.no_such_message", Category.NOT_FOUND, message=command.message[:60])
        before = stored.request_of_message(connection, row.id)
        if before is not None:
            raise refuse("requests.taken_up", Category.CONFLICT, message=row.id, request=before)
        message = received_message(row.type, fields_of(row))
        if isinstance(message, Request):
            return told(connection, _asked(connection, row, message, work), work, message=row.id)
        learned = learned_from(message)
        at_hand = _of_thread(connection, row)
        _note(connection, at_hand, row, learned, work)
        return told(connection, at_hand.request.id, work, message=row.id)

    return act


def _asked(connection: Connection, row: StoredIn, message: Request, work: Work) -> str:
    """A request of the partner: a new one, or the next version of one that is known by its thread."""
    draft = draft_from(message)
    known = stored.request_of_message(connection, row.thread)
    if known is None:
        said = ReceiveRequest(row.partner_id, message.reference, draft, clause=row.agreement)
        known = keep_received(connection, said, work)
        learned, version = Event.RECEIVED, 1
    else:
        at_hand = _of_thread(connection, row)
        version = at_hand.versions[-1].version + 1
        require_possible(at_hand, Event.COMPLETED, Side.ASKING)
        add_version(connection, known, version, draft, work)
        learned = Event.COMPLETED
    at_hand = request_at_hand(connection, known)
    faults = check(at_hand.draft, at_hand.profile, partner=Partner(), today=work.at.date())
    details = {
        "version": version,
        "sha256": at_hand.versions[-1].sha256,
        "missing": [fault.field for fault in faults if fault.missing],
    }
    _add(connection, at_hand, row, Learned(learned, details), work)
    return known


def _of_thread(connection: Connection, row: StoredIn) -> RequestAtHand:
    """The request that the message is about, which must be one with its sender. Raises ``NOT_FOUND``."""
    known = stored.request_of_message(connection, row.thread)
    at_hand = None if known is None else request_at_hand(connection, known)
    if at_hand is None or at_hand.request.partner != row.partner_id:
        raise refuse("requests.no_thread", Category.NOT_FOUND, message=row.id)
    return at_hand


def _note(connection: Connection, at_hand: RequestAtHand, row: StoredIn, learned: Learned, work: Work) -> None:
    """What the partner says, if it is for that side to say and possible now."""
    require_possible(at_hand, learned.event, _other(at_hand))
    theirs = str(learned.details.get("theirs", ""))
    if theirs and not at_hand.request.their_id:
        stored.note_partner_id(connection, at_hand.request.id, theirs)
    _add(connection, at_hand, row, learned, work)


def _add(connection: Connection, at_hand: RequestAtHand, row: StoredIn, learned: Learned, work: Work) -> None:
    side = Side.ASKED if learned.event is Event.RECEIVED else _other(at_hand)
    stamp = Stamp(journal.next_seq(connection), work.at, work.actor.name, from_text(row.received_at))
    details = {**learned.details, "message": row.id}
    stored.add_events(connection, [event_row(at_hand.request.id, learned.event, side, details, stamp)])


def _other(at_hand: RequestAtHand) -> Side:
    return Side.ASKING if at_hand.side is Side.ASKED else Side.ASKED
