"""Who acts, and whether they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category

LOCAL: Final = "local:"
LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or, later, the service) who gives a command; ``name`` is what the journal shows."""

    name: str

    def __post_init__(self) -> None:
        if not self.name.removeprefix(LOCAL) or len(self.name) > LONGEST_NAME or not self.name.isprintable():
            raise refuse("access.no_actor", Category.DENIED)


def local_operator(login: str) -> Actor:
    """The person at the keyboard, until accounts exist: known by the login of the operating system."""
    return Actor(LOCAL + login.strip())


def authorise(actor: Actor, request: object) -> None:
    """The only place that says who may do what: the local operator may everything, nobody else anything.

    Raises a ``PratiqueError`` of category ``DENIED``.
    """
    if not actor.name.startswith(LOCAL):
        raise refuse("access.denied", Category.DENIED, actor=actor.name, request=type(request).__name__)
