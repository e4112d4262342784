"""The story of ``make demo-partners``: two administrations and a witness over HTTP, every step as it is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

RUN = "from pratique.cli.start import main; main()"


def test_every_step_comes_out_as_told(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUN, "demo-partners", "--out", str(tmp_path / "story")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.rstrip().endswith("Every step came out as told.")
    assert done.stdout.count("✓") >= 20
