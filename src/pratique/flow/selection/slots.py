"""The best use of slots: which row gets which resource, so that the slots together answer the most points."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.int64]

NOWHERE: Final = -1
UNREACHABLE: Final = -(2**62)


def best_slots(worth: Points, slots: Points) -> Points:
    """For each row the column (resource) whose slot it gets, or -1, so that the worth of all slots given is largest.

    ``worth`` is rows x resources, points in thousandths; ``slots`` the free slots per resource. A slot is given only
    where that adds worth; rows that stand first win ties. Exact: one slot at a time along the chain of moves that gains
    most (a row enters a resource, one of its rows moves on to another, until a free slot is reached).
    """
    plan = _Plan(worth, slots)
    while plan.give_one():
        pass
    return plan.given


class _Plan:
    """A plan that is the best for the slots it has given so far."""

    def __init__(self, worth: Points, slots: Points) -> None:
        self.worth = worth
        self.free = slots.astype(np.int64).copy()
        self.given = np.full(worth.shape[0], NOWHERE, dtype=np.int64)
        self.resources = range(worth.shape[1])
        self.waiting = [np.argsort(-column, kind="stable") for column in worth.T]
        self.next_waiting = [0 for _ in self.resources]
        self.movers: dict[tuple[int, int], list[tuple[int, int]]] = {
            (source, target): [] for source in self.resources for target in self.resources if source != target
        }

    def give_one(self) -> bool:
        """Gives one more slot along the chain that gains most; says whether any chain gained."""
        entering = [self._first_waiting(resource) for resource in self.resources]
        gain = [int(self.worth[row, i]) if row >= 0 else UNREACHABLE for i, row in enumerate(entering)]
        came_from = self._lengthen(gain)
        ends = [resource for resource in self.resources if self.free[resource] > 0 and gain[resource] > 0]
        if not ends:
            return False
        end = max(ends, key=lambda resource: (gain[resource], -resource))
        self.free[end] -= 1
        while (step := came_from[end]) is not None:
            source, row = step
            self._put(row, end)
            end = source
        self._put(entering[end], end)
        return True

    def _lengthen(self, gain: list[int]) -> list[tuple[int, int] | None]:
        """Raises ``gain`` to that of the best chain ending at each resource; gives the last move of each chain."""
        came_from: list[tuple[int, int] | None] = [None for _ in self.resources]
        moves = {pair: move for pair in self.movers if (move := self._best_mover(pair)) is not None}
        for _ in self.resources:
            for (source, target), (loss, row) in moves.items():
                if gain[source] - loss > gain[target]:
                    gain[target] = gain[source] - loss
                    came_from[target] = (source, row)
        return came_from

    def _first_waiting(self, resource: int) -> int:
        order, at = self.waiting[resource], self.next_waiting[resource]
        while at < order.size and self.given[order[at]] != NOWHERE:
            at += 1
        self.next_waiting[resource] = at
        return int(order[at]) if at < order.size else NOWHERE

    def _best_mover(self, pair: tuple[int, int]) -> tuple[int, int] | None:
        heap = self.movers[pair]
        while heap and self.given[heap[0][1]] != pair[0]:
            heappop(heap)
        return heap[0] if heap else None

    def _put(self, row: int, resource: int) -> None:
        self.given[row] = resource
        for target in self.resources:
            if target != resource:
                loss = int(self.worth[row, resource] - self.worth[row, target])
                heappush(self.movers[resource, target], (loss, row))
