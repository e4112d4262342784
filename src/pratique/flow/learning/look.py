"""Declarations become features: what each row says, how its figures stand among peers, what is known of its keys.

A row reads declarations of earlier days and results known before its day, never its own day: neither in training nor in
service. Features of columns that the table lacks are left out. ``look`` can hand back the store with the rows in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning import habits, network, peers, relief, sums
from pratique.flow.learning.figures import DUTY, MEASURES, Measures, said_by_rows
from pratique.flow.learning.fits import fits
from pratique.flow.learning.keys import KEYS, KeyPlan, Keys, key_numbers, usable
from pratique.flow.learning.looks import EVERYTHING, Look, Results, Wanted, days_of, part_of, side_by_side
from pratique.flow.learning.losses import losses
from pratique.flow.learning.parts import Parts, column_or_none
from pratique.flow.learning.profiles import (
    RECENT_DAYS,
    RESULTS,
    SHARED,
    WATCHED,
    ProfileStore,
)
from pratique.flow.learning.sums import Asked
from pratique.flow.learning.trade import beside_own_trade
from pratique.flow.learning.typologies import typologies

Ints = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]
PRIOR: Final = 10.0  # a rate of few results leans on that of the wider key, as if ten more had come out like it
USUAL_RATE: Final = 0.05  # and the widest on this
RECENT_PRIOR: Final = 5.0
HABIT_OF: Final = {"unit_value": "price", "package_mass": "package"}  # measures whose distance from peers is a habit
_OF_RESULTS: Final = (*(f".{part}{name}" for part in ("", "recent_") for name in (*RESULTS, "rate")),)
_PLANS: Final = {plan.name: plan for plan in KEYS}


def look(
    rows: pl.DataFrame,
    results: Results,
    store: ProfileStore,
    *,
    keep_as_of: int | None = None,
    told: Wanted = EVERYTHING,
) -> Look:
    """The features of ``rows`` (columns of ``DECLARATION``, by day), given the store and results among the rows.

    ``keep_as_of``: a day; the store as of it, with these rows in it, is handed back.
    """
    days = days_of(rows["lodged_on"])
    early = int(np.searchsorted(days, store.as_of))
    if early:  # rows that the store already holds: they read their own table alone
        return part_of(_joined(rows, results, store, early, keep_as_of), told)
    return _looked(rows, results, store, keep_as_of, told)


def _joined(rows: pl.DataFrame, results: Results, store: ProfileStore, early: int, keep_as_of: int | None) -> Look:
    before = _looked(rows[:early], results.of(results.row < early), ProfileStore(), None)
    whole = _looked(rows, results.of(results.known >= store.as_of), store, keep_as_of)
    matrix = whole.matrix.copy()
    matrix[:early] = np.column_stack([before.column(name) for name in whole.names])
    return Look(whole.names, matrix, whole.store)


def _looked(
    rows: pl.DataFrame, results: Results, store: ProfileStore, keep_as_of: int | None, told: Wanted = EVERYTHING
) -> Look:
    work = _Work(rows, results, store, keep_as_of)
    work.figures()
    work.histories(_rated(told, keep_as_of))
    if {"importer_address", "importer_phone", "importer_director"} & set(rows.columns):
        work.network()
    for made in (fits, beside_own_trade, typologies, losses):
        for name, values in made(work.features).items():
            work.put(name, values)
    return work.done(told)


class _Work:
    """One look: columns of features as they are made, and the parts of the store that is handed back."""

    def __init__(self, rows: pl.DataFrame, results: Results, store: ProfileStore, keep_as_of: int | None) -> None:
        self.rows, self.results, self.store, self.keep = rows, results, store, keep_as_of
        self.parts = Parts(rows)
        self.days = days_of(rows["lodged_on"])
        self.fresh = self.days >= store.as_of  # the others are in the store
        self.spread = len(rows) > 0 and int(self.days[-1]) > int(
            self.days[0]
        )  # rows of one day know nothing of each other
        self.features: dict[str, npt.NDArray[np.float32]] = {}
        self.kept = ProfileStore(keep_as_of or 0, {}, {}, {}, store.links)
        self.new: dict[str, Ints] = {}
        self.habits = dict(habits.figures_of_rows(rows))
        self.rates: dict[str, npt.NDArray[np.float64]] = {}

    def put(self, name: str, values: npt.ArrayLike) -> None:
        """One feature."""
        self.features[name] = np.asarray(values, dtype=np.float32)

    def figures(self) -> None:
        """What the row says, and how its figures stand among those of its like."""
        for name, values in said_by_rows(self.rows, self.parts).items():
            self.put(name, values)
        measures = Measures(self.rows, self.parts)
        for measure in MEASURES:
            fine = measures.figure(measure)
            if fine is None:
                continue
            groups = measures.groups(measure)
            self._standing(measure.name, fine, self._peers(measure.name, fine, groups))
        self._relief()

    def _peers(self, name: str, fine: npt.NDArray[np.float64], groups: Sequence[Keys]) -> peers.Standing:
        """How the peers of each row stand; what the rows add is kept."""
        steps = np.where(self.fresh, peers.whole_steps(fine), -1)
        blocks = peers.blocks_of(self.days)
        known = self.store.figures_of(name)
        whole = peers.counted(groups, steps, blocks, known) if self.spread or self.keep is not None else known
        if self.keep is not None:
            self._figures_kept()[name] = peers.since(whole, self.keep // peers.BLOCK_DAYS)
        return peers.standing(whole, groups, blocks)

    def _relief(self) -> None:
        """Which rows were relieved of duty, and how close they lie below the value up to which that is so."""
        height = len(self.rows)
        lots = relief.relieved(self.features, column_or_none(self.rows, "duty_minor"))
        self.put("said.relieved", np.broadcast_to(lots, height))
        value = column_or_none(self.rows, "value_minor")
        if value is None:
            return
        everybody = [np.ones(height, dtype=np.uint64)]
        told = self._peers(relief.RELIEF, relief.values_relieved(self.features, value), everybody)
        for name, values in relief.below_limit(self.features, value, told).items():
            self.put(name, values)

    def _figures_kept(self) -> dict[str, peers.Histogram]:
        return self.kept.figures  # type: ignore[return-value]

    def _standing(self, name: str, fine: npt.NDArray[np.float64], told: peers.Standing) -> None:
        away = fine - told.quantiles[2]
        if name in DUTY:
            self.put(f"{name}.above", told.quantiles[4] - fine)
            self.put(f"{name}.usual", told.quantiles[2] - fine)
            return
        self.put(f"{name}.away", away / peers.STEPS)
        self.put(f"{name}.strange", away / told.spread)
        self.put(f"{name}.under", (fine - told.quantiles[0]) / peers.STEPS)
        self.put(f"{name}.over", (fine - told.quantiles[4]) / peers.STEPS)
        self.put(f"{name}.peers", told.peers)
        self.put(f"{name}.level", told.level)
        self.put(f"{name}.p5", told.quantiles[0])
        self.put(f"{name}.p50", told.quantiles[2])
        self.put(f"{name}.p95", told.quantiles[4])
        if name in HABIT_OF:
            self.habits[HABIT_OF[name]] = habits.figure_of_peers(away)

    def histories(self, rated: frozenset[str]) -> None:
        """What is known of every key: how much was declared, since when, and of those ``rated`` what controls found."""
        plans = usable(list(self.parts.columns))
        for plan in plans:
            asked = Asked(key_numbers(plan, self.parts, len(self.rows)), self.days)
            self._declared(plan, asked)
            if plan.name in rated:
                self._results(plan, asked)
        for plan in plans:
            if plan.name in rated:
                self._rate(plan)

    def _declared(self, plan: KeyPlan, asked: Asked) -> None:
        keys = asked.keys
        adds: dict[str, Ints] = {"rows": np.ones(len(keys), dtype=np.int64)}
        if plan.name in SHARED:
            adds["new"] = self.new.pop(plan.name, np.zeros(len(keys), dtype=np.int64))
        adds |= habits.adds(plan.name, self.habits, len(keys))
        if plan.recent:
            adds["value"] = self._values()
        known = self.store.declared_under(plan.name)
        own = sums.Own(adds, self.fresh) if self.spread else None
        told = sums.read(known, asked, own=own)
        unknown = keys == 0
        if plan.name != "all":
            self.put(f"{plan.name}.rows", np.where(unknown, np.nan, told.sums["rows"]))
        if plan.of is None and plan.name not in ("all", "series", "repeat"):
            self.put(f"{plan.name}.age", np.where(told.sums["rows"] > 0, self.days - told.first, np.nan))
        if plan.of:
            self.new[plan.of] = _first_meetings(np.where(self.fresh, keys, 0), told.sums["rows"])
        if plan.name in SHARED:
            self.put(f"{plan.name}.met", np.where(unknown, np.nan, told.sums["new"]))
        for name, values in habits.shifts(plan.name, self.habits, told.sums):
            self.put(name, values)
        if plan.recent:
            self._today(asked, adds["value"])
            earlier = sums.read(known, asked, back=plan.recent, own=own)
            self.put("series.recent", told.sums["rows"] - earlier.sums["rows"])
            self.put("series.recent_value", np.log1p(told.sums["value"] - earlier.sums["value"]))
        if self.keep is not None:
            known = sums.merged(known, sums.events(asked, adds, self.fresh))
            self.kept.declared[plan.name] = sums.before(known, self.keep, recent=plan.recent)  # type: ignore[index]

    def _today(self, asked: Asked, value: Ints) -> None:
        """How much of the same trade is declared on the very day: parts of one purchase come together."""
        place, order = asked.places[0], asked.order
        first = np.ones(len(place), dtype=np.bool_)
        first[1:] = place[1:] != place[:-1]
        where = np.cumsum(first) - 1

        def added(values: npt.ArrayLike | None) -> npt.NDArray[np.float64]:
            told = np.empty(len(place))
            told[order] = np.bincount(where, None if values is None else np.asarray(values)[order])[where]
            return told

        for name, values in (
            ("series.today_relieved", self.features["said.relieved"]), ("series.today", None),
            ("series.today_near", self.features.get("relief.near", np.zeros(len(place), dtype=np.float32))),
        ):  # fmt: skip
            self.put(name, np.where(asked.keys == 0, np.nan, added(values)))
        self.put("series.today_value", np.log1p(added(value)))

    def _values(self) -> Ints:
        if "value_minor" not in self.rows.columns:
            return np.zeros(len(self.rows), dtype=np.int64)
        return self.rows["value_minor"].fill_null(0).clip(0, 10**12).to_numpy()

    def _results(self, plan: KeyPlan, asked: Asked) -> None:
        keys = asked.keys
        known = self.store.results_under(plan.name)
        got = self.results
        if len(got.row):
            adds = dict(zip(RESULTS, (np.ones_like(got.found), got.found), strict=True))
            known = sums.merged(known, sums.events(Asked(keys[got.row], got.known), adds))
        told = sums.read(known, asked)
        for name in RESULTS:
            self.put(f"{plan.name}.{name}", np.where(keys == 0, np.nan, told.sums[name]))
        if plan.name in WATCHED:
            earlier = sums.read(known, asked, back=RECENT_DAYS)
            labelled, found = (told.sums[name] - earlier.sums[name] for name in RESULTS)
            self.put(f"{plan.name}.recent_labelled", labelled)
            self.put(f"{plan.name}.recent_found", found)
        if self.keep is not None:
            recent = RECENT_DAYS if plan.name in WATCHED else 0
            self.kept.results[plan.name] = sums.before(known, self.keep, recent=recent)  # type: ignore[index]

    def _rate(self, plan: KeyPlan) -> None:
        """The rate of finds, leaning on that of the wider key where there are few results."""
        self.put(f"{plan.name}.rate", self._rate_of(plan.name))
        if plan.name in WATCHED:
            labelled, found = (self.features[f"{plan.name}.recent_{name}"].astype(float) for name in RESULTS)
            usual = self.features[f"{plan.name}.rate"].astype(float)
            self.put(f"{plan.name}.recent_rate", (found + RECENT_PRIOR * usual) / (labelled + RECENT_PRIOR))

    def _rate_of(self, name: str) -> npt.NDArray[np.float64]:
        if name not in self.rates:
            self.rates[name] = self._rate_made(name)
        return self.rates[name]

    def _rate_made(self, name: str) -> npt.NDArray[np.float64]:
        labelled, found = (np.nan_to_num(self.features[f"{name}.{each}"].astype(float)) for each in RESULTS)
        wider = _PLANS[name].back_off or "all"
        wider = wider if f"{wider}.labelled" in self.features else "all"
        lean: npt.NDArray[np.float64] | float = USUAL_RATE if name == "all" else self._rate_of(wider)
        rate: npt.NDArray[np.float64] = (found + PRIOR * lean) / (labelled + PRIOR)
        return rate

    def network(self) -> None:
        """The component of each importer: its size, and what was found of its members."""
        named = [
            name for name in ("importer_director", "importer_phone", "importer_address") if name in self.rows.columns
        ]
        # a number of its own for each kind of thing shared
        salt = {name: np.uint64(place + 1) for place, name in enumerate(named)}
        shared = [np.where(self.parts(name) == 0, np.uint64(0), self.parts(name) ^ salt[name]) for name in named]
        importer = self.parts("importer")
        links = self.store.links
        if self.spread or self.keep is not None:
            links = network.with_rows(links, np.where(self.fresh, importer, 0), shared, self.days)
        size, labelled, found = (np.full(len(self.rows), np.nan) for _ in range(3))
        known = self._importers_known()
        blocks = peers.blocks_of(self.days)
        for block in np.unique(blocks).tolist():
            rows = np.flatnonzero(blocks == block)
            start = block * peers.BLOCK_DAYS
            parts = links.components(start)
            where = parts.find(importer[rows], [keys[rows] for keys in shared])
            there = where >= 0
            members = key_numbers(_PLANS["importer"], _always(parts.importers), len(parts.importers))
            told = sums.read(known, Asked(members, np.full(len(members), start))).sums
            for values, summed in (
                (size, parts.size), (labelled, parts.added(told["labelled"])), (found, parts.added(told["found"])),
            ):  # fmt: skip
                values[rows[there]] = summed[where[there]]
        for name, values in (("size", size), ("labelled", labelled), ("found", found)):
            self.put(f"network.{name}", values)
        self.put("network.rate", (found + PRIOR * USUAL_RATE) / (labelled + PRIOR))
        if self.keep is not None:
            self.kept = ProfileStore(self.keep, self.kept.declared, self.kept.results, self.kept.figures, links)

    def _importers_known(self) -> sums.Sums:
        """Results of controls by importer, those among the rows with them."""
        got = self.results
        keys = key_numbers(_PLANS["importer"], self.parts, len(self.rows))
        adds = dict(zip(RESULTS, (np.ones_like(got.found), got.found), strict=True))
        return sums.merged(self.store.results_under("importer"), sums.events(Asked(keys[got.row], got.known), adds))

    def done(self, told: Wanted) -> Look:
        """The features that are wanted side by side, of the rows that are; NaN where there is none of a name."""
        names = tuple(self.features) if told.names is None else told.names
        unknown = np.full(len(self.rows), np.nan, dtype=np.float32)
        columns = [self.features.get(name, unknown) for name in names]
        if told.rows is not None:
            columns = [column[told.rows] for column in columns]
        height = len(self.rows) if told.rows is None else len(told.rows)
        return Look(names, side_by_side(columns, height), self._store())

    def _store(self) -> ProfileStore | None:
        return self.kept if self.keep is not None else None


def _rated(told: Wanted, keep_as_of: int | None) -> frozenset[str]:
    """The keys of which results are read: those that wanted features tell of and their wider keys, else all."""
    rated = frozenset(plan.name for plan in KEYS if plan.rated)
    if told.names is None or keep_as_of is not None:
        return rated
    asked = {name.rpartition(".")[0] for name in told.names if name.endswith(_OF_RESULTS)} & rated
    wider = {"all", *asked}
    while asked := {_PLANS[name].back_off or "all" for name in asked} - wider:
        wider |= asked
    return rated & wider


def _first_meetings(keys: Keys, before: Ints) -> Ints:
    """1 for the first row of each key that was never declared before its day, else 0."""
    fresh = np.flatnonzero((keys != 0) & (before == 0))
    told = np.zeros(len(keys), dtype=np.int64)
    told[fresh[np.unique(keys[fresh], return_index=True)[1]]] = 1
    return told


def _always(keys: Keys) -> Callable[[str], Keys]:
    return lambda column: keys
