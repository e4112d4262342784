"""One's own account: how the desk looks, ways in, open sessions, tokens for one's programs."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from pratique.desk.door import COOKIE
from pratique.desk.pages.sign_in import entered
from pratique.desk.purpose_words import open_to, purpose_words
from pratique.desk.role_words import role_words
from pratique.desk.visit import THEME_COOKIE, Visit
from pratique.node.access.scopes import all_scopes
from pratique.node.errors import refuse
from pratique.node.handlers.accounts import ChangePassword, ChangePreferences, RenewRecoveryCodes, ShowAccount
from pratique.node.handlers.passkeys import AddPasskey, AskNewPasskey, RemovePasskey
from pratique.node.handlers.personal_keys import MakePersonalKey, ShowPersonalKey
from pratique.node.handlers.sessions import EndOwnSession, ListSessions
from pratique.node.handlers.tokens import ListTokens, MakeToken, RevokeToken, TokenMade
from pratique.node.instants import to_text
from pratique.vocabulary.languages import LANGUAGES


def show(visit: Visit, made: TokenMade | None = None) -> Response:
    """The whole account; a token that was just made is told this once."""
    tokens = visit.ask(ListTokens())
    return visit.page(
        "account.html",
        account=visit.ask(ShowAccount()),
        sessions=visit.ask(ListSessions()),
        tokens=[each for each in tokens if each.counts_at(visit.now)],
        made=made,
        scopes=sorted(all_scopes()),
        purposes=open_to(visit.actor.roles),
        purpose_names=purpose_words(visit.gettext),
        role_names=role_words(visit.gettext),
        languages=LANGUAGES,
        themes={
            "system": visit.gettext("as the computer"),
            "light": visit.gettext("light"),
            "dark": visit.gettext("dark"),
        },
        methods={
            "password": visit.gettext("password and code"),
            "passkey": visit.gettext("passkey"),
            "oidc": visit.gettext("identity provider"),
            "persona": visit.gettext("one click"),
        },
        own_key=visit.ask(ShowPersonalKey()) if visit.may(MakePersonalKey) else None,
        may_own_key=visit.may(MakePersonalKey),
        strong=visit.actor.whole_until is not None and visit.actor.whole_until > visit.now,
        moment_now=to_text(visit.now),
    )


def make_custody_key(visit: Visit) -> Response:
    """A key of one's own that signs custody; the passphrase is typed twice, since nobody can give it back."""
    words = str(visit.form.get("passphrase") or "")
    if words != str(visit.form.get("again") or ""):
        raise refuse("custody.passphrases_differ")
    visit.execute(MakePersonalKey(words))
    return visit.go("/account")


def preferences(visit: Visit) -> Response:
    """Language, theme and single-letter keys."""
    keys = visit.given("shortcut_keys") == "on"
    visit.execute(ChangePreferences(visit.given("language"), visit.given("theme"), shortcut_keys=keys))
    page = visit.go("/account")
    page.delete_cookie(THEME_COOKIE, secure=True, samesite="lax", path="/")
    return page


def password(visit: Visit) -> Response:
    """Another password: every other session and every token ends."""
    if visit.given("new") != visit.given("again"):
        raise refuse("password.not_the_same")
    command = ChangePassword(visit.request.cookies.get(COOKIE, ""), visit.given("old"), visit.given("new"))
    return entered(visit, visit.execute(command), "/account")


def recovery_codes(visit: Visit) -> Response:
    """Ten new codes, told this once."""
    return visit.page("recovery_codes.html", codes=visit.execute(RenewRecoveryCodes()), go_on="/account")


def end_session(visit: Visit) -> Response:
    """Ends one of one's own sessions, or all of them."""
    visit.execute(EndOwnSession(visit.given("session") or None))
    return visit.go("/account")


def ask_passkey(visit: Visit) -> Response:
    """What the browser is asked to make."""
    asked = visit.ask(AskNewPasskey())
    return JSONResponse({"options": asked.options, "state": asked.state})


def add_passkey(visit: Visit) -> Response:
    """Adds the passkey that the browser made."""
    visit.execute(AddPasskey(visit.given("name"), visit.given("state"), visit.given("answer")))
    return visit.go("/account")


def remove_passkey(visit: Visit) -> Response:
    """Removes one."""
    visit.execute(RemovePasskey(visit.given("passkey")))
    return visit.go("/account")


def make_token(visit: Visit) -> Response:
    """A token for a program of the officer; its secret is told this once."""
    scopes = tuple(str(each) for each in visit.form.getlist("scope"))
    days = visit.given("days")
    command = MakeToken(
        visit.given("name"), scopes, int(days) if days.isdecimal() else 0, visit.given("purpose") or None
    )
    return show(visit, visit.execute(command))


def revoke_token(visit: Visit) -> Response:
    """Revokes one at once."""
    visit.execute(RevokeToken(visit.given("token")))
    return visit.go("/account")
