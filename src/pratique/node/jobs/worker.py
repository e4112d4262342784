"""The process of one job: ``python -m pratique.node.jobs.worker NODE``.

In: the folder of the job, as one line of JSON, once there is a job; and the note in that folder. Out: lines of JSON,
one for every stage and one for the end (result, error or fault).
"""

from __future__ import annotations

import json
import os
import select
import sys
import traceback
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pratique.node import Actor, Node
from pratique.node.jobs.job import NOTE, told_error
from pratique.node.jobs.kinds import KINDS, Given, Say, rehearse
from pratique.vocabulary.errors import PratiqueError

POLITE: Final = 10


def main(node: Path, folder: Path, *, say: Say) -> None:
    """Does what the note says, as the person it names; of a fault its kind and place are told, never its words."""
    note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    files = tuple(folder / name for name in note["job"]["files"])
    given = Given(folder, files, note["what"], acting(note["actor"]), say)
    try:
        with Node.open(node) as at:
            say({"result": KINDS[note["job"]["kind"]](at, given)})
    except PratiqueError as error:
        say({"error": told_error(error)})
    except Exception as fault:
        *_, last = traceback.extract_tb(fault.__traceback__)
        say({"fault": f"{type(fault).__name__} in {last.name}, {Path(last.filename).name} line {last.lineno}"})


def acting(facts: Mapping[str, Any]) -> Actor:
    """The actor that :class:`~pratique.node.jobs.board.JobBoard` wrote down."""
    sets = {name: frozenset(facts[name]) for name in ("roles", "scopes") if facts.get(name) is not None}
    given = {name: facts[name] for name in ("strong_until", "whole_until") if facts.get(name)}
    moments = {name: datetime.fromisoformat(moment) for name, moment in given.items()}
    return Actor(**{**facts, **sets, **moments})


def _say(said: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(said, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.nice(POLITE)  # pages go first where the processors are few
    if not select.select([sys.stdin], [], [], 0)[0]:  # nothing to do yet
        rehearse()
    told = sys.stdin.readline()
    if told:  # none where the server ended before it had work
        main(Path(sys.argv[1]), Path(json.loads(told)), say=_say)
