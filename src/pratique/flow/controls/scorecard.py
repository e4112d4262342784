"""How a rule does: what it fires on, what controls of that came to, and which other rules say the same.

In: the consignments of a period, which rule fired on which of them and when, and the results of controls. Out: one
scorecard for each rule asked about. The share of finds is one among what was controlled, which was chosen by points,
those of the rule among them; what was drawn at random stands beside it, for it alone is not biased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from pratique.flow.controls.effectiveness import WHOLE, Rate, rate

FIRING: Final = {"consignment": pl.String, "profile": pl.String, "on": pl.Date}
MOST_OVERLAPS: Final = 5


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another rule that fired on ``both``: so many thousandths of what the rule fired on, of ``fires`` of its own."""

    profile: str
    both: int
    permille: int
    fires: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How one rule did among the ``consignments`` of a period.

    ``fires`` counts those it fired on, ``last_fired`` is the last day of it (UTC), ``alone`` counts those on which no
    other rule fired. ``finds`` is the share of finds among those of them that were controlled, ``drawn`` the same among
    those that were drawn at random. ``overlaps`` are the rules that fired on most of the same, at most five.
    """

    profile: str
    consignments: int
    fires: int
    last_fired: date | None
    alone: int
    finds: Rate
    drawn: Rate
    overlaps: tuple[Overlap, ...]

    @property
    def fires_permille(self) -> int:
        """Of a thousand consignments, on how many it fires."""
        return round(WHOLE * self.fires / self.consignments) if self.consignments else 0


def scorecards(
    consignments: pl.Series, fired: pl.DataFrame, results: pl.DataFrame, profiles: Sequence[str]
) -> tuple[Scorecard, ...]:
    """The scorecard of each of ``profiles``, in their order.

    ``consignments`` are the short ids of the period, ``fired`` has schema ``FIRING``, ``results`` ``CONTROL_RESULT``.
    A consignment counts once, whatever it was assessed or controlled more often.
    """
    once = results.unique("consignment", keep="first", maintain_order=True)
    known = fired.filter(pl.col("consignment").is_in(consignments.implode()))
    known = known.group_by("consignment", "profile").agg(pl.col("on").max())
    known = known.with_columns(rules=pl.len().over("consignment"))
    done = known.join(once.select("consignment", "found", "drawn_at_random"), on="consignment", how="inner")
    count = consignments.n_unique()
    return tuple(_scorecard(each, count, known, done) for each in profiles)


def _scorecard(profile: str, count: int, known: pl.DataFrame, done: pl.DataFrame) -> Scorecard:
    mine, controlled = known.filter(profile=profile), done.filter(profile=profile)
    drawn = controlled.filter("drawn_at_random")
    last: date | None = mine["on"].max()  # type: ignore[assignment]  # of a column of days
    return Scorecard(
        profile=profile,
        consignments=count,
        fires=mine.height,
        last_fired=last,
        alone=mine.filter(pl.col("rules") == 1).height,
        finds=rate("finds", controlled.height, int(controlled["found"].sum())),
        drawn=rate("drawn", drawn.height, int(drawn["found"].sum())),
        overlaps=_overlaps(profile, mine["consignment"], known),
    )


def _overlaps(profile: str, mine: pl.Series, known: pl.DataFrame) -> tuple[Overlap, ...]:
    others = known.filter(pl.col("profile") != profile).group_by("profile")
    counted = others.agg(pl.col("consignment").is_in(mine.implode()).sum().alias("both"), pl.len().alias("fires"))
    first = counted.filter(pl.col("both") > 0).sort(["both", "profile"], descending=[True, False]).head(MOST_OVERLAPS)
    return tuple(Overlap(name, both, WHOLE * both // len(mine), fires) for name, both, fires in first.iter_rows())
