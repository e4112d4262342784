"""Known ways that rise, week by week: signs where nothing drifts, and weeks until a wave of wrongdoing is seen.

What a way shows depends on what is declared alone, so that no loop has to be closed: every declaration is looked at
once, as it was known on its day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from bench.learning.worlds import Scene, data_of, scene
from pratique.flow.learning.look import look
from pratique.flow.learning.looks import NO_RESULTS, Wanted, days_of
from pratique.flow.learning.profiles import ProfileStore
from pratique.flow.learning.rising import WAYS, WEEK_DAYS, Weeks, rising, shows, weeks_of

FIRST_WEEK = 39  # of the year before it, what is new to everybody falls away
AWAY_WEEKS = 4  # without a sign, after which one of the same way is another
SHIFT = 0.66  # of the time, on which waves of the mixes begin
MOST_TOLD = 6


def ways(seeds: Sequence[int], rows: int, days: int, mixes: Sequence[str]) -> None:
    """Prints the signs of each world before the shift and after it; where nothing drifts, all are before it."""
    shift, count, years = int(days * SHIFT) // WEEK_DAYS, 0, 0.0
    for mix in mixes:
        for seed in seeds:
            found = _signs(_weeks(scene(seed, rows, days, mix)))
            end = days // WEEK_DAYS if mix == "calm" else shift
            quiet = [f"{way} in week {week}" for way, week in found if week < end]
            count, years = count + len(quiet), years + (end - FIRST_WEEK) / 52
            wave = [f"{way} in week {week - shift + 1}" for way, week in found if week >= end][:MOST_TOLD]
            told = [", ".join(each) or "no sign" for each in (quiet, wave)]
            print(f"  {mix}, seed {seed}: without a wave: {told[0]}; after it began: {told[1]}")
    print(f"  {count} signs in {years:.1f} years in which nothing drifted")


def _weeks(at: Scene) -> Weeks:
    declared = data_of(at.world.declarations).rows
    seen = look(declared, NO_RESULTS, ProfileStore(), told=Wanted(names=WAYS))
    start: date = declared["lodged_on"].min()  # type: ignore[assignment]
    whole = at.plan.days // WEEK_DAYS
    last = start + timedelta(days=whole * WEEK_DAYS - 1)
    return weeks_of(
        days_of(declared["lodged_on"]), shows(seen.names, seen.matrix), until=(last - date(1970, 1, 1)).days
    )


def _signs(weeks: Weeks) -> list[tuple[str, int]]:
    """The ways and the weeks in which a sign of each began, in order of time."""
    told, last = [], dict[str, int]()
    for week in range(FIRST_WEEK, len(weeks.declared)):
        for each in rising(_until(weeks, week + 1)):
            if week - last.get(each.way, -np.inf) > AWAY_WEEKS:
                told.append((each.way, week))
            last[each.way] = week
    return told


def _until(weeks: Weeks, end: int) -> Weeks:
    shown: Mapping[str, np.ndarray] = {way: counts[:end] for way, counts in weeks.shown.items()}
    return Weeks(weeks.declared[:end], dict(shown))
