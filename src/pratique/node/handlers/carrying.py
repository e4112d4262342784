"""Carried by hand: a partner without a line gets its envelopes and receipts as a file, and the file can come twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from pratique.node.acts import Act, Command, Done, Leaf, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange.own import Own, own
from pratique.node.exchange.receiving import Receiving, Taken, take_in
from pratique.node.exchange.register import OpenPartners, known_partner
from pratique.node.exchange.settling import Round, Settled, Tried, settled
from pratique.node.handlers.attachments import cut, piece_in, tidied
from pratique.node.storage import inbox, journal, outbox
from pratique.node.storage.attachments import waiting_for
from pratique.node.storage.outbox import DELIVERED, WAITING
from pratique.node.storage.store import Connection
from pratique.partners.exchange import strict_json
from pratique.partners.exchange.attachments import LARGEST_PIECE, PIECE, chunk_count
from pratique.partners.exchange.carry import Bundle, Item, Piece, piece_of, read_bundle, write_bundle
from pratique.partners.exchange.receipt import LARGEST as LARGEST_RECEIPT
from pratique.partners.exchange.signatures import payload_of
from pratique.vocabulary.errors import Category, PratiqueError

MOST: Final = 1000
MOST_CARRIED: Final = 40 * 1024 * 1024  # bytes in one file, which grow by a third as text
JITTER: Final = 0.5  # a file is not tried again by itself


@dataclass(frozen=True, slots=True)
class CarriedIn:
    """What a file came to: ``courses`` of envelopes, ``states`` of own messages that its receipts settled.

    ``files`` are pieces of attachments by what became of them; ``whole`` stands for one that is complete now.
    """

    partner: str
    courses: dict[str, int]
    states: dict[str, int]
    passed_over: int
    files: dict[str, int] = field(default_factory=dict)


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
    pieces = _pieces(view, partner.id, room=MOST_CARRIED - sum(len(each) for each in (*receipts, *envelopes)))
    if not receipts and not envelopes and not pieces:
        raise refuse("share.nothing_to_carry", Category.CONFLICT, partner=partner.id)
    items = [*(Item("receipt", each) for each in receipts), *(Item("envelope", each) for each in envelopes)]
    items += [each.item() for each in pieces]
    return write_bundle(items, sender=me.id, recipient=partner.id, made=view.at, signer=me.signer)


def carry_in(command: CarryIn, work: Work) -> Act[CarriedIn]:
    """Raises ``REJECTED`` for a file that is not whole, ``DENIED`` for one of a stranger or for somebody else."""

    def act(connection: Connection) -> Done[CarriedIn]:
        me, heard = own(work.folder, work.stores, connection), OpenPartners(connection)
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
        files, more, tidy = _files_in(connection, bundle, me, work)
        leaves += more
        passed_over = len(bundle.items) - len(states) - len(taken) - sum(files.values())
        courses = Counter(each.course for each in taken)
        settled_as = dict(Counter(each.state for each in states))
        result = CarriedIn(bundle.sender, dict(courses), settled_as, passed_over, files)
        facts: dict[str, Any] = {"partner": bundle.sender, "sha256": bundle.digest.hex()}
        outcome: dict[str, Any] = {"courses": result.courses, "states": result.states, "passed_over": passed_over}
        outcome |= {"files": files}
        return Done(result, command=facts, outcome=outcome, leaves=tuple(leaves), after=tidy)

    return act


def _pieces(view: View, partner_id: str, *, room: int) -> list[Piece]:
    """What waits beside messages to the partner, from where it is there, as far as there is room; the next file goes on

    from the receipts that come back.
    """
    found: list[Piece] = []
    rows = waiting_for(view.connection, partner_id)
    states = outbox.states_of(view.connection, {row.message_id for row in rows})
    for row in (each for each in rows if states.get(each.message_id) in (DELIVERED, WAITING)):
        for after in range(row.chunks, chunk_count(row.byte_count), PIECE):
            room -= LARGEST_PIECE
            if room < 0:
                return found
            found.append(cut(view, row, after))
    return found


def _files_in(
    connection: Connection, bundle: Bundle, me: Own, work: Work
) -> tuple[dict[str, int], list[Leaf], Callable[[], None]]:
    """What became of the pieces in the file, the leaves of alarms, and what is to be tidied away afterwards."""
    counts: Counter[str] = Counter()
    leaves: list[Leaf] = []
    pieces: list[Piece] = []
    for number, item in _of(bundle, "attachment"):
        piece = piece_of(item.data)
        if piece is None:
            continue
        one, more = piece_in(connection, piece, bundle.sender, (me, number), work)
        counts[one.state] += 1
        leaves += more
        pieces.append(piece)

    def tidy() -> None:
        for each in pieces:
            tidied(work, each)

    return dict(counts), leaves, tidy


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
