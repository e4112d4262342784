"""What tests of access share: a clock that can be moved, officers who have signed up, and their sessions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyotp

from nodes import NOON, SEED, copied, founded, write_manifest
from pratique.node import Actor, Node, local_operator
from pratique.node.access import VISITOR
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.invitations import AcceptInvitation, OpenInvitation
from pratique.node.handlers.officers import AddOfficer
from pratique.node.handlers.sessions import SessionShown, WhoseSession
from pratique.node.handlers.sign_in import SignInByPassword
from pratique.node.sign_in.sessions import Caller, SessionStarted

ROOT = local_operator("root")
OFFICE = Caller("192.0.2.10", "Browser")
ELSEWHERE = Caller("198.51.100.7", "Browser")
PASSWORD = "lantern-orbit-meadow-seven"


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **units: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**units)


@dataclass
class Person:
    """An officer with a second factor."""

    login: str
    factor: str
    first: SessionStarted
    recovery_codes: tuple[str, ...]
    password: str = PASSWORD

    def code(self, clock: Clock) -> str:
        """What the app of the officer shows now."""
        return pyotp.TOTP(self.factor, digest=hashlib.sha256).at(clock.now)


def access_node(folder: Path, clock: Clock, *, demonstration: bool = False) -> Node:
    """A fresh node whose clock the test moves."""
    return founded(folder, actor=ROOT, clock=clock, demonstration=demonstration)


def twelve_bills(folder: Path) -> None:
    """Such a node that has assessed one message of twelve bills; what :func:`nodes.copied` copies."""
    with access_node(folder / "node", Clock()) as node:
        node.execute(AssessMessages((write_manifest(folder / "manifest.csv"),), seed=SEED), actor=ROOT)


def with_twelve_bills(folder: Path, clock: Clock) -> Node:
    """A copy of that node in ``folder/node``, open, whose clock the test moves."""
    return Node.open(copied(twelve_bills, folder) / "node", clock=clock, randomness=lambda: SEED)


def join(node: Node, clock: Clock, login: str, *roles: str, by: Actor = ROOT) -> Person:
    """An officer who was added and has accepted the invitation."""
    added = node.execute(AddOfficer(login, f"Officer {login.title()}", roles or ("targeting",)), actor=by)
    shown = node.ask(OpenInvitation(added.invitation), actor=VISITOR)
    code = pyotp.TOTP(shown.factor, digest=hashlib.sha256).at(clock.now)
    accepted = node.execute(AcceptInvitation(added.invitation, PASSWORD, code, OFFICE), actor=VISITOR)
    clock.pass_by(seconds=30)  # the code just used works no second time
    return Person(login, shown.factor, accepted.session, accepted.recovery_codes)


def sign_in(node: Node, clock: Clock, person: Person, *, caller: Caller = OFFICE) -> SessionStarted:
    """A new session of the officer."""
    started = node.execute(SignInByPassword(person.login, person.password, person.code(clock), caller), actor=VISITOR)
    clock.pass_by(seconds=30)
    return started


def seen(node: Node, session: SessionStarted) -> SessionShown:
    """The session as the desk sees it."""
    return node.ask(WhoseSession(session.secret), actor=VISITOR)
