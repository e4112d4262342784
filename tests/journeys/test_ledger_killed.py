"""The computer dies while the log is signed: no leaf is lost, no number given twice, and the root is the same."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ledger_nodes import busy, keyed
from nodes import ANNA, open_node
from pratique.node.handlers.ledger import MakeCheckpoint, ProveConsistency, ShowCheckpoint
from pratique.node.handlers.ledger_verify import VerifyLedger
from pratique.node.storage.ledger_order import checkpoint_of
from pratique.node.storage.store import Store, sqlite_url
from pratique.partners.ledger.merkle import consistency_holds

pytestmark = pytest.mark.long

CHILD = """
import os, signal, sys
from pathlib import Path
from nodes import ANNA, open_node
from pratique.node.ledger import files as ledger_files
from pratique.node.handlers import ledger

moment, folder = sys.argv[1:]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def die_after(module, name, calls=1):
    real, left = getattr(module, name), [calls]
    def deadly(*given, **named):
        found = real(*given, **named)
        left[0] -= 1
        if not left[0]:
            die()
        return found
    setattr(module, name, deadly)

if moment == "ordered":
    die_after(ledger, "order_new_leaves")
elif moment == "signed":
    die_after(ledger, "sign_checkpoint")
elif moment == "committed":
    ledger_files.write_tiles = die
elif moment == "third file":
    die_after(ledger_files, "_write", calls=3)
elif moment == "tiles":
    ledger_files.write_checkpoint = die
with open_node(Path(folder)) as node:
    node.execute(ledger.MakeCheckpoint(), actor=ANNA)
"""
BEFORE_COMMIT = ("ordered", "signed")
AFTER_COMMIT = ("committed", "third file", "tiles")


def killed(moment: str, folder: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", CHILD, moment, str(folder)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr


def root_at(folder: Path, size: int) -> bytes:
    store = Store(sqlite_url(folder / "pratique.db"))
    try:
        with store.reading() as connection:
            found = checkpoint_of(connection, size)
            assert found is not None
            return found.root
    finally:
        store.close()


@pytest.mark.parametrize("moment", BEFORE_COMMIT + AFTER_COMMIT)
def test_log_goes_on_as_if_nothing_had_been(tmp_path: Path, moment: str) -> None:
    with keyed(tmp_path / "node") as node:
        busy(node, 300)
        first = node.execute(MakeCheckpoint(), actor=ANNA)
        busy(node, 300, start=400)
    shutil.copytree(tmp_path / "node", tmp_path / "twin")
    with open_node(tmp_path / "twin") as twin:
        expected = twin.execute(MakeCheckpoint(), actor=ANNA)
    killed(moment, tmp_path / "node")
    with open_node(tmp_path / "node") as node:
        assert (node.ask(ShowCheckpoint(), actor=ANNA).root == expected.root) == (moment in AFTER_COMMIT)
        after = node.execute(MakeCheckpoint(), actor=ANNA)
        verdict = node.execute(VerifyLedger(), actor=ANNA)
        assert verdict.holds, verdict.faults
        proof = node.ask(ProveConsistency(first.tree_size), actor=ANNA).proof
        roots = {"old_root": bytes.fromhex(first.root), "new_root": bytes.fromhex(after.root)}
        assert consistency_holds(first.tree_size, after.tree_size, proof=proof, **roots)
    assert root_at(tmp_path / "node", expected.tree_size).hex() == expected.root
    files = {path.name for path in (tmp_path / "node" / "ledger" / "tile" / "0").iterdir()}
    assert {"000", "001"} <= files
