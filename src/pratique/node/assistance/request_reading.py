"""Who may look into a sensitive request: whoever wrote of it, and managers; others know only that it is there."""

from __future__ import annotations

from typing import Final

from pratique.node.access import Actor
from pratique.node.assistance.request_at_hand import RequestAtHand
from pratique.node.errors import refuse
from pratique.vocabulary.errors import Category

MANAGER: Final = "manager"


def may_see(at_hand: RequestAtHand, actor: Actor) -> bool:
    """Whether the officer may look into the request."""
    if not at_hand.request.sensitive or actor.is_local or MANAGER in actor.roles:
        return True
    return actor.name in {at_hand.request.by, *(each.by for each in at_hand.versions)}


def require_may_see(at_hand: RequestAtHand, actor: Actor) -> None:
    """Raises ``DENIED``."""
    if not may_see(at_hand, actor):
        raise refuse("requests.sensitive", Category.DENIED, request=at_hand.request.id)
