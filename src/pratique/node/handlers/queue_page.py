"""One page of a run's queue: rows with the sources of their points, counts of every view, where the groups lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.controls.state import DRAWN, LISTED, SLOTS, list_digest, used_slots
from pratique.node.errors import refuse
from pratique.node.handlers.queue import ShortReason
from pratique.node.runs.at_hand import RunAtHand, RunHead, run_at_hand
from pratique.node.runs.calls import Call
from pratique.node.runs.draw import told_of_the_draw, without_the_draw
from pratique.node.runs.queue_lines import QueueLine, lines_of
from pratique.node.settings import Settings
from pratique.node.storage.approvals import StoredApproval
from pratique.vocabulary.errors import Category
from pratique.vocabulary.reasons import CHANNEL, RiskType

__all__ = ["ControlUse", "GroupPosition", "QueueLine", "QueuePage", "QueuePageShown", "QueueView", "ShortReason"]

MOST_LINES = 200
LONGEST_TEXT = 100
GROUP_NAMES = ("listed", "random", "below")


class QueueView(StrEnum):
    """Which rows of the queue."""

    ALL = "all"
    PROPOSED = "proposed"
    LIST_HITS = "list_hits"
    DATA_FAULTS = "data_faults"
    ABOVE_LINE = "above_line"


@dataclass(frozen=True, slots=True)
class ControlUse:
    """One resource of the selection in force: its slots in the run, and how the rows of this page's scope use them."""

    control: str
    slots: int
    by_value: int
    at_random: int
    by_officer: int


@dataclass(frozen=True, slots=True)
class GroupPosition:
    """Where a group lies among all rows of the view: ``listed``, ``random`` or ``below``; ``start`` counts from 0.

    The cut line stands before ``below``. Who is not told of the draw gets no group ``random``.
    """

    group: str
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class QueuePageShown:
    """A page. ``total`` counts the rows of the view under the filters, ``counts`` those of every view without them.

    ``channels`` counts the rows of the view by channel, ``below`` those without control. ``list_sha256`` is what the
    officer sees here, to be given back when the list is approved. ``next`` is the cursor of the page behind this one.
    ``left_open`` counts rows above the line without control or decision, in the scope (call or run).
    ``moved_since_approval`` says that the list is no longer the approved one: acts came after it or were undone.
    ``by_value``: a model spoke, and the order is by expected value, in which money weighs ``money_permille``.
    """

    run: RunHead
    call: Call | None
    high_line: int
    view: str
    rows: tuple[QueueLine, ...]
    total: int
    next: str | None
    counts: Mapping[str, int]
    channels: Mapping[str, int]
    below: Mapping[str, int]
    groups: tuple[GroupPosition, ...]
    uses: tuple[ControlUse, ...]
    control_count: int
    left_open: int
    list_sha256: str
    approval: StoredApproval | None
    acts_after_approval: int
    moved_since_approval: bool
    by_value: bool
    money_permille: int


@dataclass(frozen=True, slots=True)
class QueuePage(Query[QueuePageShown]):
    """Up to ``limit`` (1 to 200) rows of a run's queue (else of the newest run's), of one call or of all.

    Rows are ordered: controlled by value or by an officer, drawn at random, then all others; by rank inside each,
    but that points which came since the run move a row.
    ``text`` is looked for in bill, boxes, parties and description; ``risk_type`` keeps rows with points of that type;
    ``after`` is the ``next`` of the page before.
    """

    run: str | None = None
    call: str | None = None
    view: str = QueueView.ALL.value
    channel: str | None = None
    text: str = ""
    risk_type: str | None = None
    after: str | None = None
    limit: int = 50
    only: tuple[str, ...] = field(default=())  # short ids of consignments: these rows alone


def queue_page(query: QueuePage, view: View) -> QueuePageShown:
    """Raises ``NOT_FOUND`` for a run or call there is none of, ``REJECTED`` for a filter that cannot be."""
    _check(query)
    at_hand = run_at_hand(view.connection, view.folder, query.run)
    call = at_hand.call(query.call) if query.call else None
    is_told = told_of_the_draw(view.actor)
    state = at_hand.state(call)
    shown = state if is_told else without_the_draw(state)
    wanted = shown.filter(_of_view(query.view))
    filtered = wanted.filter(_filters(query)) if _filters(query) else wanted
    page = _after(filtered, query.after).head(query.limit + 1)
    rows = lines_of(page.head(query.limit), at_hand, view.connection, at=view.at, is_told=is_told)
    approval, sha256 = at_hand.approvals.get(call.id) if call else None, list_digest(state)
    return QueuePageShown(
        run=at_hand.head,
        call=call,
        high_line=at_hand.frames.high_line,
        view=query.view,
        rows=rows,
        total=filtered.height,
        next=_cursor(page.row(query.limit - 1, named=True)) if page.height > query.limit else None,
        counts=_counts(state),
        channels=_by_channel(filtered),
        below=_by_channel(filtered.filter(pl.col("group") > DRAWN)),
        groups=_groups(filtered),
        uses=_uses(at_hand, shown),
        control_count=shown.filter(pl.col("control").is_in(SLOTS)).height,
        left_open=int(state["left_open"].sum()),
        list_sha256=sha256,
        approval=approval,
        acts_after_approval=acts_after_approval(at_hand, call),
        moved_since_approval=approval is not None and approval.list_sha256 != sha256,
        by_value=at_hand.frames.learned is not None,
        money_permille=Settings.of(at_hand.manifest["settings"]).number("value_money_permille"),
    )


