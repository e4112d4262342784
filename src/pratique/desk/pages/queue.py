"""The queue: a run's consignments in order, the acts on each, the capacity, and the approval of the list."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from pratique.desk.pages.queue_rows import SLOTS, Seen, axis_of, control_words, pieces, seen
from pratique.desk.pictures.gain import Words, gain_curve
from pratique.desk.pictures.waterfall import head
from pratique.desk.visit import Visit
from pratique.node.handlers.approvals import ApproveControls
from pratique.node.handlers.capacity import CapacityShown, ChangeCapacity, PreviewCapacity
from pratique.node.handlers.control_list import (
    ListReasonCodes,
    OverrideDecision,
    SelectConsignment,
    WaiveConsignment,
)
from pratique.node.handlers.queue_page import QueuePage, QueuePageShown, QueueView
from pratique.node.handlers.undoing import UndoAct
from pratique.vocabulary.reasons import RiskType

PRINTED: Final = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """A dialog that asks for a coded reason before an act."""

    act: str
    head: str
    says: str
    keep: str
    do: str
    reasons: list[tuple[str, str]]
    controls: list[tuple[str, str]]


def newest(visit: Visit) -> Response:
    """The queue of the newest run."""
    return visit.go(f"/queue/{visit.ask(QueuePage(limit=1)).run.id}")


def show(visit: Visit) -> Response:
    """The queue; a browser that asked for a part gets the card with the rows."""
    query = _asked(visit)
    shown = visit.ask(query)
    values = _values(visit, query, shown)
    return visit.part("queue.html", "list", **values) if visit.partial else visit.page("queue.html", **values)


def rows(visit: Visit) -> Response:
    """The next rows, for the end of the table."""
    query = _asked(visit)
    shown = visit.ask(query)
    first = visit.given("first")
    values = _values(visit, query, shown, first=int(first) if first.isdecimal() and len(first) < 10 else 0)
    return visit.part("queue.html", "rows", **values)


def print_list(visit: Visit) -> Response:
    """Everything that has a control, as it is signed on paper."""
    query = replace(_asked(visit), view=QueueView.PROPOSED.value, limit=PRINTED)
    pages, shown = [], visit.ask(query)
    while True:
        pages.append(shown)
        if shown.next is None:
            break
        shown = visit.ask(replace(query, after=shown.next))
    axis = axis_of(pages[0])
    lines = [seen(visit, line, axis) for page in pages for line in page.rows]
    values = _values(visit, query, pages[0]) | {"lines": lines, "controls": control_words(visit)}
    return visit.page("control_list.html", **values)


def in_hand(visit: Visit) -> Response:
    """What can be done with one row."""
    shown, row = _one(visit)
    return visit.part("queue.html", "in_hand", shown=shown, seen=row)


def ask(visit: Visit) -> Response:
    """The dialog before a waiver or an override."""
    shown, row = _one(visit)
    return visit.part("queue.html", "ask", shown=shown, seen=row, ask=_ask(visit, shown, row))


def act(visit: Visit) -> Response:
    """Selects, waives or overrides one consignment."""
    run, consignment = visit.request.path_params["run"], visit.request.path_params["consignment"]
    control, reason, note = visit.given("control"), visit.given("reason"), visit.given("note").strip()
    match visit.request.path_params["act"]:
        case "select":
            done = visit.execute(SelectConsignment(run, consignment, control))
        case "waive":
            done = visit.execute(WaiveConsignment(run, consignment, reason, note))
        case _:
            done = visit.execute(OverrideDecision(run, consignment, control, reason, note))
    return _done(visit, run, consignment, undo=done.act.seq)


def undo(visit: Visit) -> Response:
    """Takes an act back."""
    done = visit.execute(UndoAct(visit.request.path_params["act"]))
    run = visit.asked("run")
    if done.consignment_id is None:
        return visit.go(f"/queue/{run}")
    return _done(visit, run, done.consignment_id, undo=None)


def approve(visit: Visit) -> Response:
    """Freezes the list of a call as the officer saw it."""
    run, call = visit.request.path_params["run"], visit.given("call")
    visit.execute(ApproveControls(run, call, visit.given("expected")))
    return visit.go(f"/queue/{run}", call=call, view=QueueView.PROPOSED.value)


def capacity(visit: Visit) -> Response:
    """What another capacity would give, before anybody takes it."""
    return _capacity(visit, visit.ask(_preview(visit)))


def change_capacity(visit: Visit) -> Response:
    """Takes another capacity into force; the queue is drawn anew."""
    run, call = visit.request.path_params["run"], visit.given("call")
    wanted = {name: int(given) for name in SLOTS if (given := visit.given(name)).isdecimal() and len(given) < 9}
    visit.execute(ChangeCapacity(run, wanted))
    return visit.go(f"/queue/{run}", **({"call": call} if call else {}))


def _preview(visit: Visit) -> PreviewCapacity:
    given = {name: visit.asked(name) for name in SLOTS}
    wanted = {name: int(text) for name, text in given.items() if text.isdecimal() and len(text) < 9}
    return PreviewCapacity(visit.request.path_params["run"], visit.asked("call") or None, wanted)


def _capacity(visit: Visit, shown: CapacityShown) -> Response:
    number = visit.figures.number
    reached, next_one = shown.reached_permille / 1000, shown.next_permille / 1000
    curve = [(point.controls, point.by_value_permille / 1000) for point in shown.curve]
    told = visit.gettext("Gain curve: %(n)s controls by value reach %(share)s of all points here, by lot %(lot)s") % {
        "n": number(shown.controls),
        "share": visit.figures.percent(reached),
        "lot": visit.figures.percent(shown.by_lot_permille / 1000),
    }
    last = shown.curve[-1] if shown.curve else None
    lot = last.by_lot_permille / 1000 if last else 0.0
    words = Words(told, visit.gettext("by lot"), visit.gettext("controls"))
    in_force = visit.ask(PreviewCapacity(shown.run.id)).capacity
    return visit.part(
        "queue.html",
        "capacity",
        it=shown,
        reached=visit.figures.percent(reached),
        next_reached=visit.figures.percent(next_one, 1),
        curve=gain_curve(curve, at=(shown.controls, reached), lot=lot, words=words),
        most={name: max(20, 2 * slots) for name, slots in in_force.items()},
        changed=dict(shown.capacity) != dict(in_force),
        may_change=visit.may(ChangeCapacity),
    )


def _done(visit: Visit, run: str, consignment: str, *, undo: int | None) -> Response:
    if not visit.partial or visit.given("from") == "page":
        return visit.go(f"/consignment/{consignment}")
    shown, row = _one(visit, run=run, consignment=consignment)
    told = row.told_acts[-1] if undo and row.told_acts else visit.gettext("Taken back.")
    whole = visit.ask(QueuePage(run=run, call=row.line.call_id, limit=1)) if row.line.call_id else shown
    return visit.part(
        "queue.html", "done", shown=whole, seen=row, told=told, undo=undo, may_approve=visit.may(ApproveControls)
    )


def _one(visit: Visit, *, run: str | None = None, consignment: str | None = None) -> tuple[QueuePageShown, Seen]:
    path = visit.request.path_params
    shown = visit.ask(QueuePage(run=run or path["run"], only=(consignment or path["consignment"],)))
    return shown, seen(visit, shown.rows[0], axis_of(shown))


def _asked(visit: Visit) -> QueuePage:
    """What is typed may be the name of a person, so it comes in a form alone; the rest may stand in the address too."""
    said = visit.given if visit.form else visit.asked
    return QueuePage(
        run=visit.request.path_params["run"],
        call=said("call") or None,
        view=said("view") or QueueView.ALL.value,
        channel=said("channel") or None,
        text=visit.given("q"),
        risk_type=said("risk") or None,
        after=said("after") or None,
    )


def _values(visit: Visit, query: QueuePage, shown: QueuePageShown, *, first: int = 0) -> dict[str, Any]:
    call = shown.call
    arrives = call.arrives_at if call else None
    scope = f"?{urlencode({'call': call.id})}" if call else ""
    return {
        "shown": shown,
        "asked": query,
        "scope": scope,
        "heading": _heading(visit, shown),
        "arrives": visit.figures.duration(arrives - visit.now) if arrives and arrives > visit.now else "",
        "approved_at": visit.instant(shown.approval.at) if shown.approval else None,
        "views": _views(visit),
        "risks": [(kind.value, words) for kind, words in risk_words(visit).items()],
        "sources": ("list", "rules", "history", "model", "trust"),
        "head": head(axis_of(shown), line_words=visit.gettext("high line")),
        "pieces": pieces(visit, shown, first=first),
        "more": _more(query, shown, first),
        "below": _below(visit, shown),
        "may_approve": visit.may(ApproveControls),
    }


def _heading(visit: Visit, shown: QueuePageShown) -> str:
    if shown.call is None:
        return visit.gettext("Run %(id)s") % {"id": shown.run.id}
    name = shown.call.vessel or shown.call.imo or shown.call.id
    if not shown.call.voyage:
        return name
    return visit.gettext("%(ship)s, voyage %(voyage)s") % {"ship": name, "voyage": shown.call.voyage}


def _views(visit: Visit) -> list[tuple[str, str]]:
    return [
        (QueueView.ALL.value, visit.gettext("All")),
        (QueueView.PROPOSED.value, visit.gettext("Proposed")),
        (QueueView.ABOVE_LINE.value, visit.gettext("Above the line")),
        (QueueView.LIST_HITS.value, visit.gettext("List hits")),
        (QueueView.DATA_FAULTS.value, visit.gettext("Data faults")),
    ]


def risk_words(visit: Visit) -> dict[RiskType, str]:
    """What could be wrong, in words."""
    return {
        RiskType.UNDERVALUATION: visit.gettext("Undervaluation"),
        RiskType.MISCLASSIFICATION: visit.gettext("Misclassification"),
        RiskType.ORIGIN: visit.gettext("Origin"),
        RiskType.PROHIBITED_GOODS: visit.gettext("Prohibited goods"),
        RiskType.SECURITY: visit.gettext("Security"),
        RiskType.IDENTITY: visit.gettext("Identity"),
        RiskType.DATA_QUALITY: visit.gettext("Data quality"),
    }


def _more(query: QueuePage, shown: QueuePageShown, first: int) -> str:
    """What asks for the next rows, as JSON."""
    asked = {
        "call": query.call,
        "view": query.view,
        "channel": query.channel,
        "q": query.text,
        "risk": query.risk_type,
        "after": shown.next,
        "first": first + len(shown.rows),
    }
    return json.dumps({name: value for name, value in asked.items() if value})


def _below(visit: Visit, shown: QueuePageShown) -> str:
    """What is not controlled, by lane."""
    number = visit.figures.number
    words = visit.gettext("Without control: %(yellow)s yellow, %(blue)s blue, %(green)s green")
    return words % {name: number(shown.below.get(name, 0)) for name in ("yellow", "blue", "green")}


def _ask(visit: Visit, shown: QueuePageShown, row: Seen) -> Ask:
    kind = "waive" if visit.request.path_params["act"] == "waive" else "override"
    known = [each.code for each in visit.ask(ListReasonCodes()) if each.act == kind]
    reasons = [(code, visit.reason_words(code)) for code in known]
    score, over = row.line.score_now, row.line.score_now - shown.high_line
    if kind == "waive":
        says = visit.gettext("%(score)s points, high line %(line)s. The waiver is counted and seen by your supervisor.")
        return Ask(
            kind,
            visit.gettext("Waive the control of rank %(n)s") % {"n": row.line.rank},
            says % {"score": score, "line": shown.high_line, "over": over},
            visit.gettext("Keep the control"),
            visit.gettext("Waive"),
            reasons,
            [],
        )
    words = control_words(visit)
    return Ask(
        kind,
        visit.gettext("Another control for rank %(n)s") % {"n": row.line.rank},
        visit.gettext("Overrides are counted, with their reason."),
        visit.gettext("Keep it as it is"),
        visit.gettext("Override"),
        reasons,
        [(control, words[control]) for control in SLOTS],
    )
