"""Lists in force whose index another version of the program made: they are built again from the files that are kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pratique.flow.screening.screener import FORM
from pratique.node.access import Actor, local_operator
from pratique.node.acts import Progress
from pratique.node.folder import NodeFolder
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import ListVersion, lists_in_force

if TYPE_CHECKING:
    from pratique.node.node import Node

PROGRAM: Final[Actor] = local_operator("program")
"""Who acts where the program does something by itself."""


def older_lists(connection: Connection, folder: NodeFolder) -> list[ListVersion]:
    """The versions in force with an index of another form; one that cannot be read is left to whoever opens it."""
    return [each for each in lists_in_force(connection) if _form(folder, each) not in (None, FORM)]


def rebuild_older_lists(node: Node, *, actor: Actor = PROGRAM, progress: Progress | None = None) -> list[str]:
    """Builds each of them again, one command after the other; gives their names.

    Until the new version of a list is whole, the old one stays in force.
    """
    from pratique.node.handlers.list_indexes import ListOlderIndexes, RebuildList

    names = node.ask(ListOlderIndexes(), actor=actor)
    for name in names:
        node.execute(RebuildList(name), actor=actor, progress=progress)
    return list(names)


def _form(folder: NodeFolder, version: ListVersion) -> int | None:
    try:
        told = json.loads(folder.path(f"lists/{version.digest}/index.json").read_text(encoding="utf-8"))
        return int(told["form"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
