"""An office in the closed loop that does as a node does: history carried on, nights with signs, slots by selection."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from bench.learning.worlds import Floats, data_of, labels_for
from pratique.flow.learning.labels import results_of
from pratique.flow.learning.look import look
from pratique.flow.learning.model import Model
from pratique.flow.learning.rising import WEEK_DAYS, Flags, Weeks, rising, weeks_of
from pratique.flow.learning.training import train
from pratique.flow.learning.watching import chance_drift, random_part
from pratique.flow.selection.exploring import NIGHTS, explored_permille
from pratique.flow.selection.select import Capacity, select
from pratique.flow.selection.value import Knobs, value_of
from pratique.node.settings import Settings
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.frames import frame
from pratique.vocabulary.reasons import LEARNED, SCORE, Control

SHIPPED: Final = Settings.of({})
NOW_DAYS: Final = SHIPPED.number("drift_days")
BEFORE_DAYS: Final = SHIPPED.number("drift_reference_days")
KNOBS: Final = Knobs(SHIPPED.number("value_money_permille"), SHIPPED.number("value_harm_minor"))
HIGH_LINE: Final = SHIPPED.number("high_line")
EPOCH: Final = date(1970, 1, 1)
MILLION: Final = 1_000_000
WHOLE: Final = 1000


@dataclass(frozen=True, slots=True)
class Shares:
    """In thousandths of the slots: what is drawn by lot, what goes to doubt as usual and after signs at most."""

    random: int
    usual: int
    most: int


EXPLOITING: Final = Shares(0, 0, 0)
AS_SHIPPED: Final = Shares(
    *(SHIPPED.number(name) for name in ("random_with_model_permille", "unsure_share_permille", "unsure_most_permille"))
)


@dataclass(frozen=True)
class Declared:
    """All that is ever declared, by day, and which known ways each declaration shows, as known on its day."""

    rows: pl.DataFrame
    days: npt.NDArray[np.int64]
    shown: dict[str, Flags]

    def between(self, since: date, until: date) -> slice:
        """Where the declarations of some days stand; ``until`` is not one of them."""
        first, last = np.searchsorted(self.days, [(each - EPOCH).days for each in (since, until)]).tolist()
        return slice(first, last)


@dataclass
class Office:
    """What became known to one way of choosing. ``model`` carries the history up to its ``as_of``."""

    name: str
    shares: Shares
    declared: Declared
    labels: pl.DataFrame
    model: Model | None = None
    trained_on: date = EPOCH
    given: list[tuple[date, Floats]] = field(default_factory=list)  # chances by the present model, week by week
    nights: list[tuple[date, tuple[str, ...]]] = field(default_factory=list)  # with the names of their signs
    risen: dict[str, int] = field(default_factory=dict)  # after the last night: thousandths beyond the usual
    explored: list[int] = field(default_factory=list)

    def learn(self, today: date) -> None:
        """Trains on what is known; with too few finds the last good model stays."""
        past = data_of(self.declared.rows[self.declared.between(EPOCH, today)])
        try:
            self.model = train(past, labels_for(self.labels.filter(pl.col("known_on") < today), past))
        except PratiqueError as fault:
            print(f"    {self.name}, {today}: {fault.happened}")
        else:
            self.trained_on, self.given = today, []  # chances of another model say nothing of how the world has moved

    def pass_nights(self, today: date) -> None:
        """Notes the signs of the nights of the last week."""
        if self.model is None:
            return
        moved = self._moved(self.model, today)
        for night in (today - timedelta(days=back) for back in range(WEEK_DAYS, 0, -1)):
            self.risen = self._risen(self.model, night)
            self.nights.append((night, (*moved, *(f"way {way}" for way in self.risen))))

    def carry_on(self, today: date) -> None:
        """Each declaration counts on its day, each control on the day its result was known."""
        if self.model is None:
            return
        model = self.model
        since = EPOCH + timedelta(days=model.store.as_of)
        known = self.labels.filter(pl.col("known_on").is_between(since, today, closed="left"))
        earlier = self.declared.rows[self.declared.between(EPOCH, since)].join(known, on="consignment", how="semi")
        # there for their results alone: a history counts none of a day before its own
        carriers = earlier.with_columns(lodged_on=pl.lit(since - timedelta(days=1)))
        data = data_of(pl.concat([carriers, self.declared.rows[self.declared.between(since, today)]]))
        results = results_of(labels_for(known, data))
        seen = look(data.rows.select(model.columns), results, model.store, keep_as_of=(today - EPOCH).days)
        assert seen.store is not None  # it was asked for
        self.model = replace(model, store=seen.store)

    def decided(self, new: pl.DataFrame, slots: int, seed: int) -> pl.DataFrame:
        """``consignment``, ``basis``, ``probability``, ``worth`` and ``chance`` of each, in their order."""
        assert self.model is not None
        data = data_of(new)
        scored = self.model.score(data)
        where = self.declared.between(new["lodged_on"][0], new["lodged_on"][-1] + timedelta(days=1))
        learned = _learned(scored, self._beyond(where))
        scores = _unspoken(new.height)
        value = value_of(learned, scores, KNOBS)
        self.given.append((new["lodged_on"][0], scored["chance"].to_numpy()))
        signs = [bool(each) for _, each in self.nights[-NIGHTS:]]
        self.explored.append(explored_permille(signs, usual=self.shares.usual, most=self.shares.most))
        capacity = Capacity(
            0, 0, slots, random_with_model_permille=self.shares.random, unsure_share_permille=self.explored[-1]
        )
        told = select(
            scores, eligible=pl.repeat(value=True, n=new.height, eager=True), capacity=capacity, high_line=HIGH_LINE,
            seed=seed, value=value,
        ).sort("consignment")  # fmt: skip
        assert value is not None
        return told.select("basis", probability="probability_documents").with_columns(
            new["consignment"], value["worth"], scored["chance"]
        )

    def _beyond(self, where: slice) -> npt.NDArray[np.int64]:
        """In millionths, the greatest share beyond the usual of the rising ways that each declaration shows."""
        told = np.zeros(where.stop - where.start, dtype=np.int64)
        for way, permille in self.risen.items():
            told = np.maximum(told, self.declared.shown[way][where] * permille * (MILLION // WHOLE))
        return told

    def _moved(self, model: Model, today: date) -> tuple[str, ...]:
        since = today - timedelta(days=NOW_DAYS)
        late = [chances for day, chances in self.given if day >= since]
        told = ["model chance"] if late and chance_drift(model.card, np.concatenate(late)).alarming else []
        known = self.labels.filter(pl.col("drawn_at_random") & (pl.col("known_on") < today))
        reference = pl.col("controlled_on").is_between(since - timedelta(days=BEFORE_DAYS), since, closed="left")
        before, now = random_part(known.filter(reference)), random_part(known.filter(pl.col("controlled_on") >= since))
        apart = before.controlled and now.controlled and (now.low > before.high or now.high < before.low)
        return tuple(told + (["random"] if apart else []))

    def _risen(self, model: Model, night: date) -> dict[str, int]:
        where = self.declared.between(self.trained_on, night + timedelta(days=1))
        shown = {way: flags[where] for way, flags in self.declared.shown.items()}
        later = weeks_of(self.declared.days[where], shown, until=(night - EPOCH).days)
        return {each.way: round(each.surplus * WHOLE) for each in rising(Weeks.of_card(model.card).then(later))}


def _learned(scored: pl.DataFrame, beyond: npt.NDArray[np.int64]) -> pl.DataFrame:
    ppm = {name: (scored[name] * MILLION).round().cast(pl.Int64) for name in ("chance", "low", "high")}
    return frame(
        LEARNED,
        {
            "consignment": range(scored.height), "chance_ppm": ppm["chance"], "low_ppm": ppm["low"],
            "high_ppm": pl.Series(np.maximum(ppm["high"].to_numpy(), beyond)), "stake_minor": scored["stake_minor"],
            "expected_minor": scored["expected_value_minor"], "points": [0] * scored.height,
            "would_change": pl.repeat(None, scored.height, dtype=pl.String, eager=True),
        },
    )  # fmt: skip


def _unspoken(rows: int) -> pl.DataFrame:
    """Scores of consignments of which no rule says anything."""
    points = {name: [0] * rows for name in SCORE if name == "score" or name.startswith("points_")}
    return frame(
        SCORE,
        {
            "consignment": range(rows),
            "mandatory": [False] * rows,
            "control": [Control.NONE.value] * rows,
            **points,
        },
    )
