"""Blind queries as they are stored: shared lists, permissions, sets, questions of this side, questions of partners."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from pratique.node.storage.blind_tables import (
    blind_asked,
    blind_list,
    blind_permission,
    blind_question,
    blind_set,
    blind_tokens,
)
from pratique.node.storage.exchange_tables import inbox

ASKED: Final = "asked"
ANSWERED: Final = "answered"
REFUSED: Final = "refused"
LAPSED: Final = "lapsed"


@dataclass(frozen=True, slots=True)
class StoredBlindList:
    """Whether partners may ask about a list, on what basis."""

    seq: int
    list_id: str
    shared: int
    basis: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredPermission:
    """How much a partner may ask in 24 hours, and the clause that answers go under."""

    seq: int
    partner_id: str
    agreement: str
    clause: str
    per_day: int
    by_itself: int
    basis: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredSet:
    """A set that is asked about: its secret key and its tokens, decoys among them."""

    seq: int
    kind: str
    lists: str
    key: bytes
    sha256: bytes
    size: int
    tokens: bytes
    valid_until: str
    at: str


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question of this side. ``secrets`` are there until it is settled, ``result`` until its time is up."""

    message_id: str
    seq: int
    partner_id: str
    kind: str
    identifiers: int
    elements: int
    reason: str
    secrets: bytes | None
    state: str
    ground: str | None
    answer_id: str | None
    result: str | None
    known: int | None
    retention_until: str | None
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredAsked:
    """A question of a partner that was settled here."""

    query_id: str
    seq: int
    partner_id: str
    kind: str
    elements: int
    outcome: str
    answer_id: str | None
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """The set of a partner."""

    partner_id: str
    sha256: bytes
    kind: str
    tokens: bytes
    valid_until: str
    at: str


_QUESTION: Final = [blind_question.c[name] for name in StoredQuestion.__dataclass_fields__]


def add_list(connection: Connection, added: StoredBlindList) -> None:
    """Adds what was said of a list."""
    connection.execute(insert(blind_list).values(**asdict(added)))


def shared_lists(connection: Connection) -> dict[str, StoredBlindList]:
    """The lists that partners may ask about."""
    rows = connection.execute(select(blind_list).order_by(blind_list.c.seq))
    newest = {row.list_id: StoredBlindList(**row._asdict()) for row in rows}
    return {name: each for name, each in sorted(newest.items()) if each.shared}


def add_permission(connection: Connection, added: StoredPermission) -> None:
    """Adds what was said of a partner."""
    connection.execute(insert(blind_permission).values(**asdict(added)))


def permissions(connection: Connection) -> dict[str, StoredPermission]:
    """What counts of each partner now."""
    rows = connection.execute(select(blind_permission).order_by(blind_permission.c.seq))
    return {row.partner_id: StoredPermission(**row._asdict()) for row in rows}


def add_set(connection: Connection, added: StoredSet) -> None:
    """Adds a set and forgets the ones of its kind before it: what was answered under their keys stands no more."""
    connection.execute(delete(blind_set).where(blind_set.c.kind == added.kind))
    connection.execute(insert(blind_set).values(**asdict(added)))


def set_of(connection: Connection, kind: str) -> StoredSet | None:
    """The newest set of a kind."""
    row = connection.execute(select(blind_set).where(blind_set.c.kind == kind).order_by(blind_set.c.seq.desc())).first()
    return StoredSet(**row._asdict()) if row else None


def sets(connection: Connection) -> list[StoredSet]:
    """Every set that is kept."""
    return [StoredSet(**row._asdict()) for row in connection.execute(select(blind_set).order_by(blind_set.c.kind))]


def add_question(connection: Connection, added: StoredQuestion) -> None:
    """Adds a question of this side."""
    connection.execute(insert(blind_question).values(**asdict(added)))


def question_of(connection: Connection, message_id: str) -> StoredQuestion | None:
    """The question that went as this message."""
    row = connection.execute(select(*_QUESTION).where(blind_question.c.message_id == message_id)).first()
    return StoredQuestion(*row) if row else None


def questions(connection: Connection, *, most: int) -> list[StoredQuestion]:
    """The newest questions of this side."""
    wanted = select(*_QUESTION).order_by(blind_question.c.seq.desc()).limit(most)
    return [StoredQuestion(*row) for row in connection.execute(wanted)]


def settle_question(connection: Connection, now: StoredQuestion) -> bool:
    """Ends a question that waits; ``False`` where it was settled before. Its secrets are gone then."""
    values = {
        "secrets": None,
        "state": now.state,
        "ground": now.ground,
        "answer_id": now.answer_id,
        "result": now.result,
        "known": now.known,
        "retention_until": now.retention_until,
    }
    waits = (blind_question.c.message_id == now.message_id) & (blind_question.c.state == ASKED)
    return bool(connection.execute(update(blind_question).where(waits).values(**values)).rowcount)


