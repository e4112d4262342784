"""What came into the logs of a node since somebody looked: numbered lines, in order, for a system outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from pratique.node.storage.access_tables import attempt, denial, person_read
from pratique.node.storage.access_tables import journal as access_journal
from pratique.node.storage.tables import journal

OF_MAIN: Final[Mapping[str, Table]] = {"journal": journal}
OF_ACCESS: Final[Mapping[str, Table]] = {
    "access_journal": access_journal,
    "refusal": denial,
    "reading": person_read,
    "sign_in": attempt,
}


def new_lines(connection: Connection, log: Table, *, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """The lines behind number ``after``, oldest first, each with its number."""
    (number,) = log.primary_key.columns
    wanted = select(log).where(number > after).order_by(number).limit(limit)
    return [(int(row[number.name]), dict(row)) for row in connection.execute(wanted).mappings()]
