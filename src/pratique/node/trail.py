"""What asking leaves behind: who was refused, and who read person data for which purpose, before it is shown."""

from __future__ import annotations

from collections.abc import Sized
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from pratique.node.access import VISITOR, Actor
from pratique.node.access.secrets import secret_digest
from pratique.node.sign_in.sessions import Caller
from pratique.node.storage import access_sign_in as sign_in
from pratique.node.storage.access_logs import Denial, PersonRead, add_denial, add_person_read, denied_lately
from pratique.node.stores import Stores
from pratique.vocabulary.errors import Category, PratiqueError

if TYPE_CHECKING:
    from pratique.node.access.policy import Persons

OPERATION: Final = "operation"  # the purpose of who runs the node
LONGEST_SUBJECT: Final = 80
MOST_AN_HOUR: Final = 60  # failed sign-ins of one way, and attempts of one kind, that are kept from one address


def note_denial(stores: Stores, actor: Actor, request: object, refused: PratiqueError, at: datetime) -> None:
    """A request that was refused. Somebody who has not signed in is nobody yet: that is not recorded."""
    if actor == VISITOR or refused.category is not Category.DENIED:
        return
    denial = Denial(actor.name, actor.office, type(request).__name__, refused.code, actor.purpose)
    with stores.access.writing() as connection:
        add_denial(connection, denial, at=at)


def note_failed_way(stores: Stores, command: object, failed: BaseException, at: datetime) -> None:
    """A passkey, an answer of the identity provider or a token that did not hold: when, from where, and what it named.

    Passwords note their own attempts, since these slow the next one (:mod:`pratique.node.sign_in.attempts`). The others
    are never slowed; a stranger cannot fill the store, since only :data:`MOST_AN_HOUR` of one way and address are kept.
    """
    way = getattr(command, "way", None)
    if not isinstance(way, str) or not isinstance(failed, PratiqueError):
        return
    from pratique.node.access.passkeys import named_in

    caller: Caller = getattr(command, "caller", Caller("")).short()
    key = secret_digest(f"{way}:{named_in(getattr(command, 'answer', '')) or ''}")
    with stores.access.reading() as connection:
        known = sign_in.failed_ways(connection, way=way, address=caller.address, at=at)
    if known < MOST_AN_HOUR:
        with stores.access.writing() as connection:
            sign_in.note_failed_way(connection, way=way, key=key, address=caller.address, at=at)


def note_bypass(stores: Stores, denial: Denial, at: datetime) -> None:
    """An attempt to get round a control, by whom and from where; of one kind and address so many an hour as above."""
    with stores.access.reading() as connection:
        known = denied_lately(connection, denial, since=at - timedelta(hours=1))
    if known < MOST_AN_HOUR:
        with stores.access.writing() as connection:
            add_denial(connection, denial, at=at)


def note_read(stores: Stores, actor: Actor, request: object, answer: object, at: datetime) -> None:
    """Person data that is about to be shown: by whom, of what, how many, and what for."""
    from pratique.node.access.policy import emergency_of, shipped_policy

    line = shipped_policy().lines.get(type(request).__name__)
    if line is None or line.persons is None:
        return
    read = PersonRead(
        actor=actor.name,
        office=actor.office,
        request=line.request,
        subject=_subject(line.persons, request, answer),
        read_count=_count(line.persons, answer),
        purpose=actor.purpose or OPERATION,
        break_glass=emergency_of(actor)[0] or None,
    )
    with stores.access.writing() as connection:
        add_person_read(connection, read, at=at)


def _subject(persons: Persons, request: object, answer: object) -> str:
    """The id of what was read, by the answer's own field before the request's: people also ask by bill number."""
    for source in (answer, request):
        value = _at(source, persons.of) if persons.of else None
        if value is not None:
            return str(value)[:LONGEST_SUBJECT]
    return ""


def _at(source: object, path: str) -> object:
    """The part of a record at a path with dots between the names; ``None`` where there is none."""
    for name in path.split("."):
        source = getattr(source, name, None)
    return source


def _count(persons: Persons, answer: object) -> int:
    part = _at(answer, persons.count) if persons.count else answer
    if isinstance(part, int):
        return part
    return len(part) if isinstance(part, Sized) else 1
