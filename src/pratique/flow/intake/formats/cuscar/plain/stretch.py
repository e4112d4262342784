"""A stretch: segments of plain bills (or boxes) that follow one another, and whose segments they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from pratique.flow.intake.formats.cuscar.plain.columns import owner, put, texts
from pratique.flow.intake.formats.cuscar.plain.forms import NOWHERE, Apart, Flags, Positions, Told

NOTHING: Final = Told(NOWHERE, pl.DataFrame())


@dataclass(frozen=True)
class Stretch:
    """The segments from ``begin`` on and before ``end``; ``first`` is the number in the message of segment 0."""

    apart: Apart
    begin: int
    end: int
    first: int

    def told(self, letters: str) -> Told:
        """What the segments of those letters say, in their order; null where the form of one has no such group."""
        parts = [part.between(self.begin, self.end) for each in letters for part in self.apart.told.get(each, ())]
        parts = [part for part in parts if len(part.at)]
        if len(parts) < 2:
            return parts[0] if parts else NOTHING
        at = np.concatenate([part.at for part in parts])
        order = np.argsort(at)
        return Told(at[order], pl.concat([part.said for part in parts], how="diagonal")[order])

    @cached_property
    def bills(self) -> Positions:
        """Where the bills begin."""
        return self.told("CZ").at

    @cached_property
    def items(self) -> Positions:
        """Where the goods items begin."""
        return self.told("G").at

    def numbers(self, at: Positions) -> pl.Series:
        """The numbers of segments in the message."""
        return pl.Series(at + self.first, dtype=pl.Int64)

    def of_bills(self, values: pl.Series, at: Positions) -> pl.Series:
        """One value for each bill: that of the segment in it, null where there is none."""
        return put(values, owner(at, self.bills), len(self.bills))

    def of_items(self, values: pl.Series, at: Positions) -> pl.Series:
        """One value for each goods item: that of the segment in it, null where there is none."""
        return put(values, owner(at, self.items), len(self.items))

    def is_of_item(self, at: Positions) -> Flags:
        """Whether a goods item of the same bill is open."""
        begin = np.append(self.items, -1)[owner(at, self.items)]  # the -1 behind them: none is open yet
        return begin > self.bills[owner(at, self.bills)]

    def bill_text(self, letter: str, name: str) -> pl.Series:
        """What one kind of segment says in each bill."""
        told = self.told(letter)
        return self.of_bills(texts(told, name), told.at)

    def item_text(self, letter: str, name: str) -> pl.Series:
        """What one kind of segment says in each goods item."""
        told = self.told(letter)
        return self.of_items(texts(told, name), told.at)
