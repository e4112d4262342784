"""Search: boxes, bills, vessels, runs and parties by what an officer remembers of them.

What is looked for may be the name of a person, so it comes in a form: an address is kept by the browser and by proxies.
"""

from __future__ import annotations

from starlette.responses import Response

from pratique.desk.visit import Visit
from pratique.node.handlers.search import Search, SearchFound


def show(visit: Visit) -> Response:
    """What answers, by kind; a single consignment is opened at once."""
    text = visit.given("q").strip()
    found = visit.ask(Search(text)) if text else None
    only = _only(found) if found else None
    if only:
        return visit.go(f"/consignment/{only}")
    return visit.page("search.html", text=text, found=found, groups=_groups(visit, found) if found else [])


def _only(found: SearchFound) -> str | None:
    others = (*found.vessels, *found.runs, *found.parties)
    led = {row.consignment_id for row in (*found.consignments, *found.boxes) if row.consignment_id}
    return next(iter(led)) if len(led) == 1 and not others else None


def _groups(visit: Visit, found: SearchFound) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """For each kind: its name, and ``text, more, where`` of each find."""
    groups = (
        (visit.gettext("Bills"), found.consignments),
        (visit.gettext("Boxes"), found.boxes),
        (visit.gettext("Vessels"), found.vessels),
        (visit.gettext("Parties"), found.parties),
        (visit.gettext("Runs"), found.runs),
    )
    shown = []
    for name, rows in groups:
        leads = [(row.text, row.bill or "", _where(row.consignment_id, row.run_id, row.call_id)) for row in rows]
        if leads:
            shown.append((name, leads))
    return shown


def _where(consignment: str | None, run: str | None, call: str | None) -> str:
    if consignment:
        return f"/consignment/{consignment}"
    if run and call:
        return f"/queue/{run}?call={call}"
    return f"/queue/{run}" if run else ""
