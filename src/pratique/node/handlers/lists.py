"""Watchlists: loaded as versions, the newest in force."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

import polars as pl

from pratique.flow.screening import LoadedList, Screener
from pratique.flow.screening.difference import counts_of, difference
from pratique.flow.screening.grading import GRADE, GRADES
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import canonical
from pratique.node.canonical import digest as canonical_digest
from pratique.node.errors import refuse
from pratique.node.files import KeptFile
from pratique.node.hits.alert_line import SETTING as MINUTES
from pratique.node.hits.alert_line import AlertLine, alert_line, with_seen
from pratique.node.hits.due import due_at
from pratique.node.hits.kept_comparison import KeptComparison
from pratique.node.hits.pairs import all_rows
from pratique.node.hits.raising import ListLoad, Screened, entries_to_ask, raised_rows, reason_rows, screen_known
from pratique.node.hits.seen import seen_lately
from pratique.node.hits.traffic import index_folder, keep_weighed, kept_traffic, traffic_among, traffic_in_force
from pratique.node.instants import to_text
from pratique.node.lake import FrameFacts, keep_frames
from pratique.node.plugins import index_writer, list_digest, list_source
from pratique.node.runs.incoming import keep_all
from pratique.node.settings import Settings
from pratique.node.storage import journal
from pratique.node.storage.kept_files import name_files, note_received
from pratique.node.storage.list_changes import (
    IS_RELEASED,
    StoredListChange,
    add_list_change,
    add_raised_hits,
    change_digest,
    list_changes,
    rows_digest,
)
from pratique.node.storage.raised_reasons import add_raised_reasons, reasons_digest
from pratique.node.storage.runs import newest_run
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import (
    ListVersion,
    TableVersion,
    add_list,
    all_lists,
    lists_in_force,
    row_digest,
    tables_in_force,
)
from pratique.vocabulary.errors import Category
from pratique.vocabulary.findings import Finding
from pratique.vocabulary.grades import graded

LIST_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class ListLoaded:
    """The version now in force, what it changed and raised, and what was odd in the files.

    ``audit_count`` hits are on consignments that were released before.
    """

    version: ListVersion
    change: StoredListChange
    findings: tuple[Finding, ...] = ()
    audit_count: int = 0


@dataclass(frozen=True, slots=True)
class ListShown:
    """One version: whether it is in force, and whether it is past its due date.

    ``grade`` is that of the list as set now, such as ``B2`` (empty: not graded); ``alert_line`` says from which score
    its names alert and what that costs; ``change`` is the number of what its newest load changed (``None``: loaded
    before that was kept).
    """

    version: ListVersion
    in_force: bool
    due: str
    overdue: bool
    grade: str
    alert_line: AlertLine
    change: int | None


@dataclass(frozen=True, slots=True)
class LoadList(Command[ListLoaded]):
    """Loads the files of a list with the source of that name; ``list_id`` where several lists share a source.

    Its entries that are new or changed are compared with every consignment that is assessed and not yet released, and
    raise hits there, with the points that they add; on what was released lately they raise hits for audit.
    """

    source: str
    files: tuple[Path, ...]
    list_id: str | None = None
    entry: ClassVar[str] = "lists.loaded"


@dataclass(frozen=True, slots=True)
class ListLists(Query[list[ListShown]]):
    """Every version of every list, or only those in force."""

    only_in_force: bool = False


def require_loadable(command: LoadList) -> None:
    """Refuses what needs no look at the files: a name that is none, a publisher that nobody reads (``NOT_FOUND``)."""
    list_id = command.list_id or command.source
    if not LIST_ID.fullmatch(list_id):
        raise refuse("lists.bad_id", list_id=list_id)
    list_source(command.source)


def load_list(command: LoadList, work: Work) -> Act[ListLoaded]:
    """A list is taken whole or not at all; where it is broken the version in force stays in force."""
    require_loadable(command)
    work.say("keeping")
    kept = keep_all(command.files, work.files)
    return load_kept(Wanted(command.source, command.list_id or command.source, kept), work)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list to be loaded: its source, its name, and its files by name, as the node keeps them."""

    source: str
    list_id: str
    kept: Sequence[tuple[str, KeptFile]]


