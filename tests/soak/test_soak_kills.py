"""Hundreds of kills at any moment: afterwards a run is whole or not there, and the node is sound."""

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from run import PRATIQUE, pratique

from pratique_world import write_manifest

KILLS = 200
CONSIGNMENTS = 1_500


@pytest.mark.soak
def test_a_killed_assessment_never_leaves_half_a_run(tmp_path: Path) -> None:
    chance = random.Random(11)
    write_manifest(tmp_path / "manifest.edi", consignments=CONSIGNMENTS, seed=3)
    pratique("init", "--node", "fresh", cwd=tmp_path)
    start = time.perf_counter()
    shutil.copytree(tmp_path / "fresh", tmp_path / "node")
    pratique("assess", "manifest.edi", "--node", "node", "--limit", "0", cwd=tmp_path)
    whole = time.perf_counter() - start
    died = 0
    for _ in range(KILLS):
        shutil.rmtree(tmp_path / "node")
        shutil.copytree(tmp_path / "fresh", tmp_path / "node")
        died += killed_after(chance.uniform(0, whole * 1.1), tmp_path)
        runs = pratique("runs", "--json", "--node", "node", cwd=tmp_path).json["runs"]
        checks = pratique("doctor", "--json", "--node", "node", cwd=tmp_path).json["checks"]
        assert "fail" not in {check["state"] for check in checks}, checks
        for run in runs:
            queue = pratique("queue", "--channel", "all", "--limit", "0", "--json", "--node", "node", cwd=tmp_path).json
            assert queue["total"] == run["consignment_count"] == CONSIGNMENTS
    assert died > KILLS // 4


def killed_after(seconds: float, folder: Path) -> bool:
    """Starts an assessment and kills it; says whether it was still at work."""
    command = [str(PRATIQUE), "assess", "manifest.edi", "--node", "node", "--limit", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(seconds)
        if process.poll() is not None:
            return False
        os.kill(process.pid, signal.SIGKILL)
    return True
