"""What is asked of a world of years: seed, length, size, share of wrongdoing, and the mix of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pratique_world.years.mix import Mix, shipped

FIRST_DAY: Final = date(2023, 1, 1)
FEWEST_DAYS, MOST_DAYS = 28, 7300
FEWEST_ROWS, MOST_ROWS = 1000, 10_000_000
MOST_ILLICIT: Final = 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """A world to be made. ``illicit`` is the share of consignments with wrongdoing, ``random_share`` the part of all
    that the world's own customs office controls at random, ``rule_share`` the part that its simple rules send there.

    Raises ``ValueError`` for what cannot be made, saying which value and what is possible.
    """

    seed: int
    days: int = 1095
    rows: int = 1_000_000
    illicit: float = 0.022
    mix: Mix = field(default_factory=lambda: shipped("default"))
    random_share: float = 0.02
    rule_share: float = 0.03

    def __post_init__(self) -> None:
        _within("seed", self.seed, 0, 2**63)
        _within("days", self.days, FEWEST_DAYS, MOST_DAYS)
        _within("rows", self.rows, FEWEST_ROWS, MOST_ROWS)
        _within("illicit", self.illicit, 0.0, MOST_ILLICIT)
        _within("random share", self.random_share, 0.0, 1.0)
        _within("rule share", self.rule_share, 0.0, 1.0)


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low:,} to {high:,}, not {value:,}")
