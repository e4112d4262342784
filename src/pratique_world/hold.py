"""The cargo while wrongdoing, look-alikes and mistakes are worked into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from pratique_world.economy import Economy
from pratique_world.listed import Listed
from pratique_world.model import Consignment

_HIDDEN: Final = 0.2


class Hold:
    """All bills of the three ships; remembers which were taken by a mechanism, so that none is taken twice."""

    def __init__(
        self,
        consignments: Sequence[Consignment],
        *,
        rng: np.random.Generator,
        economy: Economy,
        listed: Sequence[Listed],
    ) -> None:
        self.consignments = list(consignments)
        self.rng = rng
        self.economy = economy
        self.listed = tuple(listed)
        self.mechanisms: dict[str, str] = {}  # bill -> mechanism
        self._taken: set[int] = set()

    def take(self, count: int, fits: Callable[[Consignment], bool]) -> list[int]:
        """The places of so many bills that fit and were not taken before; fewer where there are no more."""
        order = self.rng.permutation(len(self.consignments)).tolist()
        found: list[int] = []
        for place in order:
            if len(found) == count:
                break
            if place not in self._taken and fits(self.consignments[place]):
                found.append(place)
        self._taken.update(found)
        return found

    def plant(self, place: int, changed: Consignment, mechanism: str) -> None:
        """Put the changed bill in its place and note what is wrong with it."""
        self.consignments[place] = changed
        self.mechanisms[changed.bill] = mechanism

    def put(self, place: int, changed: Consignment) -> None:
        """Put an honest bill that only looks odd in its place."""
        self.consignments[place] = changed

    def hidden(self, count: int) -> list[bool]:
        """Which of so many bills of a mechanism leave nothing to see: about one in five, drawn."""
        unseen = int(count * _HIDDEN + float(self.rng.random()))
        marks: list[bool] = self.rng.permutation([True] * unseen + [False] * (count - unseen)).astype(bool).tolist()
        return marks

    def draws(self, count: int) -> list[float]:
        """Uniform numbers in [0, 1)."""
        drawn: list[float] = self.rng.random(count).tolist()
        return drawn
