"""``arrivals``: which ships come, how ready each control list is, and what waits for a person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.handlers.arrivals import Arrivals, CallShown

WAITING = {"approve": "approve the list of", "hits": "compare list hits of", "faults": "read what was quarantined of"}
SHOWN_DIGEST = 12


def arrivals(
    hours: Annotated[int, typer.Option("--hours", help="How far ahead to look.", min=1, max=8760)] = 36,
    everything: Annotated[bool, typer.Option("--all", help="Every arrival, past ones too.")] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """The ships that come: their boxes, how ready each control list is, and what waits for a person."""
    from pratique.node.handlers.arrivals import ListArrivals

    with opened(node) as at:
        found = at.ask(ListArrivals(None if everything else hours), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render(found))


def _render(found: Arrivals) -> None:
    columns = ["arrives", "call", "run", "ship", "boxes", "rule hits", "above line", "hits open", "faults", "controls"]
    rows = [
        (
            _moment(each),
            each.call.id,
            each.run.id,
            f"{each.call.vessel or 'not named'} {each.call.voyage or ''}".strip(),
            each.boxes.total,
            each.with_rule_hit,
            each.above_line,
            each.hits_open,
            each.faults.total,
            each.readiness.controls,
            _state(each),
        )
        for each in found.calls
    ]
    table("", [*columns, "list"], rows, right=columns[4:])
    for item in found.waiting:
        due = f", by {item.due_at:%Y-%m-%d %H:%M}" if item.due_at else ""
        say(f"Waiting: {WAITING[item.kind]} {item.vessel or item.call_id} ({item.count:,} of {item.total:,} open){due}")
    if found.earlier or found.later:
        say(f"{found.earlier:,} earlier and {found.later:,} later arrival(s) are not shown; --all shows them.")


def _moment(each: CallShown) -> str:
    arrives: datetime | None = each.call.arrives_at
    if arrives is None:
        return "not said"
    return f"{arrives:%Y-%m-%d %H:%M}" + (" (past)" if each.has_arrived else "")


def _state(each: CallShown) -> str:
    ready = each.readiness
    if ready.approved_by:
        return f"approved by {ready.approved_by}" + (", moved since" if ready.moved_since_approval else "")
    left = f", {ready.left_open} open above the line" if ready.left_open else ""
    return f"{each.list_sha256[:SHOWN_DIGEST]}{left}"
