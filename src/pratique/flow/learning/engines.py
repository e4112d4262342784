"""The engines that learn, found through the entry-point group ``pratique.models``; LightGBM uses that door too."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Final, Protocol, cast

import numpy as np
import numpy.typing as npt

from pratique.flow.learning.errors import refuse
from pratique.vocabulary.errors import Category

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
GROUP: Final = "pratique.models"
DEFAULT: Final = "lightgbm"


class Learned(Protocol):
    """What an engine learned: text that makes it again, and what it says of rows."""

    @property
    def text(self) -> str:
        """All of it, as text."""

    def margin(self, matrix: Matrix) -> Floats:
        """What it says of each row, as a sum."""

    def contributions(self, matrix: Matrix) -> Floats:
        """What each feature adds to the sum, and last what every row starts from: they add up to the margin."""

    def gains(self) -> Floats:
        """How much each feature helped in training."""


class Engine(Protocol):
    """An engine: the same rows must give the same text on the same machine, whatever else it does."""

    def chance(self, names: Sequence[str], matrix: Matrix, found: Floats, weight: Floats, everyday: Matrix) -> Learned:
        """Learns the log-odds of a find. ``everyday``: declarations as they come, most of which nobody controlled."""

    def restore(self, text: str) -> Learned:
        """What was learned, from its text. Raises ``ValueError`` where it is none."""


def engine_called(name: str = DEFAULT) -> Engine:
    """The engine of that name. Raises ``model.engine_unknown``."""
    for entry in entry_points(group=GROUP, name=name):
        return cast(Engine, entry.load()())
    there = ", ".join(sorted(entry.name for entry in entry_points(group=GROUP)))
    raise refuse("model.engine_unknown", Category.MISCONFIGURED, name=name, there=there)