def load_kept(wanted: Wanted, work: Work) -> Act[ListLoaded]:
    """The list in files that are kept, taken as the version in force."""
    list_id, kept = wanted.list_id, wanted.kept
    work.say("reading")
    loaded = list_source(wanted.source).load_kept(kept, work.folder, list_id)
    work.say("indexing")
    digest = list_digest(loaded, list_id)
    index = work.files.keep_folder(digest, index_writer(loaded, list_id=list_id, version=digest))
    with work.store.reading() as connection:
        traffic = traffic_among(tables_in_force(connection))  # also while a setting says not to use it
    index += _weighed(digest, traffic, work)
    prepared = _prepared(loaded, list_id, digest, work)

    def act(connection: Connection) -> Done[ListLoaded]:
        files = [file for _, file in kept]
        work.files.recheck([*files, *index, *prepared.files])
        name_files(connection, [*files, *index, *prepared.files], at=work.at)
        for name, file in kept:
            note_received(connection, file, file_name=name, at=work.at, by=work.actor.name)
        before = _in_force(connection, list_id)
        if (before.digest if before else None) != prepared.before:
            raise refuse("lists.moved", Category.CONFLICT, list_id=list_id)
        if traffic_among(tables_in_force(connection)) != traffic:
            raise refuse("traffic.moved", Category.CONFLICT, list_id=list_id)
        version = add_list(
            connection,
            list_id=list_id,
            source=wanted.source,
            digest=digest,
            list_date=loaded.list_date.isoformat() if loaded.list_date else None,
            counts={**loaded.counts, "rows": loaded.listings.height},
            inputs=[{"name": name, "sha256": file.sha256} for name, file in kept],
            at=work.at,
            by=work.actor.name,
        )
        change, audit_count, raised = _store_change(connection, prepared, work)
        facts: dict[str, object] = {"list": list_id, "source": wanted.source, "files": [file.sha256 for file in files]}
        outcome: dict[str, object] = {"digest": digest, "counts": version.counts, "list_date": version.list_date}
        facts |= {"row": row_digest(version), "change": change_digest(change), **raised}
        findings = (*_shrunk(before, version), *loaded.findings)
        result = ListLoaded(version, change, findings, audit_count)
        return Done(result, command=facts | outcome, outcome=outcome, after=prepared.load.kept.forget)

    return act


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What a load changes, found out while nobody waits: the difference, its file, and what it raises so far."""

    load: ListLoad
    version: str
    before: str | None
    facts: FrameFacts
    files: list[KeptFile]
    screened: Screened


def _weighed(digest: str, traffic: TableVersion | None, work: Work) -> list[KeptFile]:
    """What is kept of the list beside its index where there is a table of the node's own traffic."""
    if traffic is None:
        return []
    work.say("weighing")
    return keep_weighed(work.folder, work.files, digest, (traffic.digest, kept_traffic(traffic, work.folder)))


def _prepared(loaded: LoadedList, list_id: str, digest: str, work: Work) -> _Prepared:
    work.say("comparing")
    with work.store.reading() as connection:
        before = _in_force(connection, list_id)
        old = all_rows(work.folder, before.digest) if before else loaded.listings.clear()
        changes, traffic = difference(old, loaded.listings), traffic_in_force(connection)
        whole = Screener.open(index_folder(work.folder, digest, traffic))
        asked = pl.col("entity_id").is_in(entries_to_ask(changes).implode())
        load = ListLoad(
            list_id,
            screener=whole.among(loaded.listings.filter(asked)),
            changes=changes,
            grades=_grades(loaded, list_id, connection),
            kept=KeptComparison(work.folder, _comparison(before, digest, traffic)),
        )
        screened = screen_known(connection, work.folder, load, at=work.at, days=_days(connection), tell=work.say)
        newest = newest_run(connection)
    facts, files = keep_frames({"list_change": load.changes}, work.files)
    seen = replace(screened, newest_run=newest.seq if newest else 0)
    return _Prepared(load, digest, before.digest if before else None, facts["list_change"], files, seen)


