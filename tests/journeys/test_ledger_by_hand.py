"""Two administrations without a line between them: one witnesses the log of the other by files; a court checks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from run import pratique

from ledger_nodes import behind_its_back

pytestmark = pytest.mark.long

VERIFY = Path(sys.executable).with_name("pratique-verify")
PASSPHRASE = "seven unrelated words for a safe"


def verify(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([VERIFY, *words], cwd=cwd, capture_output=True, text=True, check=False)


def test_log_is_witnessed_by_files_and_an_entry_is_proved_to_a_court(tmp_path: Path) -> None:
    at = {"cwd": tmp_path}
    for name in ("a", "b"):
        pratique("init", "--node", name, **at)
        pratique("ledger", "keys", "make", f"{name}.example", "--node", name, **at)
    here = pratique("ledger", "witness", "list", "--json", "--node", "a", **at).json
    there = pratique("ledger", "witness", "list", "--json", "--node", "b", **at).json
    pratique("ledger", "watch", here["log_key"], "--node", "b", **at)
    pratique("ledger", "witness", "add", there["own_key"], "--node", "a", **at)
    size = 0
    for value in ("61", "62"):
        pratique("settings", "set", "high_line", value, "--node", "a", **at)
        asked = ("ledger", "checkpoint", "--ask-since", str(size), "-o", "request.txt", "--json", "--node", "a")
        size = pratique(*asked, **at).json["tree_size"]
        pratique("ledger", "cosign", "request.txt", "-o", "line.txt", "--node", "b", **at)
        pratique("ledger", "witness", "take", "line.txt", "--size", str(size), "--node", "a", **at)
    pratique("ledger", "proof", "main:3", "-o", "e.tlog-proof", "--node", "a", **at)
    pratique("ledger", "policy", "-o", "policy.txt", "--node", "a", **at)
    told = verify("e.tlog-proof", "--policy", "policy.txt", "--record", cwd=tmp_path)
    assert told.returncode == 0, told.stdout
    assert "seen by b.example/witness" in told.stdout
    pratique("ledger", "verify", "--against", "request.txt", "--node", "a", code=70, **at)  # a request
    assert "Nothing was changed" in pratique("ledger", "verify", "--node", "a", **at).out
    with behind_its_back(tmp_path / "a") as connection:
        connection.execute("UPDATE journal SET command = replace(command, '61', '16') WHERE entry = 'settings.changed'")
    told = pratique("ledger", "verify", "--node", "a", code=70, **at).out
    assert "(settings.changed) was changed" in told
    assert verify("e.tlog-proof", "--policy", "policy.txt", cwd=tmp_path).returncode == 0  # true whatever the node says


def test_keys_outlive_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "PRATIQUE_PASSPHRASE", PASSPHRASE)
    at = {"cwd": tmp_path}
    pratique("init", "--node", "a", **at)
    pratique("ledger", "keys", "make", "a.example", "--node", "a", **at)
    pratique("ledger", "checkpoint", "--node", "a", **at)
    pratique("ledger", "keys", "export", "keys.json", "--node", "a", **at)
    pratique("backup", "a.tar", "--node", "a", **at)
    pratique("restore", "a.tar", "--node", "again", **at)
    told = pratique("ledger", "checkpoint", "--node", "again", code=78, **at).err
    assert "another node.key" in told
    pratique("ledger", "keys", "import", "keys.json", "--node", "again", **at)
    pratique("ledger", "checkpoint", "--node", "again", **at)
    assert "Nothing was changed" in pratique("ledger", "verify", "--node", "again", **at).out
