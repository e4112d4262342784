"""Files named on the command line to go beside a message: kept first where they are not yet, each with its category."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from pratique.node import Actor, Node
    from pratique.node.exchange.attaching import Attaching

AttachOption = Annotated[
    list[str] | None,
    typer.Option("--attach", help="A file, or the SHA-256 of kept evidence; =CATEGORY behind it says what it holds."),
]
NoPersonsOption = Annotated[
    bool, typer.Option("--no-persons", help="You have looked: the attached files show nothing about persons.")
]
_DIGEST: Final = re.compile("[0-9a-f]{64}")


def attached(at: Node, said: Sequence[str] | None, *, persons: bool, actor: Actor) -> tuple[Attaching, ...]:
    """What was named, in order; a file of the disk is kept by the node first."""
    return tuple(_one(at, each, persons, actor) for each in said or ())


def _one(at: Node, said: str, persons: bool, actor: Actor) -> Attaching:
    from pratique.node.exchange.attaching import Attaching
    from pratique.node.handlers.attachments import KeepForSharing

    name, _, category = said.partition("=") if not Path(said).is_file() else (said, "", "")
    category = category or "document"
    if _DIGEST.fullmatch(name):
        return Attaching(name, category, persons)
    return Attaching(at.execute(KeepForSharing(Path(name)), actor=actor).sha256, category, persons)
