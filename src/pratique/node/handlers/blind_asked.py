"""Blind queries of partners: what they may ask about, how much, and the answer, of which this side learns nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.exchange.agreements import gate_at_hand
from pratique.node.exchange.blind_kinds import Kind, kind_named
from pratique.node.exchange.blind_sets import SetAtHand, set_at_hand
from pratique.node.exchange.disclosing import About, ActDone, disclose_in
from pratique.node.exchange.following import follow_up, received_message
from pratique.node.exchange.fresh import random_bytes
from pratique.node.exchange.held import openings_of
from pratique.node.exchange.recalled import recalled
from pratique.node.exchange.register import known_partner
from pratique.node.exchange.share import Circumstances, Share, decided
from pratique.node.instants import from_text, to_text
from pratique.node.storage import blind as stored
from pratique.node.storage import inbox, journal
from pratique.node.storage.blind import StoredAsked, StoredBlindList, StoredPermission
from pratique.node.storage.inbox import StoredIn, StoredNotTaken
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import lists_in_force
from pratique.partners.agreements import ClauseKind, Request
from pratique.partners.agreements.terms import Mode
from pratique.partners.exchange import blind
from pratique.partners.exchange.messages.asking import BlindAnswer, BlindQuery
from pratique.partners.exchange.messages.registry import received_message as read_received
from pratique.vocabulary.errors import Category, PratiqueError

DAY: Final = timedelta(hours=24)
STANDS: Final = timedelta(days=30)
MOST_PER_DAY: Final = 10_000
LONGEST_BASIS: Final = 1000
MOST: Final = 200
BUDGET: Final = "blind.budget"
NOT_ALLOWED: Final = "blind.not_allowed"
NOT_COVERED: Final = "blind.not_covered"
NORMALISED_OTHERWISE: Final = "blind.normalisation"


@dataclass(frozen=True, slots=True)
class MarkBlindList(Command[str]):
    """Says whether partners may ask about a list, on what basis. Answers with the list."""

    list_id: str
    shared: bool
    basis: str
    entry: ClassVar[str] = "blind.list_marked"


@dataclass(frozen=True, slots=True)
class AllowBlindQueries(Command[str]):
    """Says how many elements a partner may ask in 24 hours (0: none), and the clause that answers go under.

    ``by_itself``: the exchange worker answers what is within the limit; else a person gives each answer.
    """

    partner: str
    agreement: str
    clause: str
    per_day: int
    by_itself: bool
    basis: str
    entry: ClassVar[str] = "blind.partner_allowed"


@dataclass(frozen=True, slots=True)
class BlindlyAnswered:
    """What became of a partner's question: ``answered``, or the ground on which it was refused.

    ``message`` is what went back; ``None`` where not even the refusal was let through.
    """

    query: str
    partner: str
    outcome: str
    elements: int
    message: str | None


@dataclass(frozen=True, slots=True)
class AnswerBlindly(Command[BlindlyAnswered]):
    """Answers a partner's blind query, or refuses it, saying why."""

    query: str
    entry: ClassVar[str] = "blind.answered"


@dataclass(frozen=True, slots=True)
class AskedAtHand:
    """A question at hand: as it came, what it says, its kind, and when."""

    held: StoredIn
    query: BlindQuery
    kind: Kind
    at: datetime


def mark_blind_list(command: MarkBlindList, work: Work) -> Act[str]:
    """Raises ``NOT_FOUND`` for a list that is not in force, ``REJECTED`` without a basis."""
    basis = _basis(command.basis)

    def act(connection: Connection) -> Done[str]:
        if command.list_id not in {each.list_id for each in lists_in_force(connection)}:
            raise refuse("blind.no_list", Category.NOT_FOUND, list_id=command.list_id[:40])
        seq = journal.next_seq(connection)
        shared = int(command.shared)
        row = StoredBlindList(seq, command.list_id, shared, basis, to_text(work.at), work.actor.name)
        stored.add_list(connection, row)
        return Done(command.list_id, command={"list": command.list_id, "shared": command.shared}, outcome={})

    return act


