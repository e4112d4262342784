"""Requests for assistance: their versions and what happened to them. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, func, insert, select, update

from pratique.node.storage.assistance_tables import assistance_event, assistance_request, assistance_version


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request: on which side the node stands (asking, asked), with whom, under what and through which channel."""

    id: str
    seq: int
    side: str
    partner: str
    their_id: str
    instrument: str
    clause: str
    channel: str
    case_ref: str
    sensitive: bool
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version of what is asked; ``record`` is canonical JSON, ``sha256`` what both sides call it."""

    request_id: str
    version: int
    seq: int
    record: str
    sha256: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredRequestEvent:
    """Something that happened to a request; ``side`` did it, ``details`` is canonical JSON."""

    seq: int
    part: int
    request_id: str
    event: str
    side: str
    happened_at: str
    at: str
    by: str
    message: str
    details: str


def add_request(connection: Connection, added: StoredRequest) -> None:
    """Adds a request."""
    connection.execute(insert(assistance_request).values(**asdict(added) | {"sensitive": int(added.sensitive)}))


def add_version(connection: Connection, added: StoredVersion) -> None:
    """Adds a version."""
    connection.execute(insert(assistance_version).values(**asdict(added)))


def add_events(connection: Connection, added: Iterable[StoredRequestEvent]) -> None:
    """Adds what happened."""
    rows = [asdict(each) for each in added]
    if rows:
        connection.execute(insert(assistance_event), rows)


def note_partner_id(connection: Connection, request_id: str, their_id: str) -> None:
    """Notes what the partner calls the request, once it says so."""
    connection.execute(
        update(assistance_request).where(assistance_request.c.id == request_id).values(their_id=their_id)
    )


def request_of(connection: Connection, request_id: str) -> StoredRequest | None:
    """The request of that id."""
    row = connection.execute(select(*_REQUEST).where(assistance_request.c.id == request_id)).first()
    return _request(row._asdict()) if row else None


def request_of_partner(connection: Connection, partner: str, their_id: str, side: str) -> StoredRequest | None:
    """The request that a partner calls by that id."""
    wanted = select(*_REQUEST).where(
        assistance_request.c.partner == partner,
        assistance_request.c.their_id == their_id,
        assistance_request.c.side == side,
    )
    row = connection.execute(wanted).first()
    return _request(row._asdict()) if row else None


def request_of_message(connection: Connection, message: str) -> str | None:
    """The id of the request that a sealed message told something of."""
    wanted = select(assistance_event.c.request_id).where(assistance_event.c.message == message)
    found: str | None = connection.execute(wanted.limit(1)).scalar()
    return found


def all_requests(connection: Connection) -> list[StoredRequest]:
    """Every request, newest first."""
    rows = connection.execute(select(*_REQUEST).order_by(assistance_request.c.seq.desc()))
    return [_request(row._asdict()) for row in rows]


def count_of_year(connection: Connection, year: str) -> int:
    """How many requests were begun in that year, on either side."""
    wanted = select(func.count()).select_from(assistance_request).where(assistance_request.c.at.startswith(year))
    return int(connection.execute(wanted).scalar_one())


def versions_of(connection: Connection, request_id: str) -> list[StoredVersion]:
    """The versions of a request, oldest first."""
    wanted = select(*_VERSION).where(assistance_version.c.request_id == request_id)
    rows = connection.execute(wanted.order_by(assistance_version.c.version))
    return [StoredVersion(**row._asdict()) for row in rows]


def newest_versions(connection: Connection) -> dict[str, StoredVersion]:
    """The newest version of every request, by its id."""
    rows = connection.execute(select(*_VERSION).order_by(assistance_version.c.version))
    return {row.request_id: StoredVersion(**row._asdict()) for row in rows}


def events_of(connection: Connection, request_id: str | None = None) -> list[StoredRequestEvent]:
    """What happened to a request, else to all of them, oldest first."""
    wanted = select(*_EVENT).order_by(assistance_event.c.seq, assistance_event.c.part)
    if request_id is not None:
        wanted = wanted.where(assistance_event.c.request_id == request_id)
    return [StoredRequestEvent(**row._asdict()) for row in connection.execute(wanted)]


def _request(row: dict[str, object]) -> StoredRequest:
    return StoredRequest(**{**row, "sensitive": bool(row["sensitive"])})  # type: ignore[arg-type]


_REQUEST = [assistance_request.c[name] for name in StoredRequest.__slots__]
_VERSION = [assistance_version.c[name] for name in StoredVersion.__slots__]
_EVENT = [assistance_event.c[name] for name in StoredRequestEvent.__slots__]
