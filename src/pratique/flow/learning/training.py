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

from pratique.flow.learning.calibration import Calibration, calibrate, leveled
from pratique.flow.learning.card import LIMITS, digest_of, metrics
from pratique.flow.learning.columns import Brought
from pratique.flow.learning.engines import DEFAULT, Engine, Learned, engine_called
from pratique.flow.learning.errors import refuse
from pratique.flow.learning.keys import KEYS
from pratique.flow.learning.labels import Labels, results_of
from pratique.flow.learning.look import look
from pratique.flow.learning.looks import Look, Matrix, Wanted, days_of
from pratique.flow.learning.model import Model
from pratique.flow.learning.profiles import ProfileStore
from pratique.flow.learning.rising import USUAL_WEEKS, WEEK_DAYS, shows, weeks_of
from pratique.flow.learning.stake import DECLARED, SHOWN, Stake, fit_stake
from pratique.flow.learning.watching import bins_of, chance_bins

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Told = Callable[[str], None]
FOLDS: Final = 4
LEAST: Final = 20  # finds, and controls without one
MOST_FEATURES: Final = 120
WATCHED_DAYS: Final = 90  # of the table that later weeks are compared with
MOST_WATCHED: Final = 100_000  # of the weeks that show how often a known way is usual, which are twice as many
EVIDENCE: Final = (
    ".labelled", ".found", ".recent_labelled", ".recent_found", ".p5", ".p50", ".p95", ".level", ".limit",
)  # fmt: skip
"""Endings of features that are evidence but not learned from: how often a key was controlled is habit, not risk."""
PARTIES: Final = frozenset({"importer", "exporter", "importer_address", "importer_phone", "importer_director"})
AGED: Final = frozenset({"importer", "exporter", "importer_exporter", "address", "phone", "director"})
CLOCKS: Final = frozenset(
    {f"{plan.name}.rows" for plan in KEYS if not PARTIES & set(plan.columns)}
    | {f"{plan.name}.age" for plan in KEYS if plan.name not in AGED}
)
"""Features that grow with the calendar for everybody: how often goods, ways and words were declared, and since when.

What trees learn from them is which month it was, and chances rise or fall with the months that follow.
"""


@dataclass(frozen=True)
class Lesson:
    """The rows that were controlled, by day: features, results, weights and duty recovered.

    ``everyday`` has the same features of declarations as they come, controlled or not.
    """

    names: tuple[str, ...]
    matrix: Matrix
    found: Floats
    weight: Floats
    amount: Floats
    everyday: Matrix

    def of(self, names: tuple[str, ...]) -> Lesson:
        """The same with these features alone."""
        wanted = [self.names.index(name) for name in names]
        return replace(self, names=names, matrix=self.matrix[:, wanted], everyday=self.everyday[:, wanted])

    def learned(self, engine: Engine, rows: Rows | slice = slice(None)) -> Learned:
        """What an engine learns from all rows or some."""
        return engine.chance(self.names, self.matrix[rows], self.found[rows], self.weight[rows], self.everyday)


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
    recent = days[late] > days[-1] - WATCHED_DAYS
    whole = _lesson(labels, seen, recent)
    lesson = whole.of(_useful(engine, whole))
    trees = lesson.learned(engine)
    told("calibration")
    unseen = _unseen_margins(engine, lesson)
    margins = np.full(len(days), np.nan)
    margins[late[recent]] = trees.margin(lesson.everyday)
    margins[labels.place] = unseen  # the trees are surer of what they learned from than of what comes
    late_margins = margins[late[recent]]
    by_lot = lesson.found[labels.at_random]
    calibration = leveled(calibrate(unseen, lesson.found, lesson.weight), late_margins, by_lot)
    told("stake")
    finds = lesson.found > 0
    stake = fit_stake(lesson.names, lesson.matrix[finds], lesson.amount[finds] if labels.with_amounts else None)
    told("card")
    ways = weeks_of(days[late], shows(seen.names, seen.matrix[len(labels.place) :]), until=as_of - 1)
    watch = {**_watch(lesson.names, lesson.everyday, calibration.chance(late_margins)), "ways": ways.words}
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


def _lesson(labels: Labels, seen: Look, recent: npt.NDArray[np.bool_]) -> Lesson:
    """The lesson of a look at rows that were controlled and, after them, the last ones, of which some are recent."""
    controlled, late = np.split(seen.matrix, [len(labels.place)])
    return Lesson(seen.names, controlled, labels.found, labels.weight, labels.amount, late[recent])


def _useful(engine: Engine, lesson: Lesson) -> tuple[str, ...]:
    """The features that a first set of trees made most of, in their order: the fewer, the quicker to tell."""
    varied = tuple(
        name
        for name, values in zip(lesson.names, lesson.matrix.T, strict=True)
        if not name.endswith(EVIDENCE) and name not in CLOCKS and len(np.unique(values[~np.isnan(values)])) > 1
    )
    gains = lesson.of(varied).learned(engine).gains()
    best = np.argsort(-gains, kind="stable")[:MOST_FEATURES]
    wanted = {varied[place] for place in best.tolist() if gains[place] > 0} | (set(varied) & {SHOWN, DECLARED})
    return tuple(name for name in varied if name in wanted)


def _unseen_margins(engine: Engine, lesson: Lesson) -> Floats:
    """The margin of each row by trees that never saw its stretch of time."""
    told = np.zeros(len(lesson.found))
    for part in np.array_split(np.arange(len(told)), FOLDS):
        rest = np.ones(len(told), dtype=np.bool_)
        rest[part] = False
        told[part] = lesson.learned(engine, np.flatnonzero(rest)).margin(lesson.matrix[part])
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
