"""Leaves that an act adds: in the same transaction, with an opening that can be handed over, and erased for good."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger_nodes import behind_its_back, keyed
from nodes import ANNA, NOON, open_node
from pratique.node import Node
from pratique.node.acts import Act, Done, Leaf
from pratique.node.carrying_out import carry_out
from pratique.node.handlers.ledger import EraseOpening, MakeCheckpoint, ProveEntry
from pratique.node.handlers.ledger_verify import VerifyLedger
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.ledger.leaves import fresh_salt
from pratique.node.storage.store import Connection
from pratique.partners.ledger.proofs import parse_proof
from pratique.vocabulary.errors import PratiqueError
from pratique_verify.proofs import check_proof

SENT = Leaf("exchange.sent", b"the exact bytes that were sent", fresh_salt())
REFUSED = Leaf("exchange.refused", b"what was refused")


def sent(node: Node, *leaves: Leaf) -> int:
    """Carries out a command whose act adds leaves; gives the number of its journal entry."""

    def act(connection: Connection) -> Done[int]:
        return Done(1, command={}, outcome={}, leaves=leaves)

    work = node._work(ANNA, datetime.now(UTC), None)
    carry_out(ChangeSetting("high_line", "70"), work, act=act)  # type: ignore[arg-type]
    return node.changes


def test_added_leaves_are_proved_and_opened_by_whoever_holds_salt_and_bytes(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        seq = sent(node, SENT, REFUSED)
        node.execute(MakeCheckpoint(), actor=ANNA)
        proved = node.ask(ProveEntry(place=("main", seq, 1)), actor=ANNA)
        opening = parse_proof(proved.file).opening
        assert (proved.kind, opening.salt, opening.record) == ("exchange.sent", SENT.salt, SENT.record)
        assert node.ask(ProveEntry.named(f"main:{seq}:2"), actor=ANNA).kind == "exchange.refused"
        assert node.execute(VerifyLedger(), actor=ANNA).holds


def test_act_that_fails_leaves_no_leaf(tmp_path: Path) -> None:
    def act(connection: Connection) -> Done[int]:
        raise ZeroDivisionError

    failing: Act[int] = act
    with keyed(tmp_path / "node") as node:
        before = node.execute(MakeCheckpoint(), actor=ANNA).tree_size
        with pytest.raises(ZeroDivisionError):
            carry_out(ChangeSetting("high_line", "70"), node._work(ANNA, NOON, None), act=failing)  # type: ignore[arg-type]
        assert node.execute(MakeCheckpoint(), actor=ANNA).tree_size == before + 1  # that of the checkpoint


def test_erased_opening_is_gone_from_every_file_and_the_log_stays_whole(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        seq = sent(node, SENT, REFUSED)
        node.execute(MakeCheckpoint(), actor=ANNA)
        before = node.ask(ProveEntry(place=("main", seq, 1)), actor=ANNA).file
        assert node.execute(EraseOpening(seq, 1, "five years after the case was closed"), actor=ANNA) is True
        assert node.execute(EraseOpening(seq, 1, "five years after the case was closed"), actor=ANNA) is False
        proved = node.ask(ProveEntry(place=("main", seq, 1)), actor=ANNA)
        assert proved.erased_because == "five years after the case was closed"
        assert check_proof(proved.file, None).record is None
        assert check_proof(before, None).record == SENT.record  # who was handed the opening still proves it
        verdict = node.execute(VerifyLedger(), actor=ANNA)
        assert (verdict.holds, verdict.erased) == (True, 1)
        node._stores.main.settle()
    for path in (path for path in (tmp_path / "node").rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert SENT.record not in content, path
        assert SENT.salt is not None
        assert SENT.salt not in content, path


def test_opening_that_vanished_without_a_word_is_named(tmp_path: Path) -> None:
    with keyed(tmp_path / "node") as node:
        seq = sent(node, SENT)
    with behind_its_back(tmp_path / "node") as connection:
        connection.execute("UPDATE ledger_leaf SET salt = NULL, record = NULL WHERE part = 1")
    with open_node(tmp_path / "node") as node:
        (fault,) = node.execute(VerifyLedger(), actor=ANNA).faults
    assert fault.code == "ledger.erased_untold"
    assert f"part 1 of entry {seq}" in fault.told


@pytest.mark.parametrize("other", ["'text'", "CAST('other' AS BLOB)", "17", "NULL"])
def test_changed_record_is_named(tmp_path: Path, other: str) -> None:
    with keyed(tmp_path / "node") as node:
        sent(node, SENT, REFUSED)
    with behind_its_back(tmp_path / "node") as connection:
        connection.execute(f"UPDATE ledger_leaf SET record = {other} WHERE part = 2")
    with open_node(tmp_path / "node") as node:
        (fault,) = node.execute(VerifyLedger(), actor=ANNA).faults
    assert fault.code == "ledger.record_changed"


@pytest.mark.parametrize(
    ("part", "because", "code"),
    [
        (0, "reason", "journal_stays"),
        (1, " ", "no_reason"),
        (1, "a\nb", "no_reason"),
        (1, "x" * 201, "no_reason"),
        (9, "reason", "no_entry"),
    ],
)
def test_erasing_is_refused_with_what_to_do(tmp_path: Path, part: int, because: str, code: str) -> None:
    with keyed(tmp_path / "node") as node:
        seq = sent(node, SENT)
        with pytest.raises(PratiqueError) as caught:
            node.execute(EraseOpening(seq, part, because), actor=ANNA)
    assert caught.value.code == f"ledger.{code}"
    assert caught.value.todo


@pytest.mark.parametrize(
    "named", ["", "x", "main", "main:", "main:x", "access:1:x", "-1", "1" * 30, "other:1", "main:1:2:3"]
)
def test_entry_that_cannot_be_named_so_is_not_found(named: str) -> None:
    with pytest.raises(PratiqueError, match="no entry"):
        ProveEntry.named(named)