def acts_after_approval(at_hand: RunAtHand, call: Call | None) -> int:
    """How many standing acts came after the approval of their call."""
    return sum(act.after_approval for act in at_hand.acts if call is None or act.call_id == call.id)


def _check(query: QueuePage) -> None:
    known: tuple[tuple[str, str | None, list[str]], ...] = (
        ("view", query.view, [each.value for each in QueueView]),
        ("channel", query.channel, list(CHANNEL.values())),
        ("risk type", query.risk_type, [each.value for each in RiskType]),
    )
    for name, given, allowed in known:
        if given is not None and given not in allowed:
            raise refuse("queue.no_filter", Category.REJECTED, name=name, given=given, known=", ".join(allowed))
    if not 1 <= query.limit <= MOST_LINES:
        raise refuse("queue.limit", Category.REJECTED, limit=query.limit, most=MOST_LINES)
    if len(query.text) > LONGEST_TEXT:
        raise refuse("queue.text_too_long", Category.REJECTED, most=LONGEST_TEXT)


def _of_view(view: str) -> pl.Expr:
    return {
        QueueView.ALL.value: pl.lit(value=True),
        QueueView.PROPOSED.value: pl.col("control").is_in(SLOTS),
        QueueView.LIST_HITS.value: pl.col("hit_count") > 0,
        QueueView.DATA_FAULTS.value: pl.col("fault_count") > 0,
        QueueView.ABOVE_LINE.value: pl.col("above_line"),
    }[view]


def _filters(query: QueuePage) -> list[pl.Expr]:
    wanted: list[pl.Expr] = []
    if query.channel is not None:
        wanted.append(pl.col("channel") == query.channel)
    if query.risk_type is not None:
        wanted.append(pl.col(f"points_{query.risk_type}") + pl.col(f"raised_{query.risk_type}") > 0)
    if query.text.strip():
        wanted.append(pl.col("sought").str.contains(query.text.strip().lower(), literal=True))
    if query.only:
        wanted.append(pl.col("consignment_id").is_in([each.upper() for each in query.only]))
    return wanted


def _cursor(row: Mapping[str, Any]) -> str:
    return f"{row['group']}.{row['order']}"


def _after(rows: pl.DataFrame, cursor: str | None) -> pl.DataFrame:
    """The rows behind the cursor. Raises ``REJECTED`` for one that no page gave."""
    if cursor is None:
        return rows
    group, _, place = cursor.partition(".")
    if not (group.isascii() and group.isdigit() and place.isascii() and place.isdigit() and len(cursor) < 20):
        raise refuse("queue.no_cursor", Category.REJECTED)
    behind = (pl.col("group") > int(group)) | ((pl.col("group") == int(group)) & (pl.col("order") > int(place)))
    return rows.filter(behind)


def _counts(state: pl.DataFrame) -> dict[str, int]:
    counted = state.select(_of_view(view.value).sum().alias(view.value) for view in QueueView if view != QueueView.ALL)
    return {QueueView.ALL.value: state.height, **{name: int(n or 0) for name, n in counted.row(0, named=True).items()}}


def _by_channel(rows: pl.DataFrame) -> dict[str, int]:
    counted = dict(rows.group_by("channel").len().iter_rows())
    return {channel: counted.get(channel, 0) for channel in CHANNEL.values()}


def _groups(rows: pl.DataFrame) -> tuple[GroupPosition, ...]:
    counted = dict(rows.group_by("group").len().iter_rows())
    found, start = [], 0
    for number, name in enumerate(GROUP_NAMES, start=LISTED):
        if counted.get(number):
            found.append(GroupPosition(name, start, counted[number]))
            start += counted[number]
    return tuple(found)


def _uses(at_hand: RunAtHand, shown: pl.DataFrame) -> tuple[ControlUse, ...]:
    used, slots = used_slots(shown), at_hand.capacity
    return tuple(ControlUse(control, slots.get(control, 0), **used[control]) for control in SLOTS)
