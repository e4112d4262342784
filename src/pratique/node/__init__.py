"""The node that remembers: one folder, two doors (``execute`` and ``ask``), one journal entry for every command.

In: commands and queries of the faces people use. Out: what they asked for, and state that outlives the process.
Every command is one authorisation, one transaction and one journal entry. Files are written first under their digest
and count only once a transaction names them. It never decides anything itself: stages of ``flow`` do that.
"""

from pratique.node.access import Actor, local_operator
from pratique.node.node import Node

__all__ = ["Actor", "Node", "local_operator"]
