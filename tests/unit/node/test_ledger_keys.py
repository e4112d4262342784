"""The node's key pairs: made once, renewed, sealed, and carried past the loss of the machine."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite

from nodes import ANNA, NOON, new_node, open_node
from pratique.node import Node
from pratique.node.archive.restoring import restore
from pratique.node.folder import NodeFolder
from pratique.node.handlers.backups import TakeBackup
from pratique.node.handlers.keys import RenewKey
from pratique.node.handlers.ledger_keys import ExportKeys, ImportKeys, ListKeys, MakeKeys, RotateKey
from pratique.node.ledger.signing_keys import ALGORITHMS, NodeKeys
from pratique.node.stores import open_stores
from pratique.vocabulary.errors import PratiqueError

PASSPHRASE = "seven unrelated words of a customs officer"


def keys_of(folder: Path) -> NodeKeys:
    place = NodeFolder(folder)
    stores = open_stores(place)
    try:
        return NodeKeys(place, stores)
    finally:
        stores.close()


def made(folder: Path) -> Node:
    node = new_node(folder)
    node.execute(MakeKeys("customs.example"), actor=ANNA)
    return node


def test_keys_are_made_once_under_one_name(tmp_path: Path) -> None:
    with made(tmp_path / "node") as node:
        assert {key.name for key in node.ask(ListKeys(), actor=ANNA)} == set(ALGORITHMS)
        assert node.execute(MakeKeys("customs.example"), actor=ANNA) == []
        with pytest.raises(PratiqueError, match=r"made under the name customs\.example"):
            node.execute(MakeKeys("other.example"), actor=ANNA)


@pytest.mark.parametrize("owner", ["", "Customs.example", "customs example", "a+b", "x" * 101, ".", "a\nb"])
def test_name_that_cannot_stand_on_a_signature_line_is_refused(tmp_path: Path, owner: str) -> None:
    with new_node(tmp_path / "node") as node, pytest.raises(PratiqueError, match="cannot stand"):
        node.execute(MakeKeys(owner), actor=ANNA)


def test_private_parts_lie_in_no_file_in_the_clear(tmp_path: Path) -> None:
    made(tmp_path / "node").close()
    keys = keys_of(tmp_path / "node")
    private = [pair.private for pair in keys.pairs()]
    for file in (path for path in (tmp_path / "node").rglob("*") if path.is_file()):
        content = file.read_bytes()
        assert not any(part in content or part.hex().encode() in content for part in private), file


def test_rotated_key_signs_and_the_old_one_still_checks(tmp_path: Path) -> None:
    with made(tmp_path / "node") as node:
        node.execute(RotateKey("log"), actor=ANNA)
    keys = keys_of(tmp_path / "node")
    old, new = keys.every("log")
    assert old.retired_at is not None
    assert new == keys.current("log")
    assert keys.signing("log").public_key().public_bytes_raw() == new.public_key != old.public_key


def test_seal_key_opens_what_hpke_sealed_for_its_public_part(tmp_path: Path) -> None:
    made(tmp_path / "node").close()
    keys = keys_of(tmp_path / "node")
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    public = keys.opening().public_key()
    assert isinstance(public, MLKEM768X25519PublicKey)
    assert suite.decrypt(suite.encrypt(b"told", public, b"info"), keys.opening("seal/1"), b"info") == b"told"


def test_renewing_the_node_key_keeps_private_keys_usable(tmp_path: Path) -> None:
    with made(tmp_path / "node") as node:
        before = {pair.id: pair.private for pair in keys_of(tmp_path / "node").pairs()}
        node.execute(RenewKey(), actor=ANNA)
    assert {pair.id: pair.private for pair in keys_of(tmp_path / "node").pairs()} == before


def test_lost_machine_does_not_end_the_keys(tmp_path: Path) -> None:
    with made(tmp_path / "node") as node:
        node.execute(RotateKey("sign"), actor=ANNA)
        node.execute(ExportKeys(tmp_path / "keys.json", PASSPHRASE), actor=ANNA)
        node.execute(TakeBackup(tmp_path / "node.tar"), actor=ANNA)
    before = {pair.id: pair.private for pair in keys_of(tmp_path / "node").pairs()}
    shutil.rmtree(tmp_path / "node")
    restore(tmp_path / "node.tar", tmp_path / "node")
    with open_node(tmp_path / "node", moment=NOON + timedelta(days=1)) as node:
        with pytest.raises(PratiqueError, match=r"another node\.key"):
            node.execute(ExportKeys(tmp_path / "again.json", PASSPHRASE), actor=ANNA)
        with pytest.raises(PratiqueError, match="does not open"):
            node.execute(ImportKeys(tmp_path / "keys.json", PASSPHRASE + "!"), actor=ANNA)
        node.execute(ImportKeys(tmp_path / "keys.json", PASSPHRASE), actor=ANNA)
    assert {pair.id: pair.private for pair in keys_of(tmp_path / "node").pairs()} == before


def test_changed_key_file_does_not_open(tmp_path: Path) -> None:
    with made(tmp_path / "node") as node:
        node.execute(ExportKeys(tmp_path / "keys.json", PASSPHRASE), actor=ANNA)
        content = bytearray((tmp_path / "keys.json").read_bytes())
        content[-40] ^= 1
        (tmp_path / "changed.json").write_bytes(content)
        (tmp_path / "rubbish.json").write_text("[" * 100_000)
        for name in ("changed.json", "rubbish.json"):
            with pytest.raises(PratiqueError, match="does not open"):
                node.execute(ImportKeys(tmp_path / name, PASSPHRASE), actor=ANNA)
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


def test_keys_of_another_node_are_refused(tmp_path: Path) -> None:
    with made(tmp_path / "node") as node:
        node.execute(ExportKeys(tmp_path / "keys.json", PASSPHRASE), actor=ANNA)
    with made(tmp_path / "other") as other, pytest.raises(PratiqueError, match="not the one of this node"):
        other.execute(ImportKeys(tmp_path / "keys.json", PASSPHRASE), actor=ANNA)


def test_short_passphrase_is_refused_and_passphrases_are_in_no_journal(tmp_path: Path) -> None:
    with made(tmp_path / "node") as node:
        with pytest.raises(PratiqueError, match="shorter than 16"):
            node.execute(ExportKeys(tmp_path / "keys.json", "short"), actor=ANNA)
        node.execute(ExportKeys(tmp_path / "keys.json", PASSPHRASE), actor=ANNA)
    with sqlite3.connect(tmp_path / "node" / "access.db") as connection:
        told = connection.execute("SELECT group_concat(command) FROM journal").fetchone()[0]
    assert PASSPHRASE not in told
    assert PASSPHRASE not in repr(ExportKeys(tmp_path, PASSPHRASE))
