"""Every row of the tables of controls, so that a check can compare it with what the journal says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, select

from pratique.node.storage.control_tables import (
    control_event,
    control_evidence,
    control_order,
    control_outcome,
    control_release,
    resource,
    resource_event,
    second_look_draw,
)

TABLES: Final = (
    control_order,
    control_event,
    control_outcome,
    control_evidence,
    control_release,
    second_look_draw,
    resource,
    resource_event,
)
_NOT_OF_THE_ROW: Final = ("purpose", "retention_class")  # the same in every row


def recorded_rows(connection: Connection) -> Iterator[tuple[int, dict[str, Any]]]:
    """The number of the journal entry that made the row, and the row as it was made."""
    for table in TABLES:
        columns = [each for each in table.columns if each.name not in _NOT_OF_THE_ROW]
        for row in connection.execute(select(*columns)):
            told = row._asdict()
            yield told["seq"], told
