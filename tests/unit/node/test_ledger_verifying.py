"""The whole ledger, checked again: nothing is found on a sound node, and whoever edits one is found out and named."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from pathlib import Path

import pytest

from ledger_nodes import behind_its_back, busy, cosigned, keyed, paired
from nodes import ANNA, open_node
from pratique.node.handlers.ledger import MakeCheckpoint, ShowCheckpoint
from pratique.node.handlers.ledger_verify import ShowLedgerState, VerifyLedger
from pratique.node.ledger.verdict import Verdict
from pratique.node.storage.journal import JournalEntry
from pratique.node.storage.ledger import entry_record
from pratique.partners.ledger.commitments import commitment, leaf_hash


def sound(folder: Path, *, commands: int = 300) -> Path:
    """A node, closed again, whose log spans more than one tile and has three checkpoints."""
    with keyed(folder) as node:
        for part in range(3):
            busy(node, commands // 3, start=30 + part * commands)
            node.execute(MakeCheckpoint(), actor=ANNA)
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sound(tmp_path_factory.mktemp("ledger") / "node")


@pytest.fixture
def node(whole: Path, tmp_path: Path) -> Path:
    """A copy of the sound node, to be edited."""
    shutil.copytree(whole, tmp_path / "node")
    return tmp_path / "node"


def verdict(folder: Path, **copies: bytes) -> Verdict:
    with open_node(folder) as opened:
        return opened.execute(VerifyLedger(copies), actor=ANNA)


def codes(found: Verdict) -> set[str]:
    return {fault.code.removeprefix("ledger.") for fault in found.faults}


def test_sound_ledger_holds_and_says_what_was_checked(node: Path) -> None:
    found = verdict(node)
    assert found.holds, found.faults
    assert [step.name for step in found.steps] == ["records", "branches", "checkpoints", "copies"]
    assert found.steps[0].count == found.size + found.pending
    with open_node(node) as opened:
        state = opened.ask(ShowLedgerState(), actor=ANNA)
        assert state.verdict == found
        assert (state.size, state.checked_by) == (found.size, "local:anna")


def change(folder: Path, sql: str, name: str = "pratique.db") -> None:
    with behind_its_back(folder, name) as connection:
        assert connection.execute(sql).rowcount


EDITS = {
    "UPDATE journal SET actor = 'local:eve' WHERE seq = 77": ("entry_changed", "entry 77 of main"),
    "DELETE FROM journal WHERE seq = 150": ("entry_removed", "entry 150 of main"),
    "DELETE FROM ledger_leaf WHERE seq = 40": ("leaf_missing", "entry 40 of main"),
    "DELETE FROM ledger_entry WHERE number = 12": ("number_missing", "Entry 12"),
    "UPDATE ledger_entry SET leaf_sha256 = zeroblob(32) WHERE number = 9": ("leaf_changed", "Entry 9"),
    "UPDATE ledger_leaf SET salt = NULL WHERE seq = 5": ("entry_changed", "entry 5 of main"),
    "UPDATE ledger_checkpoint SET note = replace(note, '/', '+') WHERE tree_size > 200": ("checkpoint_unsigned", ""),
    "DELETE FROM ledger_entry WHERE number > 200": ("entries_cut", "201 are left"),
}


@pytest.mark.parametrize("sql", EDITS)
def test_edited_row_is_named(node: Path, sql: str) -> None:
    change(node, sql)
    code, said = EDITS[sql]
    found = verdict(node)
    assert code in codes(found)
    assert any(said in fault.told for fault in found.faults if fault.code.endswith(code))


def test_edited_row_of_the_other_store_is_named(node: Path) -> None:
    change(node, "UPDATE journal SET actor = 'local:eve' WHERE seq = 1", "access.db")
    assert "entry 1 of access" in verdict(node).faults[0].told


def forge(connection: sqlite3.Connection, seq: int) -> None:
    """Changes an entry with everything in the store that follows from it alone: salt, commitment and leaf."""
    columns = list(JournalEntry.__dataclass_fields__)
    row = connection.execute(f"SELECT {','.join(columns)} FROM journal WHERE seq = ?", (seq,)).fetchone()
    entry = JournalEntry(**dict(zip(columns, row, strict=True)) | {"actor": "local:eve"})
    salt = secrets.token_bytes(32)
    committed = commitment(salt, entry_record(entry, "main"))
    connection.execute("UPDATE journal SET actor = 'local:eve' WHERE seq = ?", (seq,))
    connection.execute("UPDATE ledger_leaf SET salt = ?, commitment = ? WHERE seq = ?", (salt, committed, seq))
    connection.execute(
        "UPDATE ledger_entry SET leaf_sha256 = ? WHERE kept_in = 'main' AND seq = ?", (leaf_hash(committed), seq)
    )


def test_entry_forged_with_its_leaf_is_named_by_the_tile_and_by_the_root(node: Path) -> None:
    with behind_its_back(node) as connection:
        forge(connection, 120)
    found = verdict(node)
    assert {"not_as_in_tile", "root_differs"} <= codes(found)
    assert any("main 120" in fault.told for fault in found.faults)


def test_entry_forged_with_leaf_and_tiles_is_found_by_the_signed_root(node: Path) -> None:
    with behind_its_back(node) as connection:
        forge(connection, 120)
    shutil.rmtree(node / "ledger" / "tile")
    found = verdict(node)
    assert "root_differs" in codes(found)
    told = next(fault.told for fault in found.faults if fault.code.endswith("root_differs"))
    assert "one of 103 to 206" in told or "one of 1" in told


def test_changed_tile_is_named(node: Path) -> None:
    tile = node / "ledger" / "tile" / "0" / "000"
    content = bytearray(tile.read_bytes())
    content[32 * 200] ^= 1
    tile.write_bytes(content)
    found = verdict(node)
    assert codes(found) == {"not_as_in_tile"}
    assert found.faults[0].params["number"] == 200


def roll_back(folder: Path, older: Path) -> None:
    """Puts an older copy of the store in the place of the newer one."""
    for path in folder.glob("*.db*"):
        path.unlink()
    for path in older.glob("*.db*"):
        shutil.copy(path, folder / path.name)


def test_older_store_in_the_place_of_the_newer_is_found(node: Path, whole: Path) -> None:
    with open_node(node) as opened:
        busy(opened, 10)
        opened.execute(MakeCheckpoint(), actor=ANNA)
        copy = opened.ask(ShowCheckpoint(), actor=ANNA).note.encode()
    roll_back(node, whole)
    assert codes(verdict(node)) == {"rolled_back"}
    shutil.rmtree(node / "ledger")
    assert verdict(node).holds  # inside the folder nothing is left that could show it
    assert codes(verdict(node, partner=copy)) == {"rolled_back"}


def test_log_that_went_another_way_than_a_partner_saw_is_a_fork(node: Path, whole: Path, tmp_path: Path) -> None:
    with open_node(node) as opened:
        busy(opened, 10)
        opened.execute(MakeCheckpoint(), actor=ANNA)
        copy = opened.ask(ShowCheckpoint(), actor=ANNA).note.encode()
    shutil.copytree(whole, tmp_path / "other")
    with open_node(tmp_path / "other") as other:
        busy(other, 10, start=5000)
        other.execute(MakeCheckpoint(), actor=ANNA)
    found = verdict(tmp_path / "other", partner=copy)
    assert codes(found) == {"forked"}
    assert "partner" in found.faults[0].told


def test_copy_that_this_log_never_signed_is_told(node: Path) -> None:
    for content in (b"", b"rubbish\n\n\x00", b"\xff" * 100):
        assert codes(verdict(node, partner=content)) == {"copy_unsigned"}


def test_changed_cosignature_is_named(tmp_path: Path) -> None:
    with keyed(tmp_path / "a") as log, keyed(tmp_path / "b", "b.example") as witness:
        paired(log, witness)
        cosigned(log, witness)
    assert verdict(tmp_path / "a").holds
    change(tmp_path / "a", "UPDATE ledger_cosignature SET line = substr(line, 1, 60) || 'AAAA' || substr(line, 65)")
    assert codes(verdict(tmp_path / "a")) == {"cosignature_broken"}


def test_many_faults_are_all_counted(node: Path) -> None:
    with behind_its_back(node) as connection:
        connection.execute("UPDATE journal SET actor = 'local:eve'")
    found = verdict(node)
    assert found.fault_count > len(found.faults) == 100


RUBBISH = [
    "UPDATE ledger_leaf SET commitment = 'text' WHERE seq = 9",
    "UPDATE ledger_entry SET leaf_sha256 = 7 WHERE number = 9",
    "UPDATE ledger_checkpoint SET note = x'ff' WHERE tree_size < 200",
    "UPDATE ledger_checkpoint SET root = 'text' WHERE tree_size < 200",
    "UPDATE journal SET command = 'no json' WHERE entry = 'ledger.checkpointed' AND seq < 150",
    "UPDATE ledger_entry SET kept_in = 'nowhere' WHERE number = 9",
]


@pytest.mark.parametrize("sql", RUBBISH)
def test_rubbish_in_the_store_is_a_fault_and_no_crash(node: Path, sql: str) -> None:
    change(node, sql)
    assert not verdict(node).holds
