"""The resources board: shifts and how full they are, what is out of use and why, uptime, finds and cost."""

from __future__ import annotations

from starlette.responses import Response

from pratique.desk.pages.controls import words_of
from pratique.desk.visit import Visit
from pratique.flow.controls.catalogue import catalogue
from pratique.node.controls.entered import minor_units, shift_of
from pratique.node.controls.reason_codes import reason_codes
from pratique.node.handlers.resources import BringIntoUse, Cost, PutResource, ShowResources, TakeOutOfUse
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import money

DAYS = 7


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """Every resource today, and over the last days."""
    return visit.page(
        "resources.html",
        422 if error else 200,
        board=visit.ask(ShowResources(days=DAYS)),
        kinds=catalogue().resource_kinds,
        reasons=reason_codes()["down"],
        may_change=visit.may(PutResource),
        may_stop=visit.may(TakeOutOfUse),
        typed={name: visit.given(name) for name in visit.form if name != "csrf"} if error else {},
        refusal=visit.retold(error) if error else None,
        money=lambda minor, currency: money(minor, currency, visit.language),
        coded=words_of(visit),
    )


def put(visit: Visit) -> Response:
    """Adds a resource, or gives it new shifts and costs."""
    currency = visit.given("currency").strip().upper()
    try:
        cost = None
        if currency:
            per_control, per_hour = (visit.given(name).strip() or "0" for name in ("per_control", "per_hour"))
            cost = Cost(currency, minor_units(per_control, currency), minor_units(per_hour, currency))
        shifts = tuple(shift_of(text) for text in visit.given("shifts").split())
        name, zone = visit.given("name"), visit.given("zone").strip()
        visit.execute(PutResource(visit.given("id").strip(), visit.given("kind"), name, zone, shifts, cost))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)
    return visit.go("/resources")


def change_use(visit: Visit) -> Response:
    """Out of use with a coded reason, or back into use."""
    resource = str(visit.request.path_params["resource"])
    try:
        if visit.given("use") == "down":
            visit.execute(TakeOutOfUse(resource, visit.given("reason"), visit.given("note")))
        else:
            visit.execute(BringIntoUse(resource))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)
    return visit.go("/resources")
