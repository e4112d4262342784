"""Requests for assistance: the list by their clocks, how long partners take, and a new one under an instrument."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from pratique.desk.pages.request_pictures import age_legend, ages, curve, strip_legend, strips
from pratique.desk.pages.request_typed import draft_typed, offered_languages, offered_partners, partner_typed
from pratique.desk.visit import Visit
from pratique.node.handlers.request_clocks import ListRequests, ShowAnswerTimes
from pratique.node.handlers.requests import AdviseChannel, DraftRequest, ListRequestProfiles
from pratique.partners.agreements import said
from pratique.partners.assistance.model import RequestProfile
from pratique.partners.assistance.states import Side
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import coded

MOST_SHOWN: Final = 300


def show_list(visit: Visit) -> Response:
    """Open requests, the most pressing first; all of them for who asks."""
    every = visit.asked("view") == "all"
    found = visit.ask(ListRequests(open_only=not every))
    panels = {side: visit.ask(ShowAnswerTimes(side.value)) for side in Side}
    most = max((sum(panel.ages) for side in panels.values() for panel in side), default=0)
    return visit.page(
        "requests.html",
        lines=found.requests[:MOST_SHOWN],
        total=len(found.requests),
        every=every,
        strips=strips(visit, found.requests),
        strip_legend=strip_legend(visit),
        panels=panels[Side.ASKING],
        own=panels[Side.ASKED],
        ages=lambda panel: ages(visit, panel, most),
        age_legend=age_legend(visit),
        curve=lambda panel: curve(visit, panel),
        may_draft=visit.may(DraftRequest),
        may_advise=visit.may(AdviseChannel),
        profiles=visit.ask(ListRequestProfiles()),
        said=lambda english: said(english, visit.language),
        coded=lambda kind, code: coded(kind, code, visit.language),
    )


def new(visit: Visit, error: PratiqueError | None = None) -> Response:
    """The empty form of an instrument, each content with its article."""
    profile = _profile(visit, visit.given("instrument") or visit.asked("instrument"))
    typed: dict[str, Any] = {name: visit.given(name) for name in visit.form if name != "csrf"}
    partners, chosen = offered_partners(visit, profile.id), typed.get("partner") or visit.asked("partner")
    known = chosen in {each.id for each in partners}
    return visit.page(
        "request_new.html",
        422 if error else 200,
        profile=profile,
        partners=partners,
        languages=offered_languages(visit, typed.get("language", "")),
        chosen=chosen if known else "",
        other=typed.get("other") or ("" if known else chosen),
        said=lambda english: said(english, visit.language),
        typed=typed,
        refusal=visit.retold(error) if error else None,
        coded=lambda kind, code: coded(kind, code, visit.language),
        fix=lambda field: visit.told(f"assistance.fix.{field}", {}),
    )


def draft(visit: Visit) -> Response:
    """Begins the request; what it still lacks is said on its own page."""
    try:
        command = DraftRequest(partner_typed(visit), draft_typed(visit), visit.given("clause"), visit.given("case_ref"))
        done = visit.execute(command)
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return new(visit, error)
    return visit.go(f"/requests/{done.line.request.id}")


def _profile(visit: Visit, wanted: str) -> RequestProfile:
    known = {each.id: each for each in visit.ask(ListRequestProfiles())}
    return known.get(wanted) or next(each for each in known.values() if each.in_force)
