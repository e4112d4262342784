"""What must hold besides the role: the conditions of the table, each looked up for the request at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pratique.node.access import Actor
from pratique.node.storage.access_rights import taken_rights
from pratique.node.storage.profiles import stored_profiles
from pratique.node.stores import Stores

Look = Callable[[Stores, Actor, object], bool]


def holds(condition: str, stores: Stores, actor: Actor, request: object) -> bool:
    """Whether the condition holds; one that nobody knows, or that does not fit the request, does not."""
    look = LOOKS.get(condition)
    return look is not None and look(stores, actor, request)


def not_self(stores: Stores, actor: Actor, request: object) -> bool:
    """The officer named is another one."""
    named = getattr(request, "login", None)
    return isinstance(named, str) and named.strip().casefold() != (actor.login or "").casefold()


def other_person(stores: Stores, actor: Actor, request: object) -> bool:
    """Somebody else wrote, asked for or took what is decided: four eyes."""
    author = AUTHORS.get(type(request).__name__)
    found = author(stores, request) if author else None
    return found is not None and found.casefold() != actor.name.casefold()


def _author_of_profile(stores: Stores, request: object) -> str | None:
    profile, version = getattr(request, "profile_id", ""), getattr(request, "version", 0)
    with stores.main.reading() as connection:
        versions = stored_profiles(connection, profile)
    # What is not there has no author; the command then says so.
    return next((each.author for each in versions if each.version == version), "nobody")


def _taker_of_right(stores: Stores, request: object) -> str | None:
    with stores.access.reading() as connection:
        rights = taken_rights(connection)
    wanted = getattr(request, "right_id", "")
    return next((f"officer:{each.login}" for each in rights if each.id == wanted), "nobody")


LOOKS: Final[Mapping[str, Look]] = {"not_self": not_self, "other_person": other_person}
AUTHORS: Final[Mapping[str, Callable[[Stores, object], str | None]]] = {
    "ActivateProfile": _author_of_profile,
    "ReviewBreakGlass": _taker_of_right,
}
