"""``access forward``: the logs of the node, handed to a system outside."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pratique.cli.options import ActorOption, NodeOption
from pratique.cli.session import acting, opened
from pratique.vocabulary.errors import Category, PratiqueError


def forward(
    mark: Annotated[Path, typer.Option("--mark", help="File that remembers how far it came; made if need be.")],
    node: NodeOption = None,
    actor: ActorOption = None,
) -> None:
    """Print what is new in every log as lines of JSON, for a collector on another machine.

    How far it came is noted once the lines are out, so that after a break some come twice and none is missing.
    """
    from pratique.node.handlers.log_lines import NewLogLines

    marks = _marks(mark)
    with opened(node) as at:
        while True:
            found = at.ask(NewLogLines(marks), actor=acting(actor))
            if not found.lines:
                return
            for line in found.lines:
                sys.stdout.write(json.dumps(line, default=str, sort_keys=True) + "\n")
            sys.stdout.flush()
            marks = dict(found.marks)
            _note(mark, marks)


def _marks(file: Path) -> dict[str, int]:
    if not file.exists():
        return {}
    try:
        return {str(log): int(number) for log, number in json.loads(file.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise PratiqueError(
            "access.unfit_mark",
            f"{file} does not say how far the logs were read.",
            category=Category.MISCONFIGURED,
            kept="Nothing was printed.",
            todo="Put the right file back, or remove it to begin with the first line.",
        ) from error


def _note(file: Path, marks: dict[str, int]) -> None:
    made = file.with_name(f".{file.name}.{os.getpid()}")
    made.write_text(json.dumps(marks), encoding="utf-8")
    made.replace(file)
