"""List hits: which are open, and one of them side by side with everything that was compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.handlers.queue_page import QueueLine
from pratique.node.hits.alert_line import SETTING as MINUTES
from pratique.node.hits.alert_line import AlertLine, alert_line, with_seen
from pratique.node.hits.changes import Change, changes_since, declared_side
from pratique.node.hits.compared import FieldCompared, WordPair, fields_compared, reasons_of, word_pairs
from pratique.node.hits.lines import HitLine, hit_lines, in_order, next_open, questions
from pratique.node.hits.pairs import ANSWERS, OPEN, answers_by_pair, listed_rows
from pratique.node.hits.raised import RAISED_BY
from pratique.node.hits.seen import seen_lately
from pratique.node.hits.traffic import TRAFFIC, traffic_at
from pratique.node.runs.at_hand import RunAtHand, RunHead, run_at_hand
from pratique.node.runs.calls import Call
from pratique.node.runs.covered import Runs, standing_calls
from pratique.node.runs.draw import told_of_the_draw
from pratique.node.runs.queue_lines import lines_of
from pratique.node.settings import Settings
from pratique.node.storage.dispositions import StoredDisposition, hits_of_entry, runs_with_hits
from pratique.node.storage.list_changes import StoredListChange, list_change_by_seq, raised_counts
from pratique.node.storage.runs import run_by_seq
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.versions import all_lists
from pratique.vocabulary.errors import Category

MOST_HITS: Final = 500
LIST_SOURCE: Final = "list"


class HitView(StrEnum):
    """Which hits a list of hits shows."""

    ALL = "all"
    OPEN = "open"  # nobody answered, or something changed since
    SECOND = "second"  # somebody else answered different, and the one who asks may agree
    RAISED = "raised"  # open, and raised by a list that changed after the assessment, on what is still in hand
    AUDIT = "audit"  # open, and raised on what was released before the list said so
    QUIET = "quiet"  # kept quiet by an answer when the run was made: no points


@dataclass(frozen=True, slots=True)
class Hits:
    """Hits in the order of work, each question once: soonest arrival first, then the surest.

    ``total`` is their number before the limit cut them.

    ``counts`` are those of all of them by where they stand: open, same, different, cannot_tell; and by the views
    second, raised, audit and quiet. ``minutes_per_hit`` (a setting) is what one takes an officer.
    """

    hits: tuple[HitLine, ...]
    total: int
    counts: Mapping[str, int]
    minutes_per_hit: int


@dataclass(frozen=True, slots=True)
class ListHits(Query[Hits]):
    """The hits of a run, of one call, or (without a run) of every arrival that no newer run covers."""

    run: str | None = None
    call: str | None = None
    view: str = HitView.ALL.value
    limit: int = 200


@dataclass(frozen=True, slots=True)
class ListEntry:
    """The entry as the list has it: every spelling with its quality, and what else it says.

    The grades are those of the entry, else of its list; ``report`` is where it comes from.
    """

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
    source_grade: str | None
    information_grade: str | None
    report: str | None


@dataclass(frozen=True, slots=True)
class HitShown:
    """One hit with both sides.

    ``words`` is empty where a number answered. ``earlier`` are all answers about the same pair, undone ones too, newest
    first. ``entry_hits`` counts hits of this entry in all runs. ``list_points`` of the consignment's ``score`` come
    from lists. ``next_open`` is the next hit to answer (run, number); ``second_person_from`` the score in thousandths
    from which ``different`` needs a second person. ``party`` is the row of the message, empty where it is none.
    ``changes`` is what changed, field by field, since the answer that would count for the pair; ``quiet_because`` the
    answer that kept it quiet in the run; ``raised_by`` the change of a list that raised it.
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
    changes: tuple[Change, ...]
    quiet_because: StoredDisposition | None
    raised_by: StoredListChange | None
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
    if query.view not in set(HitView):
        raise refuse("hits.no_view", view=query.view, known=", ".join(HitView))
    scopes = _scopes(query, view)
    found = [
        line for at_hand, calls in scopes for line in questions(hit_lines(at_hand, calls, view.connection, view.at))
    ]
    wanted = sorted((each for each in found if _is_in(query.view, each, view)), key=in_order)
    states = [each.answered.state for each in found]
    counts = {state: states.count(state) for state in (OPEN, *ANSWERS)}
    counts |= {
        name.value: sum(_is_in(name, each, view) for each in found)
        for name in (HitView.SECOND, HitView.RAISED, HitView.AUDIT, HitView.QUIET)
    }
    return Hits(tuple(wanted[: query.limit]), len(wanted), counts, _settings(view).number(MINUTES))


