"""The process of one job: ``python -m pratique.node.jobs.worker NODE JOB-FOLDER``.

In: the note in the job's folder. Out: lines of JSON, one for every stage and one for the end (result, error or fault).
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pratique.node import Actor, Node
from pratique.node.jobs.board import NOTE
from pratique.vocabulary.errors import PratiqueError

MOST_MOVED: Final = 1000  # decisions that a result names

Say = Callable[[Mapping[str, Any]], None]


def main(node: Path, folder: Path, *, say: Say) -> None:
    """Does what the note says, as the person it names; of a fault its kind and place are told, never its words."""
    note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    files = tuple(folder / name for name in note["job"]["files"])
    try:
        with Node.open(node) as at:
            work = KINDS[note["job"]["kind"]]
            say({"result": work(at, acting(note["actor"]), files, note["what"], say)})
    except PratiqueError as error:
        told = {"code": error.code, "happened": error.happened, "kept": error.kept, "todo": error.todo}
        say({"error": told | {"category": error.category.name}})
    except Exception as fault:
        *_, last = traceback.extract_tb(fault.__traceback__)
        say({"fault": f"{type(fault).__name__} in {last.name}, {Path(last.filename).name} line {last.lineno}"})


def acting(facts: Mapping[str, Any]) -> Actor:
    """The actor that :class:`~pratique.node.jobs.board.JobBoard` wrote down."""
    sets = {name: frozenset(facts[name]) for name in ("roles", "scopes") if facts.get(name) is not None}
    given = {name: facts[name] for name in ("strong_until", "whole_until") if facts.get(name)}
    moments = {name: datetime.fromisoformat(moment) for name, moment in given.items()}
    return Actor(**{**facts, **sets, **moments})


def _assess(node: Node, actor: Actor, files: tuple[Path, ...], what: Mapping[str, Any], say: Say) -> dict[str, Any]:
    from pratique.node.handlers.assessments import AssessMessages

    command = AssessMessages(files, capacity=what.get("capacity"), mapping=what.get("mapping"), seed=what.get("seed"))
    found = node.execute(command, actor=actor, progress=lambda stage: say({"stage": stage}))
    return {
        "run": found.run.id,
        "consignments": found.run.consignment_count,
        "hits": found.run.hit_count,
        "chosen": found.run.chosen_count,
        "quarantined": len(found.quarantined),
        "warnings": [{"rule": each.rule, "params": dict(each.params)} for each in found.warnings],
    }


def _replay(node: Node, actor: Actor, files: tuple[Path, ...], what: Mapping[str, Any], say: Say) -> dict[str, Any]:
    from pratique.node.handlers.runs import ReplayRun

    say({"stage": "replaying"})
    found = node.ask(ReplayRun(what["run"]), actor=actor)
    return {
        "run": found.run.id,
        "output_sha256": found.output_sha256,
        "same_output": found.same_output,
        "same_code": found.same_code,
        "moved": [asdict(each) for each in found.moved[:MOST_MOVED]],
        "moved_count": len(found.moved),
    }


KINDS: Final = {"assess": _assess, "replay": _replay}


def _say(said: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(said, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), say=_say)
