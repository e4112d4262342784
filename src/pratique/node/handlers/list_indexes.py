"""Indexes of lists that another version of the program made: which there are, and building one again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from pratique.node.acts import Act, Command, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.files import KeptFile
from pratique.node.handlers.lists import ListLoaded, Wanted, load_kept
from pratique.node.hits.older_lists import older_lists
from pratique.node.storage.kept_files import named_files
from pratique.node.storage.versions import ListVersion, lists_in_force
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class RebuildList(Command[ListLoaded]):
    """Builds the index of a list in force again from the files it was loaded from, as a new version of it.

    For a list whose index an older version of the program made. The old version stays in force until the new one is
    whole.
    """

    list_id: str
    entry: ClassVar[str] = "lists.rebuilt"


@dataclass(frozen=True, slots=True)
class ListOlderIndexes(Query[tuple[str, ...]]):
    """The lists in force whose index is of another form than this program reads."""


def rebuild_list(command: RebuildList, work: Work) -> Act[ListLoaded]:
    """Raises ``NOT_FOUND`` where no such list is in force, ``CONFLICT`` where its index is as it should be."""
    with work.store.reading() as connection:
        found = next((each for each in lists_in_force(connection) if each.list_id == command.list_id), None)
        older = {each.list_id for each in older_lists(connection, work.folder)}
        raws = {each.sha256: each for each in named_files(connection) if each.kind == "raw"}
    if found is None:
        raise refuse("lists.not_in_force", Category.NOT_FOUND, list_id=command.list_id)
    if found.list_id not in older:
        raise refuse("lists.index_current", Category.CONFLICT, list_id=command.list_id)
    return load_kept(Wanted(found.source, found.list_id, _inputs(found, raws)), work)


def list_older_indexes(query: ListOlderIndexes, view: View) -> tuple[str, ...]:
    """In the order in which they were loaded."""
    return tuple(each.list_id for each in older_lists(view.connection, view.folder))


def _inputs(version: ListVersion, raws: dict[str, KeptFile]) -> list[tuple[str, KeptFile]]:
    told = [(each["name"], each["sha256"]) for each in json.loads(version.inputs)]
    for name, sha256 in told:
        if sha256 not in raws:
            raise refuse("node.file_broken", Category.BROKEN, path=name)
    return [(name, raws[sha256]) for name, sha256 in told]
