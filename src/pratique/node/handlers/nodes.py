"""A node's first act: it comes into being with the shipped risk profiles in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pratique
from pratique.node import demonstration
from pratique.node.acts import Act, Command, Done, Work
from pratique.node.handlers.profiles import adopt_missing
from pratique.node.instants import to_text
from pratique.node.storage.settings import put_fact
from pratique.node.storage.store import Connection
from pratique.vocabulary.ids import short_id


@dataclass(frozen=True, slots=True)
class FoundNode(Command[str]):
    """Gives the node its id and takes the shipped risk profiles into force; answers with the id.

    Whether the node is a ``demonstration``, where one click signs in as a persona, is said here and never again.
    """

    demonstration: bool = False
    entry: ClassVar[str] = "node.founded"


def found_node(command: FoundNode, work: Work) -> Act[str]:
    """The id follows from the node's own randomness and never changes."""
    node_id = short_id("node", to_text(work.at), str(work.randomness()))
    shown = "yes" if command.demonstration else "no"

    def act(connection: Connection) -> Done[str]:
        put_fact(connection, "node_id", node_id)
        put_fact(connection, "founded_at", to_text(work.at))
        put_fact(connection, "founded_with", pratique.__version__)
        put_fact(connection, demonstration.FACT, shown)
        adopted = adopt_missing(connection, at=work.at, by=work.actor)
        facts = {"node": node_id, "version": pratique.__version__, "profiles": adopted, demonstration.FACT: shown}
        return Done(node_id, command=facts, outcome={"profiles": list(adopted)})

    return act
