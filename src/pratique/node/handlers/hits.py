"""List hits: which are open, and one of them side by side with everything that was compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.calls import Call
from pratique.node.covered import Runs, standing_calls
from pratique.node.draw import told_of_the_draw
from pratique.node.errors import refuse
from pratique.node.handlers.queue_page import QueueLine
from pratique.node.hit_compared import FieldCompared, WordPair, fields_compared, reasons_of, word_pairs
from pratique.node.hit_pairs import OPEN, Answered, answered, answers_by_pair, hit_facts, listed_rows
from pratique.node.queue_lines import lines_of
from pratique.node.run_at_hand import RunAtHand, RunHead, run_at_hand
from pratique.node.settings import Settings
from pratique.node.storage.dispositions import StoredDisposition, hits_of_entry, runs_with_hits
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.versions import all_lists
from pratique.vocabulary.errors import Category

MOST_HITS: Final = 500
LIST_SOURCE: Final = "list"


@dataclass(frozen=True, slots=True)
class HitLine:
    """One hit of a list of hits. ``number`` names it inside its run; ``answered`` says where it stands and why.

    ``rank`` and ``score`` are those of its consignment; ``arrives_at`` that of its call.
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
    answered: Answered


@dataclass(frozen=True, slots=True)
class Hits:
    """Hits in the order of work: soonest arrival first, then the surest; ``total`` before the limit cut them.

    ``counts`` are those of all of them by where they stand: open, same, different, cannot_tell.
    """

    hits: tuple[HitLine, ...]
    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ListHits(Query[Hits]):
    """The hits of a run, of one call, or (without a run) of every arrival that no newer run covers."""

    run: str | None = None
    call: str | None = None
    open_only: bool = False
    limit: int = 200


@dataclass(frozen=True, slots=True)
class ListEntry:
    """The entry as the list has it: every spelling with its quality, and what else it says."""

    list_id: str
    list_version: str
    list_date: str | None
    loaded_at: str | None
    source: str | None
    entity_id: str
    kind: str
    names: tuple[tuple[str, str | None], ...]
    countries: tuple[str, ...]
    birth_dates: tuple[str, ...]
    identifiers: tuple[str, ...]
    addresses: tuple[str, ...]
    programme: str | None
    remarks: str | None


@dataclass(frozen=True, slots=True)
class AlertLine:
    """From which score (thousandths) names of this list alert, and what that costs: alerts per 1,000 ordinary names."""

    threshold_permille: int
    budget_per_1000: int
    alerts_per_1000: float


@dataclass(frozen=True, slots=True)
class HitShown:
    """One hit with both sides.

    ``words`` is empty where a number answered. ``earlier`` are all answers about the same pair, undone ones too, newest
    first. ``entry_hits`` counts hits of this entry in all runs. ``list_points`` of the consignment's ``score`` come
    from lists. ``next_open`` is the next hit to answer (run, number); ``second_person_from`` the score in thousandths
    from which ``different`` needs a second person. ``party`` is the row of the message, empty where it is none.
    """

    run: RunHead
    call: Call
    line: HitLine
    consignment: QueueLine
    party: Mapping[str, Any]
    words: tuple[WordPair, ...]
    fields: tuple[FieldCompared, ...]
    reasons: tuple[Mapping[str, Any], ...]
    entry: ListEntry
    alert_line: AlertLine
    earlier: tuple[StoredDisposition, ...]
    entry_hits: int
    list_points: int
    second_person_from: int
    next_open: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class ShowHit(Query[HitShown]):
    """One hit by the run and its number in it."""

    run: str
    hit: int


def list_hits(query: ListHits, view: View) -> Hits:
    """Raises ``NOT_FOUND`` for a run or call there is none of, ``REJECTED`` for a limit that cannot be."""
    if not 1 <= query.limit <= MOST_HITS:
        raise refuse("queue.limit", Category.REJECTED, limit=query.limit, most=MOST_HITS)
    found = [line for at_hand, calls in _scopes(query, view) for line in _lines(at_hand, calls, view)]
    wanted = sorted((each for each in found if not query.open_only or each.answered.state == OPEN), key=_in_order)
    states = [each.answered.state for each in found]
    counts = {state: states.count(state) for state in (OPEN, "same", "different", "cannot_tell")}
    return Hits(tuple(wanted[: query.limit]), len(wanted), counts)


def show_hit(query: ShowHit, view: View) -> HitShown:
    """Raises ``NOT_FOUND`` where the run has no hit of that number."""
    at_hand = run_at_hand(view.connection, view.folder, query.run)
    hit = hit_row(at_hand, query.hit)
    lines = _lines(at_hand, at_hand.calls, view)
    line = next(each for each in lines if each.number == query.hit)
    call = at_hand.call(line.call_id)
    listed = listed_rows(view.folder, hit["list_version"], [hit["entity_id"]])
    party = party_of(at_hand, hit)
    rows = at_hand.state(call).filter(pl.col("consignment") == hit["consignment"])
    consignment = lines_of(rows, at_hand, view.connection, is_told=told_of_the_draw(view.actor))[0]
    settings = Settings.of(changed_settings(view.connection))
    earlier = answers_by_pair(view.connection, [hit["pair"]]).get(hit["pair"], [])
    return HitShown(
        run=at_hand.head,
        call=call,
        line=line,
        consignment=consignment,
        party=party,
        words=word_pairs(reasons_of(hit)),
        fields=fields_compared(hit, party, listed),
        reasons=tuple(reasons_of(hit)),
        entry=_entry(hit, listed, view),
        alert_line=_alert_line(hit, view),
        earlier=tuple(reversed(earlier)),
        entry_hits=hits_of_entry(view.connection, hit["list_id"], listed["listing_id"].to_list()),
        list_points=consignment.points.list,
        second_person_from=settings.number("hit_second_person_permille"),
        next_open=_next_open(line, lines),
    )


