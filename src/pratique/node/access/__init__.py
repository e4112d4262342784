"""Who acts, and whether they may: one readable table over every command and query, deny by default.

In: an actor and a request. Out: nothing, or a refusal that names the rule, who could, and what to do. The table is
``data/access/policy.yaml``; ``docs/reference/access.md`` shows it as a matrix. Nothing here reads or writes a store;
``node.py`` is the only place that authorises.
"""

from pratique.node.access.actor import LOCAL, OFFICER, VISITOR, Actor, local_operator, partner_program
from pratique.node.access.gate import authorise

__all__ = ["LOCAL", "OFFICER", "VISITOR", "Actor", "authorise", "local_operator", "partner_program"]
