"""Feedback on warnings: what is owed here and there, what controls propose to say, how often warnings were of use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from starlette.responses import Response

from pratique.desk.pages.messages import OUTCOMES, OUTCOMES_OF
from pratique.desk.shared_words import term
from pratique.desk.shares import drawn
from pratique.desk.visit import Visit
from pratique.node.handlers.feedback import AskForFeedback, GiveFeedback
from pratique.node.handlers.feedback_standing import SENT, FeedbackLine, ProposeFeedback, ShowFeedback
from pratique.node.handlers.inbox import ShowMessage
from pratique.node.handlers.warnings import ShowWarnings
from pratique.vocabulary.errors import PratiqueError

MOST_WARNED: Final = 200


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """What is owed first, then how it goes with each partner, then what selects here today."""
    found = visit.ask(ShowFeedback())
    return visit.page(
        "feedback.html",
        422 if error else 200,
        found=found,
        here=[each for each in found.owed if each.direction != SENT],
        there=[each for each in found.owed if each.direction == SENT],
        warned=visit.ask(ShowWarnings()).warned[:MOST_WARNED] if visit.may(ShowWarnings) else (),
        outcomes=_outcomes,
        drawn=lambda rate: drawn(visit, rate),
        term=lambda code: term(visit, code),
        plain=lambda name: name,
        day=lambda text: visit.figures.full_date(date.fromisoformat(text)),
        may_give=visit.may(GiveFeedback, ProposeFeedback),
        may_ask=visit.may(AskForFeedback),
        may_open=visit.may(ShowMessage),
        refusal=visit.retold(error) if error else None,
    )


def give(visit: Visit) -> Response:
    """Says what came of a warning; with what was found, where the control of it is what is said."""
    identity, outcome = str(visit.request.path_params["message"]), visit.given("outcome")
    proposed = visit.ask(ProposeFeedback(identity))
    fields: dict[str, Any] = {}
    if proposed is not None and proposed.outcome == outcome:
        fields["at"] = proposed.day
        if proposed.found and visit.given("with_found") == "yes":
            fields["found"] = list(proposed.found)
    remarks = visit.given("remarks").strip()
    if remarks:
        fields["remarks"] = remarks
    return _done(visit, lambda: visit.execute(GiveFeedback(identity, outcome, fields)))


def remind(visit: Visit) -> Response:
    """Reminds the partner that nothing was said yet."""
    identity = str(visit.request.path_params["message"])
    return _done(visit, lambda: visit.execute(AskForFeedback(identity)))


def _outcomes(line: FeedbackLine) -> tuple[str, ...]:
    """What can be said of that kind of warning; what is proposed first."""
    known = OUTCOMES_OF.get(line.type, OUTCOMES)
    first = (line.proposed.outcome,) if line.proposed else ()
    return tuple(dict.fromkeys((*first, *known)))


def _done(visit: Visit, act: Callable[[], Any]) -> Response:
    try:
        act()
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)
    return visit.go("/feedback")
