"""Hand-overs: signed by the hand that gives, then by the hand that takes, in this agency or in a partner's."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

from pratique.node.acts import Act, Command, Done, Leaf, Query, View, Work
from pratique.node.assistance.custody_at_hand import (
    Added,
    ItemAtHand,
    following,
    item_at_hand,
    require_no_offer,
    require_unbroken,
    signatures_text,
    signed_event,
)
from pratique.node.assistance.custody_hands import hand_of_officer, own_hand
from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.exchange.register import known_partners
from pratique.node.handlers.custody import ItemShown, item_shown
from pratique.node.instants import to_text
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.storage import custody as stored
from pratique.node.storage import journal
from pratique.node.storage.custody import StoredOffer
from pratique.node.storage.store import Connection
from pratique.partners.evidence.bundle import signed_of, signed_record
from pratique.partners.evidence.checking import Agencies, follow, hand_breaks
from pratique.partners.evidence.checking import Break as CustodyBreak
from pratique.partners.evidence.custody import (
    CustodyEvent,
    Hand,
    SignedEvent,
    What,
    event_of,
    fault_of,
    hand_of,
)
from pratique.vocabulary.errors import Category

CARD: Final = "pratique-hand-1"
OFFER: Final = "pratique-hand-over-1"
LARGEST: Final = 4 * 1024 * 1024
OFFERED_LEAF: Final = "evidence.hand_over_offered"
TAKEN_LEAF: Final = "evidence.hand_over_countersigned"


@dataclass(frozen=True, slots=True)
class ShowHandCard(Query[bytes]):
    """The card of the officer who asks: names and public keys, signed by both keys, for a partner who hands over."""

    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OfferHandOver(Command[ItemShown]):
    """The holder signs a hand-over: to an officer of this agency (``to_officer``), or to a partner's by their card."""

    item: str
    place: str
    to_officer: str = ""
    card: bytes = b""
    note: str = ""
    passphrase: str = field(default="", repr=False)
    entry: ClassVar[str] = "evidence.hand_over_offered"


@dataclass(frozen=True, slots=True)
class WithdrawOffer(Command[ItemShown]):
    """The holder takes a hand-over back before the other hand has signed."""

    item: str
    entry: ClassVar[str] = "evidence.offer_withdrawn"


@dataclass(frozen=True, slots=True)
class TakeOver(Command[ItemShown]):
    """The officer to whom an item was offered signs for it, and holds it from now on."""

    item: str
    passphrase: str = field(default="", repr=False)
    entry: ClassVar[str] = "evidence.taken_over"


@dataclass(frozen=True, slots=True)
class ShowOffer(Query[bytes]):
    """The hand-over on offer with the chain before it, as a file for the partner's officer to sign."""

    item: str


@dataclass(frozen=True, slots=True)
class CountersignHandOver(Command[bytes]):
    """Signs, as the taking hand, a hand-over that a partner's officer signed; answers with the file to give back."""

    offer: bytes
    passphrase: str = field(default="", repr=False)
    entry: ClassVar[str] = "evidence.hand_over_countersigned"


@dataclass(frozen=True, slots=True)
class CompleteHandOver(Command[ItemShown]):
    """Adds the signatures of a partner's officer: the hand-over counts, and the partner holds the item."""

    item: str
    countersigned: bytes
    entry: ClassVar[str] = "evidence.handed_over"


def show_hand_card(query: ShowHandCard, view: View) -> bytes:
    """Raises ``NOT_FOUND`` where the node has no signing key."""
    hand = own_hand(view, query.passphrase)
    text = canonical({"format": CARD, "hand": hand.hand.record()})
    return (json.dumps(signed_record(SignedEvent(text, hand.sign(text)))) + "\n").encode()


