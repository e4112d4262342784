"""The closed loop: only what is controlled is ever known, the world drifts, and a new way of wrongdoing comes.

All begin with a year of results of the world's own office. From then on each week a tenth is controlled. Those who
exploit alone take the highest by worth; the others choose as a node does: a part by lot, a part by doubt that grows
after nights with a sign, and doubt goes first to known ways that rise. All learn again every eight weeks, from what
they controlled themselves, with the same engine and the same knobs. What exploring itself costs is told beside the
choice by value alone with the same models, the lot counted as what it was expected to recover.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from time import process_time
from typing import Final

import numpy as np
import polars as pl
from scipy.special import stdtrit

from bench.learning.offices import AS_SHIPPED, EXPLOITING, Declared, Office
from bench.learning.worlds import Floats, Scene, data_of, scene
from pratique.flow.learning.look import look
from pratique.flow.learning.looks import NO_RESULTS, Wanted, days_of
from pratique.flow.learning.measuring import auc
from pratique.flow.learning.profiles import ProfileStore
from pratique.flow.learning.rising import WAYS, shows
from pratique.flow.learning.watching import detection_delay
from pratique_world.years import results

WEEKS_KNOWN, REFIT_WEEKS, CAPACITY = 52, 8, 0.1
SHIFT: Final = 0.66  # of the time, on which waves of the mixes begin
COLD_DAYS: Final = 90
TENTH_BY_LOT: Final = replace(AS_SHIPPED, random=100)  # as where no model speaks
OFFICES: Final = {"exploit alone": EXPLOITING, "as shipped": AS_SHIPPED, "a tenth by lot": TENTH_BY_LOT}


@dataclass(frozen=True, slots=True)
class Week:
    """Revenue of one week: as it was chosen, as expected before the lot was drawn, by value alone with the same model,
    and by the best choice; how many of the false declarations were chosen, and could have been; the slots by basis."""

    day: date
    revenue: float
    expected: float
    by_value: float
    best: float
    found: int
    findable: int
    slots: Mapping[str, int]


@dataclass
class Told:
    """What an office did: its weeks, and chance, truth and newness of the importer for every declaration it scored."""

    office: Office
    weeks: list[Week] = field(default_factory=list)
    scored: list[tuple[Floats, Floats, Floats]] = field(default_factory=list)


def loop(
    seeds: Sequence[int], rows: int, days: int, mixes: Sequence[str], offices: Sequence[str] = tuple(OFFICES)
) -> None:
    """Prints for each world what each office reached, then for each mix the mean of the seeds with its interval, and
    how far each is apart from the first, world by world."""
    for mix in mixes:
        figures: dict[str, list[dict[str, float]]] = {name: [] for name in offices}
        for seed in seeds:
            began = process_time()
            at = scene(seed, rows, days, mix)
            shift = _start(at) + timedelta(days=int(days * SHIFT))
            declared = _declared(at)
            for name in offices:
                told = _run(at, Office(name, OFFICES[name], declared, _first(at)))
                if not told.weeks:  # then none of them has
                    print(f"  {mix}, seed {seed}: no office ever had enough finds to learn from")
                    break
                figures[name].append(_figures(told, shift))
                _tell(at, told, shift, f"{mix}, seed {seed}")
            print(f"    {process_time() - began:,.0f} CPU-seconds", flush=True)
        if figures[offices[0]]:
            _together(mix, figures)


def _declared(at: Scene) -> Declared:
    """What a way shows depends on what is declared alone: each declaration is looked at once, as known on its day."""
    rows = data_of(at.world.declarations).rows
    seen = look(rows, NO_RESULTS, ProfileStore(), told=Wanted(names=WAYS))
    return Declared(rows, days_of(rows["lodged_on"]), dict(shows(seen.names, seen.matrix)))


def _first(at: Scene) -> pl.DataFrame:
    """The results of the world's own office, which all begin with."""
    return at.labels.filter(pl.col("controlled_on") < _start(at) + timedelta(weeks=WEEKS_KNOWN))


def _run(at: Scene, office: Office) -> Told:
    told, start, number = Told(office), _start(at), WEEKS_KNOWN
    first = office.declared.rows.group_by("importer").agg(first=pl.col("lodged_on").min())
    while (today := start + timedelta(weeks=number)) <= office.declared.rows["lodged_on"][-1]:
        office.pass_nights(today)
        if (number - WEEKS_KNOWN) % REFIT_WEEKS == 0:
            office.learn(today)
        office.carry_on(today)
        new = office.declared.rows[office.declared.between(today, today + timedelta(weeks=1))]
        slots = round(new.height * CAPACITY)
        if slots and office.model is None:  # nothing to go by: a tenth by lot, which tells nothing of choosing
            _controlled(at, office, _by_lot(new, slots, seed=number), today)
        elif slots:
            decided = office.decided(new, slots, seed=number)
            _controlled(at, office, decided, today)
            told.weeks.append(week_of(decided, *at.truth_of(new), today, slots))
            since = new.join(first, on="importer", how="left", maintain_order="left")
            age = (since["lodged_on"] - since["first"]).dt.total_days().to_numpy().astype(np.float64)
            told.scored.append((decided["chance"].to_numpy(), at.truth_of(new)[0], age))
        number += 1
    return told


def _by_lot(new: pl.DataFrame, slots: int, *, seed: int) -> pl.DataFrame:
    drawn = new.select("consignment").sample(slots, seed=seed)
    return drawn.with_columns(basis=pl.lit("random"), probability=pl.lit(slots / new.height))


