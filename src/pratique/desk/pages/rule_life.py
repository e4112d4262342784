"""The life of a rule on its page: the back-test, asked for as the page opens, and a person's answer to a proposal."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from pratique.desk.shares import drawn
from pratique.desk.visit import Visit
from pratique.flow.controls.rule_life import Proposed
from pratique.flow.risk.profiles import ProfileError
from pratique.node.handlers.profiles import ShowProfile
from pratique.node.handlers.rule_life import BackTestProfile, BackTestVersion, ReviewProfile
from pratique.node.profiles.back_testing import BackTest
from pratique.vocabulary.errors import PratiqueError


def back_test(visit: Visit) -> Response:
    """What a version (else the newest) would have done so far: a part of the profile's page, else a page of its own."""
    profile = str(visit.request.path_params["profile"])
    versions = visit.ask(ShowProfile(profile))
    asked = visit.asked("version")
    version = int(asked) if asked.isdecimal() and len(asked) < 10 else versions[0].version
    try:
        return _tested(visit, visit.ask(BackTestVersion(profile, version)), None, of=profile)
    except PratiqueError as refused:
        if refused.category.http_status == 403:
            raise
        return _tested(visit, None, visit.retold(refused), of=profile)


def try_text(visit: Visit) -> Response:
    """The same for a text that is being written."""
    try:
        return _tested(visit, visit.ask(BackTestProfile(visit.given("text").replace("\r\n", "\n"))), None)
    except ProfileError as fault:
        return _tested(visit, None, visit.retold(fault))


def review(visit: Visit) -> Response:
    """Says that the rule stays, and why."""
    profile = str(visit.request.path_params["profile"])
    visit.execute(ReviewProfile(profile, visit.given("reason"), visit.given("note")))
    return visit.go(f"/profiles/{profile}", done="reviewed")


def ground_words(visit: Visit, ground: Proposed) -> str:
    """Why a rule is proposed to leave, in a sentence."""
    return visit.told(f"rules.ground.{ground.ground}", dict(ground.params))


def _tested(visit: Visit, found: BackTest | None, fault: PratiqueError | None, *, of: str = "") -> Response:
    values: dict[str, Any] = {"found": found, "fault": fault, "of": of, "drawn": lambda told: drawn(visit, told)}
    if visit.partial:
        return visit.part("back_test.html", "tested", **values)
    return visit.page("back_test.html", **values)
