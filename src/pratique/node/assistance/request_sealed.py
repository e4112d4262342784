"""How a step of a request reaches the partner: by the sealed line, through the gate, in the transaction of the step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from pratique.node.acts import Leaf, Work
from pratique.node.assistance.request_at_hand import RequestAtHand
from pratique.node.assistance.request_messages import SENT, thread_of, told_of
from pratique.node.errors import refuse
from pratique.node.exchange.attaching import Attaching
from pratique.node.exchange.disclosing import About, Disclosed, disclose_in
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.storage.store import Connection
from pratique.partners.agreements import Request
from pratique.partners.agreements.terms import Channel, Mode
from pratique.partners.assistance.check import Partner, can_be_sent, check
from pratique.partners.assistance.model import CONTACTS
from pratique.partners.assistance.states import Event, Side
from pratique.vocabulary.errors import Category, PratiqueError

STANDS: Final = timedelta(days=365)  # a request is taken to stand for a year, unless it is withdrawn
ASKED_FOR: Final = ("procedure", "cargo", "transport", "declaration", "document", "company", "intelligence")
CHANNELS: Final[Mapping[str, Channel]] = {
    rule: Channel.CENTRAL_AUTHORITY if rule == "central_authority" else Channel.CONTACT_POINT for rule in CONTACTS
}


@dataclass(frozen=True, slots=True)
class Way:
    """The sealed line: under which clause of which agreement, for which purpose, and how it is marked.

    ``categories`` are the kinds of data that the request asked for, where it is answered; ``attachments`` are files
    that go beside the step, such as a bundle of evidence.
    """

    agreement: str
    clause: str
    purpose: str
    tlp: str = "amber"
    offence: str = "none"
    categories: tuple[str, ...] = ASKED_FOR
    leave_out: frozenset[str] = frozenset()
    attachments: tuple[Attaching, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of it: the id of the message, or the refusal of the gate, and what the ledger is to hold."""

    details: Mapping[str, Any] = field(default_factory=dict)
    leaves: tuple[Leaf, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    refusal: PratiqueError | None = None


def carried(
    connection: Connection,
    at_hand: RequestAtHand,
    event: Event,
    details: Mapping[str, Any],
    carrier: tuple[Way | None, Work],
) -> Carried:
    """Discloses the step under its clause, or notes that it is told by other means where there is no way given."""
    way, work = carrier
    if way is None:
        return Carried()
    thread = None if event is Event.SENT else thread_of(at_hand)
    share = step_share(at_hand, event, details, way, at=work.at)
    about = About(thread=thread, answers=None if event in SENT else thread, about=at_hand.request.id)
    done = disclose_in(connection, share, about, work)
    if done.disclosed.message is None:
        return Carried(leaves=done.leaves, facts=done.facts, refusal=_refusal(at_hand, done.disclosed))
    return Carried({"message": done.disclosed.message}, done.leaves, done.facts)


def step_share(at_hand: RequestAtHand, event: Event, details: Mapping[str, Any], way: Way, *, at: datetime) -> Share:
    """What a step would disclose to the partner. Raises ``REJECTED`` for a text that no message can carry."""
    told = told_of(at_hand, event, details, today=at.date())
    return Share(
        to=at_hand.request.partner,
        type=told.type,
        fields=told.fields,
        agreement=way.agreement,
        clause=way.clause,
        circumstances=_circumstances(at_hand, way, at),
        leave_out=way.leave_out,
        attachments=way.attachments,
    )


def _circumstances(at_hand: RequestAtHand, way: Way, at: datetime) -> Circumstances:
    answering = at_hand.side is Side.ASKED
    return Circumstances(
        purpose=way.purpose,
        mode=Mode.ON_REQUEST if answering else Mode.SPONTANEOUS,
        channel=CHANNELS[at_hand.profile.contact.rule],
        tlp=way.tlp,
        offence=way.offence,
        urgent=at_hand.draft.urgent,
        as_evidence=at_hand.draft.as_evidence and answering,
        request=_request(at_hand, way, at) if answering else None,
    )


def _request(at_hand: RequestAtHand, way: Way, at: datetime) -> Request:
    """The request as the gate looks at it."""
    asked = at_hand.standing.clock_from or at
    faults = check(at_hand.draft, at_hand.profile, partner=Partner(), today=at.date())
    return Request(
        id=at_hand.request.their_id,
        by=at_hand.request.partner,
        under=way.agreement,
        purpose=way.purpose,
        categories=frozenset(way.categories),
        valid_from=asked.date(),
        valid_to=(asked + STANDS).date(),
        written=at_hand.draft.written,
        complete=can_be_sent(faults),
    )


def _refusal(at_hand: RequestAtHand, said: Disclosed) -> PratiqueError:
    told = {"request": at_hand.request.id, "agreement": said.agreement, "clause": said.clause, "article": said.article}
    return refuse("requests.gate", Category.CONFLICT, decision=said.decision_sha256[:12], **told)
