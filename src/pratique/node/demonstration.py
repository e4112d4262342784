"""Whether the node is a demonstration: a fact of its founding, which nothing can set later."""

from __future__ import annotations

from typing import Final

from pratique.node.errors import refuse
from pratique.node.storage.settings import facts
from pratique.node.stores import Stores
from pratique.vocabulary.errors import Category

FACT: Final = "demonstration"


def is_demonstration(stores: Stores) -> bool:
    """The node was founded as a demonstration."""
    with stores.main.reading() as connection:
        return facts(connection).get(FACT) == "yes"


def require_demonstration(stores: Stores) -> None:
    """Raises ``DENIED`` on every other node."""
    if not is_demonstration(stores):
        raise refuse("sign_in.no_demonstration", Category.DENIED)
