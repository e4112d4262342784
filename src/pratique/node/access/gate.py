"""The gate that every command and every query passes once."""

from __future__ import annotations

from pratique.node.access.actor import Actor
from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category


def authorise(actor: Actor, request: object) -> None:
    """The only place that says who may do what: the local operator may everything, nobody else anything.

    Raises a ``PratiqueError`` of category ``DENIED``.
    """
    if not actor.is_local:
        raise refuse("access.denied", Category.DENIED, actor=actor.name, request=type(request).__name__)
