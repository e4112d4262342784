"""When the whole ledger was hashed again, by whom, and what that came to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, insert, select

from pratique.node.storage.ledger_tables import ledger_check


@dataclass(frozen=True, slots=True)
class StoredCheck:
    """One check: ``verdict`` is canonical JSON with the root, the steps and their times, and the faults."""

    seq: int
    at: str
    by: str
    tree_size: int
    fault_count: int
    verdict: str


_CHECK: Final = [ledger_check.c[name] for name in StoredCheck.__dataclass_fields__]


def put_check(connection: Connection, check: StoredCheck) -> None:
    """Keeps what a check came to."""
    connection.execute(insert(ledger_check).values(**asdict(check)))


def last_check(connection: Connection) -> StoredCheck | None:
    """The newest check; ``None`` where there was none."""
    row = connection.execute(select(*_CHECK).order_by(ledger_check.c.seq.desc()).limit(1)).first()
    return StoredCheck(*row) if row else None
