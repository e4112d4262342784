"""Reasons that officers dispute: which, on which consignment, why, and how often each is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, func, insert, select, update

from pratique.node.storage.tables import disputed_reason

_COLUMNS: Final = (
    "seq", "at", "by", "run_seq", "consignment_id", "profile_id", "profile_version", "points", "because", "note",
    "undone_seq",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredDispute:
    """Somebody says that one reason of one consignment is wrong. ``seq`` is the number of its journal entry.

    ``profile_id`` is the rule, or the reason of a model, whose number is ``profile_version`` then.
    """

    seq: int
    at: str
    by: str
    run_seq: int
    consignment_id: str
    profile_id: str
    profile_version: int
    points: int
    because: str
    note: str
    undone_seq: int | None = None


@dataclass(frozen=True, slots=True)
class DisputeCount:
    """How many consignments a reason is disputed on, by version and why; disputes that were undone do not count."""

    profile_id: str
    profile_version: int
    because: str
    consignments: int


def add_dispute(connection: Connection, added: StoredDispute) -> None:
    """Adds a dispute."""
    connection.execute(insert(disputed_reason).values(**asdict(added)))


def disputes_of(connection: Connection, consignment_id: str) -> list[StoredDispute]:
    """Those that stand on a consignment, oldest first."""
    found = _standing().where(disputed_reason.c.consignment_id == consignment_id)
    return [StoredDispute(**row._asdict()) for row in connection.execute(found)]


def disputes_between(connection: Connection, since: str, until: str) -> list[StoredDispute]:
    """Those that stand and were said in a span of moments (``until`` not included), oldest first."""
    found = _standing().where(disputed_reason.c.at >= since, disputed_reason.c.at < until)
    return [StoredDispute(**row._asdict()) for row in connection.execute(found)]


def dispute_by_seq(connection: Connection, seq: int) -> StoredDispute | None:
    """The dispute that the journal entry of that number recorded."""
    wanted = select(*(disputed_reason.c[name] for name in _COLUMNS)).where(disputed_reason.c.seq == seq)
    row = connection.execute(wanted).first()
    return StoredDispute(**row._asdict()) if row else None


def undo_dispute(connection: Connection, seq: int, *, by_seq: int) -> None:
    """The dispute no longer stands; ``by_seq`` is the journal entry that undid it."""
    connection.execute(update(disputed_reason).where(disputed_reason.c.seq == seq).values(undone_seq=by_seq))


def dispute_counts(connection: Connection) -> list[DisputeCount]:
    """How often each reason is disputed, most disputed first."""
    c = disputed_reason.c
    count = func.count(c.consignment_id.distinct()).label("consignments")
    keys = (c.profile_id, c.profile_version, c.because)
    found = select(*keys, count).where(c.undone_seq.is_(None)).group_by(*keys).order_by(count.desc(), *keys)
    return [DisputeCount(**row._asdict()) for row in connection.execute(found)]


def _standing() -> Select[Any]:
    columns = (disputed_reason.c[name] for name in _COLUMNS)
    return select(*columns).where(disputed_reason.c.undone_seq.is_(None)).order_by(disputed_reason.c.seq)
