"""The clocks of what was shared, carried out: erased when the time is over, then certified to whom it came from.

Each step is a command of its own. One whose certificate cannot go now holds up no other, and is tried the next time.
"""

from __future__ import annotations

from dataclasses import dataclass

from pratique.node.access import Actor
from pratique.node.handlers.share_retention import CarryOutRetention, CertifyDestruction, ListToCertify, RetentionIsOver
from pratique.node.node import Node
from pratique.vocabulary.errors import Category, PratiqueError


@dataclass(frozen=True, slots=True)
class ClocksDone:
    """How many messages and own copies were erased, certificates sent, and certificates that did not go."""

    received: int
    sent: int
    certified: int
    held_back: int


def carry_out_if_over(node: Node, *, actor: Actor) -> ClocksDone | None:
    """The same where anything is past its time; nothing is journalled where nothing is."""
    return carry_out_clocks(node, actor=actor) if node.ask(RetentionIsOver(), actor=actor) else None


def carry_out_clocks(node: Node, *, actor: Actor) -> ClocksDone:
    """As often as one likes: a second time finds nothing. Raises what is no matter of one partner."""
    done = node.execute(CarryOutRetention(), actor=actor)
    certified = held_back = 0
    for message in node.ask(ListToCertify(), actor=actor):
        try:
            told = node.execute(CertifyDestruction(message), actor=actor)
        except PratiqueError as error:
            if error.category in (Category.BROKEN, Category.DENIED, Category.UNAVAILABLE):
                raise
            held_back += 1
            continue
        certified += told.message is not None
        held_back += told.message is None
    return ClocksDone(len(done.received), len(done.sent), certified, held_back)
