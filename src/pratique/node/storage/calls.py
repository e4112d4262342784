"""Calls of runs: one vessel's arrival inside a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from pratique.node.runs.calls import Call, call_kept, stored_values
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


def all_calls(connection: Connection) -> list[Call]:
    """Every call of every run, newest run first."""
    return _calls(connection, _wanted().order_by(call.c.run_seq.desc(), call.c.number))


def runs_without_calls(connection: Connection) -> list[int]:
    """Numbers of the runs that were made before calls were kept."""
    told = select(run.c.seq).where(run.c.seq.not_in(select(call.c.run_seq))).order_by(run.c.seq)
    return list(connection.execute(told).scalars())


def _wanted() -> Select[Any]:
    columns = [run.c.id.label("run_id"), *(call.c[name] for name in COLUMNS)]
    return select(*columns).select_from(call.join(run, run.c.seq == call.c.run_seq))


def _calls(connection: Connection, wanted: Select[Any]) -> list[Call]:
    return [call_kept(row[0], tuple(row[1:])) for row in connection.execute(wanted)]
