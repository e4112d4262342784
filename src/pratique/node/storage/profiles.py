"""Risk profiles, version by version: drafted, activated, retired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from pratique.node.instants import to_text
from pratique.node.storage.tables import profile

SHIPPED_BY: Final = "shipped:pratique"  # the author of the profiles that the house ships


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """One version of a risk profile as its author wrote it."""

    id: str
    version: int
    text: str
    sha256: str
    author: str
    drafted_at: str
    activated_by: str | None
    activated_at: str | None
    retired_by: str | None
    retired_at: str | None

    @property
    def state(self) -> str:
        """``draft``, ``active`` or ``retired``."""
        if self.retired_at is not None:
            return "retired"
        return "draft" if self.activated_at is None else "active"


def newest_version(connection: Connection, profile_id: str) -> int:
    """The number of the newest version; 0 where there is none."""
    return int(
        connection.execute(
            select(func.coalesce(func.max(profile.c.version), 0)).where(profile.c.id == profile_id)
        ).scalar_one()
    )


def add_draft(
    connection: Connection, *, profile_id: str, version: int, text: str, sha256: str, author: str, at: datetime
) -> StoredProfile:
    """A new version that decides nothing yet."""
    draft = StoredProfile(profile_id, version, text, sha256, author, to_text(at), None, None, None, None)
    connection.execute(insert(profile).values(**{name: getattr(draft, name) for name in draft.__slots__}))
    return draft


def activate(connection: Connection, profile_id: str, version: int, *, at: datetime, by: str) -> None:
    """From here on the version is in force, and no other version of the profile."""
    retire(connection, profile_id, at=at, by=by)
    chosen = update(profile).where(profile.c.id == profile_id, profile.c.version == version)
    connection.execute(chosen.values(activated_by=by, activated_at=to_text(at)))


def retire(connection: Connection, profile_id: str, *, at: datetime, by: str) -> int:
    """Takes the active version out of force. Gives how many there were: 0 or 1."""
    active = update(profile).where(
        profile.c.id == profile_id, profile.c.activated_at.is_not(None), profile.c.retired_at.is_(None)
    )
    return connection.execute(active.values(retired_by=by, retired_at=to_text(at))).rowcount


def stored_profiles(connection: Connection, profile_id: str | None = None) -> list[StoredProfile]:
    """Every version of every profile (or of the one named), ordered by id and version."""
    wanted = select(profile).order_by(profile.c.id, profile.c.version)
    if profile_id is not None:
        wanted = wanted.where(profile.c.id == profile_id)
    return [StoredProfile(**row._asdict()) for row in connection.execute(wanted)]


def active_profiles(connection: Connection) -> list[StoredProfile]:
    """The versions in force, ordered by id."""
    return [each for each in stored_profiles(connection) if each.state == "active"]
