"""Sweeping: what no transaction named goes, once it is old enough to belong to no command still at work."""

from __future__ import annotations

from pratique.node.files import LEFT_AFTER_SECONDS, files_in_place, leftovers, remove_aside, remove_files
from pratique.node.folder import NodeFolder
from pratique.node.storage.kept_files import unnamed
from pratique.node.storage.store import Store


def sweep(folder: NodeFolder, store: Store, *, now: float, age: float = LEFT_AFTER_SECONDS) -> int:
    """Removes what commands that died left behind, by their own notes; cheap enough for every opening.

    ``now`` is in seconds since the epoch, ``age`` in seconds. Gives how many things were removed.
    """
    aside, intended = leftovers(folder, now=now, age=age)
    if not aside:
        return 0
    with store.writing() as connection:
        removed = remove_files(folder, unnamed(connection, intended)) if intended else 0
        return removed + remove_aside(aside)


def stray_files(folder: NodeFolder, store: Store) -> list[str]:
    """Files in place that nothing names, by walking the whole folder; for the check of a node's health."""
    with store.reading() as connection:
        return unnamed(connection, files_in_place(folder))
