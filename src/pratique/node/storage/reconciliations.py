"""What came of comparing logs with partners, and where a leaf stands in the log of this node."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, func, insert, select

from pratique.node.storage.attachment_tables import reconciliation
from pratique.node.storage.ledger_tables import ledger_entry


@dataclass(frozen=True, slots=True)
class StoredReconciliation:
    """A comparison: the period, what became of the partner's checkpoint, and what was found of each message.

    ``witnesses``, ``counts`` and ``lines`` are canonical JSON.
    """

    seq: int
    partner_id: str
    since: str
    until: str
    log: str
    tree_size: int
    root: bytes | None
    note: str | None
    witnesses: str
    counts: str
    lines: str
    at: str
    by: str


_COLUMNS: Final = [reconciliation.c[name] for name in StoredReconciliation.__dataclass_fields__]


def add_reconciliation(connection: Connection, added: StoredReconciliation) -> None:
    """Keeps a comparison."""
    connection.execute(insert(reconciliation).values(**asdict(added)))


def reconciliations(connection: Connection, partner_id: str | None = None, *, most: int) -> list[StoredReconciliation]:
    """The newest comparisons, with one partner or with all."""
    wanted = select(*_COLUMNS).order_by(reconciliation.c.seq.desc()).limit(most)
    if partner_id is not None:
        wanted = wanted.where(reconciliation.c.partner_id == partner_id)
    return [StoredReconciliation(*row) for row in connection.execute(wanted)]


def reconciliation_of(connection: Connection, seq: int) -> StoredReconciliation | None:
    """The comparison of that journal entry."""
    row = connection.execute(select(*_COLUMNS).where(reconciliation.c.seq == seq)).first()
    return StoredReconciliation(*row) if row else None


def newest_by_partner(connection: Connection) -> dict[str, StoredReconciliation]:
    """The newest comparison with each partner."""
    newest = select(func.max(reconciliation.c.seq)).group_by(reconciliation.c.partner_id)
    wanted = select(*_COLUMNS).where(reconciliation.c.seq.in_(newest))
    return {row.partner_id: StoredReconciliation(*row) for row in connection.execute(wanted)}


def largest_seen(connection: Connection, partner_id: str) -> StoredReconciliation | None:
    """The comparison that saw the largest tree of the partner's log, of those that found it whole."""
    wanted = select(*_COLUMNS).where(
        reconciliation.c.partner_id == partner_id, reconciliation.c.log.in_(("first", "consistent"))
    )
    row = connection.execute(wanted.order_by(reconciliation.c.tree_size.desc()).limit(1)).first()
    return StoredReconciliation(*row) if row else None


def number_of_leaf(connection: Connection, seq: int, leaf_sha256: bytes) -> int | None:
    """The number in the log of a leaf of that journal entry; ``None`` while no checkpoint has it."""
    wanted = select(ledger_entry.c.number).where(
        ledger_entry.c.kept_in == "main", ledger_entry.c.seq == seq, ledger_entry.c.leaf_sha256 == leaf_sha256
    )
    found: int | None = connection.execute(wanted).scalar()
    return found
