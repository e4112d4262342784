"""Sign-in through the administration's identity provider (OpenID Connect)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import ClassVar, Final

from pratique.node.access import oidc
from pratique.node.access.sealing import open_state, seal_state
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.settings import Settings
from pratique.node.sign_in.sessions import Caller, SessionStarted, begin_session, rules_of
from pratique.node.storage.access_officers import change_officer, officer_by_subject
from pratique.node.storage.access_sign_in import use_state
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept, Stores
from pratique.vocabulary.errors import Category

TYPE: Final = "oidc"
COMES_BACK_WITHIN: Final = timedelta(minutes=10)
RETURN_PATH: Final = "/sign-in/back"


@dataclass(frozen=True, slots=True)
class ProviderAsked:
    """Where the browser goes, and the sealed ``state`` that it keeps in a cookie until it comes back."""

    address: str = field(repr=False)
    state: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HasProvider(Query[bool]):
    """Whether the administration has an identity provider."""

    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class AskProvider(Query[ProviderAsked]):
    """Begins to sign in through the identity provider."""

    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class SignInByProvider(Command[SessionStarted]):
    """Signs in with what came back: ``returned_state`` and ``code`` of the address, ``state`` of the cookie."""

    state: str = field(repr=False)
    returned_state: str = field(repr=False)
    code: str = field(repr=False)
    caller: Caller
    way: ClassVar[str] = TYPE
    entry: ClassVar[str] = "access.signed_in_by_provider"
    kept_in: ClassVar[Kept] = "access"


def has_provider(query: HasProvider, view: View) -> bool:
    """The settings name an issuer and a client."""
    values = _settings(view.stores).values
    return bool(values["oidc_issuer"] and values["oidc_client"])


def ask_provider(query: AskProvider, view: View) -> ProviderAsked:
    """Leaves nothing behind. Raises ``NOT_FOUND`` where there is no provider, ``UNAVAILABLE`` where it is silent."""
    provider = _provider(view.stores, view.folder)
    attempt = oidc.new_attempt()
    address = oidc.address_to_go(provider, oidc.discover(provider), attempt)
    until = view.at + COMES_BACK_WITHIN
    return ProviderAsked(address, seal_state(asdict(attempt), kind=TYPE, until=until, key_file=view.folder.key_file))


def sign_in_by_provider(command: SignInByProvider, work: Work) -> Act[SessionStarted]:
    """Only officers whom somebody added under their identity. Raises ``SIGNED_OUT`` or ``UNAVAILABLE``."""
    rules = rules_of(work.stores)
    state = open_state(command.state, kind=TYPE, now=work.at, key_file=work.folder.key_file)
    attempt = oidc.Attempted(**state.content)
    provider = _provider(work.stores, work.folder)
    subject = oidc.subject_of(provider, attempt, state=command.returned_state, code=command.code, now=work.at)

    def act(connection: Connection) -> Done[SessionStarted]:
        if not use_state(connection, state.digest, until=state.until, now=work.at):
            raise refuse("sign_in.state_over", Category.SIGNED_OUT)
        officer = officer_by_subject(connection, subject)
        if officer is None or officer.state == "suspended":
            raise refuse("oidc.no_officer", Category.SIGNED_OUT)
        if officer.state == "invited":
            change_officer(connection, officer.login, {"state": "active"}, at=work.at, by=work.actor.name)
        started = begin_session(connection, officer, method="oidc", caller=command.caller, rules=rules, at=work.at)
        facts: dict[str, object] = {"officer": officer.login}
        return Done(started, command=facts, outcome={"session": started.id})

    return act


def _provider(stores: Stores, folder: NodeFolder) -> oidc.Provider:
    values = _settings(stores).values
    if not (values["oidc_issuer"] and values["oidc_client"]):
        raise refuse("oidc.none", Category.NOT_FOUND)
    secret = folder.provider_secret_file.read_text().strip() if folder.provider_secret_file.is_file() else None
    return oidc.Provider(
        issuer=values["oidc_issuer"],
        client=values["oidc_client"],
        redirect=values["desk_origin"] + RETURN_PATH,
        client_secret=secret,
        strength=tuple(values["oidc_strength"].split()),
        least_bits=int(values["oidc_key_bits"]),
    )


def _settings(stores: Stores) -> Settings:
    with stores.main.reading() as connection:
        return Settings.of(changed_settings(connection))
