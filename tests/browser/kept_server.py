"""Keeps the server loaded, so that each node is served by a process of its own that need not load it again.

Tests start this script once. Each line of JSON that it reads is a request: ``folder``, ``port`` and ``log`` of a node
to serve, answered with the process that was split off and what it said first; or ``end``, a process to interrupt,
answered with its exit code. What must begin with the installed script itself starts that script and not this one.

No process for jobs is kept at hand beside a server: most of these nodes have no work for one, and loading it takes the
processor from the browser.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import traceback
from functools import partial
from pathlib import Path
from typing import Any

import pratique.cli.main  # noqa: F401 before all that loads the engine: it sets what the engine reads then
from pratique.desk.look import templates
from pratique.desk.pages import live
from pratique.node import Node, local_operator
from pratique.server import running

SIGN_OF_LIFE = 2  # seconds until an open page learns that its session is over


def load() -> None:
    """Makes ready what every server would make ready for itself."""
    live.ALIVE_EVERY = SIGN_OF_LIFE  # type: ignore[misc]
    running.JobBoard = partial(running.JobBoard, at_hand=False)  # type: ignore[assignment, misc]
    for name in templates().list_templates():
        templates().get_template(name)
    gc.freeze()  # shared with every server that is split off, and looked through by none
    threads = [(task / "comm").read_text() for task in Path("/proc/self/task").iterdir()]
    assert not [name for name in threads if name.startswith("polars-0")], "the engine runs: no process may split off"


def answer() -> None:
    """One request after the other, until there are no more."""
    for line in sys.stdin:
        request = json.loads(line)
        told = ended(request["end"]) if "end" in request else begun(request)
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def begun(request: dict[str, Any]) -> dict[str, Any]:
    """Splits a server off and waits for its first words, which name the address."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        serve(request, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as said:
        return {"process": child, "said": said.readline()}


def ended(process: int) -> int:
    """Interrupts a server, as Ctrl-C does; gives its exit code."""
    os.kill(process, signal.SIGINT)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def serve(request: dict[str, Any], saying: int) -> None:
    """Is a server from here on; does not come back."""
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        log = os.open(request["log"], os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        with Node.open(Path(request["folder"])) as node:
            address = running.Address("localhost", request["port"])
            actor = local_operator("tests")
            running.run(node, address=address, zone="UTC", actor=actor, tell=partial(say, saying))
        code = 0
    except KeyboardInterrupt:
        code = 0
    except Exception:
        traceback.print_exc()  # into the log
    finally:
        os._exit(code)


def say(saying: int, words: str) -> None:
    os.write(saying, f"{words}\n".encode())
    os.close(saying)


if __name__ == "__main__":
    load()
    answer()
