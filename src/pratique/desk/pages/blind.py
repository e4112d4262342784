"""Blind queries: asked within limits, read when the answer came; what partners may ask, and what waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from starlette.responses import Response

from pratique.desk.pages.share import PURPOSES
from pratique.desk.visit import Visit
from pratique.node.exchange.blind_kinds import KINDS
from pratique.node.exchange.blind_request import request_from
from pratique.node.exchange.following import Under
from pratique.node.exchange.share import Circumstances
from pratique.node.handlers.agreements_decided import Relied
from pratique.node.handlers.agreements_shares import ListClausesFor
from pratique.node.handlers.blind import AskBlindly, ReadBlindAnswer, ShowBlindBudget, ShowBlindQuestion
from pratique.node.handlers.blind_asked import AllowBlindQueries, AnswerBlindly, MarkBlindList
from pratique.node.handlers.blind_standing import ShowBlind
from pratique.node.handlers.disclosures import ShowDisclosure
from pratique.node.handlers.partners import ListPartners
from pratique.node.handlers.requests import DraftRequest, ListRequestProfiles
from pratique.partners.agreements import said
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import coded

MOST_TYPED: Final = 6


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """Everything but what was asked: that stands on the page of a question, for a purpose."""
    partners = [each for each in visit.ask(ListPartners()) if each.version]
    asks = visit.may(AskBlindly, ShowBlindBudget, ListClausesFor)
    return visit.page(
        "blind.html",
        422 if error else 200,
        found=visit.ask(ShowBlind()),
        partners=partners,
        clauses=[(each, _clauses(visit, each.id)) for each in partners],
        budgets={each.id: visit.ask(ShowBlindBudget(each.id)) for each in partners} if asks else {},
        kinds=[(name, coded("blind_kind", name, visit.language)) for name in KINDS],
        purposes=[(each.value, coded("term", each, visit.language)) for each in PURPOSES],
        typed={name: visit.given(name) for name in ("identifiers", "reason", "kind", "way", "purpose")},
        term=lambda kind, code: coded(kind, code, visit.language),
        told=lambda code: visit.told(code, {}),
        refused=visit.asked("refused"),
        may_ask=asks,
        may_answer=visit.may(AnswerBlindly),
        may_mark=visit.may(MarkBlindList),
        may_allow=visit.may(AllowBlindQueries),
        may_open=visit.may(ShowBlindQuestion),
        refusal=visit.retold(error) if error else None,
    )


def ask(visit: Visit) -> Response:
    """Asks what was typed; where the gate lets nothing go, the page says under which clause."""
    partner, _, way = visit.given("way").partition("|")
    agreement, _, clause = way.partition("/")
    under = Under(agreement, clause, Circumstances(visit.given("purpose")))
    lines = tuple(visit.given("identifiers").splitlines())
    asked = AskBlindly(partner, visit.given("kind"), lines, under, visit.given("reason"))
    try:
        done = visit.execute(asked)
    except PratiqueError as error:
        return _again(visit, error, show)
    if done.disclosed.message is None:
        return visit.go("/blind", refused=f"{agreement}/{clause}")
    return visit.go(f"/blind/{done.disclosed.message}")


def answer(visit: Visit) -> Response:
    """A person answers a partner's question, of which nobody here learns what it asks."""
    return _done(visit, lambda: visit.execute(AnswerBlindly(visit.given("query"))))


def mark(visit: Visit) -> Response:
    """A list may be asked about, or may not any more."""
    asked = MarkBlindList(visit.given("list"), visit.given("shared") == "yes", visit.given("basis"))
    return _done(visit, lambda: visit.execute(asked))


def allow(visit: Visit) -> Response:
    """A partner may ask so much, and under this clause answers go."""
    partner, _, way = visit.given("way").partition("|")
    agreement, _, clause = way.partition("/")
    asked = AllowBlindQueries(
        partner,
        agreement,
        clause,
        _number(visit.given("per_day")),
        visit.given("by_itself") == "yes",
        visit.given("basis"),
    )
    return _done(visit, lambda: visit.execute(asked))


def question(visit: Visit, error: PratiqueError | None = None) -> Response:
    """One question with its answer, as long as it is kept."""
    found = visit.ask(ShowBlindQuestion(str(visit.request.path_params["question"])))
    waiting = visit.ask(ShowBlind()).answers_waiting if visit.may(ShowBlind) else ()
    return visit.page(
        "blind_question.html",
        422 if error else 200,
        found=found,
        asked=found.question,
        arrived=found.question.message_id in waiting,
        term=lambda kind, code: coded(kind, code, visit.language),
        told=lambda code: visit.told(code, {}),
        said=lambda english: said(english, visit.language),
        day=lambda text: visit.figures.full_date(date.fromisoformat(text)),
        agreement=_agreement(visit, found.question.message_id),
        profiles=visit.ask(ListRequestProfiles()) if visit.may(DraftRequest) else [],
        may_read=visit.may(ReadBlindAnswer),
        refusal=visit.retold(error) if error else None,
    )


def read(visit: Visit) -> Response:
    """Reads the answer that came; what read it is destroyed."""
    identity = str(visit.request.path_params["question"])
    try:
        visit.execute(ReadBlindAnswer(identity))
    except PratiqueError as error:
        return _again(visit, error, question)
    return visit.go(f"/blind/{identity}")


def request(visit: Visit) -> Response:
    """A yes becomes the draft of a request, which a person completes and sends."""
    identity = str(visit.request.path_params["question"])
    try:
        found = visit.ask(ShowBlindQuestion(identity))
        done = visit.execute(request_from(found, visit.given("instrument"), visit.language))
    except PratiqueError as error:
        return _again(visit, error, question)
    return visit.go(f"/requests/{done.line.request.id}")


def _clauses(visit: Visit, partner: str) -> list[tuple[str, str]]:
    """What permits something between the two sides, by ``PARTNER|AGREEMENT/CLAUSE``."""

    def named(each: Relied) -> tuple[str, str]:
        title = said(each.title, visit.language).text
        return f"{partner}|{each.agreement}/{each.clause.id}", f"{each.clause.article}, {title}"

    return [named(each) for each in visit.ask(ListClausesFor(partner))] if visit.may(ListClausesFor) else []


def _agreement(visit: Visit, message: str) -> str:
    """The agreement that the question went under: the request begins with it where it is an instrument too."""
    return visit.ask(ShowDisclosure(message)).disclosure.agreement if visit.may(ShowDisclosure) else ""


def _number(text: str) -> int:
    """The number that was typed; what is none is refused as too large by the act."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= MOST_TYPED else -1


def _done(visit: Visit, act: Callable[[], Any]) -> Response:
    try:
        act()
    except PratiqueError as error:
        return _again(visit, error, show)
    return visit.go("/blind")


def _again(visit: Visit, error: PratiqueError, page: Callable[[Visit, PratiqueError], Response]) -> Response:
    """The page it was asked from, with the refusal; what the officer may not do goes to the page that says so."""
    if error.category.http_status == 403:
        raise error
    return page(visit, error)
