"""When a watchlist is overdue: so many days after its own date, or after its load where it has no date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pratique.node.instants import from_text
from pratique.node.settings import Settings
from pratique.node.storage.versions import ListVersion
from pratique.vocabulary.findings import Finding


def overdue_lists(versions: Iterable[ListVersion], settings: Settings, at: datetime) -> list[Finding]:
    """A warning for every list in force that is older than its due date at the moment ``at``."""
    return [
        Finding(
            rule="lists.overdue",
            params={
                "list_id": version.list_id,
                "dated": due_from(version).date().isoformat(),
                "days": (at - due_from(version)).days,
                "due_days": settings.due_days(version.list_id),
            },
        )
        for version in versions
        if at > due_at(version, settings)
    ]


def due_from(version: ListVersion) -> datetime:
    """The list's own date; where it has none, when it was loaded."""
    loaded = from_text(version.loaded_at)
    if version.list_date is None:
        return loaded
    own = datetime.fromisoformat(version.list_date).replace(tzinfo=loaded.tzinfo)
    return min(own, loaded)


def due_at(version: ListVersion, settings: Settings) -> datetime:
    """When the list is overdue."""
    return due_from(version) + timedelta(days=settings.due_days(version.list_id))
