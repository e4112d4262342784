"""Resources of controls: their versions, and when they were out of use."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select

from pratique.node.storage.control_tables import resource, resource_event


@dataclass(frozen=True, slots=True)
class StoredResource:
    """One version of a resource. ``shifts`` is a canonical JSON array; costs are in minor units of ``currency``."""

    seq: int
    id: str
    kind: str
    name: str
    time_zone: str
    shifts: str
    currency: str | None
    cost_per_control_minor: int | None
    cost_per_hour_minor: int | None
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredResourceEvent:
    """That a resource went out of use (``down``, with a coded reason) or came back (``up``)."""

    seq: int
    resource_id: str
    event: str
    reason: str | None
    note: str
    at: str
    by: str


def add_resource(connection: Connection, added: StoredResource) -> None:
    """Adds a version; the newest of an id is in force."""
    connection.execute(insert(resource).values(**asdict(added)))


def add_resource_event(connection: Connection, added: StoredResourceEvent) -> None:
    """Adds an event of a resource."""
    connection.execute(insert(resource_event).values(**asdict(added)))


def resources(connection: Connection) -> dict[str, StoredResource]:
    """The newest version of every resource, by id."""
    rows = connection.execute(select(resource).order_by(resource.c.seq))
    found = {row.id: StoredResource(**row._asdict()) for row in rows}
    return dict(sorted(found.items()))


def resource_events(connection: Connection) -> dict[str, list[StoredResourceEvent]]:
    """The events of every resource that has some, oldest first."""
    found: dict[str, list[StoredResourceEvent]] = {}
    for row in connection.execute(select(resource_event).order_by(resource_event.c.seq)):
        found.setdefault(row.resource_id, []).append(StoredResourceEvent(**row._asdict()))
    return found
