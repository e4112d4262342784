"""Training: past declarations and what controls found become a model with its card.

The features of a row are as of its day, so that a model is trained on what it will see. Its chances are calibrated, and
measured for the card, on rows that the trees had not seen: each stretch of time is told by trees of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pratique.flow.learning.calibration import Calibration, calibrate
from pratique.flow.learning.card import LIMITS, digest_of, metrics
from pratique.flow.learning.columns import Brought
from pratique.flow.learning.engines import DEFAULT, Engine, Learned, engine_called
from pratique.flow.learning.errors import refuse
from pratique.flow.learning.labels import Labels, results_of
from pratique.flow.learning.look import look
from pratique.flow.learning.looks import Look, Matrix, Wanted, days_of
from pratique.flow.learning.model import Model, ordered
from pratique.flow.learning.profiles import ProfileStore
from pratique.flow.learning.rising import USUAL_WEEKS, WEEK_DAYS, shows, weeks_of
from pratique.flow.learning.stake import DECLARED, SHOWN, Stake, fit_stake
from pratique.flow.learning.watching import bins_of, chance_bins

Floats = npt.NDArray[np.float64]
Told = Callable[[str], None]
FOLDS: Final = 4
MOST_HEARD: Final = 2.0
LEAST: Final = 20  # finds, and controls without one
MOST_FEATURES: Final = 120
WATCHED_DAYS: Final = 90  # of the table that later weeks are compared with
MOST_WATCHED: Final = 100_000  # of the weeks that show how often a known way is usual, which are twice as many
EVIDENCE: Final = (".labelled", ".found", ".recent_labelled", ".recent_found", ".p5", ".p50", ".p95", ".level")
"""Endings of features that are evidence but not learned from: how often a key was controlled is habit, not risk."""


@dataclass(frozen=True)
class Lesson:
    """The rows that were controlled, by day: features, results, weights and duty recovered."""

    names: tuple[str, ...]
    matrix: Matrix
    found: Floats
    weight: Floats
    amount: Floats

    @property
    def heard(self) -> Floats:
        """The weights that trees are grown with: few results must not speak for all, or the trees follow their luck."""
        return np.minimum(self.weight, MOST_HEARD)

    def of(self, names: tuple[str, ...]) -> Lesson:
        """The same with these features alone."""
        return replace(self, names=names, matrix=self.matrix[:, [self.names.index(name) for name in names]])


def train(data: Brought, labels: Labels, *, engine_name: str = DEFAULT, told: Told = lambda stage: None) -> Model:
    """The model that the declarations and the results of their controls give.

    Raises ``model.no_labels``, ``model.none_found`` or ``model.none_clean`` where there is too little to learn from.
    """
    _refuse_too_little(labels)
    told("features")
    days = days_of(data.rows["lodged_on"])
    as_of, late = int(days[-1]) + 1, _late(days)
    wanted = Wanted(np.concatenate([labels.place, late]))
    seen = look(data.rows, results_of(labels), ProfileStore(), keep_as_of=as_of, told=wanted)
    told("trees")
    engine = engine_called(engine_name)
    whole = _lesson(labels, Look(seen.names, seen.matrix[: len(labels.place)], None))
    lesson = whole.of(_useful(engine, whole))
    trees = engine.chance(lesson.names, lesson.matrix, lesson.found, lesson.heard)
    told("calibration")
    unseen = _unseen_margins(engine, lesson)
    calibration = calibrate(unseen, lesson.found, lesson.weight)
    told("stake")
    finds = lesson.found > 0
    stake = fit_stake(lesson.names, lesson.matrix[finds], lesson.amount[finds] if labels.with_amounts else None)
    told("card")
    later = seen.matrix[len(labels.place) :]
    ways = weeks_of(days[late], shows(seen.names, later), until=as_of - 1)
    recent = days[late] > days[-1] - WATCHED_DAYS
    late, late_rows = late[recent], ordered(Look(seen.names, later[recent], None), lesson.names)
    margins = np.full(len(days), np.nan)
    margins[late] = trees.margin(late_rows)
    margins[labels.place] = unseen  # the trees are surer of what they learned from than of what comes
    watch = {**_watch(lesson.names, late_rows, calibration.chance(margins[late])), "ways": ways.words}
    card = {**_card(data, labels, lesson, calibration.chance(unseen), stake), "watch": watch}
    model = _model(data, seen, lesson, trees=trees, calibration=calibration, stake=stake, card=card)
    return replace(model, engine=engine_name)


def _model(
    data: Brought,
    seen: Look,
    lesson: Lesson,
    *,
    trees: Learned,
    calibration: Calibration,
    stake: Stake,
    card: Mapping[str, Any],
) -> Model:
    columns = tuple(name for name in data.rows.columns if not data.rows[name].is_null().all())
    return Model(
        names=lesson.names,
        columns=columns,
        trees=trees,
        calibration=calibration,
        stake=stake,
        usual=_usual(lesson.matrix),
        start=float(trees.contributions(lesson.matrix[:1])[0, -1]),
        store=seen.store or ProfileStore(),
        card={**card, "columns": list(columns), "features": list(lesson.names)},
    )


def _refuse_too_little(labels: Labels) -> None:
    count, found = len(labels.rows), int(labels.found.sum())
    if not count:
        raise refuse("model.no_labels", unknown=labels.unknown)
    if found < LEAST:
        raise refuse("model.none_found", labelled=count, found=found, least=LEAST)
    if count - found < LEAST:
        raise refuse("model.none_clean", labelled=count, clean=count - found, least=LEAST)


def _lesson(labels: Labels, seen: Look) -> Lesson:
    return Lesson(seen.names, seen.matrix, labels.found, labels.weight, labels.amount)


def _useful(engine: Engine, lesson: Lesson) -> tuple[str, ...]:
    """The features that a first set of trees made most of, in their order: the fewer, the quicker to tell."""
    varied = tuple(
        name
        for name, values in zip(lesson.names, lesson.matrix.T, strict=True)
        if not name.endswith(EVIDENCE) and len(np.unique(values[~np.isnan(values)])) > 1
    )
    first = lesson.of(varied)
    gains = engine.chance(varied, first.matrix, first.found, first.heard).gains()
    best = np.argsort(-gains, kind="stable")[:MOST_FEATURES]
    wanted = {varied[place] for place in best.tolist() if gains[place] > 0} | (set(varied) & {SHOWN, DECLARED})
    return tuple(name for name in varied if name in wanted)


def _unseen_margins(engine: Engine, lesson: Lesson) -> Floats:
    """The margin of each row by trees that never saw its stretch of time."""
    told = np.zeros(len(lesson.found))
    for part in np.array_split(np.arange(len(told)), FOLDS):
        rest = np.ones(len(told), dtype=np.bool_)
        rest[part] = False
        trees = engine.chance(lesson.names, lesson.matrix[rest], lesson.found[rest], lesson.heard[rest])
        told[part] = trees.margin(lesson.matrix[part])
    return told


def _card(data: Brought, labels: Labels, lesson: Lesson, chance: Floats, stake: Stake) -> Mapping[str, Any]:
    random = labels.at_random
    return {
        "format": 1,
        "data": {
            "digest": digest_of(data.rows),
            "mapping": data.mapping.mapping_id,
            "rows": len(data.rows),
            "first_day": str(data.rows["lodged_on"].min()),
            "last_day": str(data.rows["lodged_on"].max()),
            "labelled": len(labels.rows),
            "found": int(labels.found.sum()),
            "at_random": int(random.sum()),
            "found_at_random": int(labels.found[random].sum()),
            "results_without_declaration": labels.unknown,
        },
        "missing": list(data.missing),
        "metrics": metrics(chance, lesson.found, lesson.amount),
        "stake": stake.words,
        "limits": list(LIMITS),
    }


def _late(days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The places of rows of the last weeks, whether controlled or not: at most so many, evenly apart."""
    first = int(np.searchsorted(days, days[-1] - WEEK_DAYS * USUAL_WEEKS, side="right"))
    step = -(-(len(days) - first) // MOST_WATCHED)
    return np.arange(first, len(days), step)


def _watch(names: tuple[str, ...], rows: Matrix, chance: Floats) -> Mapping[str, Any]:
    """Where inputs and chances of the last declarations lay: the bins that later weeks are compared with.

    Not those of what was controlled, which was chosen because its chance was high: all else would seem to have moved.
    """
    told = {name: bins_of(column) for name, column in zip(names, rows.T, strict=True)}
    return {"rows": len(rows), "inputs": told, "chance": chance_bins(chance)}


def _usual(matrix: Matrix) -> Matrix:
    return np.nanmedian(matrix, axis=0).astype(np.float32)
