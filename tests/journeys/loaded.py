"""Keeps the program loaded, so that each command of a journey is a process of its own that need not load it again.

A journey starts this script once. Each line that it reads is a request; it splits off a process, which is from there
what ``pratique`` would have been, and answers with the exit code. What must begin with the installed script itself, a
kill, a signal or a terminal, calls that script and not this one.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import sys
from typing import Any

import pratique.cli
import pratique.cli.main  # before all that loads the engine: it sets what the engine reads then
import pratique.node.handlers
from pratique.cli.start import main


def load() -> None:
    """Imports what a command would import once it knows what it is asked for."""
    for package in (pratique.cli, pratique.node.handlers):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    for name in ("alembic.command", "pratique.flow.intake.registry", "pratique_world"):
        importlib.import_module(name)
    gc.freeze()  # shared with every process that is split off, and looked through by none


def serve() -> None:
    """One process for each request, one after the other, until there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def become(request: dict[str, Any]) -> None:
    """Is the command from here on; does not come back."""
    try:
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["environment"])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(request["out"], os.O_WRONLY), 1)
        os.dup2(os.open(request["err"], os.O_WRONLY), 2)
        sys.argv = ["pratique", *request["words"]]
        main()
    finally:
        os._exit(70)  # unless the command has left on its own


if __name__ == "__main__":
    load()
    serve()
