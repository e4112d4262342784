"""Calls of runs: one vessel's arrival inside a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Select, or_, select

from pratique.node.calls import Call, call_kept, stored_values
from pratique.node.instants import to_text
from pratique.node.storage.bulk import insert_rows
from pratique.node.storage.tables import call, run

COLUMNS: Final = (
    "number",
    "id",
    "messages",
    "vessel",
    "imo",
    "voyage",
    "from_locations",
    "arrival_location",
    "arrives_at",
)


def add_calls(connection: Connection, run_seq: int, calls: Iterable[Call]) -> None:
    """Adds the calls of a run."""
    rows = [(run_seq, *stored_values(each)) for each in calls]
    insert_rows(connection, call, ["run_seq", *COLUMNS], rows)


def calls_of_run(connection: Connection, run_seq: int) -> list[Call]:
    """The calls of a run, in the order of their messages."""
    return _calls(connection, _wanted().where(call.c.run_seq == run_seq).order_by(call.c.number))


def calls_from(connection: Connection, since: datetime) -> list[Call]:
    """Calls that arrive at ``since`` or later, or at a moment that nobody gave; newest run first."""
    arriving = or_(call.c.arrives_at >= to_text(since), call.c.arrives_at.is_(None))
    return _calls(connection, _wanted().where(arriving).order_by(call.c.run_seq.desc(), call.c.number))


def runs_without_calls(connection: Connection) -> list[int]:
    """Numbers of the runs that were made before calls were kept."""
    told = select(run.c.seq).where(run.c.seq.not_in(select(call.c.run_seq))).order_by(run.c.seq)
    return list(connection.execute(told).scalars())


def calls_named(connection: Connection, ids: Sequence[str]) -> list[Call]:
    """The calls with those ids."""
    return _calls(connection, _wanted().where(call.c.id.in_(ids)).order_by(call.c.run_seq, call.c.number))


def _wanted() -> Select[tuple[object, ...]]:
    columns = [run.c.id.label("run_id"), *(call.c[name] for name in COLUMNS)]
    return select(*columns).select_from(call.join(run, run.c.seq == call.c.run_seq))


def _calls(connection: Connection, wanted: Select[tuple[object, ...]]) -> list[Call]:
    return [call_kept(row[0], tuple(row[1:])) for row in connection.execute(wanted)]
