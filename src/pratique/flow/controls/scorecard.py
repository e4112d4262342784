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
    known = fired.filter(pl.col("consignment").is_in(consignments.implode()))
    known = known.group_by("consignment", "profile").agg(pl.col("on").max())
    known = known.with_columns(rules=pl.len().over("consignment"))
    once = results.unique("consignment", keep="first", maintain_order=True)
    done = known.join(once.select("consignment", "found", "drawn_at_random"), on="consignment", how="inner")
    fires, finds, overlaps = _fires(known), _finds(done), _overlaps(known, profiles)
    count = consignments.n_unique()
    return tuple(_scorecard(each, count, fires.get(each), finds.get(each), overlaps.get(each, ())) for each in profiles)


@dataclass(frozen=True, slots=True)
class _Fires:
    number: int
    last: date
    alone: int


@dataclass(frozen=True, slots=True)
class _Finds:
    controlled: int
    found: int
    drawn: int
    found_drawn: int


def _scorecard(
    profile: str, count: int, fires: _Fires | None, finds: _Finds | None, overlaps: tuple[Overlap, ...]
) -> Scorecard:
    done = finds or _Finds(0, 0, 0, 0)
    return Scorecard(
        profile=profile,
        consignments=count,
        fires=fires.number if fires else 0,
        last_fired=fires.last if fires else None,
        alone=fires.alone if fires else 0,
        finds=rate("finds", done.controlled, done.found),
        drawn=rate("drawn", done.drawn, done.found_drawn),
        overlaps=overlaps,
    )


def _fires(known: pl.DataFrame) -> dict[str, _Fires]:
    counted = known.group_by("profile").agg(pl.len(), pl.col("on").max(), (pl.col("rules") == 1).sum())
    return {name: _Fires(*rest) for name, *rest in counted.iter_rows()}


def _finds(done: pl.DataFrame) -> dict[str, _Finds]:
    drawn = pl.col("drawn_at_random")
    counted = done.group_by("profile").agg(
        pl.len(), pl.col("found").sum(), drawn.sum().alias("drawn"), (drawn & pl.col("found")).sum().alias("both")
    )
    return {name: _Finds(*rest) for name, *rest in counted.iter_rows()}


def _overlaps(known: pl.DataFrame, profiles: Sequence[str]) -> dict[str, tuple[Overlap, ...]]:
    """The five rules that fire on most of what each of ``profiles`` fires on; numbers are paired, not names."""
    names = known["profile"].unique().sort()
    place = {name: number for number, name in enumerate(names)}
    told = known.select(
        pl.col("consignment").cast(pl.Categorical).to_physical().alias("at"),
        pl.col("profile").replace_strict(place, return_dtype=pl.UInt32).alias("rule"),
    )
    fires = dict(told.group_by("rule").len().iter_rows())
    asked = [place[name] for name in profiles if name in place]
    pairs = told.filter(pl.col("rule").is_in(asked)).join(told, on="at", suffix="_other")
    counted = pairs.filter(pl.col("rule") != pl.col("rule_other")).group_by("rule", "rule_other").len()
    first = counted.sort(["rule", "len", "rule_other"], descending=[False, True, False])
    found: dict[str, tuple[Overlap, ...]] = {}
    for rule, other, both in first.group_by("rule", maintain_order=True).head(MOST_OVERLAPS).iter_rows():
        one = Overlap(names[other], both, WHOLE * both // fires[rule], fires[other])
        found[names[rule]] = (*found.get(names[rule], ()), one)
    return found
