"""Passkeys: added and removed by officers, and used to sign in or to confirm a sensitive act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Final

from pratique.node.access.passkeys import Asked, Site, ask_to_register, ask_to_sign, named_in, registered, signed
from pratique.node.access.sealing import State, open_state, seal_state
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.handlers.accounts import own_officer
from pratique.node.handlers.sessions import require_session
from pratique.node.instants import to_text
from pratique.node.settings import Settings
from pratique.node.sign_in.sessions import Caller, SessionStarted, begin_session, make_stronger, rules_of
from pratique.node.storage import access_passkeys as stored
from pratique.node.storage.access_officers import officer_by_login
from pratique.node.storage.access_passkeys import StoredPasskey
from pratique.node.storage.access_sign_in import use_state
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept, Stores
from pratique.vocabulary.errors import Category, PratiqueError

ANSWERED_WITHIN: Final = timedelta(minutes=5)
LONGEST_NAME: Final = 60
MOST_PASSKEYS: Final = 20
ADD: Final = "passkey.add"
SIGN: Final = "passkey.sign"


@dataclass(frozen=True, slots=True)
class PasskeyAsked:
    """What the browser is asked (``options``, JSON), and the sealed ``state`` that it brings back with its answer."""

    options: str
    state: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskNewPasskey(Query[PasskeyAsked]):
    """Asks the browser of the officer who asks to make a passkey."""

    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class AskPasskey(Query[PasskeyAsked]):
    """Asks any browser for a signature of a passkey of this site; it tells nobody which there are."""

    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class AddPasskey(Command[str]):
    """Adds the passkey that the browser made; answers with its credential id."""

    name: str
    state: str = field(repr=False)
    answer: str = field(repr=False)
    entry: ClassVar[str] = "accounts.passkey_added"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class RemovePasskey(Command[str]):
    """Removes one of one's own passkeys."""

    credential_id: str
    entry: ClassVar[str] = "accounts.passkey_removed"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class SignInByPasskey(Command[SessionStarted]):
    """Signs in with what the browser signed."""

    state: str = field(repr=False)
    answer: str = field(repr=False)
    caller: Caller
    way: ClassVar[str] = "passkey"
    entry: ClassVar[str] = "access.signed_in_by_passkey"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class StepUpByPasskey(Command[SessionStarted]):
    """A passkey instead of a code, for a sensitive act: the session gets another secret."""

    secret: str = field(repr=False)
    state: str = field(repr=False)
    answer: str = field(repr=False)
    way: ClassVar[str] = "passkey"
    entry: ClassVar[str] = "access.stepped_up_by_passkey"
    kept_in: ClassVar[Kept] = "access"


def ask_new_passkey(query: AskNewPasskey, view: View) -> PasskeyAsked:
    """Raises ``DENIED`` for who is no officer."""
    officer = own_officer(view.connection, view.actor.login)
    known = [each.credential_id for each in stored.passkeys(view.connection, officer.login)]
    asked = ask_to_register(_site(view.stores), login=officer.login, display_name=officer.display_name, known=known)
    return _asked(asked, ADD, view, {"login": officer.login})


def ask_passkey(query: AskPasskey, view: View) -> PasskeyAsked:
    """Leaves nothing behind: the challenge comes back sealed."""
    return _asked(ask_to_sign(_site(view.stores)), SIGN, view, {})


def add_passkey(command: AddPasskey, work: Work) -> Act[str]:
    """Raises ``REJECTED`` where the answer does not hold, ``SIGNED_OUT`` where it came too late or twice."""
    state = open_state(command.state, kind=ADD, now=work.at, key_file=work.folder.key_file)
    name = " ".join(command.name.split())[:LONGEST_NAME]
    made = registered(_site(work.stores), challenge=state.content["challenge"], answer=command.answer)
    if made is None or not name.isprintable():
        raise refuse("passkeys.refused")

    def act(connection: Connection) -> Done[str]:
        officer = own_officer(connection, work.actor.login)
        _use(connection, state, work)
        if state.content["login"] != officer.login or stored.passkey_by_id(connection, made.credential_id):
            raise refuse("passkeys.refused")
        if len(stored.passkeys(connection, officer.login)) >= MOST_PASSKEYS:
            raise refuse("passkeys.too_many", Category.CONFLICT, most=MOST_PASSKEYS)
        stored.add_passkey(
            connection,
            StoredPasskey(
                credential_id=made.credential_id,
                login=officer.login,
                name=name or "passkey",
                public_key=made.public_key,
                sign_count=made.sign_count,
                transports=(),
                added_at=to_text(work.at),
                used_at=None,
            ),
        )
        facts: dict[str, object] = {"officer": officer.login, "passkey": made.credential_id}
        return Done(made.credential_id, command=facts, outcome=facts)

    return act


