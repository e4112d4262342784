"""Slots and padding: how much the log grows does not say how much happened, and all that holds goes on holding."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger_nodes import behind_its_back, busy, cosigned, keyed, paired
from nodes import ANNA, open_node
from pratique.node import Node
from pratique.node.handlers.ledger import ListEntries, MakeCheckpoint, ProveEntry, ShowCheckpoint
from pratique.node.handlers.ledger_verify import VerifyLedger
from pratique.node.handlers.ledger_witness import ShowLogPolicy
from pratique.node.handlers.settings import ChangeSetting
from pratique.partners.ledger.padding import slot_size
from pratique_verify.notes import parse_policy
from pratique_verify.proofs import check_proof


@pytest.fixture
def slotted(tmp_path: Path) -> Node:
    """A node whose log grows by slots, with all that came before in its first."""
    node = keyed(tmp_path / "node")
    node.execute(ChangeSetting("ledger_slot_seconds", "300"), actor=ANNA)
    node.execute(MakeCheckpoint(), actor=ANNA)
    return node


def grown(node: Node, acts: int) -> int:
    """By how much the log grows in a slot in which so much was done."""
    before = node.ask(ShowCheckpoint(), actor=ANNA).tree_size
    busy(node, acts)
    return node.execute(MakeCheckpoint(), actor=ANNA).tree_size - before


def test_quiet_and_busy_slots_look_alike(slotted: Node) -> None:
    with slotted as node:
        assert [grown(node, acts) for acts in (0, 1, 9, 15, 16, 40)] == [16, 16, 16, 16, 32, 64]
        verdict = node.execute(VerifyLedger(), actor=ANNA)
        assert (verdict.holds, verdict.size) == (True, node.ask(ShowCheckpoint(), actor=ANNA).tree_size)
        told = node.ask(ListEntries(1000), actor=ANNA)
        assert {each.kind for each in told} >= {"node.founded", "settings.changed", "ledger.checkpointed"}
        assert all(each.actor for each in told)  # what says nothing is not listed
        assert slot_size(0, least=5) == slot_size(8, least=1) == 8


def test_proofs_witnesses_and_tiles_hold_with_padding(slotted: Node, tmp_path: Path) -> None:
    with slotted as node, keyed(tmp_path / "partner", "b.example") as partner:
        paired(node, partner)
        busy(node, 5)
        seen = cosigned(node, partner)
        busy(node, 20)
        size = cosigned(node, partner, old=seen)
        policy = node.ask(ShowLogPolicy(), actor=ANNA)
        opened = 0
        for number in range(size):  # each holds, and nothing but the record tells padding from the rest
            proof = check_proof(node.ask(ProveEntry(number), actor=ANNA).file, parse_policy(policy))
            opened += proof.record is not None
            assert list(proof.witnesses) == ["b.example/witness"]
        assert 0 < opened < size
        shutil.rmtree(node.folder.root / "ledger")  # written again from the rows, padding and all
        assert grown(node, 1) == 16
        assert node.execute(VerifyLedger(), actor=ANNA).holds


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE ledger_padding SET leaf_count = leaf_count - 1", "ledger.padding_untold"),
        ("UPDATE ledger_padding SET seed = zeroblob(32)", "ledger.leaf_changed"),
        ("DELETE FROM ledger_padding", "ledger.out_of_order"),
    ],
)
def test_padding_that_was_tampered_with_is_found(slotted: Node, statement: str, fault: str) -> None:
    folder = slotted.folder.root
    slotted.close()
    with behind_its_back(folder) as connection:
        connection.execute(statement)
    with open_node(folder) as node:
        verdict = node.execute(VerifyLedger(), actor=ANNA)
    assert fault in {each.code for each in verdict.faults}
