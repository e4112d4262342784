"""Risk profiles: the list, one with its versions, the editor with errors in place, and the steps of its life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from pratique.desk.pages.rule_life import ground_words
from pratique.desk.shares import drawn
from pratique.desk.visit import Visit
from pratique.flow.risk import RiskProfile, render
from pratique.flow.risk.fields import FIELDS
from pratique.flow.risk.profiles import ProfileError
from pratique.flow.risk.translated import in_language
from pratique.node.controls.reason_codes import reason_codes
from pratique.node.handlers.models import ListModelCards
from pratique.node.handlers.profiles import ActivateProfile, AddProfile, ListProfiles, RetireProfile, ShowProfile
from pratique.node.handlers.projections import ProjectProfile
from pratique.node.handlers.rule_life import BackTestVersion, ReviewProfile, ShowActivationTest
from pratique.node.handlers.scorecards import ListScorecards, ShowScorecards
from pratique.node.profiles.back_testing import BackTest
from pratique.node.profiles.texts import kept_profile
from pratique.node.storage.profiles import StoredProfile
from pratique.vocabulary.errors import PratiqueError

MOST_FIELDS: Final = 12
PROPOSED: Final = "proposed"
EXAMPLE: Final = """id: own.heavy_parcels
sentence: "{package_count} packages weigh {gross_mass_g}: more than 100 kg each."
rule: mass_per_package_g > 100000
owner: your office
legal_basis: national customs law
risk_type: misclassification
points: 10
valid_from: 2026-01-01
control: documents
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A profile in the list: the version that counts, as stored and as read (``None`` where it cannot be).

    ``sentence`` is in the language of the page where the house ships it in that language.
    """

    kept: StoredProfile
    profile: RiskProfile | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no profile, and the line that is at fault."""

    line: int | None
    happened: str
    lines: tuple[tuple[int, str, bool], ...]


def show_list(visit: Visit) -> Response:
    """The version of each profile that counts: the active, else the newest; those of one state alone on request."""
    state = visit.asked("state")
    days = {each.profile_id: each for each in visit.ask(ListScorecards())}
    newest: dict[str, StoredProfile] = {}
    for each in visit.ask(ListProfiles()):
        if each.id not in newest or each.state == "active" or newest[each.id].state != "active":
            newest[each.id] = each
    drafts = [each for each in visit.ask(ListProfiles()) if each.state == "draft"]
    rows = [_row(visit, each) for each in newest.values()]
    proposed = [row for row in rows if row.kept.id in days and days[row.kept.id].open_grounds]
    of_state = {"draft": [_row(visit, each) for each in drafts], PROPOSED: proposed}
    shown = of_state[state] if state in of_state else [row for row in rows if state in ("", row.kept.state)]
    counts = {"": len(rows), "draft": len(drafts), PROPOSED: len(proposed)}
    counts |= {name: sum(row.kept.state == name for row in rows) for name in ("active", "retired")}
    return visit.page(
        "profiles.html",
        rows=shown,
        counts=counts,
        state=state,
        words=_states(visit),
        days=days,
        drawn=lambda told: drawn(visit, told),
        may_add=visit.may(AddProfile),
        may_models=visit.may(ListModelCards),
    )


def show(visit: Visit) -> Response:
    """Every version of one profile, newest first, with the steps that this officer may take."""
    versions = visit.ask(ShowProfile(visit.request.path_params["profile"]))
    scored = visit.ask(ShowScorecards(versions[0].id))
    day = scored[0] if scored else None
    return visit.page(
        "profile.html",
        versions=versions,
        newest=_row(visit, versions[0]),
        words=_states(visit),
        may_add=visit.may(AddProfile),
        may_activate=visit.may(ActivateProfile),
        may_retire=visit.may(RetireProfile),
        may_review=visit.may(ReviewProfile),
        may_test=visit.may(BackTestVersion),
        tested=next((each for each in versions if each.state == "draft"), versions[0]),
        day=day if day and (day.version, "active") in {(each.version, each.state) for each in versions} else None,
        foretold=_foretold(visit, versions),
        reasons=reason_codes()["review"],
        ground_words=lambda ground: ground_words(visit, ground),
        drawn=lambda told: drawn(visit, told),
        own=visit.actor.name,
        done=visit.asked("done"),
    )


