"""Watchlists: loaded as versions, the newest in force."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.due import due_at
from pratique.node.errors import refuse
from pratique.node.incoming import keep_all
from pratique.node.plugins import index_writer, list_digest, list_source
from pratique.node.settings import Settings
from pratique.node.storage.kept_files import name_files, note_received
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import ListVersion, add_list, all_lists, lists_in_force, row_digest
from pratique.vocabulary.findings import Finding

LIST_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class ListLoaded:
    """The version now in force, and what was odd in the files."""

    version: ListVersion
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ListShown:
    """One version: whether it is in force, and whether it is past its due date."""

    version: ListVersion
    in_force: bool
    due: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class LoadList(Command[ListLoaded]):
    """Loads the files of a list with the source of that name; ``list_id`` where several lists share a source."""

    source: str
    files: tuple[Path, ...]
    list_id: str | None = None
    entry: ClassVar[str] = "lists.loaded"


@dataclass(frozen=True, slots=True)
class ListLists(Query[list[ListShown]]):
    """Every version of every list, or only those in force."""

    only_in_force: bool = False


def load_list(command: LoadList, work: Work) -> Act[ListLoaded]:
    """A list is taken whole or not at all; where it is broken the version in force stays in force."""
    list_id = command.list_id or command.source
    if not LIST_ID.fullmatch(list_id):
        raise refuse("lists.bad_id", list_id=list_id)
    source = list_source(command.source)
    work.say("keeping")
    kept = keep_all(command.files, work.files)
    work.say("reading")
    loaded = source.load_kept(kept, work.folder, list_id)
    work.say("indexing")
    digest = list_digest(loaded, list_id)
    index = work.files.keep_folder(digest, index_writer(loaded, list_id=list_id, version=digest))

    def act(connection: Connection) -> Done[ListLoaded]:
        files = [file for _, file in kept]
        work.files.recheck([*files, *index])
        name_files(connection, [*files, *index], at=work.at)
        for name, file in kept:
            note_received(connection, file, file_name=name, at=work.at, by=work.actor.name)
        before = next((each for each in lists_in_force(connection) if each.list_id == list_id), None)
        version = add_list(
            connection,
            list_id=list_id,
            source=command.source,
            digest=digest,
            list_date=loaded.list_date.isoformat() if loaded.list_date else None,
            counts={**loaded.counts, "rows": loaded.listings.height},
            inputs=[{"name": name, "sha256": file.sha256} for name, file in kept],
            at=work.at,
            by=work.actor.name,
        )
        facts: dict[str, object] = {"list": list_id, "source": command.source, "files": [file.sha256 for file in files]}
        outcome: dict[str, object] = {"digest": digest, "counts": version.counts, "list_date": version.list_date}
        facts["row"] = row_digest(version)
        findings = (*_shrunk(before, version), *loaded.findings)
        return Done(ListLoaded(version, findings), command=facts | outcome, outcome=outcome)

    return act


def _shrunk(before: ListVersion | None, now: ListVersion) -> tuple[Finding, ...]:
    """A warning where less than half of the list in force is left: a file cut off between two rows looks whole."""
    counts = [int(json.loads(each.counts)["rows"]) for each in (before, now) if each]
    if len(counts) < 2 or counts[1] * 2 >= counts[0]:
        return ()
    return (Finding("lists.shrunk", params={"list_id": now.list_id, "before": counts[0], "rows": counts[1]}),)


def list_lists(query: ListLists, view: View) -> list[ListShown]:
    """Oldest first."""
    settings = Settings.of(changed_settings(view.connection))
    in_force = {version.seq for version in lists_in_force(view.connection)}
    shown = [_shown(each, each.seq in in_force, settings, view.at) for each in all_lists(view.connection)]
    return [each for each in shown if each.in_force or not query.only_in_force]


def _shown(version: ListVersion, in_force: bool, settings: Settings, at: datetime) -> ListShown:
    due = due_at(version, settings)
    return ListShown(version, in_force, due.date().isoformat(), in_force and at > due)
