"""The logs of access: who was refused, who read person data. Only ever added to, and swept by age."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select

from pratique.node.instants import to_text
from pratique.node.storage.access_tables import attempt, break_glass, denial, person_read, session


@dataclass(frozen=True, slots=True)
class Denial:
    """A request that was refused; ``code`` is that of the refusal.

    ``address`` is there where somebody tried to get round a control: a form of another site, a flood, too large a body.
    """

    actor: str
    office: str | None
    request: str
    code: str
    purpose: str | None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class PersonRead:
    """Person data that was shown: ``subject`` is the id of a consignment, a run or a party, never a name."""

    actor: str
    office: str | None
    request: str
    subject: str
    read_count: int
    purpose: str
    break_glass: str | None


def add_denial(connection: Connection, given: Denial, *, at: datetime) -> None:
    """One more refusal."""
    connection.execute(insert(denial).values(at=to_text(at), **asdict(given)))


def add_person_read(connection: Connection, given: PersonRead, *, at: datetime) -> None:
    """One more reading."""
    connection.execute(insert(person_read).values(at=to_text(at), **asdict(given)))


def denied_lately(connection: Connection, given: Denial, *, since: datetime) -> int:
    """How often that code was met from that address since the moment."""
    where = (denial.c.address == given.address, denial.c.code == given.code, denial.c.at > to_text(since))
    return int(connection.execute(select(func.count()).where(*where)).scalar_one())


def denials(connection: Connection, *, since: datetime, until: datetime) -> list[tuple[str, Denial]]:
    """Refusals within the period with their moments, oldest first."""
    return [
        (row.at, Denial(row.actor, row.office, row.request, row.code, row.purpose, row.address))
        for row in _between(connection, denial, since, until)
    ]


def person_reads(connection: Connection, *, since: datetime, until: datetime) -> list[tuple[str, PersonRead]]:
    """Readings within the period with their moments, oldest first."""
    return [
        (
            row.at,
            PersonRead(row.actor, row.office, row.request, row.subject, row.read_count, row.purpose, row.break_glass),
        )
        for row in _between(connection, person_read, since, until)
    ]


def sweep_logs(connection: Connection, *, before: datetime) -> int:
    """Removes what was read, refused, tried and signed in before the moment; gives how many rows went."""
    moment = to_text(before)
    gone = 0
    for log in (denial, person_read, attempt):
        gone += connection.execute(delete(log).where(log.c.at < moment)).rowcount
    taken = select(break_glass.c.session)
    over = delete(session).where(session.c.last_until < moment, session.c.id.not_in(taken))
    return gone + connection.execute(over).rowcount


def _between(connection: Connection, log: Table, since: datetime, until: datetime) -> list[Row[Any]]:
    wanted = select(log).where(log.c.at >= to_text(since), log.c.at < to_text(until)).order_by(log.c.number)
    return list(connection.execute(wanted).all())
