"""How far inputs, scores, rules, the part drawn at random and the model's view have moved between two periods."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from pratique.flow.controls.effectiveness import WHOLE, Rate, rate
from pratique.flow.learning.watching import Drift, moved
from pratique.flow.selection.exploring import RISEN
from pratique.node.folder import NodeFolder
from pratique.node.lake import known_frame
from pratique.node.learning.speakers import IN_FORCE
from pratique.node.learning.watch import ModelDrift, Risen, Watched, model_drift
from pratique.node.profiles.rule_history import RuleHistory, history_of
from pratique.node.runs.manifest import CONSIGNMENT_ID, manifest_of
from pratique.node.runs.past import past_declarations, runs_between
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection

SCORE: Final = "score"
RANDOM: Final = "random"
WORDS: Final = (
    "office", "origin", "dispatch", "loading", "container_operator", "package_type", "procedure", "regime",
)  # fmt: skip
NUMBERS: Final = ("gross_mass_g", "net_mass_g", "packages", "value_minor", "freight_minor")


@dataclass(frozen=True, slots=True)
class Moved:
    """How far one thing has moved: the stability index and what chance alone would give, in thousandths.

    ``alarm``: a quarter and more, and more than chance alone gives to so many rows.
    """

    name: str
    index_permille: int
    by_chance_permille: int
    before: int
    now: int
    alarm: bool


@dataclass(frozen=True, slots=True)
class RuleMoved:
    """On how many of a thousand consignments a rule fired, before and now; ``alarm``: the intervals do not touch."""

    name: str
    before: Rate
    now: Rate
    alarm: bool


@dataclass(frozen=True, slots=True)
class WayPlace:
    """Of the declarations that show a way ``seen`` have this ``value`` (``what``: heading, origin or through)."""

    what: str
    value: str
    seen: int


@dataclass(frozen=True, slots=True)
class WayRisen:
    """A known way that ``seen`` declarations of the last ``weeks`` show, where ``usual_tenths`` / 10 are usual.

    ``surplus_permille`` of them are beyond the usual; ``places`` tell where most of them lie.
    """

    way: str
    weeks: int
    seen: int
    usual_tenths: int
    surplus_permille: int
    places: tuple[WayPlace, ...]


@dataclass(frozen=True, slots=True)
class ModelMoved:
    """The model at work (``state`` in_force or shadow): what has moved since its training, farthest first.

    ``risen`` are the known ways that many more declarations show than usual. ``fault`` is the code of why it could not
    be asked.
    """

    digest: str
    state: str
    rows: int
    moved: tuple[Moved, ...]
    risen: tuple[WayRisen, ...]
    fault: str | None


@dataclass(frozen=True, slots=True)
class DriftMeasured:
    """``now`` consignments from ``since`` until ``until``, against ``before`` from ``reference`` on; days in UTC.

    ``score_comparable``: the same rules and model gave all scores; where not, that they have moved is no alarm.
    ``random_before`` and ``random_now`` are the shares of finds among what was drawn at random and assessed then: the
    only ones that speak of what nobody chose.
    """

    reference: date
    since: date
    until: date
    before: int
    now: int
    score: Moved
    score_comparable: bool
    inputs: tuple[Moved, ...]
    rules: tuple[RuleMoved, ...]
    random_before: Rate
    random_now: Rate
    random_alarm: bool
    model: ModelMoved | None

    @property
    def alarms(self) -> tuple[str, ...]:
        """The names of what somebody should look at."""
        told = [each.name for each in (self.score, *self.inputs) if each.alarm]
        told += [each.name for each in self.rules if each.alarm]
        told += [RANDOM] if self.random_alarm else []
        if self.model is not None:
            told += [f"{RISEN}{each.way}" for each in self.model.risen]
            told += [f"model {each.name}" for each in self.model.moved if each.alarm]
        return tuple(told)


@dataclass(frozen=True, slots=True)
class Periods:
    """The days compared, both ends included: ``since`` to ``until`` against ``reference`` to the day before."""

    reference: date
    since: date
    until: date


def measured(connection: Connection, folder: NodeFolder, periods: Periods, *, as_of: datetime) -> DriftMeasured:
    """The measure, with the results of controls that were known at ``as_of``."""
    then = _taken(connection, folder, periods.reference, periods.since - timedelta(days=1), as_of)
    now = _taken(connection, folder, periods.since, periods.until, as_of)
    rules = _rules(then.history, now.history)
    random = _random(then.history), _random(now.history)
    model = model_drift(connection, folder, Watched(periods.since, periods.until, now.period))
    score = _shown(moved(SCORE, then.scores, now.scores))
    alike = len({_judge(run) for run in (*then.period, *now.period)}) <= 1
    return DriftMeasured(
        reference=periods.reference,
        since=periods.since,
        until=periods.until,
        before=len(then.history.consignments),
        now=len(now.history.consignments),
        score=replace(score, alarm=score.alarm and alike),
        score_comparable=alike,
        inputs=_inputs(then.declared, now.declared),
        rules=rules,
        random_before=random[0],
        random_now=random[1],
        random_alarm=_apart(*random),
        model=None if model is None else _model(model),
    )


def _judge(run: StoredRun) -> str:
    """Which rules, in which versions, and which model in force gave the scores of a run."""
    manifest = manifest_of(run)
    rules = {name: facts["version"] for name, facts in manifest["profiles"].items()}
    return json.dumps([sorted(rules.items()), manifest.get(IN_FORCE, {}).get("digest")])


@dataclass(frozen=True, slots=True)
class _Taken:
    period: Sequence[StoredRun]
    history: RuleHistory
    declared: pl.DataFrame
    scores: pl.Series


def _taken(connection: Connection, folder: NodeFolder, since: date, until: date, as_of: datetime) -> _Taken:
    period = runs_between(connection, since, until)
    scores = pl.concat([pl.DataFrame(schema=_SCORED), *(_scores(folder, run) for run in period)])
    last = scores.unique("consignment", keep="last", maintain_order=True)
    return _Taken(
        period, history_of(connection, folder, period, as_of=as_of), past_declarations(folder, period), last["score"]
    )


_SCORED: Final = {"consignment": pl.String, "score": pl.Int64}


def _scores(folder: NodeFolder, run: StoredRun) -> pl.DataFrame:
    frames = manifest_of(run)["frames"]
    ids = known_frame(folder, frames["consignments"]).select("consignment", id=CONSIGNMENT_ID)
    scores = known_frame(folder, frames["scores"]).select("consignment", "score")
    return scores.join(ids, on="consignment").select(pl.col("id").alias("consignment"), "score")


def _inputs(then: pl.DataFrame, now: pl.DataFrame) -> tuple[Moved, ...]:
    """What is declared, farthest first; of goods the chapter."""
    chapter = pl.col("hs6").str.head(2).alias("chapter")
    parts = [each.select(*WORDS, chapter, *NUMBERS) for each in (then, now)]
    found = [_shown(moved(name, parts[0][name], parts[1][name])) for name in parts[0].columns]
    return tuple(sorted(found, key=lambda each: (-each.alarm, -each.index_permille, each.name)))


def _rules(then: RuleHistory, now: RuleHistory) -> tuple[RuleMoved, ...]:
    """Every rule that fired in either period, those that raise an alarm first."""
    counts = [_fires(each) for each in (then, now)]
    of = [len(each.consignments) for each in (then, now)]
    told = []
    for name in sorted(counts[0].keys() | counts[1].keys()):
        before, after = (rate(name, all_of, fires.get(name, 0)) for all_of, fires in zip(of, counts, strict=True))
        told.append(RuleMoved(name, before, after, _apart(before, after)))
    return tuple(sorted(told, key=lambda each: not each.alarm))


def _fires(history: RuleHistory) -> Mapping[str, int]:
    counted = history.fired.unique(["consignment", "profile"]).group_by("profile").len()
    return dict(counted.iter_rows())


def _random(history: RuleHistory) -> Rate:
    drawn = history.results.filter(
        pl.col("drawn_at_random") & pl.col("consignment").is_in(history.consignments.implode())
    ).unique("consignment")
    return rate(RANDOM, drawn.height, int(drawn["found"].sum()))


def _apart(before: Rate, now: Rate) -> bool:
    """Neither interval touches the other; where either is empty nothing can be said."""
    ends = (before.low_permille, before.high_permille, now.low_permille, now.high_permille)
    low, high, low_now, high_now = ends
    if low is None or high is None or low_now is None or high_now is None:
        return False
    return low_now > high or high_now < low


def _model(told: ModelDrift) -> ModelMoved:
    moves, risen = tuple(_shown(each) for each in told.moved), tuple(_way(each) for each in told.risen)
    return ModelMoved(told.digest, told.state, told.rows, moves, risen, told.fault)


def _way(told: Risen) -> WayRisen:
    places = tuple(WayPlace(each.what, each.value, each.seen) for each in told.places)
    found = told.what
    tenths, surplus = round(found.usual * 10), round(found.surplus * WHOLE)
    return WayRisen(found.way, found.weeks, found.seen, tenths, surplus, places)


def _shown(told: Drift) -> Moved:
    index, chance = (round(value * WHOLE) for value in (told.index, told.by_chance))
    return Moved(told.name, index, chance, told.before, told.now, told.alarming)
