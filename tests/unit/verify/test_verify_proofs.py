"""The verifier, which stands alone: it agrees with the node on what holds, and no change of a proof gets past it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_nodes import busy, cosigned, keyed, paired
from nodes import ANNA
from pratique.node.handlers.ledger import ProveEntry
from pratique.node.handlers.ledger_witness import ShowLogPolicy
from pratique.node.handlers.settings import ChangeSetting
from pratique_verify.faults import Fault
from pratique_verify.main import main
from pratique_verify.notes import parse_policy
from pratique_verify.proofs import check_proof


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[bytes]]:
    """The policy of a node that two partners witness, and the proof files of all its entries."""
    folder = tmp_path_factory.mktemp("verify")
    with (
        keyed(folder / "a") as log,
        keyed(folder / "b", "b.example") as second,
        keyed(folder / "c", "c.example") as third,
    ):
        paired(log, second)
        paired(log, third)
        log.execute(ChangeSetting("ledger_witnesses", "2"), actor=ANNA)
        busy(log, 20)
        size = cosigned(log, second)
        cosigned_at_size(log, third, size)
        return log.ask(ShowLogPolicy(), actor=ANNA), [log.ask(ProveEntry(n), actor=ANNA).file for n in range(size)]


def cosigned_at_size(log, witness, size):  # type: ignore[no-untyped-def]
    from pratique.node.handlers.ledger import ShowCheckpoint
    from pratique.node.handlers.ledger_witness import CosignCheckpoint, TakeCosignature

    note = log.ask(ShowCheckpoint(), actor=ANNA).note.encode()
    log.execute(TakeCosignature(size, witness.execute(CosignCheckpoint(note), actor=ANNA)), actor=ANNA)


def test_every_proof_holds_and_names_its_witnesses(proved: tuple[str, list[bytes]]) -> None:
    policy = parse_policy(proved[0])
    for number, content in enumerate(proved[1]):
        shown = check_proof(content, policy)
        assert (shown.index, shown.origin, shown.trusted) == (number, "customs.example/log", True)
        assert set(shown.witnesses) == {"b.example/witness", "c.example/witness"}
        assert shown.record is not None
        assert shown.record.startswith(b'{"actor":"local:anna"')


@settings(deadline=None)
@given(st.data())
def test_no_changed_byte_gets_past(proved: tuple[str, list[bytes]], data: st.DataObject) -> None:
    policy, whole = parse_policy(proved[0]), data.draw(st.sampled_from(proved[1]))
    place, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    changed = bytearray(whole)
    changed[place] ^= 1 << bit
    told = check_proof(whole, policy)
    try:
        other = check_proof(bytes(changed), policy)
    except Fault:
        return
    # Only what a verifier passes over may differ: a signature of somebody it does not know.
    assert (other.record, other.index, other.origin) == (told.record, told.index, told.origin)
    assert policy.met_by(set(other.witnesses))


def test_proof_of_another_log_or_with_too_few_witnesses_does_not_hold(proved: tuple[str, list[bytes]]) -> None:
    lines = proved[1][3].decode().split("\n")
    alone = "\n".join(line for line in lines if "witness" not in line).encode()
    with pytest.raises(Fault, match="too few witnesses"):
        check_proof(alone, parse_policy(proved[0]))
    with pytest.raises(Fault, match="not signed by a log of the policy"):
        check_proof(proved[1][3], parse_policy("quorum none\n"))
    assert check_proof(proved[1][3], None).trusted is False


def test_opening_of_another_record_does_not_hold(proved: tuple[str, list[bytes]]) -> None:
    first, second = (content.decode().split("\n") for content in proved[1][3:5])
    mixed = "\n".join([first[0], second[1], *first[2:]]).encode()
    with pytest.raises(Fault, match="does not lead to the root"):
        check_proof(mixed, parse_policy(proved[0]))


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "quorum nobody\n",
        "quorum none\nquorum none\n",
        "witness a b\nquorum none\n",
        "group g 2 a\nquorum g\n",
        "log x+00000000+AAAA\nquorum none\n",
    ],
)
def test_policy_that_cannot_be_is_refused(policy: str) -> None:
    with pytest.raises(Fault):
        parse_policy(policy)


def test_program_says_what_holds_and_what_does_not(
    proved: tuple[str, list[bytes]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policy.txt").write_text(proved[0])
    (tmp_path / "good.tlog-proof").write_bytes(proved[1][5])
    (tmp_path / "bad.tlog-proof").write_bytes(proved[1][5].replace(b"index 5", b"index 4"))
    policy = ["--policy", str(tmp_path / "policy.txt")]
    assert main([str(tmp_path / "good.tlog-proof"), *policy, "--record"]) == 0
    told = capsys.readouterr().out
    assert "HOLDS" in told
    assert "seen by b.example/witness 2026-10-05 12:00 UTC" in told
    assert '"entry":"settings.changed"' in told
    assert main([str(tmp_path / "good.tlog-proof"), str(tmp_path / "bad.tlog-proof"), *policy]) == 1
    assert "DOES NOT HOLD" in capsys.readouterr().out
    assert main([str(tmp_path / "none"), *policy]) == 2
    assert main([str(tmp_path / "good.tlog-proof"), "--policy", str(tmp_path / "good.tlog-proof")]) == 2
