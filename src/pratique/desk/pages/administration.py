"""Administration: officers, offices, open sessions and tokens of the node."""

from __future__ import annotations

from starlette.responses import Response

from pratique.desk.role_words import role_words
from pratique.desk.visit import Visit
from pratique.node.access.roles import known_roles
from pratique.node.errors import refuse
from pratique.node.handlers.key_rotation import ShowKeyTimes
from pratique.node.handlers.officers import (
    AddOfficer,
    ChangeOfficer,
    ListOfficers,
    OfficerAdded,
    ResetOfficer,
    ShowOfficer,
    SuspendOfficer,
)
from pratique.node.handlers.offices import LANES, ListOffices, PutOffice
from pratique.node.handlers.sessions import EndSessionOf, ListAllSessions
from pratique.node.handlers.tokens import ListAllTokens, RevokeTokensOf
from pratique.node.instants import from_text
from pratique.node.ledger.key_times import KeyTime
from pratique.node.storage.access_officers import Office
from pratique.vocabulary.errors import Category
from pratique.vocabulary.languages import LANGUAGES


def show(visit: Visit, added: OfficerAdded | None = None) -> Response:
    """Who may act on the node; an invitation that was just made is told this once."""
    return visit.page(
        "administration.html",
        officers=visit.ask(ListOfficers()),
        offices=visit.ask(ListOffices()),
        added=added,
        origin=f"{visit.request.url.scheme}://{visit.request.url.netloc}",
        role_names=role_words(visit.gettext),
        alone=[role.code for role in known_roles().values() if role.alone],
        states=_states(visit),
        languages=LANGUAGES,
        may_change=visit.may(AddOfficer),
    )


def add(visit: Visit) -> Response:
    """Invites an officer."""
    command = AddOfficer(
        visit.given("login"),
        visit.given("display_name"),
        _roles(visit),
        office=visit.given("office") or None,
        language=visit.given("language", "en"),
        oidc_subject=visit.given("identity").strip() or None,
    )
    return show(visit, visit.execute(command))


def officer(visit: Visit) -> Response:
    """One officer, with what can be changed."""
    return visit.page(
        "officer.html",
        officer=visit.ask(ShowOfficer(visit.request.path_params["login"])),
        offices=visit.ask(ListOffices()),
        role_names=role_words(visit.gettext),
        states=_states(visit),
        may_change=visit.may(ChangeOfficer),
        own=visit.request.path_params["login"] == visit.actor.login,
    )


def change(visit: Visit) -> Response:
    """Another name, other roles, another office; they count at once."""
    interests = tuple(line.strip() for line in visit.given("interests").splitlines() if line.strip())
    command = ChangeOfficer(
        visit.request.path_params["login"],
        display_name=visit.given("display_name"),
        roles=_roles(visit),
        office=visit.given("office"),
        oidc_subject=visit.given("identity").strip(),
        declared_interests=interests,
    )
    visit.execute(command)
    return visit.go("/administration")


def act(visit: Visit) -> Response:
    """Suspends or resets an officer, or ends what is open."""
    login, wanted = visit.request.path_params["login"], visit.request.path_params["act"]
    if wanted == "reset":
        return show(visit, visit.execute(ResetOfficer(login)))
    if wanted == "suspend":
        visit.execute(SuspendOfficer(login))
    elif wanted == "end-sessions":
        visit.execute(EndSessionOf(login))
    elif wanted == "revoke-tokens":
        visit.execute(RevokeTokensOf(login))
    else:
        raise refuse("desk.no_act", Category.NOT_FOUND)
    return visit.go(f"/administration/{visit.given('back')}" if visit.given("back").isalpha() else "/administration")


def offices(visit: Visit) -> Response:
    """Every office, with its hours, places and words, and a form for one more."""
    return visit.page(
        "offices.html",
        offices=[*visit.ask(ListOffices()), Office("", "", opens="06:00", closes="22:00")],
        lanes=LANES,
        may_change=visit.may(PutOffice),
    )


def put_office(visit: Visit) -> Response:
    """Adds or changes an office."""
    words = {lane: visit.given(f"word-{lane}").strip() for lane in LANES}
    office = Office(
        code=visit.given("code").strip().upper(),
        name=visit.given("name").strip(),
        time_zone=visit.given("time_zone").strip(),
        opens=visit.given("opens").strip(),
        closes=visit.given("closes").strip(),
        open_days=tuple(int(str(day)) for day in visit.form.getlist("day") if str(day).isdecimal()),
        locations=tuple(visit.given("locations").upper().replace(",", " ").split()),
        lane_words={lane: word for lane, word in words.items() if word},
    )
    visit.execute(PutOffice(office))
    return visit.go("/administration/offices")


def sessions(visit: Visit) -> Response:
    """Who is signed in, from where; and which tokens count."""
    tokens = visit.ask(ListAllTokens())
    return visit.page(
        "open_sessions.html",
        sessions=visit.ask(ListAllSessions()),
        tokens=[each for each in tokens if each.counts_at(visit.now)],
        may_end=visit.may(EndSessionOf),
    )


def keys(visit: Visit) -> Response:
    """The node's key pairs: in use until when, and when the private half of a retired one ends."""
    return visit.page(
        "node_keys.html",
        times=[(each, *_days(visit, each)) for each in visit.ask(ShowKeyTimes())],
        uses={
            "log": visit.gettext("signs the log"),
            "sign": visit.gettext("signs messages, receipts and custody"),
            "seal": visit.gettext("opens what partners seal"),
            "witness": visit.gettext("cosigns the logs of partners"),
        },
    )


def _days(visit: Visit, each: KeyTime) -> tuple[str, str, str]:
    """When it was made, what state it is in, and since when a file for the safe holds it; each in the page's words."""
    moments = (each.key.made_at, each.key.revoked_at, each.key.exported_at)
    made, revoked, exported = (visit.figures.full_date(from_text(at)) if at else "" for at in moments)
    until = each.due_at or each.destroyed_from
    day = visit.figures.full_date(until) if until else ""
    if revoked:
        return made, visit.gettext("revoked on %(day)s") % {"day": revoked}, exported
    if each.due(visit.now):
        return made, visit.gettext("due since %(day)s") % {"day": day}, exported
    if each.due_at:
        return made, visit.gettext("in use, due on %(day)s") % {"day": day}, exported
    return made, visit.gettext("retired; the private half ends on %(day)s") % {"day": day}, exported


def _roles(visit: Visit) -> tuple[str, ...]:
    return tuple(str(role) for role in visit.form.getlist("role"))


def _states(visit: Visit) -> dict[str, str]:
    return {
        "invited": visit.gettext("invited"),
        "active": visit.gettext("active"),
        "suspended": visit.gettext("suspended"),
    }
