"""Drift: how far inputs, scores, rules, the part drawn at random and the model's view have moved, noted once a day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from pratique.flow.selection.exploring import NIGHTS
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.canonical import canonical, digest
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.learning.drift import DriftMeasured, Periods, measured
from pratique.node.learning.exploring import RISEN, share_after
from pratique.node.settings import Settings
from pratique.node.storage import journal
from pratique.node.storage import rule_life as stored
from pratique.node.storage.rule_life import StoredDriftDay
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

LONGEST: Final = 1095
EARLIEST: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class DriftDay:
    """What was noted on a day: the index of the score, and how many things raised an alarm.

    ``explored_permille`` is the share of slots that explores from then on, beside the draw, while a model is in force.
    """

    day: date
    score_permille: int
    alarms: tuple[str, ...]
    explored_permille: int


@dataclass(frozen=True, slots=True)
class MeasureDrift(Query[DriftMeasured]):
    """The last ``days`` up to ``until`` (else today) against so many ``reference_days`` before (else the settings)."""

    until: date | None = None
    days: int | None = None
    reference_days: int | None = None


@dataclass(frozen=True, slots=True)
class ListDriftDays(Query[tuple[DriftDay, ...]]):
    """What was noted of the last days, at most ninety, oldest first."""


@dataclass(frozen=True, slots=True)
class NoteDrift(Command[DriftDay]):
    """Notes how far things have moved up to today; a second time on a day changes nothing."""

    entry: ClassVar[str] = "drift.noted"


def measure_drift(query: MeasureDrift, view: View) -> DriftMeasured:
    """Raises ``REJECTED`` for days that cannot be. What it gives names no person."""
    return measured(view.connection, view.folder, _periods(query, view.connection, view.at.date()), as_of=view.at)


def list_drift_days(query: ListDriftDays, view: View) -> tuple[DriftDay, ...]:
    """None where no night has passed yet."""
    return _shown(stored.drift_days(view.connection, NIGHTS), Settings.of(changed_settings(view.connection)))


def note_drift(command: NoteDrift, work: Work) -> Act[DriftDay]:
    """Raises ``CONFLICT`` where a later day was noted already: the clock went back."""
    day = work.at.date()
    with work.store.reading() as connection:
        known = _noted(connection, day)
        figures = known.figures if known else _figures(connection, work, day)

    def act(connection: Connection) -> Done[DriftDay]:
        there = _noted(connection, day)
        made = there is None
        noted = there or StoredDriftDay(day.isoformat(), journal.next_seq(connection), to_text(work.at), figures)
        if made:
            stored.add_drift_day(connection, noted)
        facts = {"day": noted.day, "rows": digest([asdict(noted)] if made else [])}
        shown = _shown(stored.drift_days(connection, NIGHTS), Settings.of(changed_settings(connection)))
        return Done(shown[-1], command=facts, outcome={"made": int(made)})

    return act


def _figures(connection: Connection, work: Work, day: date) -> str:
    work.say("drift")
    found = measured(connection, work.folder, _periods(MeasureDrift(), connection, day), as_of=work.at)
    risen = {} if found.model is None else {each.way: each.surplus_permille for each in found.model.risen}
    return canonical({"score_permille": found.score.index_permille, "alarms": list(found.alarms), RISEN: risen})


def _noted(connection: Connection, day: date) -> StoredDriftDay | None:
    """What was noted of the day already. Raises ``CONFLICT`` where there is a later one."""
    newest = stored.drift_days(connection, 1)
    if newest and newest[0].day > day.isoformat():
        raise refuse("rules.clock_back", Category.CONFLICT, day=day.isoformat(), last=newest[0].day)
    return newest[0] if newest and newest[0].day == day.isoformat() else None


def _periods(query: MeasureDrift, connection: Connection, today: date) -> Periods:
    settings = Settings.of(changed_settings(connection))
    days = settings.number("drift_days") if query.days is None else query.days
    before = settings.number("drift_reference_days") if query.reference_days is None else query.reference_days
    for given in (days, before):
        if not 1 <= given <= LONGEST:
            raise refuse("rules.days", days=given, most=LONGEST)
    until = query.until or today
    if until < EARLIEST:
        raise refuse("rules.until", day=until.isoformat(), earliest=EARLIEST.isoformat())
    since = until - timedelta(days=days - 1)
    return Periods(since - timedelta(days=before), since, until)


def _shown(nights: Sequence[StoredDriftDay], settings: Settings) -> tuple[DriftDay, ...]:
    told = []
    for count, noted in enumerate(nights, start=1):
        figures, share = json.loads(noted.figures), share_after(nights[:count], settings)
        told.append(DriftDay(date.fromisoformat(noted.day), figures["score_permille"], tuple(figures["alarms"]), share))
    return tuple(told)
