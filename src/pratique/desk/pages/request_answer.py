"""Answering a partner's request: items, evidence and files, under which clause; previewed, then sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from pratique.desk.able import able
from pratique.desk.pages.attaching import HOLDINGS, attaching, file_rows, kept_now
from pratique.desk.pages.gate_said import gate_said, kind_word, rows_said
from pratique.desk.pages.request_typed import numbers_typed, offered_clauses, way_typed
from pratique.desk.visit import Visit
from pratique.node.assistance.request_lines import RequestShown
from pratique.node.exchange.attaching import Attaching
from pratique.node.handlers.agreements_shares import ShareSeen
from pratique.node.handlers.answer_preview import PreviewAnswer
from pratique.node.handlers.attachments import KeepForSharing
from pratique.node.handlers.custody import ListItems
from pratique.node.handlers.requests import ShowRequest
from pratique.node.handlers.requests_asked import AnswerRequest
from pratique.partners.agreements import said
from pratique.partners.agreements.terms import Purpose
from pratique.partners.assistance.states import Event
from pratique.vocabulary.errors import PratiqueError

BEGUN: Final = (Event.SENT, Event.RECEIVED)


def show(visit: Visit) -> Response:
    """The form, empty."""
    return _page(visit)


def preview(visit: Visit) -> Response:
    """The form as it was filled in, with the files that came in it and the gate's word on all of it."""
    try:
        return _page(visit, also=kept_now(visit))
    except PratiqueError as error:
        return _page(visit, error=_told(error))


def send(visit: Visit) -> Response:
    """Answers; what is refused comes back on the page."""
    if any(isinstance(each, UploadFile) and each.filename for each in visit.form.getlist("file")):
        return preview(visit)  # nothing leaves that was not seen with the gate's word on it
    answer = _answer(visit, attaching(visit))
    try:
        visit.execute(answer)
    except PratiqueError as error:
        return _page(visit, error=_told(error))
    return visit.go(f"/requests/{answer.request}")


def _page(visit: Visit, *, also: Iterable[str] = (), error: PratiqueError | None = None) -> Response:
    shown: RequestShown = visit.ask(ShowRequest(visit.request.path_params["request"]))
    beside, seen, answer = attaching(visit, also), None, None
    if visit.request.method == "POST":
        answer = _answer(visit, beside)
        if error is None and answer.way is not None:
            seen, error = _previewed(visit, answer)
    by_line = any(each.message for each in shown.events if each.event in BEGUN)
    clauses = offered_clauses(visit, shown.line.request.partner) if by_line else []
    return visit.page_or_part(
        "request_answer.html",
        "answer",
        422 if error else 200,
        shown=shown,
        line=shown.line,
        may={each.value for each in shown.may},
        answer=answer,
        seen=seen,
        rows=rows_said(visit, seen, {}) if seen else [],
        told=gate_said(visit, seen) if seen else None,
        by_line=by_line,
        clauses=clauses,
        under=visit.given("under") if answer else _likely(clauses, shown.line.request.clause),
        purpose=visit.given("purpose") or Purpose.INVESTIGATION.value,
        purposes=[(each.value, kind_word(visit, each)) for each in Purpose],
        items=visit.ask(ListItems(request=shown.line.request.id)) if visit.may(ListItems) else [],
        files=file_rows(visit, (), beside, seen.files if seen else ()),
        holdings=[(each, kind_word(visit, each)) for each in HOLDINGS],
        may_keep=visit.may(KeepForSharing),
        able=lambda request: able(visit, request),
        said=lambda english: said(english, visit.language),
        refusal=visit.retold(error) if error else None,
    )


def _answer(visit: Visit, beside: tuple[Attaching, ...]) -> AnswerRequest:
    way = way_typed(visit)
    return AnswerRequest(
        visit.request.path_params["request"],
        numbers_typed(visit, "item"),
        visit.given("final") == "yes",
        tuple(each for each in visit.form.getlist("evidence") if isinstance(each, str)),
        tuple(line.strip() for line in visit.given("conditions").splitlines() if line.strip()),
        visit.given("note"),
        replace(way, attachments=beside) if way else None,
    )


def _previewed(visit: Visit, answer: AnswerRequest) -> tuple[ShareSeen | None, PratiqueError | None]:
    assert answer.way is not None  # whoever calls has looked
    try:
        return visit.ask(PreviewAnswer(answer, answer.way)), None
    except PratiqueError as error:
        return None, _told(error)


def _told(error: PratiqueError) -> PratiqueError:
    """What is told on the page itself; what another person may is told by a page of its own."""
    if error.category.http_status == 403:
        raise error
    return error


def _likely(clauses: list[tuple[str, str]], agreement: str) -> str:
    """The clause that most answers go under: of the agreement that the request came under, the one about requests."""
    names = [name for name, _ in clauses if name.partition("/")[0] == agreement.partition("/")[0]]
    return next((name for name in names if "request" in name), names[0] if names else "")
