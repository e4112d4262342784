"""The lines of a list of hits: each hit with where it stands, what keeps it quiet, and what its list says now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import polars as pl

from pratique.node.canonical import digest
from pratique.node.frame_cache import FRAMES
from pratique.node.hits.pairs import OPEN, SUPERSEDED, Answered, answered, answers_by_pair, entry_digests
from pratique.node.hits.raised import RELEASED, key_of
from pratique.node.runs.at_hand import RunAtHand
from pratique.node.runs.calls import Call
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import lists_in_force

SAME, CHANGED, REMOVED, NOT_LOADED = "same", "changed", "removed", "not_loaded"
ENTRY_NOW: Final = "entry_now"


@dataclass(frozen=True, slots=True)
class HitLine:
    """One hit of a list of hits. ``number`` names it inside its run; ``answered`` says where it stands and why.

    ``rank`` and ``score`` are those of its consignment; ``arrives_at`` that of its call. ``quiet_by`` is the answer
    that kept it quiet in the run, so that it added no points; ``raised_by`` the change of a list that raised it after
    the run, whose own points do not know of it; ``released``: what it is on had gone by then, so that it is for audit.
    ``entry_now`` says what the list in force has of the entry: ``same``, ``changed``, ``removed``, or ``not_loaded``
    where the list is gone. ``also`` counts further consignments of the call with the same question, which one answer
    speaks for (see :func:`questions`).
    """

    run_id: str
    number: int
    call_id: str
    vessel: str | None
    arrives_at: datetime | None
    consignment_id: str
    bill: str | None
    rank: int
    score: int
    subject: str
    role_code: str | None
    screened_value: str
    list_id: str
    entity_id: str
    listed_name: str
    programme: str | None
    score_permille: int
    basis: str
    source_grade: str | None
    information_grade: str | None
    quiet_by: int | None
    raised_by: int | None
    released: bool
    entry_now: str
    pair: str
    answered: Answered
    also: int = 0


def hit_lines(at_hand: RunAtHand, calls: Iterable[Call], connection: Connection, at: datetime) -> list[HitLine]:
    """The hits of those calls of a run as they stand at that moment, in the order of work.

    A hit that a later one of the same mention supersedes is left out.
    """
    if not at_hand.has_hits:
        return []
    wanted = {call.number: call for call in calls}
    about = at_hand.selected.select("consignment", "call", "consignment_id", "bill", "rank", "score")
    now = _entries_now(at_hand, connection)
    rows = now.filter(~pl.col(SUPERSEDED)).join(about, on="consignment", how="left", maintain_order="left")
    rows = rows.filter(pl.col("call").is_in(list(wanted)))
    answers = answers_by_pair(connection, rows["pair"])
    plain = [name for name in HitLine.__slots__ if name in rows.columns and name != RELEASED]
    lines = [
        HitLine(
            **{name: row[name] for name in plain},
            released=bool(row[RELEASED]),
            run_id=at_hand.run.id,
            call_id=wanted[row["call"]].id,
            vessel=wanted[row["call"]].vessel,
            arrives_at=wanted[row["call"]].arrives_at,
            answered=answered(row, answers.get(row["pair"], ()), at),
        )
        for row in rows.iter_rows(named=True)
    ]
    return sorted(lines, key=in_order)


def questions(lines: Iterable[HitLine]) -> list[HitLine]:
    """The lines with each question once: a listed ship is asked about once, however many consignments it carries.

    The first line of a pair stands for the others of its call that stand as it does.
    """
    alike: dict[tuple[object, ...], list[HitLine]] = {}
    for line in lines:
        key = (
            line.run_id,
            line.call_id,
            line.pair,
            line.answered.state,
            line.answered.changed,
            line.raised_by,
            line.released,
        )
        alike.setdefault(key, []).append(line)
    return [replace(same[0], also=len(same) - 1) for same in alike.values()]


def in_order(line: HitLine) -> tuple[bool, str, int, str, int]:
    """The order of work: soonest arrival first, then the surest."""
    arrives = line.arrives_at.isoformat() if line.arrives_at else ""
    return (line.arrives_at is None, arrives, -line.score_permille, line.run_id, line.number)


def next_open(line: HitLine, lines: list[HitLine]) -> tuple[str, int] | None:
    """Run and number of the next hit of another pair to answer, from the beginning again at the end."""
    at = lines.index(line)
    behind = [*lines[at + 1 :], *lines[:at]]
    found = next((each for each in behind if each.answered.state == OPEN and each.pair != line.pair), None)
    return (found.run_id, found.number) if found else None


def _entries_now(at_hand: RunAtHand, connection: Connection) -> pl.DataFrame:
    """The hits of the run with ``entry_now``."""
    now = {version.list_id: version.digest for version in lists_in_force(connection)}
    key = digest(["entries now", at_hand.frames.key, key_of(at_hand.raised), now])
    return FRAMES.get(key, lambda: _compared(at_hand, now))


def _compared(at_hand: RunAtHand, now: Mapping[str, str]) -> pl.DataFrame:
    hits = at_hand.hits.with_columns(
        version_now=pl.col("list_id").replace_strict(now, default=None, return_dtype=pl.String)
    )
    moved = hits.filter(pl.col("version_now") != pl.col("list_version"))
    entries = entry_digests(at_hand.folder, moved.select("entity_id", list_version="version_now").unique())
    told = [
        _entry_now(row, entries)
        for row in hits.select("list_version", "version_now", "entity_id", "entry_sha256").iter_rows(named=True)
    ]
    return hits.drop("version_now").with_columns(pl.Series(ENTRY_NOW, told, dtype=pl.String))


def _entry_now(row: Mapping[str, str | None], entries: Mapping[tuple[str, str], str]) -> str:
    if row["version_now"] is None:
        return NOT_LOADED
    if row["version_now"] == row["list_version"]:
        return SAME
    found = entries.get((row["version_now"], row["entity_id"] or ""))
    if found is None:
        return REMOVED
    return SAME if found == row["entry_sha256"] else CHANGED
