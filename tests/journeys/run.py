"""Runs the real command line in a process of its own, as a person would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRATIQUE = Path(sys.executable).with_name("pratique")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed for programs."""
        return json.loads(self.out)


def pratique(*words: str | Path, cwd: Path, actor: str = "anna", code: int = 0) -> Ended:
    """Runs ``pratique`` in ``cwd``; the command must end with ``code``."""
    environment = {**os.environ, "PRATIQUE_ACTOR": actor, "COLUMNS": "160"}
    environment.pop("PRATIQUE_NODE", None)
    command = [str(PRATIQUE), *map(str, words)]
    run = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == code, f"{words} ended with {run.returncode}\n{run.stdout[-2000:]}\n{run.stderr[-2000:]}"
    return Ended(run.returncode, run.stdout, run.stderr)
