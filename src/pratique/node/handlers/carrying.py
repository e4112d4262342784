"""Carried by hand: a partner without a line gets its envelopes and receipts as a file, and the file can come twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from pratique.node.acts import Act, Command, Done, Leaf, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange.own import own
from pratique.node.exchange.receiving import Receiving, Taken, take_in
from pratique.node.exchange.register import known_partner, open_partners
from pratique.node.exchange.settling import Round, Settled, Tried, settled
from pratique.node.storage import inbox, journal, outbox
from pratique.node.storage.outbox import WAITING
from pratique.node.storage.store import Connection
from pratique.partners.exchange import strict_json
from pratique.partners.exchange.carry import Bundle, Item, read_bundle, write_bundle
from pratique.partners.exchange.receipt import LARGEST as LARGEST_RECEIPT
from pratique.partners.exchange.signatures import payload_of
from pratique.vocabulary.errors import Category, PratiqueError

MOST: Final = 1000
JITTER: Final = 0.5  # a file is not tried again by itself


@dataclass(frozen=True, slots=True)
class CarriedIn:
    """What a file came to: ``courses`` of envelopes, ``states`` of own messages that its receipts settled."""

    partner: str
    courses: dict[str, int]
    states: dict[str, int]
    passed_over: int


@dataclass(frozen=True, slots=True)
class CarryOut(Query[bytes]):
    """A file with everything that waits for a partner, and the receipts for what came from it."""

    partner: str


@dataclass(frozen=True, slots=True)
class CarryIn(Command[CarriedIn]):
    """Takes in a file that was carried here. Each envelope and each receipt is proved by what is in it."""

    data: bytes
    entry: ClassVar[str] = "exchange.carried_in"


def carry_out(query: CarryOut, view: View) -> bytes:
    """Nothing changes here: what was carried is settled when the partner's receipts come back."""
    me, partner = own(view.folder, view.stores, view.connection), known_partner(view.connection, query.partner)
    receipts = [each.receipt for each in inbox.ins(view.connection, most=MOST, partner_id=partner.id)]
    waiting = outbox.unsettled(view.connection, partner.id)
    envelopes = [each.envelope for each in waiting if each.state == WAITING][:MOST]
    if not receipts and not envelopes:
        raise refuse("share.nothing_to_carry", Category.CONFLICT, partner=partner.id)
    items = [*(Item("receipt", each) for each in receipts), *(Item("envelope", each) for each in envelopes)]
    return write_bundle(items, sender=me.id, recipient=partner.id, made=view.at, signer=me.signer)


def carry_in(command: CarryIn, work: Work) -> Act[CarriedIn]:
    """Raises ``REJECTED`` for a file that is not whole, ``DENIED`` for one of a stranger or for somebody else."""

    def act(connection: Connection) -> Done[CarriedIn]:
        me, heard = own(work.folder, work.stores, connection), open_partners(connection)
        bundle = read_bundle(command.data, heard, own_id=me.id, now=work.at)
        seq = journal.next_seq(connection)
        now = Round(heard[bundle.sender], seq, work.at, JITTER)
        states = [_settled(connection, item, number, now) for number, item in _of(bundle, "receipt")]
        receiving = Receiving(me, heard, work, seq, bundle.sender)
        taken: list[Taken] = []
        leaves: list[Leaf] = []
        for number, item in _of(bundle, "envelope"):
            one, leaf = take_in(connection, item.data, number, receiving)
            taken.append(one)
            leaves += [leaf] if leaf else []
        passed_over = len(bundle.items) - len(states) - len(taken)
        courses = Counter(each.course for each in taken)
        result = CarriedIn(bundle.sender, dict(courses), dict(Counter(each.state for each in states)), passed_over)
        facts: dict[str, Any] = {"partner": bundle.sender, "sha256": bundle.digest.hex()}
        outcome: dict[str, Any] = {"courses": result.courses, "states": result.states, "passed_over": passed_over}
        return Done(result, command=facts, outcome=outcome, leaves=tuple(leaves))

    return act


def _of(bundle: Bundle, kind: str) -> list[tuple[int, Item]]:
    """The items of that kind with their number in the bundle."""
    return [(number, item) for number, item in enumerate(bundle.items) if item.kind == kind]


def _settled(connection: Connection, item: Item, number: int, now: Round) -> Settled:
    """A receipt, for the message that it says it is about; whether it is, is checked there."""
    return settled(connection, Tried(_message(item.data), receipt=item.data), number, now)


def _message(token: bytes) -> str:
    """The message that a receipt names; an empty text for one that cannot be read."""
    try:
        said = strict_json.read(payload_of(token), what="receipt", at_most=LARGEST_RECEIPT)
    except PratiqueError:
        return ""
    return str(said.get("message", ""))
