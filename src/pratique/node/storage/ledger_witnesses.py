"""Witnesses of this node's log with their cosignatures, and the partners' logs that this node witnesses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from pratique.node.storage.ledger_tables import ledger_breach, ledger_cosignature, ledger_watched, ledger_witness


@dataclass(frozen=True, slots=True)
class StoredWitness:
    """A partner who cosigns this node's checkpoints, by the name and key of its signature lines."""

    name: str
    vkey: str
    added_at: str
    added_by: str
    ended_at: str | None = None


@dataclass(frozen=True, slots=True)
class StoredCosignature:
    """What a witness signed of a checkpoint; ``cosigned_at`` in seconds since the epoch."""

    tree_size: int
    witness: str
    line: str
    cosigned_at: int


@dataclass(frozen=True, slots=True)
class WatchedLog:
    """A partner's log that this node witnesses, and the newest tree it saw of it."""

    origin: str
    vkey: str
    tree_size: int
    root: bytes | None
    note: str | None
    seen_at: str | None
    added_at: str
    added_by: str


@dataclass(frozen=True, slots=True)
class Breach:
    """What an append-only log does not show: which log, what, the note seen before and the one told then."""

    seq: int
    origin: str
    breach: str
    seen_note: str
    told_note: str
    at: str


_WITNESS: Final = [ledger_witness.c[name] for name in StoredWitness.__dataclass_fields__]
_COSIGNATURE: Final = [ledger_cosignature.c[name] for name in StoredCosignature.__dataclass_fields__]
_WATCHED: Final = [ledger_watched.c[name] for name in WatchedLog.__dataclass_fields__]
_BREACH: Final = [ledger_breach.c[name] for name in Breach.__dataclass_fields__]


def witnesses(connection: Connection, *, ended: bool = False) -> list[StoredWitness]:
    """The witnesses in use, by name; with ``ended`` those of before too."""
    wanted = select(*_WITNESS).order_by(ledger_witness.c.name)
    rows = connection.execute(wanted if ended else wanted.where(ledger_witness.c.ended_at.is_(None)))
    return [StoredWitness(*row) for row in rows]


def put_witness(connection: Connection, witness: StoredWitness) -> None:
    """Adds a witness, or a new key under the name of one."""
    row = asdict(witness)
    statement = upsert(ledger_witness).values(**row)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))


def retire_witness(connection: Connection, name: str, *, at: str) -> bool:
    """The witness is asked no more; what it signed stays. ``False`` where there is none in use."""
    ended = update(ledger_witness).where(ledger_witness.c.name == name, ledger_witness.c.ended_at.is_(None))
    return bool(connection.execute(ended.values(ended_at=at)).rowcount)


def put_cosignature(connection: Connection, cosignature: StoredCosignature) -> None:
    """Keeps a cosignature, in the place of an earlier one of the same witness for the same checkpoint."""
    row = asdict(cosignature)
    connection.execute(
        upsert(ledger_cosignature)
        .values(**row)
        .on_conflict_do_update(
            index_elements=["tree_size", "witness"], set_={"line": row["line"], "cosigned_at": row["cosigned_at"]}
        )
    )


def cosignatures(connection: Connection, tree_size: int) -> list[StoredCosignature]:
    """What witnesses signed of the checkpoint of that size, by name."""
    wanted = select(*_COSIGNATURE).where(ledger_cosignature.c.tree_size == tree_size)
    return [StoredCosignature(*row) for row in connection.execute(wanted.order_by(ledger_cosignature.c.witness))]


def newest_cosignatures(connection: Connection) -> dict[str, StoredCosignature]:
    """The cosignature of the largest tree of each witness, by its name."""
    newest = select(ledger_cosignature.c.witness, func.max(ledger_cosignature.c.tree_size)).group_by(
        ledger_cosignature.c.witness
    )
    found = {}
    for witness, size in connection.execute(newest).all():
        found[witness] = next(each for each in cosignatures(connection, size) if each.witness == witness)
    return found


def watched(connection: Connection) -> Iterator[WatchedLog]:
    """The logs that this node witnesses, by origin."""
    for row in connection.execute(select(*_WATCHED).order_by(ledger_watched.c.origin)):
        yield WatchedLog(*row)


def watched_log(connection: Connection, origin: str) -> WatchedLog | None:
    """The log of that origin; ``None`` where this node does not witness it."""
    row = connection.execute(select(*_WATCHED).where(ledger_watched.c.origin == origin)).first()
    return WatchedLog(*row) if row else None


def put_watched(connection: Connection, log: WatchedLog) -> None:
    """Adds a log, or what was seen of it since, or its new key."""
    row = asdict(log)
    changed = {name: row[name] for name in ("vkey", "tree_size", "root", "note", "seen_at")}
    statement = upsert(ledger_watched).values(**row)
    connection.execute(statement.on_conflict_do_update(index_elements=["origin"], set_=changed))


def put_breach(connection: Connection, breach: Breach) -> None:
    """Keeps the evidence."""
    connection.execute(insert(ledger_breach).values(**asdict(breach)))


def breaches(connection: Connection) -> list[Breach]:
    """Every breach there is evidence of, oldest first."""
    return [Breach(*row) for row in connection.execute(select(*_BREACH).order_by(ledger_breach.c.seq))]
