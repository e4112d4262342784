"""Scores and capacity become control decisions.

In: one score per consignment, the slots of each resource, a seed. Out: one decision per consignment with its channel,
why it was chosen and the probability it had. It never looks at goods or parties: what it may know is points alone.
"""

from pratique.flow.selection.select import Capacity, parse_slots, select

__all__ = ["Capacity", "parse_slots", "select"]
