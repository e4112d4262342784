"""The worker of a job whose clock stands where that of the tests does: ``python worker_at_noon.py NODE``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from nodes import open_node
from pratique.node.jobs import worker

if __name__ == "__main__":
    worker.Node = SimpleNamespace(open=open_node)  # type: ignore[misc, assignment]
    if told := sys.stdin.readline():
        worker.main(Path(sys.argv[1]), Path(json.loads(told)), say=worker._say)
