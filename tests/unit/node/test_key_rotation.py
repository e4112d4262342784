"""Keys are renewed with an overlap, destroyed once their work is done, and outlive the machine by a file in a safe."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from exchanging import hand_over
from nodes import ANNA
from partner_nodes import Clock, alert, two
from pratique.node import Node
from pratique.node.archive.drilling import drill
from pratique.node.archive.restoring import restore
from pratique.node.handlers.backups import TakeBackup
from pratique.node.handlers.disclosures import Disclose
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.key_rotation import DestroyOldKeys, ShowKeyTimes
from pratique.node.handlers.ledger_keys import ExportKeys, ImportKeys, ListKeys, RotateKey
from pratique.node.handlers.outbox import ListOutbox
from pratique.node.handlers.partners import ImportDescriptor
from pratique.node.handlers.partners_own import ShowOwnDescriptor, said_again
from pratique.vocabulary.errors import PratiqueError

PASSPHRASE = "a file for the safe"
DAY = timedelta(days=1)


def rotated(node: Node) -> bytes:
    """Sign and seal key of the node are renewed; what partners are told."""
    said = node.ask(ShowOwnDescriptor(), actor=ANNA).descriptor
    for name in ("sign", "seal"):
        node.execute(RotateKey(name), actor=ANNA)
    return node.execute(said_again(said), actor=ANNA).data


def envelope_to_one(other: Node) -> bytes:
    """A message to ``xa-customs``, sealed for the key that its partner knows now."""
    message = other.execute(Disclose(alert("xa-customs")), actor=ANNA).message
    (found,) = [each.out.envelope for each in other.ask(ListOutbox(), actor=ANNA) if each.out.id == message]
    return found


def doctor(node: Node) -> str:
    """What the check of the keys says."""
    (found,) = [each for each in node.ask(Doctor(), actor=ANNA) if each.name == "keys"]
    return f"{found.state}: {found.told}"


def test_rotation_overlaps_and_ends(tmp_path: Path) -> None:
    clock = Clock()
    one, other = two(tmp_path, clock)
    with one, other:
        sealed_before = envelope_to_one(other)
        one.execute(Disclose(alert()), actor=ANNA)  # signed before, delivered after
        said = rotated(one)
        one.execute(Disclose(alert()), actor=ANNA)
        assert hand_over(one, other) == 2  # the second is refused, and waits until the partner has the descriptor
        assert [each.out.state for each in one.ask(ListOutbox(), actor=ANNA)].count("waiting") == 1
        assert other.execute(ImportDescriptor(said), actor=ANNA).counts
        assert hand_over(one, other) == 1
        assert {each.out.state for each in one.ask(ListOutbox(), actor=ANNA)} == {"delivered"}
        assert one.execute(ReceiveEnvelopes((sealed_before,), "xb-customs"), actor=ANNA)[0].course == "accepted"

        clock.now += 29 * DAY
        assert one.execute(DestroyOldKeys(), actor=ANNA) == []
        clock.now += 2 * DAY
        assert one.execute(DestroyOldKeys(), actor=ANNA) == ["sign/1"]
        clock.now += 90 * DAY
        assert one.execute(DestroyOldKeys(), actor=ANNA) == ["seal/1"]
        assert {each.id for each in one.ask(ListKeys(), actor=ANNA) if each.destroyed_at} == {"sign/1", "seal/1"}
        one.execute(Disclose(alert()), actor=ANNA)
        assert hand_over(one, other) == 1


@pytest.mark.long
def test_backup_and_file_in_the_safe_open_mail_again(tmp_path: Path) -> None:
    clock = Clock()
    one, other = two(tmp_path / "nodes", clock)
    with one, other:
        assert "in no file for a safe" in doctor(one)
        one.execute(ExportKeys(tmp_path / "keys.json", PASSPHRASE), actor=ANNA)
        one.execute(TakeBackup(tmp_path / "node.tar"), actor=ANNA)
        assert "in no file for a safe" not in doctor(one)
        did = drill(tmp_path / "node.tar", tmp_path / "keys.json", passphrase=PASSPHRASE, actor=ANNA)
        assert {(each.use, each.did) for each in did} >= {("sign", "signed"), ("seal", "opened"), ("log", "signed")}

        waiting = envelope_to_one(other)
        shutil.rmtree(one.folder.root)  # the machine is lost
        restore(tmp_path / "node.tar", tmp_path / "again")
        with Node.open(tmp_path / "again", clock=clock) as again:
            assert "sealed_elsewhere" in doctor(again)
            again.execute(ImportKeys(tmp_path / "keys.json", PASSPHRASE), actor=ANNA)
            assert again.execute(ReceiveEnvelopes((waiting,), "xb-customs"), actor=ANNA)[0].course == "accepted"

            rotated(again)  # the file in the safe is older than the keys from here on
            again.execute(TakeBackup(tmp_path / "later.tar"), actor=ANNA)
        with pytest.raises(PratiqueError, match=r"seal|sign") as error:
            drill(tmp_path / "later.tar", tmp_path / "keys.json", passphrase=PASSPHRASE, actor=ANNA)
        assert error.value.code in ("keys.drill_failed", "keys.sealed_elsewhere")


def test_keys_that_nobody_renewed_are_told(tmp_path: Path) -> None:
    clock = Clock()
    one, _ = two(tmp_path, clock)
    with one:
        clock.now += 366 * DAY
        assert all(each.due(clock.now) for each in one.ask(ShowKeyTimes(), actor=ANNA))
        assert doctor(one).startswith("warn")
        assert "sign/1 due since 2027-10-05" in doctor(one)