def allow_blind_queries(command: AllowBlindQueries, work: Work) -> Act[str]:
    """Raises ``NOT_FOUND`` for a partner or agreement, ``REJECTED`` for a clause that permits nothing or no number."""
    basis = _basis(command.basis)
    if not 0 <= command.per_day <= MOST_PER_DAY:
        raise refuse("blind.per_day", per_day=command.per_day, most=MOST_PER_DAY)

    def act(connection: Connection) -> Done[str]:
        partner = known_partner(connection, command.partner)
        clause = gate_at_hand(connection, command.agreement).instrument.clause(command.clause)
        if clause is None or clause.kind is not ClauseKind.PERMIT:
            raise refuse("blind.no_clause", agreement=command.agreement[:80], clause=command.clause[:80])
        row = StoredPermission(
            seq=journal.next_seq(connection),
            partner_id=partner.id,
            agreement=command.agreement,
            clause=command.clause,
            per_day=command.per_day,
            by_itself=int(command.by_itself),
            basis=basis,
            at=to_text(work.at),
            by=work.actor.name,
        )
        stored.add_permission(connection, row)
        facts = {"partner": partner.id, "agreement": row.agreement, "clause": row.clause, "per_day": row.per_day}
        return Done(partner.id, command=facts | {"by_itself": command.by_itself}, outcome={})

    return act


def answer_blindly(command: AnswerBlindly, work: Work) -> Act[BlindlyAnswered]:
    """Raises ``NOT_FOUND`` for what never came, ``REJECTED`` for what is no query, ``CONFLICT`` for a settled one.

    Everything else is an outcome, told to the partner where the gate lets that go.
    """
    with work.store.reading() as connection:
        held = received_message(connection, command.query)
        asked = asked_at_hand(held, work.at)
        refused = _ground(connection, asked, SetAtHand(None))
        at_hand = SetAtHand(None, ground=refused)
        if not refused:  # a set takes its time: whoever may not ask costs none
            at_hand = set_at_hand(connection, work.folder, asked.kind, at=work.at, random=random_bytes)

    def act(connection: Connection) -> Done[BlindlyAnswered]:
        if stored.asked_of(connection, held.id) is not None:
            raise refuse("blind.answered_already", Category.CONFLICT, query=held.id)
        ground = _ground(connection, asked, at_hand)
        if ground == BUDGET:
            _alarm(connection, asked)
        share = _answer(connection, asked, at_hand, work) if not ground else None
        done = disclose_in(connection, share, About(held.thread, held.id), work) if share else None
        if not ground and (done is None or done.disclosed.message is None):
            ground = NOT_COVERED
        if done is None:
            done = _refusal(connection, asked, ground, work)
        if not ground and at_hand.fresh and at_hand.held is not None:
            stored.add_set(connection, replace(at_hand.held, seq=journal.next_seq(connection)))
        return _done(connection, asked, ground or stored.ANSWERED, done, work)

    return act


def _basis(text: str) -> str:
    basis = text.strip()
    if not basis or len(basis) > LONGEST_BASIS:
        raise refuse("blind.basis", most=LONGEST_BASIS)
    return basis


def asked_at_hand(held: StoredIn, at: datetime) -> AskedAtHand:
    """The question in a message that came. Raises ``REJECTED`` for what is none."""
    message = read_received(held.type, tuple(each.field for each in openings_of(held))) if held.openings else None
    if not isinstance(message, BlindQuery):
        raise refuse("blind.no_query", message=held.id)
    return AskedAtHand(held, message, kind_named(message.kind), at)


def _ground(connection: Connection, asked: AskedAtHand, at_hand: SetAtHand) -> str:
    """Why it is refused before the gate is asked; empty where it is not."""
    allowed = stored.permissions(connection).get(asked.held.partner_id)
    if allowed is None or not allowed.per_day:
        return NOT_ALLOWED
    if (asked.query.normalisation or 1) != blind.NORMALISATION:
        return NORMALISED_OTHERWISE
    used = stored.answered_since(connection, asked.held.partner_id, to_text(asked.at - DAY))
    if used + len(asked.query.elements) > allowed.per_day:
        return BUDGET
    return at_hand.ground


