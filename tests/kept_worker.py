"""Keeps the worker of jobs loaded, so that each job of a test is a process of its own that need not load it again.

A board starts a messenger (:mod:`kept_messenger`) as it would start the worker; the kept process splits off what works
in its place, and where the messenger is killed that dies too. What must begin with the worker itself starts the worker.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace

MESSENGER = Path(__file__).with_name("kept_messenger.py")


def command(*, at_noon: bool = False) -> list[str]:
    """What a board is to start, but for the node; ``at_noon`` has the clock of jobs stand where that of tests does."""
    return [sys.executable, "-I", "-S", str(MESSENGER), _address(), "noon" if at_noon else "now"]


@cache
def _address() -> str:
    """Where the kept process listens: one for each process that runs tests, and no longer."""
    folder = Path(tempfile.mkdtemp(prefix="kept-"))
    atexit.register(shutil.rmtree, folder)
    words = [sys.executable, __file__, str(folder / "door")]
    kept = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(kept.communicate)
    assert kept.stdout is not None
    assert kept.stdout.readline() == "listens\n"
    return words[-1]


def load() -> None:
    """Imports what a job would import once it knows what is asked for; the engine must not run yet."""
    import nodes
    import pratique.node.handlers
    from pratique.node.jobs import worker

    assert nodes.open_node
    assert worker.KINDS
    for module in pkgutil.iter_modules(pratique.node.handlers.__path__):
        importlib.import_module(f"{pratique.node.handlers.__name__}.{module.name}")
    importlib.import_module("pratique.flow.intake.registry")
    gc.freeze()  # shared with every process that is split off, and looked through by none


def serve(place: str) -> None:
    """One process for each messenger, until nobody is left who could send one."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # how they end is told to the messengers
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(place)
        door.listen()
        sys.stdout.write("listens\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([door, sys.stdin], [], [])[0]:
            line, _ = door.accept()
            with line:
                if os.fork() == 0:
                    work(line)


def work(line: socket.socket) -> None:
    """Is the worker from here on; does not come back."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        said, (given, telling), *_ = socket.recv_fds(line, 65_536, 2)
        fcntl.fcntl(line, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(line, fcntl.F_SETFL, os.O_ASYNC)  # from here on this process dies with the messenger
        if not select.select([line], [], [], 0)[0]:  # that one has not died before
            os.dup2(given, 0)
            os.dup2(telling, 1)
            work_as_told(*said.decode().split("\n"))
            code = 0
    finally:
        with suppress(OSError):
            line.send(bytes([code]))
        os._exit(code)


def work_as_told(clock: str, node: str) -> None:
    """What the worker does that a board starts, but for giving way to pages."""
    from nodes import open_node
    from pratique.node.jobs import worker

    if clock == "noon":
        worker.Node = SimpleNamespace(open=open_node)  # type: ignore[misc, assignment]
    if told := sys.stdin.readline():
        worker.main(Path(node), Path(json.loads(told)), say=worker._say)


if __name__ == "__main__":
    load()
    serve(sys.argv[1])