def offer_hand_over(command: OfferHandOver, work: Work) -> Act[ItemShown]:
    """Raises ``CONFLICT`` (not the holder, on offer already), ``REJECTED`` for a card that is not a partner's."""
    if bool(command.card) == bool(command.to_officer.strip()) or not command.place.strip():
        raise refuse("custody.one_taker")
    giving = own_hand(work, command.passphrase)

    def act(connection: Connection) -> Done[ItemShown]:
        at_hand = item_at_hand(connection, command.item)
        require_unbroken(at_hand)
        require_no_offer(at_hand)
        taking = _taking(connection, command, work)
        event = CustodyEvent(
            at_hand.stored.id,
            1,
            "",
            What.HAND_OVER,
            to_text(work.at),
            command.place.strip(),
            (giving.hand, taking),
            tuple(each.sha256 for each in at_hand.files),
            seal=at_hand.custody.seal,
            note=command.note.strip(),
        )
        text = following(at_hand.custody, event).text()
        row = StoredOffer(
            seq=journal.next_seq(connection),
            item_id=at_hand.stored.id,
            text=text,
            signatures=signatures_text(giving.sign(text)),
            to_officer=taking.officer,
            to_agency=taking.agency,
            at=to_text(work.at),
            by=work.actor.name,
        )
        stored.add_offer(connection, row)
        return _told(connection, at_hand, (Leaf(OFFERED_LEAF, text.encode()),))

    return act


def withdraw_offer(command: WithdrawOffer, work: Work) -> Act[ItemShown]:
    """Raises ``CONFLICT`` where nothing is on offer, or by somebody else."""

    def act(connection: Connection) -> Done[ItemShown]:
        at_hand = item_at_hand(connection, command.item)
        offer = _offer(at_hand)
        if offer.by != work.actor.name:
            raise refuse("custody.not_your_offer", Category.CONFLICT, item=at_hand.stored.id, officer=offer.by)
        stored.close_offer(connection, offer.seq, closed_seq=journal.next_seq(connection))
        return _told(connection, at_hand, ())

    return act


def take_over(command: TakeOver, work: Work) -> Act[ItemShown]:
    """Raises ``CONFLICT`` where it was offered to another officer, or to a key that the officer has no more."""
    taking = own_hand(work, command.passphrase)

    def act(connection: Connection) -> Done[ItemShown]:
        at_hand = item_at_hand(connection, command.item)
        offer = _offer(at_hand)
        _require_meant(event_of(offer.text), taking.hand)
        return _completed(connection, at_hand, offer, taking.sign(offer.text))

    return act


def show_offer(query: ShowOffer, view: View) -> bytes:
    """Raises ``NOT_FOUND``, ``CONFLICT`` where nothing is on offer."""
    at_hand = item_at_hand(view.connection, query.item)
    chain = [signed_record(signed_event(row)) for row in at_hand.rows]
    offer = signed_record(signed_event(_offer(at_hand)))
    return (json.dumps({"format": OFFER, "chain": chain, "offer": offer}, ensure_ascii=False) + "\n").encode()


def countersign_hand_over(command: CountersignHandOver, work: Work) -> Act[bytes]:
    """Raises ``REJECTED`` for a file that is none or a chain that does not hold, ``CONFLICT`` for another officer's."""
    chain, offer = _read_offer(command.offer)
    taking = own_hand(work, command.passphrase)

    def act(connection: Connection) -> Done[bytes]:
        agencies = known_agencies(connection, NodeKeys(work.folder, work.stores))
        event = _event_on_offer(chain, offer, agencies)
        _require_meant(event, taking.hand)
        signed = SignedEvent(offer.text, taking.sign(offer.text))
        file = (json.dumps(signed_record(signed), ensure_ascii=False) + "\n").encode()
        leaf = Leaf(TAKEN_LEAF, offer.text.encode())
        facts: dict[str, object] = {"item": event.item, "number": event.number, "from": event.hands[0].agency}
        return Done(file, command=facts, outcome={}, leaves=(leaf,))

    return act


def complete_hand_over(command: CompleteHandOver, work: Work) -> Act[ItemShown]:
    """Raises ``REJECTED`` for signatures that are not those of the taking hand over this very hand-over."""
    signed = _signed(command.countersigned)

    def act(connection: Connection) -> Done[ItemShown]:
        at_hand = item_at_hand(connection, command.item)
        offer = _offer(at_hand)
        taking = event_of(offer.text).hands[-1]
        wrong = signed.text != offer.text or list(hand_breaks(CustodyBreak(offer.item_id, 0, ""), taking, signed, None))
        if wrong:
            raise refuse("custody.not_countersigned", item=at_hand.stored.id, officer=taking.officer)
        added = {key: signed.signatures[key] for key in taking.keys}
        return _completed(connection, at_hand, offer, added)

    return act


