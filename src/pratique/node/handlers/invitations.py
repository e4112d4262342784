"""Invitations: an officer chooses a password, sets up the second factor, and is signed in for the first time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from pratique.node.access.passwords import LONGEST, SHORTEST, fault_of, hash_password
from pratique.node.access.sealing import unseal
from pratique.node.access.second_factor import AppFactor, factor_address, new_recovery_codes, recovery_digest, step_of
from pratique.node.access.secrets import LONGEST_SECRET, secret_digest
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.instants import to_text
from pratique.node.sign_in.breached import is_breached
from pratique.node.sign_in.second_factors import steps_around
from pratique.node.sign_in.sessions import Caller, SessionStarted, begin_session, rules_of
from pratique.node.storage import access_sign_in as stored
from pratique.node.storage.access_officers import StoredOfficer, change_officer, officer_by_login, use_factor_step
from pratique.node.storage.access_sign_in import Invitation, put_recovery_codes, use_invitation
from pratique.node.storage.settings import facts as node_facts
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept, Stores
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class InvitationShown:
    """Who is invited, and the second factor to set up: as an ``otpauth:`` address and as text to type.

    ``digest`` is what the app must make its codes with: ``sha256``, or ``sha1`` where the node is set so.
    """

    login: str
    display_name: str
    factor_address: str = field(repr=False)
    factor: str = field(repr=False)
    digest: str
    shortest_password: int


@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    """The first session, and the recovery codes; both are told this once."""

    session: SessionStarted
    recovery_codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenInvitation(Query[InvitationShown]):
    """What the invitation of that secret offers."""

    secret: str = field(repr=False)
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class AcceptInvitation(Command[InvitationAccepted]):
    """Sets the password and the second factor, proven by a code of it, and signs in."""

    secret: str = field(repr=False)
    password: str = field(repr=False)
    code: str = field(repr=False)
    caller: Caller
    entry: ClassVar[str] = "officers.invitation_accepted"
    kept_in: ClassVar[Kept] = "access"


def open_invitation(query: OpenInvitation, view: View) -> InvitationShown:
    """Raises ``SIGNED_OUT`` where the invitation was accepted, withdrawn, or is too old."""
    invitation, officer = _invited(view.connection, query.secret, view.at)
    factor = AppFactor.parse(unseal(invitation.factor_sealed, key_file=view.folder.key_file, owner=officer.login))
    return InvitationShown(
        login=officer.login,
        display_name=officer.display_name,
        factor_address=factor_address(factor, officer.login, _node_id(view.stores)),
        factor=factor.secret,
        digest=factor.digest,
        shortest_password=SHORTEST,
    )


def accept_invitation(command: AcceptInvitation, work: Work) -> Act[InvitationAccepted]:
    """Raises ``SIGNED_OUT`` where the invitation counts no longer, ``REJECTED`` for an unfit password or code."""
    caller, rules = command.caller.short(), rules_of(work.stores)
    with work.stores.access.reading() as connection:
        invitation, officer = _invited(connection, command.secret, work.at)
    require_fit_password(command.password, officer, folder=work.folder)
    factor = AppFactor.parse(unseal(invitation.factor_sealed, key_file=work.folder.key_file, owner=officer.login))
    step = step_of(factor, command.code, work.at, around=steps_around(work.stores))
    if step is None:
        raise refuse("sign_in.code_unfit")
    password_hash, codes = hash_password(command.password), new_recovery_codes()

    def act(connection: Connection) -> Done[InvitationAccepted]:
        if not use_invitation(connection, secret_digest(command.secret), at=work.at):
            raise refuse("sign_in.no_invitation", Category.SIGNED_OUT)
        new = {"password_hash": password_hash, "factor_sealed": invitation.factor_sealed, "state": "active"}
        changed = new | {"password_changed_at": to_text(work.at), "factor_last_step": 0}
        change_officer(connection, officer.login, changed, at=work.at, by=work.actor.name)
        use_factor_step(connection, officer.login, step)
        put_recovery_codes(connection, officer.login, [recovery_digest(code) for code in codes])
        session = begin_session(connection, officer, method="password", caller=caller, rules=rules, at=work.at)
        facts: dict[str, object] = {"officer": officer.login, "session": session.id}
        return Done(InvitationAccepted(session, tuple(codes)), command=facts, outcome=facts)

    return act


def require_fit_password(password: str, officer: StoredOfficer, *, folder: NodeFolder) -> None:
    """Raises ``REJECTED`` with what is wrong with the password."""
    fault = fault_of(password, login=officer.login, display_name=officer.display_name)
    if fault is None and is_breached(folder, password):
        fault = "breached"
    if fault is not None:
        raise refuse(f"password.{fault}", Category.REJECTED, least=SHORTEST, most=LONGEST)


def _invited(connection: Connection, secret: str, now: datetime) -> tuple[Invitation, StoredOfficer]:
    known = 0 < len(secret) <= LONGEST_SECRET
    invitation = stored.open_invitation(connection, secret_digest(secret), now=now) if known else None
    officer = officer_by_login(connection, invitation.login) if invitation else None
    if invitation is None or officer is None or officer.state == "suspended":
        raise refuse("sign_in.no_invitation", Category.SIGNED_OUT)
    return invitation, officer


def _node_id(stores: Stores) -> str:
    with stores.main.reading() as connection:
        return node_facts(connection).get("node_id", "")
