"""The closed loop: only what is controlled is ever known, the world drifts, and a new way of wrongdoing comes.

Each week a tenth is controlled. Those who exploit alone take the highest by worth; the product takes a part by lot and
by doubt, more of it after nights on which the chances that the model at work gave in the last four weeks lay off those
of the last weeks of its training, by the rule and within the bounds that a node ships with. All learn again every eight
weeks, from what they controlled themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from bench.learning.worlds import Floats, Scene, data_of, labels_for, scene
from pratique.flow.learning.choosing import LEAST_RANDOM, Knobs, choose, worth
from pratique.flow.learning.labels import results_of
from pratique.flow.learning.model import Model
from pratique.flow.learning.training import train
from pratique.flow.learning.watching import DRIFTED, chance_drift, detection_delay
from pratique.flow.selection.exploring import NIGHTS, explored_permille
from pratique.node.settings import Settings
from pratique.vocabulary.errors import PratiqueError
from pratique_world.years import results

WEEKS_KNOWN, REFIT_WEEKS, CAPACITY = 26, 8, 0.1
SHIPPED = Settings.of({})
NOW_DAYS, BEFORE_DAYS = SHIPPED.number("drift_days"), SHIPPED.number("drift_reference_days")  # whose history is read


@dataclass
class Arm:
    """One way of choosing, and what became known to it."""

    name: str
    explores: bool
    labels: pl.DataFrame
    nights: list[bool] = field(default_factory=list)
    shares: list[int] = field(default_factory=list)
    model: Model | None = None
    given: list[tuple[date, Floats]] = field(default_factory=list)  # chances by the present model, week by week
    moved: list[tuple[date, float]] = field(default_factory=list)
    weeks: list[tuple[date, float, float, float, float]] = field(default_factory=list)


def loop(seeds: Sequence[int], rows: int, days: int, mix: str) -> None:
    """Prints revenue and precision after the shift, as shares of what the best choice would have had."""
    for seed in seeds:
        at = scene(seed, rows, days, mix)
        shift = _week(at, 0) + timedelta(days=int(days * 0.66))
        start = at.labels.filter(pl.col("controlled_on") < _week(at, WEEKS_KNOWN))
        for arm in (Arm("exploit alone", False, start), Arm("this product", True, start)):
            _run(at, arm)
            _tell(at, arm, shift, f"seed {seed}, {mix}")


def _run(at: Scene, arm: Arm) -> None:
    declared = at.world.declarations
    week, last = WEEKS_KNOWN, declared["lodged_on"].max()
    while _week(at, week) <= last:  # type: ignore[operator]
        today = _week(at, week)
        if (week - WEEKS_KNOWN) % REFIT_WEEKS == 0:
            _refit(arm, declared.filter(pl.col("lodged_on") < today), today)
        new = declared.filter((pl.col("lodged_on") >= today) & (pl.col("lodged_on") < _week(at, week + 1)))
        if new.height:
            _controlled(at, arm, new, today, week)
        week += 1


def _refit(arm: Arm, past: pl.DataFrame, today: date) -> None:
    data = data_of(past)
    try:
        arm.model = train(data, labels_for(arm.labels.filter(pl.col("known_on") < today), data))
        arm.given = []  # those of another model say nothing of how the world has moved
    except PratiqueError as fault:  # too few finds: the last good model stays
        print(f"    {arm.name}, {today}: {fault.happened}")


def _controlled(at: Scene, arm: Arm, new: pl.DataFrame, today: date, week: int) -> None:
    slots = round(new.height * CAPACITY)
    if arm.model is None:  # nothing to go by: a tenth by lot
        _recorded(at, arm, new, new["consignment"].sample(slots, seed=week), (today, CAPACITY, slots))
        return
    recent = at.world.declarations.filter(
        (pl.col("lodged_on") >= today - timedelta(days=NOW_DAYS + BEFORE_DAYS)) & (pl.col("lodged_on") < today)
    )
    data = data_of(pl.concat([recent, new]))
    known = labels_for(arm.labels.filter(pl.col("known_on") < today), data)
    scored = arm.model.score(data, results_of(known))[-new.height :]
    if arm.explores:
        told = choose(scored, slots, Knobs(explored=_explored(arm, today)), seed=week)
        chosen = told.filter(pl.col("basis") != "none")["consignment"]
        arm.given.append((today, scored["chance"].to_numpy()))
    else:
        chosen = scored["consignment"].gather(np.argsort(-worth(scored, Knobs()), kind="stable")[:slots])
    _recorded(at, arm, new, chosen, (today, 1.0, slots))


def _explored(arm: Arm, today: date) -> float:
    """The share of slots for the lot and for doubt, after the nights of the week that was."""
    late = [chance for day, chance in arm.given if day >= today - timedelta(days=NOW_DAYS)]
    if arm.model is not None and late:
        night = chance_drift(arm.model.card, np.concatenate(late))
        arm.moved.append((today, night.index))
        arm.nights += [night.alarming] * 7
    usual, most = (SHIPPED.number(name) for name in ("unsure_share_permille", "unsure_most_permille"))
    arm.shares.append(explored_permille(arm.nights[-NIGHTS:], usual=usual, most=most))
    return LEAST_RANDOM + arm.shares[-1] / 1000


def _recorded(at: Scene, arm: Arm, new: pl.DataFrame, chosen: pl.Series, week: tuple[date, float, int]) -> None:
    today, probability, slots = week
    got = results(at.world.truth, chosen, today + timedelta(days=6), at.plan.seed)
    more = got.with_columns(probability=pl.lit(probability), drawn_at_random=pl.lit(probability < 1))
    known = more.filter(~pl.col("consignment").is_in(arm.labels["consignment"].to_list()))
    arm.labels = pl.concat([arm.labels, known.select(arm.labels.columns)])
    arm.weeks.append((today, *_yield(at, new, chosen, slots)))


def _yield(at: Scene, new: pl.DataFrame, chosen: pl.Series, slots: int) -> tuple[float, float, float, float]:
    false, lost = at.truth_of(new)
    hit = new["consignment"].is_in(chosen.to_list()).to_numpy()
    best = np.sort(lost)[::-1][:slots].sum()
    return float(lost[hit].sum()), float(best), float(false[hit].sum()), float(min(false.sum(), slots))


def _tell(at: Scene, arm: Arm, shift: date, name: str) -> None:
    parts = {"before": [], "after": []}  # type: dict[str, list[tuple[float, ...]]]
    for day, *figures in arm.weeks:
        parts["after" if day >= shift else "before"].append(tuple(figures))
    told = []
    for part, weeks in parts.items():
        revenue, most, found, there = np.array(weeks).sum(axis=0) if weeks else np.zeros(4)
        told.append(f"{part} the shift: revenue {revenue / max(most, 1):.3f}, precision {found / max(there, 1):.3f}")
    print(f"  {name}, {arm.name}: {'; '.join(told)} (of the best possible); {_delays(at, arm, shift)}")
    if arm.shares:
        signed = f"{sum(arm.nights):,} of {len(arm.nights):,} nights with a sign"
        print(f"    explored beside the lot: {min(arm.shares)} to {max(arm.shares)} of 1,000 slots; {signed}")
        for part, after in (("before", False), ("after", True)):
            indexes = [index for day, index in arm.moved if (day >= shift) == after]
            highest = f"index {np.median(indexes):.3f} (middle), {max(indexes):.3f} (most)" if indexes else "none"
            print(f"    {part} the shift, {len(indexes)} weeks: {highest}; an alarm from {DRIFTED} on")


def _delays(at: Scene, arm: Arm, shift: date) -> str:
    """Days until a mechanism that began after the first half was found three times."""
    seen = arm.labels.filter("found").join(at.world.truth, on="consignment")
    begins = at.world.truth.filter("illicit").join(
        at.world.declarations.select("consignment", "lodged_on"), on="consignment"
    )
    first = begins.group_by("mechanism").agg(pl.col("lodged_on").min().alias("began")).sort("mechanism")
    told = []
    for mechanism, began in first.iter_rows():
        if began < shift - timedelta(days=30):
            continue
        days = detection_delay(seen.filter(pl.col("mechanism") == mechanism)["known_on"].to_list(), began)
        told.append(f"{mechanism} caught after {days} days" if days is not None else f"{mechanism} not caught")
    return ", ".join(told) or "no new mechanism in this mix"


def _week(at: Scene, number: int) -> date:
    start: date = at.world.declarations["lodged_on"].min()  # type: ignore[assignment]
    return start + timedelta(weeks=number)
