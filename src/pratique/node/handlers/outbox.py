"""The outbox: what is under way, what each try came to, and what a person makes of what cannot be delivered."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Leaf, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange import line as lines
from pratique.node.exchange.held import openings_of, terms_of
from pratique.node.exchange.own import own
from pratique.node.exchange.register import PUSH, known_partner, known_partners, standing_of
from pratique.node.exchange.sending import MAIN, Hands, Logged, seal_again
from pratique.node.exchange.settling import Round, Settled, Tried, settled
from pratique.node.instants import to_text
from pratique.node.storage import attachments, inbox, journal, outbox
from pratique.node.storage import exchange_streams as streams
from pratique.node.storage import partners as stored
from pratique.node.storage.exchange_streams import OUT, StoredStream
from pratique.node.storage.outbox import GIVEN_UP, NEEDS_A_PERSON, WAITING, StoredDisclosure, StoredOut
from pratique.node.storage.partners import StoredLine
from pratique.node.storage.store import Connection
from pratique.partners.exchange.envelope import Content
from pratique.partners.exchange.header import stream_start
from pratique.vocabulary.errors import Category, PratiqueError

MOST: Final = 1000
FOLLOWED: Final = "followed"
JITTER_STEPS: Final = 2**20


@dataclass(frozen=True, slots=True)
class Due:
    """A partner for whom something may be tried now, in order; ``endpoint`` is ``None`` where it cannot be called."""

    partner: str
    endpoint: str | None
    envelopes: tuple[StoredOut, ...]


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """An envelope with what was disclosed in it."""

    out: StoredOut
    disclosure: StoredDisclosure | None


@dataclass(frozen=True, slots=True)
class ListDue(Query[list[Due]]):
    """What may be delivered now, by partner; a line that rests, or that is not called, is left out."""

    most: int = 50


@dataclass(frozen=True, slots=True)
class ListOutbox(Query[list[OutboxLine]]):
    """What is under way, newest first; ``needs_person`` shows what was refused or came too late."""

    needs_person: bool = False
    most: int = 100


@dataclass(frozen=True, slots=True)
class EnvelopesAfter(Query[tuple[bytes, ...]]):
    """The envelopes of the stream to a partner behind a number: for a partner that calls, and for a gap."""

    partner: str
    stream: str
    after: int
    most: int = 50


@dataclass(frozen=True, slots=True)
class Flow:
    """What went between this node and a partner: ``needs_person`` cannot be delivered without a decision."""

    sent: int
    waiting: int
    needs_person: int
    received: int


@dataclass(frozen=True, slots=True)
class ShowFlows(Query[dict[str, Flow]]):
    """What went between this node and each partner."""


@dataclass(frozen=True, slots=True)
class CurrentStreams(Query[tuple[str, ...]]):
    """The names of the streams to a partner, in the order in which they were begun."""

    partner: str


@dataclass(frozen=True, slots=True)
class SettleDeliveries(Command[tuple[Settled, ...]]):
    """Notes what tries to deliver to a partner came to. ``line_fault`` is there where the line itself failed."""

    partner: str
    tries: tuple[Tried, ...]
    line_fault: str | None = None
    entry: ClassVar[str] = "exchange.deliveries_settled"


@dataclass(frozen=True, slots=True)
class DecideLetter(Command[str]):
    """What a person makes of a message that cannot be delivered: ``retry`` or ``give_up``, and why."""

    message: str
    decision: str
    reason: str
    entry: ClassVar[str] = "exchange.letter_decided"


@dataclass(frozen=True, slots=True)
class BeginStream(Command[int]):
    """Begins another stream to a partner, after a person spoke with it: what has no receipt is sealed anew for it.

    Answers with how many messages that were.
    """

    partner: str
    stream: str
    reason: str
    entry: ClassVar[str] = "exchange.stream_begun"


def list_due(query: ListDue, view: View) -> list[Due]:
    """Partners whose exchange is stopped get nothing."""
    found, state = [], stored.lines(view.connection)
    known = known_partners(view.connection)
    for partner_id in outbox.waiting_partners(view.connection):
        partner, stands = known.get(partner_id), standing_of(view.connection, partner_id)
        if partner is None or stands.stopped or stands.reached_by != PUSH or partner.current.endpoint is None:
            continue
        if lines.rests(state.get(partner_id, StoredLine(partner_id)), at=view.at):
            continue
        due = outbox.due_out(view.connection, partner_id, now=to_text(view.at), most=query.most)
        found += [Due(partner_id, partner.current.endpoint, tuple(due))] if due else []
    return found


def list_outbox(query: ListOutbox, view: View) -> list[OutboxLine]:
    """At most a thousand."""
    states = NEEDS_A_PERSON if query.needs_person else ()
    rows = outbox.outs(view.connection, states=states, most=min(max(query.most, 1), MOST))
    return [OutboxLine(row, outbox.disclosure_of(view.connection, row.id)) for row in rows]


def envelopes_after(query: EnvelopesAfter, view: View) -> tuple[bytes, ...]:
    """In order. Raises ``REJECTED`` for a number below zero."""
    if query.after < 0 or not 1 <= query.most <= MOST:
        raise refuse("share.no_such_number", number=query.after)
    rows = outbox.out_after(view.connection, query.partner, query.stream, query.after, most=query.most)
    return tuple(row.envelope for row in rows)


def show_flows(query: ShowFlows, view: View) -> dict[str, Flow]:
    """By partner; one with whom nothing was exchanged has no line."""
    out, came = outbox.out_counts(view.connection), inbox.in_counts(view.connection)

    def of(partner: str, *states: str) -> int:
        return sum(out.get((partner, state), 0) for state in states)

    return {
        partner: Flow(
            sent=sum(count for (each, _), count in out.items() if each == partner),
            waiting=of(partner, WAITING),
            needs_person=of(partner, *NEEDS_A_PERSON),
            received=came.get(partner, 0),
        )
        for partner in sorted({each for each, _ in out} | set(came))
    }


def current_streams(query: CurrentStreams, view: View) -> tuple[str, ...]:
    """``main`` where nothing was ever sent."""
    known = [each.stream for each in streams.streams(view.connection, query.partner) if each.direction == OUT]
    return tuple(known) or (MAIN,)


def settle_deliveries(command: SettleDeliveries, work: Work) -> Act[tuple[Settled, ...]]:
    """Raises ``NOT_FOUND`` for a partner that nobody confirmed."""
    jitter = (work.randomness() % JITTER_STEPS) / JITTER_STEPS

    def act(connection: Connection) -> Done[tuple[Settled, ...]]:
        partner = known_partner(connection, command.partner)
        now = Round(partner, journal.next_seq(connection), work.at, jitter)
        done = tuple(settled(connection, each, number, now) for number, each in enumerate(command.tries))
        line = stored.lines(connection).get(partner.id, StoredLine(partner.id))
        if any(each.heard for each in done):
            line = lines.reached(line, at=work.at)
        if command.line_fault is not None:
            line = lines.failed(line, at=work.at, fault=command.line_fault, jitter=jitter)
        stored.put_line(connection, line)
        counts = Counter(each.state for each in done)
        facts = {"partner": partner.id, "messages": [each.message for each in command.tries]}
        return Done(done, command=facts, outcome={"states": dict(counts), "line": command.line_fault or "reached"})

    return act


def decide_letter(command: DecideLetter, work: Work) -> Act[str]:
    """Raises ``CONFLICT`` where the message does not wait for a person, ``REJECTED`` without a reason."""
    states = {"retry": WAITING, "give_up": GIVEN_UP}
    if command.decision not in states:
        raise refuse("share.no_decision", decision=command.decision[:40])
    reason = _reason(command.reason)

    def act(connection: Connection) -> Done[str]:
        state = states[command.decision]
        if not outbox.decide_aside(connection, command.message, state=state, at=to_text(work.at)):
            raise refuse("share.not_aside", Category.CONFLICT, message=command.message[:60])
        facts = {"message": command.message, "decision": command.decision, "reason_sha256": reason}
        return Done(state, command=facts, outcome={"state": state})

    return act


def begin_stream(command: BeginStream, work: Work) -> Act[int]:
    """Raises ``CONFLICT`` where the stream was used before."""
    reason = _reason(command.reason)

    def act(connection: Connection) -> Done[int]:
        me, partner = own(work.folder, work.stores, connection), known_partner(connection, command.partner)
        known = [each for each in streams.streams(connection, partner.id) if each.direction == OUT]
        if any(each.stream == command.stream for each in known):
            raise refuse("share.stream_used", Category.CONFLICT, stream=command.stream[:40])
        for each in known:
            stopped = StoredStream(each.partner_id, OUT, each.stream, each.sequence, each.head, FOLLOWED, each.begun)
            streams.put_stream(connection, stopped)
        head = stream_start(sender=me.id, recipient=partner.id, stream=command.stream)
        streams.put_stream(connection, StoredStream(partner.id, OUT, command.stream, 0, head, None, len(known) + 1))
        leaves: list[Leaf] = []
        logged = Logged(journal.next_seq(connection), work.at)
        for before in outbox.unsettled(connection, partner.id):
            content = _content(connection, before)
            if content is not None:
                now = seal_again(connection, before, content, Hands(me, partner), logged)
                outbox.seal_anew(connection, now.out)
                leaves.append(now.leaf)
        facts = {"partner": partner.id, "stream": command.stream, "reason_sha256": reason}
        return Done(len(leaves), command=facts, outcome={"sealed_anew": len(leaves)}, leaves=tuple(leaves))

    return act


def _content(connection: Connection, before: StoredOut) -> Content | None:
    """What is to be sealed anew; nothing where it was erased meanwhile."""
    row = outbox.disclosure_of(connection, before.id)
    if row is None or row.openings is None:
        return None
    files = attachments.attachments_of(connection, before.id, attachments.OUT)
    keys = {bytes.fromhex(each.sha256): each.key for each in files if each.key is not None}
    return Content(terms_of(row), openings_of(row), keys)


def _reason(text: str) -> str:
    """The digest of the reason, which stays out of the journal."""
    if not text.strip():
        raise _no_reason()
    return hashlib.sha256(text.strip().encode()).hexdigest()


def _no_reason() -> PratiqueError:
    return refuse("share.no_reason")
