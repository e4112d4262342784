"""What hits raised by a change of a list add to the score of a run, reason by reason, beside the run."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, select

from pratique.node.canonical import digest
from pratique.node.storage.bulk import insert_rows
from pratique.node.storage.tables import raised_reason

REASON_COLUMNS: Final = tuple(
    column.name for column in raised_reason.columns if column.name not in ("purpose", "retention_class")
)


def add_raised_reasons(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Adds reasons, each in the order of ``REASON_COLUMNS``."""
    insert_rows(connection, raised_reason, REASON_COLUMNS, rows)


def raised_reasons_of_run(connection: Connection, run_seq: int) -> list[tuple[Any, ...]]:
    """The reasons that came to a run since it was made, in the order of ``REASON_COLUMNS``, oldest first."""
    return _found(connection, raised_reason.c.run_seq == run_seq)


def reasons_digest(rows: list[tuple[Any, ...]]) -> str:
    """SHA-256 (hex) of such reasons, sorted by run, consignment, change and profile."""
    return digest([list(row) for row in sorted(rows, key=lambda row: row[:4])])


def stored_reasons_digest(connection: Connection, seq: int) -> str:
    """The same, of the reasons that the store has of a change."""
    return reasons_digest(_found(connection, raised_reason.c.seq == seq))


def _found(connection: Connection, condition: Any) -> list[tuple[Any, ...]]:
    columns = [raised_reason.c[name] for name in REASON_COLUMNS]
    order = [raised_reason.c[name] for name in ("seq", "run_seq", "consignment", "profile_id")]
    return [tuple(row) for row in connection.execute(select(*columns).where(condition).order_by(*order))]
