"""Witnesses: what only appends is cosigned, a fork or a rollback is refused with its evidence, whoever asks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger_nodes import busy, cosigned, keyed, paired
from nodes import ANNA, open_node
from pratique.node import Node
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.ledger import MakeCheckpoint, ProveConsistency, ProveEntry, ShowCheckpoint
from pratique.node.handlers.ledger_keys import RotateKey
from pratique.node.handlers.ledger_witness import (
    AddWitness,
    CosignCheckpoint,
    EndWitness,
    ShowLogPolicy,
    ShowWitnessing,
    TakeCosignature,
    WatchLog,
)
from pratique.node.handlers.settings import ChangeSetting
from pratique.vocabulary.errors import Category, PratiqueError


def asked(log: Node, old: int) -> CosignCheckpoint:
    shown = log.ask(ProveConsistency(old), actor=ANNA)
    return CosignCheckpoint(shown.checkpoint.note.encode(), shown.proof, old)


def grown(log: Node, start: int) -> int:
    busy(log, 5, start=start)
    return log.execute(MakeCheckpoint(), actor=ANNA).tree_size


def refused(witness: Node, command: CosignCheckpoint) -> PratiqueError:
    with pytest.raises(PratiqueError) as caught:
        witness.execute(command, actor=ANNA)
    return caught.value


def test_log_that_only_grows_is_cosigned_again_and_again(tmp_path: Path) -> None:
    with keyed(tmp_path / "a") as log, keyed(tmp_path / "b", "b.example") as witness:
        paired(log, witness)
        old = 0
        for step in range(6):
            busy(log, 3 + 40 * (step % 2), start=100 * (step + 1))
            old = cosigned(log, witness, old=old)
        shown = log.ask(ShowCheckpoint(), actor=ANNA)
        assert shown.note.count("\n\N{EM DASH} ") == 2
        assert b"b.example/witness" in log.ask(ProveEntry(0), actor=ANNA).file
        state = log.ask(ShowWitnessing(), actor=ANNA).witnesses[0]
        assert (state.name, state.tree_size) == ("b.example/witness", shown.tree_size)
        assert witness.ask(ShowWitnessing(), actor=ANNA).watched[0].tree_size == shown.tree_size


def test_same_checkpoint_is_cosigned_twice(tmp_path: Path) -> None:
    with keyed(tmp_path / "a") as log, keyed(tmp_path / "b", "b.example") as witness:
        paired(log, witness)
        size = cosigned(log, witness)
        again = witness.execute(asked(log, size), actor=ANNA)
        assert log.execute(TakeCosignature(size, again), actor=ANNA) == "b.example/witness"


def test_fork_is_refused_and_both_notes_are_kept(tmp_path: Path) -> None:
    keyed(tmp_path / "a").close()
    shutil.copytree(tmp_path / "a", tmp_path / "forked")
    witness_of_both = keyed(tmp_path / "b", "b.example")
    with open_node(tmp_path / "a") as log, open_node(tmp_path / "forked") as fork, witness_of_both as witness:
        paired(log, witness)
        paired(fork, witness)
        busy(log, 5)
        size = cosigned(log, witness)
        assert grown(fork, 5000) == size
        told = refused(witness, asked(fork, 0))
        assert (told.code, told.category) == ("ledger.fork", Category.BROKEN)
        breach = witness.ask(ShowWitnessing(), actor=ANNA).breaches[0]
        assert breach.breach == "fork"
        assert breach.seen_note.startswith(log.ask(ShowCheckpoint(), actor=ANNA).note[:120])
        assert breach.told_note == fork.ask(ShowCheckpoint(), actor=ANNA).note
        assert '"breach":"fork"' in witness.ask(ReadJournal(limit=1), actor=ANNA)[0].command
        grown(fork, 7000)
        assert refused(witness, asked(fork, size)).code == "ledger.no_proof"
        assert witness.ask(ShowWitnessing(), actor=ANNA).watched[0].tree_size == size


def test_rollback_is_refused(tmp_path: Path) -> None:
    with keyed(tmp_path / "a") as log, keyed(tmp_path / "b", "b.example") as witness:
        paired(log, witness)
        grown(log, 100)
        older = asked(log, 0)
        busy(log, 9, start=500)
        cosigned(log, witness)
        assert refused(witness, older).code == "ledger.rollback"
        assert [each.breach for each in witness.ask(ShowWitnessing(), actor=ANNA).breaches] == ["rollback"]


def test_proof_from_another_size_is_no_breach(tmp_path: Path) -> None:
    with keyed(tmp_path / "a") as log, keyed(tmp_path / "b", "b.example") as witness:
        paired(log, witness)
        size = cosigned(log, witness)
        grown(log, 100)
        told = refused(witness, asked(log, size - 1))
        assert (told.code, told.category) == ("ledger.other_size", Category.CONFLICT)
        assert str(size) in told.todo
        assert witness.ask(ShowWitnessing(), actor=ANNA).breaches == ()


def test_unknown_log_other_key_and_rubbish_are_refused(tmp_path: Path) -> None:
    with keyed(tmp_path / "a") as log, keyed(tmp_path / "b", "b.example") as witness:
        grown(log, 100)
        assert refused(witness, asked(log, 0)).code == "ledger.not_watched"
        paired(log, witness)
        note = asked(log, 0).checkpoint
        for content in (
            b"",
            b"x",
            b"\xff\n\n",
            note[:-9],
            note.replace(b"customs", b"costums"),
            note * 2,
            b"\n" * 70_000,
        ):
            assert refused(witness, CosignCheckpoint(content)).code in {"ledger.no_note", "ledger.not_watched"}
        log.execute(RotateKey("log"), actor=ANNA)
        grown(log, 500)
        assert refused(witness, asked(log, 0)).code == "ledger.no_note"
        witness.execute(WatchLog(log.ask(ShowWitnessing(), actor=ANNA).log_key), actor=ANNA)
        assert witness.execute(asked(log, 0), actor=ANNA).startswith("\N{EM DASH} b.example/witness ")


def test_only_a_witness_of_this_node_counts(tmp_path: Path) -> None:
    with keyed(tmp_path / "a") as log, keyed(tmp_path / "b", "b.example") as witness:
        paired(log, witness)
        size = grown(log, 100)
        line = witness.execute(asked(log, 0), actor=ANNA)
        log.execute(EndWitness("b.example/witness"), actor=ANNA)
        with pytest.raises(PratiqueError, match="No witness of this node"):
            log.execute(TakeCosignature(size, line), actor=ANNA)
        log.execute(AddWitness(witness.ask(ShowWitnessing(), actor=ANNA).own_key), actor=ANNA)
        with pytest.raises(PratiqueError, match="does not hold"):
            log.execute(TakeCosignature(size, line[:-20] + ("A" if line[-20] != "A" else "B") + line[-19:]), actor=ANNA)
        with pytest.raises(PratiqueError, match="no checkpoint of 1 entries"):
            log.execute(TakeCosignature(1, line), actor=ANNA)
        log.execute(TakeCosignature(size, line), actor=ANNA)


def test_keys_are_of_the_right_kind_and_of_somebody_else(tmp_path: Path) -> None:
    with keyed(tmp_path / "a") as log, keyed(tmp_path / "b", "b.example") as witness:
        own, other = log.ask(ShowWitnessing(), actor=ANNA), witness.ask(ShowWitnessing(), actor=ANNA)
        for command, code in (
            (AddWitness(other.log_key), "ledger.other_kind_of_key"),
            (WatchLog(other.own_key), "ledger.other_kind_of_key"),
            (AddWitness(own.own_key), "ledger.own_key"),
            (WatchLog(own.log_key), "ledger.own_key"),
            (AddWitness("b.example/witness+00000000+AAAA"), "ledger.no_key"),
        ):
            with pytest.raises(PratiqueError) as caught:
                log.execute(command, actor=ANNA)
            assert caught.value.code == code


def test_log_that_has_to_begin_anew_does_so_for_a_reason_that_is_kept(tmp_path: Path) -> None:
    keyed(tmp_path / "a").close()
    shutil.copytree(tmp_path / "a", tmp_path / "backup")
    with keyed(tmp_path / "b", "b.example") as witness:
        with open_node(tmp_path / "a") as log:
            paired(log, witness)
            busy(log, 9)
            cosigned(log, witness)
        with open_node(tmp_path / "backup") as restored:
            restored.execute(AddWitness(witness.ask(ShowWitnessing(), actor=ANNA).own_key), actor=ANNA)
            grown(restored, 700)
            key = restored.ask(ShowWitnessing(), actor=ANNA).log_key
            assert refused(witness, asked(restored, 0)).category is Category.BROKEN
            witness.execute(WatchLog(key, "restored from the backup of Monday, letter 2026-114"), actor=ANNA)
            assert witness.execute(asked(restored, 0), actor=ANNA)
        assert [each.breach for each in witness.ask(ShowWitnessing(), actor=ANNA).breaches][-1] == "begun_anew"


def test_store_older_than_what_was_shown_signs_nothing(tmp_path: Path) -> None:
    keyed(tmp_path / "a").close()
    shutil.copytree(tmp_path / "a", tmp_path / "older")
    with open_node(tmp_path / "a") as log:
        grown(log, 100)
    shutil.copytree(tmp_path / "a" / "ledger", tmp_path / "older" / "ledger")
    with open_node(tmp_path / "older") as log, pytest.raises(PratiqueError, match="older copy of the store"):
        log.execute(MakeCheckpoint(), actor=ANNA)


def test_policy_names_log_witnesses_and_quorum(tmp_path: Path) -> None:
    with keyed(tmp_path / "a") as log, keyed(tmp_path / "b", "b.example") as witness:
        assert log.ask(ShowLogPolicy(), actor=ANNA).endswith("quorum none\n")
        paired(log, witness)
        assert "group witnesses-of-the-log 1 b.example/witness" in log.ask(ShowLogPolicy(), actor=ANNA)
        log.execute(ChangeSetting("ledger_witnesses", "0"), actor=ANNA)
        assert log.ask(ShowLogPolicy(), actor=ANNA).endswith("quorum none\n")