def _answer(connection: Connection, asked: AskedAtHand, at_hand: SetAtHand, work: Work) -> Share | None:
    """The answer under the clause that was named for it; ``None`` where that does not cover what an answer tells."""
    allowed, held = stored.permissions(connection)[asked.held.partner_id], at_hand.held
    assert held is not None  # without a set there was a ground
    known = asked.query.set_known == held.sha256
    said = BlindAnswer(
        query=asked.held.id,
        set=held.sha256,
        size=len(held.tokens) // blind.TOKEN_BYTES,
        valid_until=from_text(held.valid_until),
        elements=blind.evaluated(asked.query.elements, key=held.key),
        tokens=None if known else held.tokens,
        normalisation=blind.NORMALISATION,
    ).model_copy(update={asked.kind.about: True})
    share = Share(
        asked.held.partner_id,
        "blind_answer/1",
        said.dump(),
        allowed.agreement,
        allowed.clause,
        _circumstances(asked, allowed),
    )
    made = decided(connection, share, recalled(connection, work), at=work.at).disclosure
    covered = made.decision.permitted and asked.kind.about in {each.name for each in made.sent}
    return share if covered else None


def _circumstances(asked: AskedAtHand, allowed: StoredPermission) -> Circumstances:
    """The question is the request: in writing, for the purpose and the category that it names."""
    purpose, received = asked.held.message_purpose, from_text(asked.held.received_at)
    request = Request(
        id=asked.held.id,
        by=asked.held.partner_id,
        under=allowed.agreement,
        purpose=purpose,
        categories=frozenset({"procedure", asked.kind.category.code}),
        valid_from=received.date(),
        valid_to=(received + STANDS).date(),
    )
    return Circumstances(purpose, mode=Mode.ON_REQUEST, request=request)


def _refusal(connection: Connection, asked: AskedAtHand, ground: str, work: Work) -> ActDone | None:
    """The refusal as it goes back, under the clause that the question named; ``None`` where that permits nothing."""
    fields = {"request": asked.held.id, "result": "refused", "grounds": [ground]}
    share = follow_up(asked.held, "answer/1", fields, None)
    try:
        return disclose_in(connection, share, About(asked.held.thread, asked.held.id), work)
    except PratiqueError:  # this side has not the agreement that the question names, or exchange is stopped
        return None


def _alarm(connection: Connection, asked: AskedAtHand) -> None:
    """Whoever asks more than was agreed tries identifiers one by one, or has a fault: a person looks at it."""
    params = canonical({"partner": asked.held.partner_id, "elements": len(asked.query.elements)})
    row = StoredNotTaken(
        seq=journal.next_seq(connection),
        number=0,
        came_from=asked.held.partner_id,
        message_id=asked.held.id,
        sha256=asked.held.sha256,
        code=BUDGET,
        params=params,
        alarm=1,
        at=to_text(asked.at),
    )
    inbox.add_not_taken(connection, [row])


def _done(
    connection: Connection, asked: AskedAtHand, outcome: str, done: ActDone | None, work: Work
) -> Done[BlindlyAnswered]:
    held, elements = asked.held, len(asked.query.elements)
    message = done.disclosed.message if done else None
    row = StoredAsked(
        query_id=held.id,
        seq=journal.next_seq(connection),
        partner_id=held.partner_id,
        kind=asked.kind.name,
        elements=elements,
        outcome=outcome,
        answer_id=message,
        at=to_text(work.at),
        by=work.actor.name,
    )
    stored.add_asked(connection, row)
    facts = (done.facts if done else {}) | {"query": held.id, "partner": held.partner_id, "kind": row.kind}
    result = BlindlyAnswered(held.id, held.partner_id, outcome, elements, message)
    told = (done.outcome if done else {}) | {"outcome": outcome, "elements": elements}
    return Done(result, command=facts, outcome=told, leaves=done.leaves if done else ())
