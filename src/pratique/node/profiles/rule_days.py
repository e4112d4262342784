"""What was noted of rules, as people see it: each scorecard with the grounds that nobody answered yet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from pratique.flow.controls.rule_life import Ground, Proposed
from pratique.flow.controls.scorecard import Scorecard
from pratique.node.instants import from_text
from pratique.node.profiles.rule_figures import card_of, grounds_of
from pratique.node.settings import Settings
from pratique.node.storage import profiles
from pratique.node.storage import rule_life as stored
from pratique.node.storage.rule_life import StoredReview, StoredScorecard
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection

Answered: TypeAlias = Mapping[Ground, date]


@dataclass(frozen=True, slots=True)
class RuleOnDay:
    """How a version in force did up to a day (UTC).

    ``open_grounds`` are those of ``grounds`` in spite of which nobody said lately that the rule stays.
    """

    day: date
    profile_id: str
    version: int
    card: Scorecard
    grounds: tuple[Proposed, ...]
    open_grounds: tuple[Proposed, ...]


def newest_rules(connection: Connection) -> tuple[RuleOnDay, ...]:
    """The newest scorecard of every version in force, by profile; none where no night has passed yet."""
    day = stored.newest_day(connection)
    rows = stored.scorecards_on(connection, day) if day else []
    active = {(each.id, each.version) for each in profiles.active_profiles(connection)}
    return as_shown(connection, [row for row in rows if (row.profile_id, row.version) in active])


def as_shown(connection: Connection, rows: Sequence[StoredScorecard]) -> tuple[RuleOnDay, ...]:
    """The scorecards in their order, with what was answered since."""
    days = Settings.of(changed_settings(connection)).number("rule_review_days")
    answered = _answered(stored.reviews(connection))
    return tuple(_shown(row, answered.get((row.profile_id, row.version), {}), days) for row in rows)


def _answered(reviews: Sequence[StoredReview]) -> dict[tuple[str, int], dict[Ground, date]]:
    """On which day each ground against a version was last answered."""
    found: dict[tuple[str, int], dict[Ground, date]] = {}
    for each in reviews:
        on = from_text(each.at).date()
        codes = {Ground(code): on for code in json.loads(each.grounds)}
        found.setdefault((each.profile_id, each.version), {}).update(codes)
    return found


def _shown(row: StoredScorecard, answered: Answered, days: int) -> RuleOnDay:
    """What was answered stays so until the rule must be looked at again; that it has ended, no answer changes."""
    day, against = date.fromisoformat(row.day), grounds_of(row.grounds)
    still = day - timedelta(days=days)
    left = [each for each in against if each.ground is Ground.ENDED or answered.get(each.ground, date.min) < still]
    return RuleOnDay(day, row.profile_id, row.version, card_of(row.figures), against, tuple(left))
