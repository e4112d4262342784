"""Rights taken in an emergency: for a stated reason and a short time, loud, and reviewed by another person."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Final

from pratique.node.access.policy import shipped_policy
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.handlers.sessions import require_session
from pratique.node.instants import from_text, to_text
from pratique.node.storage import access_rights as stored
from pratique.node.storage.access_rights import TakenRight
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept
from pratique.vocabulary.errors import Category

LONGEST_MINUTES: Final = 60
SHORTEST_REASON: Final = 20  # characters: an emergency can be named in a sentence
LONGEST_REASON: Final = 500
VERDICTS: Final = ("justified", "not_justified")


@dataclass(frozen=True, slots=True)
class TakeRight(Command[TakenRight]):
    """Takes the right to one request beyond the table for the session of the secret.

    ``request`` is its name in the table (``ShowConsignment``), where its line permits this.
    """

    secret: str = field(repr=False)
    request: str
    reason: str
    minutes: int = 30
    entry: ClassVar[str] = "access.right_taken"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ReturnRight(Command[TakenRight]):
    """Gives the right back before its time is over."""

    right_id: str
    entry: ClassVar[str] = "access.right_returned"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ReviewBreakGlass(Command[TakenRight]):
    """Another person says whether taking the right was ``justified`` or ``not_justified``, and why."""

    right_id: str
    verdict: str
    note: str
    entry: ClassVar[str] = "access.right_reviewed"
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class ListTakenRights(Query[list[TakenRight]]):
    """Every right that was taken, newest first; ``open_only`` those that nobody has reviewed."""

    open_only: bool = False
    kept_in: ClassVar[Kept] = "access"


def take_right(command: TakeRight, work: Work) -> Act[TakenRight]:
    """Raises ``DENIED`` where the line does not permit it, ``REJECTED`` for a reason or a time that cannot be."""
    reason = " ".join(command.reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise refuse("break_glass.no_reason", least=SHORTEST_REASON, most=LONGEST_REASON)
    if not 1 <= command.minutes <= LONGEST_MINUTES:
        raise refuse("break_glass.unfit_time", most=LONGEST_MINUTES)
    line = shipped_policy().lines.get(command.request)
    if line is None or not line.emergency:
        raise refuse("break_glass.not_possible", Category.DENIED, request=command.request[:60])

    def act(connection: Connection) -> Done[TakenRight]:
        session, officer = require_session(connection, command.secret, of=work.actor)
        taken = TakenRight(
            id=secrets.token_hex(4).upper(),
            login=officer.login,
            session=session.id,
            request=command.request,
            reason=reason,
            started_at=to_text(work.at),
            ends_at=to_text(min(work.at + timedelta(minutes=command.minutes), from_text(session.last_until))),
            reviewed_at=None,
            reviewed_by=None,
            verdict=None,
            note=None,
        )
        stored.take_right(connection, taken)
        return Done(taken, command=_told(taken), outcome=_told(taken))

    return act


def return_right(command: ReturnRight, work: Work) -> Act[TakenRight]:
    """Raises ``NOT_FOUND`` where the officer has taken no such right."""

    def act(connection: Connection) -> Done[TakenRight]:
        found = _right(connection, command.right_id)
        if found.login != work.actor.login and not work.actor.is_local:
            raise refuse("break_glass.not_found", Category.NOT_FOUND)
        stored.end_right(connection, found.id, at=work.at)
        now = _right(connection, found.id)
        return Done(now, command=_told(found), outcome=_told(now))

    return act


def review_break_glass(command: ReviewBreakGlass, work: Work) -> Act[TakenRight]:
    """The right ends with its review. Raises ``CONFLICT`` where somebody reviewed it before, ``REJECTED``."""
    note = " ".join(command.note.split())
    if command.verdict not in VERDICTS or not 0 < len(note) <= LONGEST_REASON or not note.isprintable():
        raise refuse("break_glass.unfit_review", known=", ".join(VERDICTS), most=LONGEST_REASON)

    def act(connection: Connection) -> Done[TakenRight]:
        found = _right(connection, command.right_id)
        given = {"verdict": command.verdict, "note": note}
        if not stored.review_right(connection, found.id, **given, at=work.at, by=work.actor.name):
            raise refuse("break_glass.reviewed_already", Category.CONFLICT)
        stored.end_right(connection, found.id, at=work.at)
        now = _right(connection, found.id)
        return Done(now, command=_told(found), outcome=_told(now) | {"verdict": command.verdict})

    return act


def list_taken_rights(query: ListTakenRights, view: View) -> list[TakenRight]:
    """Newest first."""
    rights = stored.taken_rights(view.connection)
    return [each for each in rights if each.reviewed_at is None] if query.open_only else rights


def _right(connection: Connection, right_id: str) -> TakenRight:
    found = next((each for each in stored.taken_rights(connection) if each.id == right_id), None)
    if found is None:
        raise refuse("break_glass.not_found", Category.NOT_FOUND)
    return found


def _told(taken: TakenRight) -> dict[str, object]:
    """What the journal says: not the reason, which may name persons."""
    return {"right": taken.id, "officer": taken.login, "request": taken.request, "ends_at": taken.ends_at}