def asked_since(connection: Connection, since: str, *, by: str | None = None, partner: str | None = None) -> int:
    """How many elements this side asked since then: one officer, or of one partner."""
    wanted = select(func.sum(blind_question.c.elements)).where(blind_question.c.at >= since)
    if by is not None:
        wanted = wanted.where(blind_question.c.by == by)
    if partner is not None:
        wanted = wanted.where(blind_question.c.partner_id == partner)
    return int(connection.execute(wanted).scalar_one() or 0)


def add_asked(connection: Connection, added: StoredAsked) -> None:
    """Adds what became of a partner's question."""
    connection.execute(insert(blind_asked).values(**asdict(added)))


def asked_of(connection: Connection, query_id: str) -> StoredAsked | None:
    """What became of a partner's question; ``None`` while it waits."""
    row = connection.execute(select(blind_asked).where(blind_asked.c.query_id == query_id)).first()
    return StoredAsked(**row._asdict()) if row else None


def asked_by_partners(connection: Connection, *, most: int) -> list[StoredAsked]:
    """The newest questions of partners that were settled."""
    rows = connection.execute(select(blind_asked).order_by(blind_asked.c.seq.desc()).limit(most))
    return [StoredAsked(**row._asdict()) for row in rows]


def answered_since(connection: Connection, partner: str, since: str) -> int:
    """How many elements of a partner were evaluated since then."""
    wanted = select(func.sum(blind_asked.c.elements)).where(
        blind_asked.c.partner_id == partner, blind_asked.c.at >= since, blind_asked.c.outcome == ANSWERED
    )
    return int(connection.execute(wanted).scalar_one() or 0)


def queries_waiting(connection: Connection) -> list[str]:
    """The questions of partners that nobody has settled, in the order in which they came."""
    settled = select(blind_asked.c.query_id)
    wanted = select(inbox.c.id).where(
        inbox.c.type == "blind_query/1", inbox.c.openings.is_not(None), inbox.c.id.not_in(settled)
    )
    return [row.id for row in connection.execute(wanted.order_by(inbox.c.seq, inbox.c.sequence))]


def answers_waiting(connection: Connection) -> list[str]:
    """The questions of this side whose answer came and was not read yet."""
    wanted = (
        select(blind_question.c.message_id)
        .join(inbox, inbox.c.answers == blind_question.c.message_id)
        .where(blind_question.c.state == ASKED, inbox.c.partner_id == blind_question.c.partner_id)
        .where(inbox.c.openings.is_not(None))
        .distinct()
    )
    return sorted(row.message_id for row in connection.execute(wanted))


def answers_to(connection: Connection, message_id: str, partner_id: str) -> list[str]:
    """The messages of the partner that answer a message, oldest first."""
    wanted = select(inbox.c.id).where(
        inbox.c.answers == message_id, inbox.c.partner_id == partner_id, inbox.c.openings.is_not(None)
    )
    return [row.id for row in connection.execute(wanted.order_by(inbox.c.seq, inbox.c.sequence))]


def keep_tokens(connection: Connection, added: StoredTokens) -> None:
    """Keeps a partner's set; an older one of its kind is forgotten."""
    of_kind = (blind_tokens.c.partner_id == added.partner_id) & (blind_tokens.c.kind == added.kind)
    connection.execute(delete(blind_tokens).where(of_kind))
    connection.execute(insert(blind_tokens).values(**asdict(added)))


def tokens_of(connection: Connection, partner_id: str, kind: str, *, now: str) -> StoredTokens | None:
    """The partner's set of that kind, as long as its key counts."""
    row = connection.execute(
        select(blind_tokens).where(
            blind_tokens.c.partner_id == partner_id, blind_tokens.c.kind == kind, blind_tokens.c.valid_until > now
        )
    ).first()
    return StoredTokens(**row._asdict()) if row else None


def forget(connection: Connection, *, before: str, today: str, now: str) -> dict[str, int]:
    """Erases secrets of questions asked before ``before``, results past their last day, and keys that are over."""
    waits = (blind_question.c.state == ASKED) & (blind_question.c.at < before)
    over = blind_question.c.result.is_not(None) & (blind_question.c.retention_until < today)
    lapsed = update(blind_question).where(waits).values(state=LAPSED, secrets=None)
    erased = update(blind_question).where(over).values(result=None)
    return {
        "lapsed": connection.execute(lapsed).rowcount,
        "erased": connection.execute(erased).rowcount,
        "sets": sum(_gone(connection, table, now) for table in (blind_set, blind_tokens)),
    }


def _gone(connection: Connection, table: Table, now: str) -> int:
    return connection.execute(delete(table).where(table.c.valid_until < now)).rowcount