def _comparison(before: ListVersion | None, digest: str, traffic: TableVersion | None) -> str:
    """What makes two loads compare the same entries, with the same scores."""
    return canonical_digest([before.digest if before else None, digest, traffic.digest if traffic else None])


def _store_change(
    connection: Connection, prepared: _Prepared, work: Work
) -> tuple[StoredListChange, int, dict[str, str]]:
    """Stores the change, the hits it raises, also on runs made meanwhile, and what they add.

    Gives it, how many of the hits are for audit, and the digests of what it stored beside the change.
    """
    screened = prepared.screened.and_then(
        screen_known(
            connection,
            work.folder,
            prepared.load,
            at=work.at,
            days=_days(connection),
            after_run=prepared.screened.newest_run,
            tell=work.say,
        )
    )
    seq = journal.next_seq(connection)
    rows, reasons = raised_rows(connection, screened, seq), reason_rows(screened, seq)
    for_audit = sum(row[IS_RELEASED] for row in rows)
    add_raised_hits(connection, rows)
    add_raised_reasons(connection, reasons)
    change = StoredListChange(
        seq=seq,
        list_id=prepared.load.list_id,
        version=prepared.version,
        before=prepared.before,
        at=to_text(work.at),
        by=work.actor.name,
        counts=canonical(counts_of(prepared.load.changes)),
        frame=canonical(prepared.facts),
        screened_count=screened.consignments,
        raised_count=len(rows) - for_audit,
    )
    add_list_change(connection, change)
    return change, for_audit, {"raised": rows_digest(rows), "raised_reasons": reasons_digest(reasons)}


def _in_force(connection: Connection, list_id: str) -> ListVersion | None:
    return next((each for each in lists_in_force(connection) if each.list_id == list_id), None)


def _grades(loaded: LoadedList, list_id: str, connection: Connection) -> pl.DataFrame:
    """The grades (schema ``GRADE``) of the list and of its entries."""
    own = loaded.listings.select("list_id", "entity_id", *GRADES).unique("entity_id", keep="first", maintain_order=True)
    whole = graded(Settings.of(changed_settings(connection)).grade(list_id))
    of_list = pl.DataFrame([(list_id, None, *whole)], schema=dict(GRADE), orient="row")
    return pl.concat([of_list, own.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in GRADES))])


def _days(connection: Connection) -> int:
    return Settings.of(changed_settings(connection)).number("list_change_days")


def _shrunk(before: ListVersion | None, now: ListVersion) -> tuple[Finding, ...]:
    """A warning where less than half of the list in force is left: a file cut off between two rows looks whole."""
    counts = [int(json.loads(each.counts)["rows"]) for each in (before, now) if each]
    if len(counts) < 2 or counts[1] * 2 >= counts[0]:
        return ()
    return (Finding("lists.shrunk", params={"list_id": now.list_id, "before": counts[0], "rows": counts[1]}),)


def list_lists(query: ListLists, view: View) -> list[ListShown]:
    """Oldest first."""
    settings = Settings.of(changed_settings(view.connection))
    now = {version.seq for version in lists_in_force(view.connection)}
    changes = {change.version: change.seq for change in reversed(list_changes(view.connection))}
    seen = seen_lately(view.connection, view.folder, view.at)
    traffic = traffic_in_force(view.connection)

    def shown(version: ListVersion) -> ListShown:
        due, minutes = due_at(version, settings), settings.number(MINUTES)
        weighed = traffic.digest if traffic and version.seq in now else None
        line = alert_line(view.folder, version.digest, minutes_per_hit=minutes, traffic=weighed)
        return ListShown(
            version=version,
            in_force=version.seq in now,
            due=due.date().isoformat(),
            overdue=version.seq in now and view.at > due,
            grade=settings.grade(version.list_id),
            alert_line=with_seen(line, version.list_id, seen) if version.seq in now else line,
            change=changes.get(version.digest),
        )

    return [shown(each) for each in all_lists(view.connection) if each.seq in now or not query.only_in_force]
