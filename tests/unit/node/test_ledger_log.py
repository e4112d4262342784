"""The node's log: every command leaves a leaf, checkpoints order and sign them, and one entry is proved alone."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from nodes import ANNA, new_node, open_node
from pratique.node import Node
from pratique.node.archive.restoring import restore
from pratique.node.handlers.backups import TakeBackup
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.ledger import (
    EraseOpening,
    ListEntries,
    MakeCheckpoint,
    ProveConsistency,
    ProveEntry,
    ReadLogFile,
    ShowCheckpoint,
    WriteTiles,
)
from pratique.node.handlers.ledger_keys import ListKeys, MakeKeys, RotateKey
from pratique.node.handlers.settings import ChangeSetting
from pratique.partners.ledger.checkpoints import read_checkpoint
from pratique.partners.ledger.merkle import consistency_holds
from pratique.partners.ledger.notes import PLAIN, VerifierKey
from pratique.partners.ledger.proofs import check_proof, parse_proof
from pratique.vocabulary.errors import PratiqueError
from reference.naive_merkle import mth
from reference.naive_merkle import proof as proof_by_the_book


def keyed(folder: Path) -> Node:
    node = new_node(folder)
    node.execute(MakeKeys("customs.example"), actor=ANNA)
    return node


def log_key(node: Node) -> VerifierKey:
    key = [key for key in node.ask(ListKeys(), actor=ANNA) if key.name == "log"][-1]
    return VerifierKey(key.key_name, PLAIN, key.public_key)


def rows(folder: Path, sql: str, name: str = "pratique.db") -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / name) as connection:
        return connection.execute(sql).fetchall()


def leaf_hashes(folder: Path) -> list[bytes]:
    return [bytes(row[0]) for row in rows(folder, "SELECT leaf_sha256 FROM ledger_entry ORDER BY number")]


def test_every_command_of_both_stores_leaves_its_leaf(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        node.execute(ChangeSetting("high_line", "70"), actor=ANNA)
    for name in ("pratique.db", "access.db"):
        of_journal = rows(tmp_path / "node", "SELECT seq, entry FROM journal ORDER BY seq", name)
        of_leaves = rows(tmp_path / "node", "SELECT seq, kind FROM ledger_leaf WHERE part = 0 ORDER BY seq", name)
        assert of_journal == of_leaves != []


def test_checkpoint_signs_the_root_of_all_leaves(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        made = node.execute(MakeCheckpoint(), actor=ANNA)
        told, _ = read_checkpoint(node.ask(ShowCheckpoint(), actor=ANNA).note.encode(), log_key(node))
        newest = node.ask(ReadJournal(limit=1), actor=ANNA)[0]
    leaves = leaf_hashes(tmp_path / "node")
    assert (told.size, told.root) == (len(leaves), mth(leaves)) == (made.tree_size, bytes.fromhex(made.root))
    assert f'"root":"{made.root}"' in newest.command


def test_log_only_grows_and_shows_it(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        made = []
        for points in range(30, 50):
            node.execute(ChangeSetting("high_line", str(points)), actor=ANNA)
            made.append(node.execute(MakeCheckpoint(), actor=ANNA))
        newest = node.ask(ShowCheckpoint(), actor=ANNA)
        for old in made:
            shown = node.ask(ProveConsistency(old.tree_size), actor=ANNA)
            roots = {"old_root": bytes.fromhex(old.root), "new_root": bytes.fromhex(newest.root)}
            assert consistency_holds(old.tree_size, newest.tree_size, proof=shown.proof, **roots)
            expected = proof_by_the_book(old.tree_size, leaf_hashes(tmp_path / "node"))
            assert list(shown.proof) == expected
        with pytest.raises(PratiqueError, match="were asked for"):
            node.ask(ProveConsistency(newest.tree_size + 1), actor=ANNA)


def test_proof_file_of_every_entry_holds_and_opens_the_journal_entry(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        size = node.execute(MakeCheckpoint(), actor=ANNA).tree_size
        key = log_key(node)
        for number in range(size):
            shown = node.ask(ProveEntry(number), actor=ANNA)
            proof = parse_proof(shown.file)
            check_proof(proof, key)
            assert proof.opening.record is not None
            assert f'"entry":"{shown.kind}"'.encode() in proof.opening.record
            assert f'"journal":"{shown.kept_in}"'.encode() in proof.opening.record
        with pytest.raises(PratiqueError, match="no entry"):
            node.ask(ProveEntry(size), actor=ANNA)
        assert node.ask(ProveEntry(place=("main", 1, 0)), actor=ANNA).kind == "node.founded"


def test_listed_entries_are_the_newest_first_from_both_stores(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        size = node.execute(MakeCheckpoint(), actor=ANNA).tree_size
        listed = node.ask(ListEntries(limit=100), actor=ANNA)
        assert [each.number for each in listed] == list(range(size))[::-1]
        assert {each.kept_in for each in listed} == {"main", "access"}
        assert all(each.actor and each.at and each.kind for each in listed)
        assert node.ask(ListEntries(limit=1, before=1), actor=ANNA)[0].kind == "node.founded"


def test_static_files_are_written_again_where_they_are_gone(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        for points in range(30, 40):
            node.execute(ChangeSetting("high_line", str(points)), actor=ANNA)
        node.execute(MakeCheckpoint(), actor=ANNA)
        node.execute(WriteTiles(tmp_path / "site"), actor=ANNA)
        for path in (path for path in (tmp_path / "site").rglob("*") if path.is_file()):
            name = path.relative_to(tmp_path / "site").as_posix()
            assert node.ask(ReadLogFile(name), actor=ANNA) == path.read_bytes()
        shutil.rmtree(tmp_path / "node" / "ledger")
        node.ask(ProveEntry(0), actor=ANNA)
        size = node.execute(MakeCheckpoint(), actor=ANNA).tree_size
        assert node.ask(ReadLogFile(f"tile/0/000.p/{size}"), actor=ANNA) == b"".join(leaf_hashes(tmp_path / "node"))
        for hostile in ("../pratique.db", "tile/0/../../../node.key", "tile/0/000.p/0", "", "tile//000"):
            with pytest.raises(PratiqueError, match="no such file"):
                node.ask(ReadLogFile(hostile), actor=ANNA)


def test_restored_node_goes_on_with_the_same_log(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        before = node.execute(MakeCheckpoint(), actor=ANNA)
        node.execute(TakeBackup(tmp_path / "node.tar"), actor=ANNA)
        shutil.copy(tmp_path / "node" / "node.key", tmp_path / "node.key")
    restore(tmp_path / "node.tar", tmp_path / "again")
    shutil.copy(tmp_path / "node.key", tmp_path / "again" / "node.key")
    with open_node(tmp_path / "again") as node:
        assert node.ask(ShowCheckpoint(), actor=ANNA).note == before.note
        after = node.execute(MakeCheckpoint(), actor=ANNA)
        proof = node.ask(ProveConsistency(before.tree_size), actor=ANNA).proof
        roots = {"old_root": bytes.fromhex(before.root), "new_root": bytes.fromhex(after.root)}
        assert consistency_holds(before.tree_size, after.tree_size, proof=proof, **roots)


def test_renewed_log_key_signs_from_then_on(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        old = log_key(node)
        first = node.execute(MakeCheckpoint(), actor=ANNA)
        node.execute(RotateKey("log"), actor=ANNA)
        second = node.execute(MakeCheckpoint(), actor=ANNA)
        assert read_checkpoint(first.note.encode(), old)[0].size == first.tree_size
        assert read_checkpoint(second.note.encode(), log_key(node))[0].size == second.tree_size
        with pytest.raises(ValueError, match="did not sign"):
            read_checkpoint(second.note.encode(), old)


def test_without_keys_or_checkpoint_it_says_what_to_do(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        with pytest.raises(PratiqueError, match="ledger keys make"):
            node.execute(MakeCheckpoint(), actor=ANNA)
        with pytest.raises(PratiqueError, match="ledger checkpoint"):
            node.ask(ShowCheckpoint(), actor=ANNA)
        with pytest.raises(PratiqueError, match="cannot be erased"):
            node.execute(EraseOpening(1, 0, "its time is up"), actor=ANNA)
