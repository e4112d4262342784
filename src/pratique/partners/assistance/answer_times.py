"""How long partners take to answer, open requests included: the Kaplan-Meier estimate, its median and the panel.

A request that is still open is not left out, which would flatter slow partners: it counts as unanswered so far.
A refusal settles a request as an answer does. What was withdrawn or lapsed counts up to its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

from pratique.vocabulary.intervals import wilson

Z: Final = 1.959963984540054  # 95 %


@dataclass(frozen=True, slots=True)
class Waited:
    """How many days one request ran, and whether it was settled (answered or refused) at their end."""

    days: int
    settled: bool
    refused: bool = False
    within: bool = False  # settled inside its clock


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the curve: the share still without an answer after that day, with its 95 % band, and those at risk."""

    day: int
    waiting: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """What is known of one partner's answers. ``median_days`` is ``None`` while fewer than half are settled."""

    requests: int
    settled: int
    refused: int
    open: int
    median_days: int | None
    median_low: int | None
    median_high: int | None
    oldest_open_days: int | None
    within: int
    within_low: float
    within_high: float
    dots: tuple[int, ...]
    curve: tuple[Step, ...]


def answer_times(waited: Iterable[Waited], *, still_open: Iterable[int] = ()) -> AnswerTimes:
    """The figures of one partner; ``still_open`` are the ages in days of what waits now."""
    ages = tuple(still_open)
    ended = tuple(waited)
    every = (*ended, *(Waited(days, False) for days in ages))
    curve = kaplan_meier(every)
    settled = [each for each in ended if each.settled]
    within = sum(each.within for each in settled)
    low, high = wilson(within / len(settled), len(settled)) if settled else (0.0, 1.0)
    return AnswerTimes(
        requests=len(every),
        settled=len(settled),
        refused=sum(each.refused for each in settled),
        open=len(ages),
        median_days=_first_at(curve, [step.waiting for step in curve]),
        median_low=_first_at(curve, [step.low for step in curve]),
        median_high=_first_at(curve, [step.high for step in curve]),
        oldest_open_days=max(ages, default=None),
        within=within,
        within_low=low,
        within_high=high,
        dots=tuple(sorted(each.days for each in settled)),
        curve=curve,
    )


def kaplan_meier(waited: Sequence[Waited]) -> tuple[Step, ...]:
    """The product-limit estimate with a log-log band (Greenwood), one step for each day on which something settled."""
    settled = Counter(each.days for each in waited if each.settled)
    waiting, spread, steps = 1.0, 0.0, []
    for day in sorted(settled):
        at_risk = sum(each.days >= day for each in waited)
        done = settled[day]
        waiting *= 1 - done / at_risk
        if waiting > 0:
            spread += done / (at_risk * (at_risk - done))
        low, high = _band(waiting, spread)
        steps.append(Step(day, waiting, low, high, at_risk))
    return tuple(steps)


def _band(waiting: float, spread: float) -> tuple[float, float]:
    if not 0 < waiting < 1:
        return waiting, waiting
    width = Z * sqrt(spread) / log(waiting)
    ends = waiting ** exp(width), waiting ** exp(-width)
    return min(ends), max(ends)


def _first_at(curve: Sequence[Step], values: Sequence[float]) -> int | None:
    """The first day on which no more than half still wait."""
    return next((step.day for step, value in zip(curve, values, strict=True) if value <= 0.5 + 1e-12), None)
