"""A model: what it read, what it learned, and what it says of declarations.

``Model.score`` gives each row a chance with its interval, the stake and their product; ``Model.explain`` says why. A
model says so and refuses where a column that it was trained on is no longer there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.calibration import Calibration
from pratique.flow.learning.columns import Brought
from pratique.flow.learning.engines import DEFAULT, Learned
from pratique.flow.learning.errors import refuse
from pratique.flow.learning.explanation import POINTS_A_DOUBLING, Line, explained, known_of
from pratique.flow.learning.look import look
from pratique.flow.learning.looks import EVERYTHING, NO_RESULTS, Look, Matrix, Results, Wanted
from pratique.flow.learning.profiles import ProfileStore
from pratique.flow.learning.stake import Stake

Floats = npt.NDArray[np.float64]

SCORED: Final = pl.Schema(
    {
        "consignment": pl.String, "chance": pl.Float64, "low": pl.Float64, "high": pl.Float64,
        "stake_minor": pl.Int64, "expected_value_minor": pl.Int64, "points": pl.Int64,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Model:
    """What was learned, whole: nothing outside of it is needed to score."""

    names: tuple[str, ...]
    columns: tuple[str, ...]
    trees: Learned
    calibration: Calibration
    stake: Stake
    usual: Matrix
    start: float
    store: ProfileStore
    card: Mapping[str, Any]
    engine: str = DEFAULT

    @classmethod
    def load(cls, folder: Path, digest: str | None = None) -> Model:
        """The model kept in a folder. Raises ``model.changed`` where a file is not what was kept."""
        from pratique.flow.learning.files import load

        return load(folder, digest)

    def score(self, data: Brought, results: Results = NO_RESULTS) -> pl.DataFrame:
        """The columns of ``SCORED`` for each row of ``data``, in its order."""
        return self._scored(data, self.features(data, results))

    def explain(
        self, data: Brought, results: Results = NO_RESULTS, *, first: int | None = None, line: float | None = None
    ) -> pl.DataFrame:
        """The scores, highest expected value first, with ``reasons`` and ``would_change`` of the ``first`` of them.

        ``line``: the chance below which nobody would look; else the chance a usual consignment has, doubled.
        """
        seen = self.look(data, results)
        scored = self._scored(data, ordered(seen, self.names)).with_row_index("place")
        scored = scored.sort(["expected_value_minor", "chance", "place"], descending=[True, True, False])
        return self._reasoned(seen, scored, scored.height if first is None else first, line)

    def explain_one(
        self, data: Brought, place: int, results: Results = NO_RESULTS, *, line: float | None = None
    ) -> pl.DataFrame:
        """The same for the declaration at one place of ``data``, which knows of those before it."""
        seen = self.look(data, results)
        scored = self._scored(data, ordered(seen, self.names)).with_row_index("place")
        return self._reasoned(seen, scored[place : place + 1], 1, line)

    def _reasoned(self, seen: Look, scored: pl.DataFrame, first: int, line: float | None) -> pl.DataFrame:
        asked = scored["place"].head(first).to_numpy()
        below = self.margin_of(line if line is not None else 2 * self.chance_at(self.start))
        evidence = [known_of(seen.names, row) for row in seen.matrix[asked].tolist()]
        told = explained(self.trees, ordered(seen, self.names)[asked], self.names, Line(below, self.usual), evidence)
        rest = scored.height - len(asked)
        words = [*(json.dumps(each.reasons, ensure_ascii=False) for each in told), *[None] * rest]
        changes = [*(each.would_change for each in told), *[None] * rest]
        return scored.drop("place").with_columns(
            pl.Series("reasons", words, dtype=pl.String), pl.Series("would_change", changes, dtype=pl.String)
        )

    def features(self, data: Brought, results: Results = NO_RESULTS) -> Matrix:
        """The features of each row in the model's order. Raises ``model.column_vanished``."""
        return self.look(data, results, Wanted(names=self.names)).matrix

    def look(self, data: Brought, results: Results = NO_RESULTS, told: Wanted = EVERYTHING) -> Look:
        """What can be known of each row, all or what is wanted. Raises ``model.column_vanished``."""
        vanished = [name for name in self.columns if name not in data.rows.columns]
        if vanished:
            headings = ", ".join(data.mapping.headings.get(name, name) for name in vanished)
            raise refuse("model.column_vanished", columns=headings)
        return look(data.rows.select(self.columns), results, self.store, told=told)

    def learned(self, data: Brought, results: Results, as_of: int) -> Model:
        """The same model, whose history has these rows and results in it, as of a day."""
        seen = look(data.rows.select(self.columns), results, self.store, keep_as_of=as_of)
        return replace(self, store=seen.store or self.store)

    def chance_at(self, margin: float) -> float:
        """The chance at one margin."""
        return float(self.calibration.chance(np.array([margin]))[0])

    def margin_of(self, chance: float) -> float:
        """The lowest margin whose chance reaches ``chance``, to a thousandth."""
        grid = np.arange(-12_000, 12_000) / 1000
        return float(grid[np.searchsorted(self.calibration.chance(grid), chance).clip(0, len(grid) - 1)])

    def _scored(self, data: Brought, features: Matrix) -> pl.DataFrame:
        margin = self.trees.margin(features) if len(features) else np.zeros(0)
        chance = self.calibration.chance(margin)
        low, high = self.calibration.interval(margin)
        stake = self.stake.expected(self.names, features) if len(features) else np.zeros(0, dtype=np.int64)
        points = np.rint((margin - self.start) * POINTS_A_DOUBLING / np.log(2)).astype(np.int64)
        return pl.DataFrame(
            {
                "consignment": data.rows["consignment"], "chance": chance, "low": low, "high": high,
                "stake_minor": stake, "expected_value_minor": np.rint(chance * stake).astype(np.int64),
                "points": points,
            },
            schema=SCORED,
        )  # fmt: skip


def ordered(seen: Look, names: Sequence[str]) -> Matrix:
    """The features in the order of ``names``; NaN throughout where there is none of a name."""
    if seen.names == tuple(names):
        return seen.matrix
    places = {name: place for place, name in enumerate(seen.names)}
    wanted = np.array([places.get(name, -1) for name in names], dtype=np.int64)
    told = seen.matrix[:, wanted]
    told[:, wanted < 0] = np.nan
    return told
