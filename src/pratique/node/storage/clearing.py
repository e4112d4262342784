"""Cargo data past its time: found, erased row by row, and counted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Connection, Select, Table, delete, func, select

from pratique.node.storage.hit_tables import disposition, list_change, raised_hit, raised_reason
from pratique.node.storage.tables import (
    approval,
    call,
    consignment,
    control_act,
    decision,
    disputed_reason,
    file,
    hit,
    known_bill,
    known_box,
    known_party,
    model_history,
    quarantine,
    received,
    run,
    run_message,
    selection,
)

T = TypeVar("T")

OF_A_RUN: Final = (hit, decision, consignment, run_message, call, selection, control_act, approval)
SEEN: Final = (  # what is remembered of parties, boxes and bills, by the moment it was last met
    (known_party, known_party.c.last_seen),
    (known_box, known_box.c.last_seen),
    (known_bill, known_bill.c.received_at),
)
_MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Expired:
    """Runs that are past their time, by number and short id, and the files that only they name."""

    seqs: tuple[int, ...]
    ids: tuple[str, ...]
    paths: tuple[str, ...]


def expired(connection: Connection, *, before: str) -> Expired:
    """Runs made before the moment of which anything is left, their frames, and raw messages that came before it."""
    rows = connection.execute(select(run.c.seq, run.c.id, run.c.at, run.c.manifest).order_by(run.c.seq)).all()
    kept = {path for row in rows if row.at >= before for path in _frames(row.manifest)}
    old = [row for row in rows if row.at < before]
    frames = {path for row in old for path in _frames(row.manifest)}
    seqs = [row.seq for row in old]
    for table in (selection, approval):
        for facts in _of_runs(connection, table, seqs):
            frames.add(json.loads(facts)["path"])
    named = {path for (path,) in connection.execute(select(file.c.path).where(file.c.kind == "frame"))}
    raws = connection.execute(_old_messages(before)).all()
    paths = (frames - kept) & named | {row.path for row in raws} | _old_histories(connection, before)
    held = left_of(connection, seqs)
    mine = [row for row in old if row.seq in held]
    return Expired(tuple(row.seq for row in mine), tuple(row.id for row in mine), tuple(sorted(paths)))


def left_of(connection: Connection, seqs: Iterable[int]) -> set[int]:
    """Those of the runs that still have rows besides their own."""
    wanted, left = set(seqs), set()
    for table in OF_A_RUN:
        left |= {seq for (seq,) in connection.execute(select(table.c.run_seq).distinct()) if seq in wanted}
    return left


def clear_expired(connection: Connection, found: Expired, *, before: str) -> dict[str, int]:
    """Erases them; gives how many rows went from which table."""
    gone: dict[str, int] = {}
    for table in OF_A_RUN:
        gone[table.name] = sum(
            connection.execute(delete(table).where(table.c.run_seq.in_(some))).rowcount for some in _pieces(found.seqs)
        )
    gone["disposition"] = connection.execute(delete(disposition).where(disposition.c.at < before)).rowcount
    for table in (raised_hit, raised_reason):
        gone[table.name] = _clear_raised(connection, table, before)
    for table, moment in ((disputed_reason, disputed_reason.c.at), (model_history, model_history.c.made_at)):
        gone[table.name] = connection.execute(delete(table).where(moment < before)).rowcount
    for table, seen in SEEN:
        gone[table.name] = connection.execute(delete(table).where(seen < before)).rowcount
    old = select(_old_messages(before).subquery().c.raw_sha256)
    gone["quarantine"] = connection.execute(delete(quarantine).where(quarantine.c.raw_sha256.in_(old))).rowcount
    shas = [sha for (sha,) in connection.execute(old)]
    gone["received"] = sum(
        connection.execute(delete(received).where(received.c.raw_sha256.in_(some))).rowcount for some in _pieces(shas)
    )
    gone["file"] = sum(
        connection.execute(delete(file).where(file.c.path.in_(some))).rowcount for some in _pieces(found.paths)
    )
    return {name: count for name, count in gone.items() if count}


def oldest_left(connection: Connection) -> str | None:
    """When the oldest run was made of which anything is left; ``None`` where there is none."""
    wanted = select(func.min(run.c.at)).where(run.c.seq.in_(select(consignment.c.run_seq)))
    found: str | None = connection.execute(wanted).scalar()
    return found


def _old_messages(before: str) -> Select[tuple[str, str]]:
    """Raw messages that came before the moment and that no younger run works on."""
    younger = select(run_message.c.raw_sha256).join(run, run.c.seq == run_message.c.run_seq).where(run.c.at >= before)
    return select(received.c.raw_sha256, received.c.path).where(
        received.c.received_at < before, received.c.raw_sha256.not_in(younger)
    )


def _clear_raised(connection: Connection, table: Table, before: str) -> int:
    """Hits that a change of a list raised, and what they add to scores, go with the load that raised them."""
    old = select(list_change.c.seq).where(list_change.c.at < before)
    return connection.execute(delete(table).where(table.c.seq.in_(old))).rowcount


def _old_histories(connection: Connection, before: str) -> set[str]:
    """The files of what models knew so long ago; one that a younger row names as well stays."""
    rows = connection.execute(select(model_history.c.path, model_history.c.made_at)).all()
    return {row.path for row in rows if row.made_at < before} - {row.path for row in rows if row.made_at >= before}


def _frames(manifest: str) -> list[str]:
    return [facts["path"] for facts in json.loads(manifest)["frames"].values()]


def _of_runs(connection: Connection, table: Table, seqs: list[int]) -> list[str]:
    return [
        facts
        for some in _pieces(seqs)
        for (facts,) in connection.execute(select(table.c.decisions).where(table.c.run_seq.in_(some)))
    ]


def _pieces(values: Iterable[T]) -> list[list[T]]:
    every = list(values)
    return [every[start : start + _MOST_AT_ONCE] for start in range(0, len(every), _MOST_AT_ONCE)]