def show_hit(query: ShowHit, view: View) -> HitShown:
    """Raises ``NOT_FOUND`` where the run has no hit of that number."""
    at_hand = run_at_hand(view.connection, view.folder, query.run)
    hit = hit_row(at_hand, query.hit)
    lines = hit_lines(at_hand, at_hand.calls, view.connection, view.at)
    line = next((each for each in lines if each.number == query.hit), None)
    if line is None:  # a later hit of the same mention stands for it
        raise refuse("hits.superseded", Category.NOT_FOUND, hit=query.hit, run=at_hand.run.id)
    call = at_hand.call(line.call_id)
    listed = listed_rows(view.folder, hit["list_version"], [hit["entity_id"]])
    party = party_of(at_hand, hit)
    rows = at_hand.state(call).filter(pl.col("consignment") == hit["consignment"])
    is_told = told_of_the_draw(view.actor)
    consignment = lines_of(rows, at_hand, view.connection, at=view.at, is_told=is_told)[0]
    settings, then = _settings(view), line.answered.disposition
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
        alert_line=with_seen(
            alert_line(
                view.folder,
                hit["list_version"],
                minutes_per_hit=settings.number(MINUTES),
                traffic=_traffic_of(at_hand, hit, view),
            ),
            hit["list_id"],
            seen_lately(view.connection, view.folder, view.at),
        ),
        earlier=tuple(reversed(earlier)),
        changes=changes_since(hit, then, declared_side(hit, party), view.folder) if then else (),
        quiet_because=next((each for each in earlier if each.seq == line.quiet_by), None),
        raised_by=list_change_by_seq(view.connection, line.raised_by) if line.raised_by else None,
        entry_hits=hits_of_entry(view.connection, hit["list_id"], listed["listing_id"].to_list()),
        list_points=consignment.points.list,
        second_person_from=settings.number("hit_second_person_permille"),
        next_open=next_open(line, lines),
    )


def _traffic_of(at_hand: RunAtHand, hit: Mapping[str, Any], view: View) -> str | None:
    """The digest of the table that the hit was weighed with: that of its run, or of the load that raised it."""
    change = None if hit[RAISED_BY] is None else list_change_by_seq(view.connection, hit[RAISED_BY])
    if change is None:
        run_with: str | None = at_hand.manifest["tables"].get(TRAFFIC)
        return run_with
    table = traffic_at(view.connection, change.at)
    return table.digest if table else None


def hit_row(at_hand: RunAtHand, number: int) -> dict[str, Any]:
    """The row of ``hit_facts``. Raises ``NOT_FOUND``."""
    hits = at_hand.hits
    if not 0 <= number < hits.height:
        raise refuse("hits.not_found", Category.NOT_FOUND, hit=number, run=at_hand.run.id)
    return hits.row(number, named=True)


def party_of(at_hand: RunAtHand, hit: Mapping[str, Any]) -> dict[str, Any]:
    """The row of the party that was hit; empty where the hit is on a vessel, a box or a document."""
    if hit["subject"] != "party":
        return {}
    same = pl.all_horizontal(
        pl.col(name).eq_missing(hit[name]) for name in ("consignment", "place", "role_code")
    )  # in a table all parties of a row share its place
    found = at_hand.frames["parties"].filter(same)
    return found.row(0, named=True) if found.height else {}


def _scopes(query: ListHits, view: View) -> Iterable[tuple[RunAtHand, list[Call]]]:
    if query.run is not None or query.call is not None:
        at_hand = run_at_hand(view.connection, view.folder, query.run)
        yield at_hand, [at_hand.call(query.call)] if query.call else at_hand.calls
        return
    runs = Runs(view.connection, view.folder)
    raised = {run_by_seq(view.connection, seq).id for seq in raised_counts(view.connection)}
    with_hits = runs_with_hits(view.connection) | raised
    by_run: dict[str, list[Call]] = {}
    for each in standing_calls(runs, is_wanted=lambda call: call.run_id in with_hits):
        by_run.setdefault(each.call.run_id, []).append(each.call)
    for run_id, calls in by_run.items():
        yield runs[run_id], calls


def _is_in(name: str, line: HitLine, view: View) -> bool:
    is_open, awaiting = line.answered.state == OPEN, line.answered.awaiting
    match name:
        case HitView.OPEN:
            return is_open
        case HitView.SECOND:
            return awaiting is not None and awaiting.by != view.actor.name
        case HitView.RAISED:
            return is_open and line.raised_by is not None and not line.released
        case HitView.AUDIT:
            return is_open and line.released
        case HitView.QUIET:
            return line.quiet_by is not None
    return True


def _settings(view: View) -> Settings:
    return Settings.of(changed_settings(view.connection))


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
        source_grade=hit["source_grade"],
        information_grade=hit["information_grade"],
        report=first.get("report"),
    )