def _controlled(at: Scene, office: Office, decided: pl.DataFrame, today: date) -> None:
    chosen = decided.filter(pl.col("basis") != "none")
    got = results(at.world.truth, chosen["consignment"], today + timedelta(days=6), at.plan.seed)
    more = got.with_columns(chosen["probability"], drawn_at_random=chosen["basis"] == "random")
    known = more.join(office.labels, on="consignment", how="anti")
    office.labels = pl.concat([office.labels, known.select(office.labels.columns)])


def week_of(decided: pl.DataFrame, false: Floats, lost: Floats, today: date, slots: int) -> Week:
    """What came of a week: ``decided`` has the basis and the worth of each declaration; whether it is ``false`` (1 or
    0) and the duty that it hid stand beside it."""
    basis = decided["basis"].to_numpy()
    slots_by = {each: int((basis == each).sum()) for each in ("value", "random", "unsure")}
    by_lot = slots_by["random"] * lost[basis != "value"].mean()
    by_value = np.argsort(-decided["worth"].to_numpy(), kind="stable")[:slots]
    return Week(
        today,
        revenue=float(lost[basis != "none"].sum()),
        expected=float(lost[(basis == "value") | (basis == "unsure")].sum() + by_lot),
        by_value=float(lost[by_value].sum()),
        best=float(np.sort(lost)[::-1][:slots].sum()),
        found=int(false[basis != "none"].sum()),
        findable=min(int(false.sum()), slots),
        slots=slots_by,
    )


def _figures(told: Told, shift: date) -> dict[str, float]:
    """Revenue and finds as shares of the most possible before and after the shift, and what exploring itself cost."""
    figures = {}
    parts = {"before": (date.min, shift), "after": (shift, date.max), "whole": (date.min, date.max)}
    for part, (since, until) in parts.items():
        weeks = [each for each in told.weeks if since <= each.day < until]
        best = max(sum(each.best for each in weeks), 1.0)
        figures[part] = sum(each.revenue for each in weeks) / best
        figures[f"finds {part}"] = sum(each.found for each in weeks) / max(sum(each.findable for each in weeks), 1)
        figures[f"cost {part}"] = sum(each.by_value - each.expected for each in weeks) / best
    chance, false, age = (np.concatenate(each) for each in zip(*told.scored, strict=True))
    cold = age < COLD_DAYS
    return {**figures, "cold AUC": auc(chance[cold], false[cold])}


def _tell(at: Scene, told: Told, shift: date, name: str) -> None:
    office, figures = told.office, _figures(told, shift)
    shown = "  ".join(f"{each} {value:.3f}" for each, value in figures.items())
    print(f"  {name}, {office.name}: {shown}; {_delays(at, office, shift)}")
    if not office.shares.random + office.shares.most:
        return
    slots = {each: sum(week.slots[each] for week in told.weeks) for each in ("value", "random", "unsure")}
    print(f"    slots {slots}, share for doubt {min(office.explored)} to {max(office.explored)} of 1,000", end="; ")
    signed = [(night, sign) for night, signs in office.nights for sign in signs]
    began = {sign: night for night, sign in reversed(signed) if night >= shift}
    quiet = sorted({sign for night, sign in signed if night < shift})
    print(f"signs before the shift: {', '.join(quiet) or 'none'}; ", end="")
    after = ", ".join(f"{sign} after {(night - shift).days} days" for sign, night in sorted(began.items()))
    print(f"after it: {after or 'none'}", flush=True)


def _delays(at: Scene, office: Office, shift: date) -> str:
    """Days until a mechanism that began after the shift was found three times, the results being known."""
    begins = at.world.truth.filter("illicit").join(
        at.world.declarations.select("consignment", lodged="lodged_on"), on="consignment"
    )
    first = begins.group_by("mechanism").agg(began=pl.col("lodged").min()).sort("mechanism")
    seen = office.labels.filter("found").join(at.world.truth, on="consignment")
    told = []
    for mechanism, began in first.filter(pl.col("began") >= shift - timedelta(days=30)).iter_rows():
        known = seen.filter(pl.col("mechanism") == mechanism)["known_on"].to_list()
        days = detection_delay(known, began)
        told.append(f"{mechanism} caught after {days} days" if days is not None else f"{mechanism} not caught")
    return ", ".join(told) or "no new mechanism"


def _together(mix: str, figures: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
    for name, worlds in figures.items():
        for each in worlds[0]:
            print(f"  {mix}, {name}, {each}: {_interval([world[each] for world in worlds])}")
    first, *others = figures
    for name in others:
        for each in ("before", "after", "whole", "finds before", "finds after", "finds whole"):
            apart = [one[each] - other[each] for one, other in zip(figures[name], figures[first], strict=True)]
            print(f"  {mix}, {name} less {first}, {each}: {_interval(apart)}", flush=True)


def _interval(values: Sequence[float]) -> str:
    told, count = np.array(values), len(values)
    if count < 2:
        return f"{told.mean():.3f}"
    half = float(stdtrit(count - 1, 0.975)) * told.std(ddof=1) / np.sqrt(count)
    return f"{told.mean():.3f} ± {half:.3f} ({told.min():.3f} to {told.max():.3f})"


def _start(at: Scene) -> date:
    start: date = at.world.declarations["lodged_on"].min()  # type: ignore[assignment]
    return start