def remove_passkey(command: RemovePasskey, work: Work) -> Act[str]:
    """Raises ``NOT_FOUND`` where the officer has no such passkey."""

    def act(connection: Connection) -> Done[str]:
        officer = own_officer(connection, work.actor.login)
        if not stored.remove_passkey(connection, officer.login, command.credential_id):
            raise refuse("passkeys.not_found", Category.NOT_FOUND)
        facts: dict[str, object] = {"officer": officer.login, "passkey": command.credential_id}
        return Done(command.credential_id, command=facts, outcome=facts)

    return act


def sign_in_by_passkey(command: SignInByPasskey, work: Work) -> Act[SessionStarted]:
    """One answer for whatever was wrong. Raises ``SIGNED_OUT``."""
    rules = rules_of(work.stores)
    state = open_state(command.state, kind=SIGN, now=work.at, key_file=work.folder.key_file)

    def act(connection: Connection) -> Done[SessionStarted]:
        passkey = _signer(connection, state, command.answer, work)
        officer = officer_by_login(connection, passkey.login)
        if officer is None or officer.state != "active":
            raise _refused()
        started = begin_session(connection, officer, method="passkey", caller=command.caller, rules=rules, at=work.at)
        facts: dict[str, object] = {"officer": officer.login, "passkey": passkey.credential_id}
        return Done(started, command=facts, outcome={"session": started.id})

    return act


def step_up_by_passkey(command: StepUpByPasskey, work: Work) -> Act[SessionStarted]:
    """Only a passkey of the session's own officer counts. Raises ``SIGNED_OUT``."""
    rules = rules_of(work.stores)
    state = open_state(command.state, kind=SIGN, now=work.at, key_file=work.folder.key_file)

    def act(connection: Connection) -> Done[SessionStarted]:
        session, officer = require_session(connection, command.secret, of=work.actor)
        passkey = _signer(connection, state, command.answer, work)
        if passkey.login != officer.login:
            raise _refused()
        started = make_stronger(connection, session, whole=True, rules=rules, at=work.at)
        facts: dict[str, object] = {"session": session.id, "passkey": passkey.credential_id}
        return Done(started, command=facts, outcome={"by": "passkey"})

    return act


def _asked(asked: Asked, kind: str, view: View, content: Mapping[str, str]) -> PasskeyAsked:
    whole = {**content, "challenge": asked.challenge}
    until = view.at + ANSWERED_WITHIN
    return PasskeyAsked(asked.options, seal_state(whole, kind=kind, until=until, key_file=view.folder.key_file))


def _signer(connection: Connection, state: State, answer: str, work: Work) -> StoredPasskey:
    """The passkey that signed the challenge of the state, with its count noted. Raises ``SIGNED_OUT``."""
    _use(connection, state, work)
    named = named_in(answer)
    passkey = stored.passkey_by_id(connection, named) if named else None
    if passkey is None:
        raise _refused()
    count = signed(
        _site(work.stores),
        challenge=state.content["challenge"],
        answer=answer,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
    )
    if count is None:
        raise _refused()
    stored.note_passkey_used(connection, passkey.credential_id, sign_count=count, at=work.at)
    return passkey


def _use(connection: Connection, state: State, work: Work) -> None:
    if not use_state(connection, state.digest, until=state.until, now=work.at):
        raise refuse("sign_in.state_over", Category.SIGNED_OUT)


def _refused() -> PratiqueError:
    return refuse("passkeys.unknown", Category.SIGNED_OUT)


def _site(stores: Stores) -> Site:
    with stores.main.reading() as connection:
        return Site(Settings.of(changed_settings(connection)).values["desk_origin"])