def new(visit: Visit) -> Response:
    """The editor with an example to change."""
    return _editor(visit, EXAMPLE)


def edit(visit: Visit) -> Response:
    """The editor with the newest version of a profile."""
    return _editor(visit, visit.ask(ShowProfile(visit.request.path_params["profile"]))[0].text)


def fields(visit: Visit) -> Response:
    """Fields that begin with, or say, what was typed last: completion, made by the server."""
    typed = visit.asked("q").strip().lower()
    named = [each for each in FIELDS if each.qualified.startswith(typed)]
    said = [each for each in FIELDS if typed in each.sentence.lower() and each not in named]
    return visit.part("profile_editor.html", "completions", fields=(named + said)[:MOST_FIELDS] if typed else [])


def check(visit: Visit) -> Response:
    """What the text would do to the newest run, or the line that is at fault."""
    text = _text(visit)
    try:
        found = visit.ask(ProjectProfile(text))
    except ProfileError as fault:
        return visit.part("profile_editor.html", "result", fault=_fault(visit, fault, text), found=None, told={})
    told = {each.consignment_id: render(each.reason.template or "", each.reason.params) for each in found.examples}
    return visit.part("profile_editor.html", "result", fault=None, found=found, told=told)


def add(visit: Visit) -> Response:
    """Keeps the text as a draft; a faulty one stays in the editor with its line marked."""
    text = _text(visit)
    try:
        draft = visit.execute(AddProfile(text))
    except ProfileError as fault:
        return _editor(visit, text, fault=_fault(visit, fault, text))
    return visit.go(f"/profiles/{draft.id}", done="drafted")


def activate(visit: Visit) -> Response:
    """Puts a version in force; its author cannot."""
    given = visit.given("version")
    version = int(given) if given.isdecimal() and len(given) < 10 else 0
    done = visit.execute(ActivateProfile(visit.request.path_params["profile"], version))
    return visit.go(f"/profiles/{done.id}", done="activated")


def retire(visit: Visit) -> Response:
    """Takes the active version out of force."""
    done = visit.execute(RetireProfile(visit.request.path_params["profile"]))
    return visit.go(f"/profiles/{done.id}", done="retired")


def _editor(visit: Visit, text: str, *, fault: Fault | None = None) -> Response:
    return visit.page(
        "profile_editor.html", 422 if fault else 200, text=text, fault=fault, found=None, told={}, fields=[]
    )


def _text(visit: Visit) -> str:
    """What was typed, with the line ends of a file."""
    return visit.given("text").replace("\r\n", "\n")


def _fault(visit: Visit, fault: ProfileError, text: str) -> Fault:
    """The line at fault with its neighbours."""
    lines = text.split("\n")
    around = range(max(1, fault.line - 2), min(len(lines), fault.line + 2) + 1)
    shown = tuple((number, lines[number - 1], number == fault.line) for number in around)
    return Fault(fault.line, visit.retold(fault).happened, shown)


def _foretold(visit: Visit, versions: list[StoredProfile]) -> BackTest | None:
    """What was known of the version in force when it was put in force."""
    active = next((each for each in versions if each.state == "active"), None)
    return visit.ask(ShowActivationTest(active.id, active.version)) if active else None


def _row(visit: Visit, kept: StoredProfile) -> Row:
    try:
        profile = kept_profile(kept)
    except PratiqueError:
        return Row(kept, None, "")
    return Row(kept, profile, in_language(kept.id, profile.sentence, visit.language))


def _states(visit: Visit) -> dict[str, str]:
    return {
        "active": visit.gettext("Active"),
        "draft": visit.gettext("Draft"),
        "retired": visit.gettext("Retired"),
    }
