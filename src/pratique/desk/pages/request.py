"""One request: its clock over the partner's earlier answers, contents with the missing one open, history, steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from pratique.desk.pages.custody import has_own_key, passphrase
from pratique.desk.pages.request_typed import draft_typed, offered_clauses, offered_languages, way_typed
from pratique.desk.pictures.request_clock import ClockWords, Mark, request_clock
from pratique.desk.visit import Visit
from pratique.node.acts import Command
from pratique.node.assistance.bundle_folder import zipped
from pratique.node.assistance.request_lines import RequestShown, consequence_words, fault_words, fix_words
from pratique.node.errors import refuse
from pratique.node.handlers.custody import ListItems
from pratique.node.handlers.evidence_bundles import MakeBundle
from pratique.node.handlers.request_clocks import ShowAnswerTimes
from pratique.node.handlers.requests import (
    ESCALATION_REASONS,
    DecideEscalation,
    EscalateRequest,
    RemindPartner,
    ReviseRequest,
    SendRequest,
    ShowRequest,
    WithdrawRequest,
)
from pratique.node.handlers.requests_asked import (
    CONSULTED_ABOUT,
    AcknowledgeRequest,
    CloseLapsedRequest,
    ConsultPartner,
    PostponeRequest,
    RefuseRequest,
    ResumeRequest,
    ReturnRequest,
)
from pratique.partners.agreements import said
from pratique.partners.agreements.terms import Purpose
from pratique.partners.assistance.drafts import draft_of
from pratique.partners.assistance.model import FIELDS
from pratique.partners.assistance.states import Event
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import coded

MOST_VERSIONS: Final = 6
SHOWN_ON_CLOCK: Final = frozenset(Event) - {Event.SENT, Event.ESCALATED, Event.CONSULTED}


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """The page of a request."""
    shown: RequestShown = visit.ask(ShowRequest(visit.request.path_params["request"]))
    language = visit.language
    evidence = [str(one) for each in shown.events for one in each.details.get("evidence", ())]
    return visit.page(
        "request.html",
        422 if error else 200,
        shown=shown,
        line=shown.line,
        clock=_clock(visit, shown),
        may={event.value for event in shown.may},
        may_write=visit.may(ReviseRequest, SendRequest),
        may_decide=visit.may(DecideEscalation),
        escalated=_waits(shown),
        items=visit.ask(ListItems(request=shown.line.request.id)) if visit.may(ListItems) else [],
        bundle=dict.fromkeys(evidence) if visit.may(MakeBundle) else {},
        own_key=has_own_key(visit),
        purposes=[each.value for each in Purpose],
        languages=offered_languages(visit, shown.draft.language),
        clauses=offered_clauses(visit, shown.line.request.partner) if visit.may(SendRequest) else [],
        escalation_reasons=ESCALATION_REASONS,
        subjects=CONSULTED_ABOUT,
        refusal=visit.retold(error) if error else None,
        coded=lambda kind, code: coded(kind, code, language),
        fault=lambda each: fault_words(each, language),
        consequence=lambda each: consequence_words(each, language),
        fix=lambda each: fix_words(each, language),
        said=lambda english: said(english, language),
        hints=lambda field: visit.told(f"assistance.fix.{field}", {}),
    )


def versions(visit: Visit) -> Response:
    """Every version of the contents side by side, what changed from the one before marked by a word."""
    shown: RequestShown = visit.ask(ShowRequest(visit.request.path_params["request"]))
    drafts = [(each, draft_of(json.loads(each.record))) for each in shown.versions][-MOST_VERSIONS:]
    held = {name: [draft.content(name) for _, draft in drafts] for name in FIELDS}
    rows = [
        (
            coded("request_field", name, visit.language),
            [(text, at and text != texts[at - 1]) for at, text in enumerate(texts)],
        )
        for name, texts in held.items()
        if any(texts)
    ]
    return visit.page("request_versions.html", line=shown.line, versions=[each for each, _ in drafts], rows=rows)


def revise(visit: Visit) -> Response:
    """Keeps the contents as a new version."""
    return _done(visit, lambda request: ReviseRequest(request, draft_typed(visit)))


def fill(visit: Visit) -> Response:
    """One content filled in where it is missing; the others stay as they are."""
    shown: RequestShown = visit.ask(ShowRequest(visit.request.path_params["request"]))
    field, text = visit.request.path_params["field"], visit.given("text").strip()
    if field == "items":
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        return _done(visit, lambda request: ReviseRequest(request, replace(shown.draft, items=lines)))
    texts = {**shown.draft.texts, field: text}
    return _done(visit, lambda request: ReviseRequest(request, replace(shown.draft, texts=texts)))


def step(visit: Visit) -> Response:
    """One step of the life of a request; the page offers those that are possible now."""
    steps: dict[str, Callable[[str], Command[RequestShown]]] = {
        "send": lambda request: SendRequest(request, visit.given("note"), way_typed(visit)),
        "remind": lambda request: RemindPartner(request, visit.given("note"), way_typed(visit)),
        "withdraw": lambda request: WithdrawRequest(request, visit.given("reason"), way_typed(visit)),
        "escalate": lambda request: EscalateRequest(request, visit.given("reason"), visit.given("note")),
        "decide": lambda request: DecideEscalation(request, visit.given("approve") == "yes", visit.given("note")),
        "acknowledge": lambda request: AcknowledgeRequest(request, visit.given("note"), way_typed(visit)),
        "return": lambda request: ReturnRequest(request, (), visit.given("note"), way_typed(visit)),
        "consult": lambda request: ConsultPartner(request, visit.given("about"), visit.given("note")),
        "postpone": lambda request: PostponeRequest(
            request, visit.given("ground"), _day(visit), visit.given("reason"), way_typed(visit)
        ),
        "resume": lambda request: ResumeRequest(request, visit.given("note")),
        "refuse": lambda request: RefuseRequest(
            request, visit.given("ground"), visit.given("reason"), way_typed(visit)
        ),
        "lapse": lambda request: CloseLapsedRequest(request, visit.given("note")),
    }
    wanted = steps.get(visit.request.path_params["step"])
    if wanted is None:
        return show(visit, refuse("requests.part", part="step"))
    return _done(visit, wanted)


def bundle(visit: Visit) -> Response:
    """The evidence of the answers as one file for the partner."""
    request = visit.request.path_params["request"]
    items = tuple(each for each in visit.form.getlist("item") if isinstance(each, str))
    try:
        made = visit.execute(_bundle_of(visit, items))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)
    headers = {"Content-Disposition": f'attachment; filename="bundle-{request}.zip"'}
    return Response(zipped(made.parts), media_type="application/zip", headers=headers)


def _bundle_of(visit: Visit, items: tuple[str, ...]) -> MakeBundle:
    request = visit.request.path_params["request"]
    return MakeBundle(items, visit.given("title"), visit.given("recipient"), request, passphrase(visit))


def _done(visit: Visit, command: Callable[[str], Command[RequestShown]]) -> Response:
    request = visit.request.path_params["request"]
    try:
        visit.execute(command(request))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)
    return visit.go(f"/requests/{request}")


def _day(visit: Visit) -> date:
    try:
        return date.fromisoformat(visit.given("until").strip())
    except ValueError as error:
        raise refuse("requests.until_past", day=visit.given("until")[:20]) from error


def _waits(shown: RequestShown) -> bool:
    """Whether a manager has to decide."""
    raised = [each for each in shown.events if each.event is Event.ESCALATED]
    return bool(raised) and raised[-1].details.get("decision") == "asked"


def _clock(visit: Visit, shown: RequestShown) -> Markup | None:
    clock, fig, word = shown.line.clock, visit.figures, visit.gettext
    if clock is None:
        return None
    earlier = visit.ask(ShowAnswerTimes(shown.line.request.side, shown.line.request.partner))
    times = earlier[0].times if earlier else None
    dots, median = (times.dots, times.median_days) if times else ((), None)
    marks = [
        Mark(
            max((each.happened_at.date() - clock.start).days, 0),
            coded("request_event", each.event.value, visit.language),
        )
        for each in shown.events
        if each.event in SHOWN_ON_CLOCK
    ]
    day = word("day %(day)s of %(days)s") % {"day": fig.number(clock.day), "days": fig.number(clock.days)}
    due = word("due %(day)s") % {"day": fig.day(clock.due)}
    values: dict[str, Any] = {"n": fig.number(len(dots))}
    words = ClockWords(
        told=f"{day}; {due}",
        start=fig.day(clock.start),
        today=day,
        reminders=tuple(word("reminder %(day)s") % {"day": fig.day(each)} for each in clock.reminders),
        due=due,
        median="" if median is None else word("median %(n)s days") % {"n": fig.number(median)},
        earlier=word("%(n)s earlier answers") % values,
    )
    return request_clock(clock, marks, dots, median=median, words=words)
