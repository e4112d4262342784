"""A node from before the ledger comes into it whole: every earlier journal entry gets its leaf when it is opened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pratique.node.storage import journal
from pratique.node.storage.ledger import KeptIn, entry_record, leaves
from pratique.node.storage.migrate import ACCESS, MAIN, Schema, require_current, upgrade
from pratique.node.storage.store import Store, sqlite_url
from pratique.partners.ledger.commitments import opens
from pratique.vocabulary.errors import PratiqueError

BEFORE: dict[KeptIn, tuple[Schema, Schema]] = {
    "main": (MAIN, Schema(MAIN.scripts, "0006")),
    "access": (ACCESS, Schema(ACCESS.scripts, "0002")),
}
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("kept_in", ["main", "access"])
def test_every_entry_from_before_gets_its_leaf(tmp_path: Path, kept_in: KeptIn) -> None:
    now, then = BEFORE[kept_in]
    store = Store(sqlite_url(tmp_path / "node.db"))
    upgrade(store, then)
    with store.writing() as connection:
        for number in range(1200 if kept_in == "main" else 5):
            journal.append(
                connection, at=NOON, actor="local:anna", entry="node.founded", command={"n": number}, outcome={}
            )
    require_current(store, now)
    with store.reading() as connection:
        entries, found = list(journal.entries(connection)), list(leaves(connection))
    assert [(leaf.seq, leaf.part, leaf.kind) for leaf in found] == [(each.seq, 0, "node.founded") for each in entries]
    assert len({leaf.salt for leaf in found}) == len(found)
    for entry, leaf in zip(entries, found, strict=True):
        assert leaf.salt is not None
        assert opens(leaf.commitment, salt=leaf.salt, record=entry_record(entry, kept_in))
    store.close()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM ledger_leaf",
        "UPDATE ledger_leaf SET commitment = zeroblob(32)",
        "UPDATE ledger_leaf SET kind = 'x', salt = NULL",
        "UPDATE ledger_leaf SET salt = zeroblob(32)",
        "UPDATE ledger_leaf SET record = 'x', salt = NULL",
    ],
)
def test_store_refuses_to_change_a_leaf(tmp_path: Path, sql: str) -> None:
    store = Store(sqlite_url(tmp_path / "node.db"))
    upgrade(store, Schema(MAIN.scripts, "0006"))
    with store.writing() as connection:
        journal.append(connection, at=NOON, actor="local:anna", entry="node.founded", command={}, outcome={})
    require_current(store, MAIN)
    with pytest.raises(PratiqueError, match="append-only"), store.writing() as connection:
        connection.exec_driver_sql(sql)
    store.close()