def known_agencies(connection: Connection, keys: NodeKeys) -> Agencies:
    """The signing keys of this agency, retired ones too, and of every partner that a person confirmed."""
    found: dict[str, set[bytes]] = {}
    for own in keys.every("sign"):
        found.setdefault(own.owner, set()).add(own.public_key)
    for partner in known_partners(connection).values():
        for version in partner.versions:
            signing = version.descriptor.of_use("sign")
            good = {key.public for key in signing if key.id not in partner.revoked_keys}
            found.setdefault(partner.id, set()).update(good)
    return found


def _completed(
    connection: Connection, at_hand: ItemAtHand, offer: StoredOffer, signatures: dict[str, bytes]
) -> Done[ItemShown]:
    """Puts the hand-over into the chain, with the signatures of both hands."""
    seq = journal.next_seq(connection)
    event = event_of(offer.text)
    added = Added().signed_by(event, {**signed_event(offer).signatures, **signatures}, seq=seq)
    stored.add_custody_events(connection, added.rows)
    stored.close_offer(connection, offer.seq, closed_seq=seq)
    return _told(connection, at_hand, added.leaves)


def _taking(connection: Connection, command: OfferHandOver, work: Work) -> Hand:
    keys = NodeKeys(work.folder, work.stores)
    if command.to_officer.strip():
        return hand_of_officer(work, command.to_officer.strip()[:120])
    card = _signed(command.card)
    try:
        said = json.loads(card.text)
        hand = hand_of(said["hand"])
    except (ValueError, KeyError, TypeError) as error:
        raise refuse("custody.card") from error
    place = CustodyBreak(command.item, 0, "")
    if said.get("format") != CARD or list(hand_breaks(place, hand, card, known_agencies(connection, keys))):
        raise refuse("custody.card_not_of_partner", agency=hand.agency[:120])
    return hand


def _event_on_offer(chain: list[SignedEvent], offer: SignedEvent, agencies: Agencies) -> CustodyEvent:
    """The hand-over, once the chain before it and the giving hand were checked."""
    try:
        event = event_of(offer.text)
    except ValueError as error:
        raise refuse("custody.offer_file", part=str(error)[:80]) from error
    followed = follow(event.item, chain, agencies=agencies)
    place = CustodyBreak(event.item, event.number, "")
    breaks = [*followed.breaks, *hand_breaks(place, event.hands[0], offer, agencies)]
    fault = fault_of(followed.custody, event)
    if fault or event.what is not What.HAND_OVER or event.previous_sha256 != followed.custody.last_sha256:
        breaks.append(replace(place, code=fault or "previous"))
    if breaks:
        first = breaks[0]
        raise refuse("custody.broken", Category.BROKEN, item=first.item, number=first.number, code=first.code)
    return event


def _offer(at_hand: ItemAtHand) -> StoredOffer:
    if at_hand.offer is None:
        raise refuse("custody.nothing_offered", Category.CONFLICT, item=at_hand.stored.id)
    return at_hand.offer


def _require_meant(event: CustodyEvent, taking: Hand) -> None:
    meant = event.hands[-1]
    if meant != taking:
        code = "custody.key_changed" if meant.holder == taking.holder else "custody.not_for_you"
        raise refuse(code, Category.CONFLICT, item=event.item, officer=meant.officer)


def _read_offer(data: bytes) -> tuple[list[SignedEvent], SignedEvent]:
    said = _json(data)
    try:
        if said["format"] != OFFER or not isinstance(said["chain"], list):
            raise ValueError("format")
        return [signed_of(each) for each in said["chain"]], signed_of(said["offer"])
    except (ValueError, KeyError, TypeError) as error:
        raise refuse("custody.offer_file", part=str(error)[:80]) from error


def _signed(data: bytes) -> SignedEvent:
    try:
        return signed_of(_json(data))
    except ValueError as error:
        raise refuse("custody.offer_file", part=str(error)[:80]) from error


def _json(data: bytes) -> Any:
    if len(data) > LARGEST:
        raise refuse("custody.offer_file", part="size")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise refuse("custody.offer_file", part="json") from error


def _told(connection: Connection, at_hand: ItemAtHand, leaves: tuple[Leaf, ...]) -> Done[ItemShown]:
    shown = item_shown(connection, at_hand.stored.id)
    custody = shown.at_hand.custody
    facts: dict[str, object] = {"item": at_hand.stored.id, "number": custody.number, "event": custody.last_sha256}
    return Done(shown, command=facts, outcome={"event": custody.last_sha256}, leaves=leaves)
