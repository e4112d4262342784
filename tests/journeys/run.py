"""Runs the command line in a process of its own, as a person would."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PRATIQUE = Path(sys.executable).with_name("pratique")
LOADED = Path(__file__).with_name("loaded.py")


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
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        request = {"words": [*map(str, words)], "cwd": str(cwd), "environment": environment}
        ended = _ask({**request, "out": out.name, "err": err.name})
        told, wrong = out.read().decode(), err.read().decode()
    assert ended == code, f"{words} ended with {ended}\n{told[-2000:]}\n{wrong[-2000:]}"
    return Ended(ended, told, wrong)


def _ask(request: dict[str, Any]) -> int:
    """The exit code of the command, which a process that has the program loaded splits off."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    return int(server.stdout.readline())


@cache
def _server() -> subprocess.Popen[str]:
    """One for each process that runs tests, and no longer."""
    server = subprocess.Popen([sys.executable, LOADED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(server.communicate)
    return server