def hit_row(at_hand: RunAtHand, number: int) -> dict[str, Any]:
    """The row of ``hit_facts``. Raises ``NOT_FOUND``."""
    hits = hit_facts(at_hand.frames, at_hand.folder)
    if not 0 <= number < hits.height:
        raise refuse("hits.not_found", Category.NOT_FOUND, hit=number, run=at_hand.run.id)
    return hits.row(number, named=True)


def party_of(at_hand: RunAtHand, hit: Mapping[str, Any]) -> dict[str, Any]:
    """The row of the party that was hit; empty where the hit is on a vessel, a box or a document."""
    if hit["subject"] != "party":
        return {}
    same = (pl.col("consignment") == hit["consignment"]) & (pl.col("place") == hit["place"])
    found = at_hand.frames["parties"].filter(same)
    return found.row(0, named=True) if found.height else {}


def _scopes(query: ListHits, view: View) -> Iterable[tuple[RunAtHand, list[Call]]]:
    if query.run is not None or query.call is not None:
        at_hand = run_at_hand(view.connection, view.folder, query.run)
        yield at_hand, [at_hand.call(query.call)] if query.call else at_hand.calls
        return
    runs, with_hits = Runs(view.connection, view.folder), runs_with_hits(view.connection)
    by_run: dict[str, list[Call]] = {}
    for each in standing_calls(runs, is_wanted=lambda call: call.run_id in with_hits):
        by_run.setdefault(each.call.run_id, []).append(each.call)
    for run_id, calls in by_run.items():
        yield runs[run_id], calls


def _lines(at_hand: RunAtHand, calls: list[Call], view: View) -> list[HitLine]:
    """The hits of those calls of a run, in the order of work."""
    if at_hand.frames["hits"].is_empty():
        return []
    wanted = {call.number: call for call in calls}
    about = at_hand.selected.select("consignment", "call", "consignment_id", "bill", "rank", "score")
    rows = hit_facts(at_hand.frames, view.folder).join(about, on="consignment", how="left", maintain_order="left")
    rows = rows.filter(pl.col("call").is_in(list(wanted)))
    answers = answers_by_pair(view.connection, rows["pair"])
    plain = [name for name in HitLine.__slots__ if name in rows.columns]
    lines = [
        HitLine(
            **{name: row[name] for name in plain},
            run_id=at_hand.run.id,
            call_id=wanted[row["call"]].id,
            vessel=wanted[row["call"]].vessel,
            arrives_at=wanted[row["call"]].arrives_at,
            answered=answered(row, answers.get(row["pair"], ())),
        )
        for row in rows.iter_rows(named=True)
    ]
    return sorted(lines, key=_in_order)


def _in_order(line: HitLine) -> tuple[bool, str, int, str, int]:
    arrives = line.arrives_at.isoformat() if line.arrives_at else ""
    return (line.arrives_at is None, arrives, -line.score_permille, line.run_id, line.number)


def _next_open(line: HitLine, lines: list[HitLine]) -> tuple[str, int] | None:
    at = lines.index(line)
    behind = [*lines[at + 1 :], *lines[:at]]
    found = next((each for each in behind if each.answered.state == OPEN), None)
    return (found.run_id, found.number) if found else None


def _entry(hit: Mapping[str, Any], listed: pl.DataFrame, view: View) -> ListEntry:
    version = next((each for each in all_lists(view.connection) if each.digest == hit["list_version"]), None)
    first = listed.sort("listing_id").row(0, named=True)

    def every(column: str) -> tuple[str, ...]:
        values = listed[column].explode() if listed.schema[column] == pl.List(pl.String) else listed[column]
        return tuple(dict.fromkeys(value for value in values.to_list() if value))

    return ListEntry(
        list_id=hit["list_id"],
        list_version=hit["list_version"],
        list_date=version.list_date if version else None,
        loaded_at=version.loaded_at if version else None,
        source=version.source if version else None,
        entity_id=hit["entity_id"],
        kind=first["kind"],
        names=tuple(dict.fromkeys(listed.sort("listing_id").select("name", "name_quality").rows())),
        countries=every("countries"),
        birth_dates=every("birth_dates"),
        identifiers=every("identifiers"),
        addresses=every("address"),
        programme=first["programme"],
        remarks=first["remarks"],
    )


def _alert_line(hit: Mapping[str, Any], view: View) -> AlertLine:
    path = f"lists/{hit['list_version']}/index.json"
    try:
        told = json.loads(view.folder.path(path).read_text(encoding="utf-8"))
        return AlertLine(int(told["threshold"]), int(told["budget"]), float(told["alerts"]))
    except (OSError, ValueError, KeyError) as error:
        raise refuse("node.file_broken", Category.BROKEN, path=path) from error
