"""Assessment runs, their consignments, and what people will touch: hits and decisions that take their time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Integer, Table, exists, func, insert, select

from pratique.node.storage.bulk import insert_rows, rows_with_keys
from pratique.node.storage.tables import consignment, decision, hit, known_bill, run, run_message

RUN_TABLES: Final[Mapping[str, Table]] = {each.name: each for each in (run_message, consignment, hit, decision)}


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One assessment. ``manifest`` is canonical JSON: the digests of everything that went in and came out."""

    id: str
    seq: int
    at: str
    actor: str
    manifest: str
    manifest_sha256: str
    output_sha256: str
    consignment_count: int
    hit_count: int
    chosen_count: int


@dataclass(frozen=True, slots=True)
class StoredConsignment:
    """One consignment in one run; ``consignment`` is its number inside the run's frames."""

    id: str
    run_seq: int
    consignment: int
    bill: str | None
    sender_id: str | None
    version: int
    cancelled: int


def add_run(connection: Connection, stored: StoredRun) -> None:
    """Adds the run; its rows follow in the same transaction."""
    connection.execute(insert(run).values(**{name: getattr(stored, name) for name in stored.__slots__}))


def run_columns(name: str) -> dict[str, type[int] | type[str]]:
    """The columns of a table of rows of runs, each with the type of its values."""
    return {column.name: int if isinstance(column.type, Integer) else str for column in RUN_TABLES[name].columns}


def add_rows(connection: Connection, name: str, rows: list[tuple[Any, ...]]) -> None:
    """Adds rows of a run to the table of that name, in the order of its columns."""
    insert_rows(connection, RUN_TABLES[name], tuple(run_columns(name)), rows)


def run_rows(connection: Connection, name: str, seq: int) -> list[tuple[Any, ...]]:
    """The rows that the table of that name has of a run, in the order of its key."""
    table = RUN_TABLES[name]
    found = select(table).where(table.c.run_seq == seq).order_by(*table.primary_key)
    return [tuple(row) for row in connection.execute(found)]


def runs(connection: Connection) -> list[StoredRun]:
    """Every run, oldest first."""
    return [StoredRun(**row._asdict()) for row in connection.execute(select(run).order_by(run.c.seq))]


def run_ids_after(connection: Connection, seq: int) -> dict[str, int]:
    """The short ids and numbers of the runs behind that number, newest first."""
    found = select(run.c.id, run.c.seq).where(run.c.seq > seq).order_by(run.c.seq.desc())
    return {run_id: int(number) for run_id, number in connection.execute(found)}


def run_by_id(connection: Connection, run_id: str) -> StoredRun | None:
    """One run by its short id."""
    row = connection.execute(select(run).where(run.c.id == run_id)).first()
    return StoredRun(**row._asdict()) if row else None


def is_cleared(connection: Connection, found: StoredRun) -> bool:
    """The run had consignments, and they were erased when their time was over."""
    there = select(consignment.c.id).where(consignment.c.run_seq == found.seq).limit(1)
    return found.consignment_count > 0 and connection.execute(there).first() is None


def run_by_seq(connection: Connection, seq: int) -> StoredRun:
    """The run whose journal entry has that number."""
    return StoredRun(**connection.execute(select(run).where(run.c.seq == seq)).one()._asdict())


def runs_around(connection: Connection, seq: int, most: int) -> list[StoredRun]:
    """The run of that number, then the newest others: ``most`` of them in all."""
    others = select(run).where(run.c.seq != seq).order_by(run.c.seq.desc()).limit(most - 1)
    return [run_by_seq(connection, seq), *(StoredRun(**row._asdict()) for row in connection.execute(others))]


def first_run_at(connection: Connection) -> str | None:
    """When the node assessed anything for the first time."""
    return connection.execute(select(run.c.at).order_by(run.c.seq).limit(1)).scalar_one_or_none()


def newest_run(connection: Connection) -> StoredRun | None:
    """The run that was made last."""
    row = connection.execute(select(run).order_by(run.c.seq.desc()).limit(1)).first()
    return StoredRun(**row._asdict()) if row else None


def consignments_called(connection: Connection, ref: str) -> list[StoredConsignment]:
    """Consignments whose short id or bill number is ``ref``, in every run, newest run first.

    The version of a bill that is in force comes before those that it replaced, whenever these came: an original that
    arrived after its amendment is in a newer run.
    """
    in_force = exists().where(
        known_bill.c.transport_contract_document_id == consignment.c.bill,
        known_bill.c.consignment_id == consignment.c.id,
    )
    newest_first = (consignment.c.run_seq.desc(), consignment.c.version.desc(), consignment.c.consignment)
    named = (consignment.c.id == ref.upper()) | (consignment.c.bill == ref)
    found = connection.execute(select(consignment).where(named).order_by(in_force.desc(), *newest_first))
    return [StoredConsignment(**row._asdict()) for row in found]


def assessed_before(connection: Connection, raw_sha256: Iterable[str]) -> set[str]:
    """Those of the raw messages that an earlier run worked on."""
    columns = [run_message.c.raw_sha256]
    return {sha for (sha,) in rows_with_keys(connection, columns, key=run_message.c.raw_sha256, wanted=raw_sha256)}


def seen_before(connection: Connection, ids: Iterable[str], seq: int) -> set[str]:
    """Those of the consignments that a run before that number assessed."""
    columns = [consignment.c.id, consignment.c.run_seq]
    found = rows_with_keys(connection, columns, key=consignment.c.id, wanted=ids)
    return {id_ for id_, run_seq in found if run_seq < seq}


def counts(connection: Connection) -> dict[str, int]:
    """How many runs, consignments, hits and decisions the store holds."""
    tables = (run, consignment, hit, decision)
    return {each.name: int(connection.execute(select(func.count()).select_from(each)).scalar_one()) for each in tables}


def newer_versions(connection: Connection, run_seq: int, bills: Sequence[str]) -> dict[str, str]:
    """For each of the bills that a later run has too: the id of the newest such run."""
    later = (
        select(consignment.c.bill, run.c.id)
        .join(run, run.c.seq == consignment.c.run_seq)
        .where(consignment.c.bill.in_(bills), consignment.c.run_seq > run_seq)
        .order_by(consignment.c.run_seq)
    )
    return {row.bill: row.id for row in connection.execute(later)}
