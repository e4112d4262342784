"""Scores and capacity become control decisions.

In: one score per consignment, the slots of each resource, a seed. Out: one decision per consignment with its channel,
why it was chosen and the probability it had. It never looks at goods or parties: what it may know is points, and what
a model says that they are worth.
"""

from pratique.flow.selection.select import Capacity, parse_slots, select
from pratique.flow.selection.value import Knobs, value_of

__all__ = ["Capacity", "Knobs", "parse_slots", "select", "value_of"]
