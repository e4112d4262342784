"""What was noted of the life of rules: rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, func, insert, select

from pratique.node.storage.rule_life_tables import drift_day, rule_back_test, rule_review, rule_scorecard


@dataclass(frozen=True, slots=True)
class StoredBackTest:
    """What a version would have done, as it was known when it was put in force; ``figures`` is canonical JSON."""

    seq: int
    profile_id: str
    version: int
    at: str
    by: str
    figures: str


@dataclass(frozen=True, slots=True)
class StoredScorecard:
    """How a version in force did up to a day; ``figures`` and ``grounds`` are canonical JSON."""

    day: str
    profile_id: str
    version: int
    seq: int
    at: str
    figures: str
    grounds: str


@dataclass(frozen=True, slots=True)
class StoredReview:
    """That a person looked at a rule and keeps it, in spite of these ``grounds`` (canonical JSON array of codes)."""

    seq: int
    profile_id: str
    version: int
    at: str
    by: str
    reason: str
    note: str
    grounds: str


@dataclass(frozen=True, slots=True)
class StoredDriftDay:
    """How far inputs and scores had moved on a day; ``figures`` is canonical JSON."""

    day: str
    seq: int
    at: str
    figures: str


def add_back_test(connection: Connection, added: StoredBackTest) -> None:
    """Adds what was known when a version was put in force."""
    connection.execute(insert(rule_back_test).values(**asdict(added)))


def add_scorecards(connection: Connection, added: Iterable[StoredScorecard]) -> None:
    """Adds the scorecards of a day."""
    rows = [asdict(each) for each in added]
    if rows:
        connection.execute(insert(rule_scorecard), rows)


def add_review(connection: Connection, added: StoredReview) -> None:
    """Adds that somebody keeps a rule."""
    connection.execute(insert(rule_review).values(**asdict(added)))


def add_drift_day(connection: Connection, added: StoredDriftDay) -> None:
    """Adds the figures of a day, which has them once."""
    connection.execute(insert(drift_day).values(**asdict(added)))


def back_test_of(connection: Connection, profile_id: str, version: int) -> StoredBackTest | None:
    """The back-test kept when the version was put in force; ``None`` for versions from before there were any."""
    mine = (rule_back_test.c.profile_id == profile_id) & (rule_back_test.c.version == version)
    row = connection.execute(select(rule_back_test).where(mine).order_by(rule_back_test.c.seq.desc())).first()
    return StoredBackTest(**row._asdict()) if row else None


def scorecards_of(connection: Connection, profile_id: str, most: int) -> list[StoredScorecard]:
    """The newest scorecards of a rule, newest first."""
    wanted = select(rule_scorecard).where(rule_scorecard.c.profile_id == profile_id)
    rows = connection.execute(wanted.order_by(rule_scorecard.c.day.desc()).limit(most))
    return [StoredScorecard(**row._asdict()) for row in rows]


def scorecards_on(connection: Connection, day: str) -> list[StoredScorecard]:
    """Every scorecard of a day, by profile."""
    wanted = select(rule_scorecard).where(rule_scorecard.c.day == day).order_by(rule_scorecard.c.profile_id)
    return [StoredScorecard(**row._asdict()) for row in connection.execute(wanted)]


def all_scorecards(connection: Connection) -> list[StoredScorecard]:
    """Every scorecard there is, by journal entry and profile."""
    rows = connection.execute(select(rule_scorecard).order_by(rule_scorecard.c.seq, rule_scorecard.c.profile_id))
    return [StoredScorecard(**row._asdict()) for row in rows]


def all_back_tests(connection: Connection) -> list[StoredBackTest]:
    """Every back-test that was kept, oldest first."""
    rows = connection.execute(select(rule_back_test).order_by(rule_back_test.c.seq))
    return [StoredBackTest(**row._asdict()) for row in rows]


def all_drift_days(connection: Connection) -> list[StoredDriftDay]:
    """Every day that was noted, oldest first."""
    rows = connection.execute(select(drift_day).order_by(drift_day.c.seq))
    return [StoredDriftDay(**row._asdict()) for row in rows]


def newest_day(connection: Connection) -> str | None:
    """The last day that has scorecards."""
    day: str | None = connection.execute(select(func.max(rule_scorecard.c.day))).scalar_one()
    return day


def reviews(connection: Connection) -> list[StoredReview]:
    """Every review, oldest first."""
    rows = connection.execute(select(rule_review).order_by(rule_review.c.seq))
    return [StoredReview(**row._asdict()) for row in rows]


def drift_days(connection: Connection, most: int) -> list[StoredDriftDay]:
    """The newest days that have figures, oldest of them first."""
    rows = connection.execute(select(drift_day).order_by(drift_day.c.day.desc()).limit(most))
    return [StoredDriftDay(**row._asdict()) for row in rows][::-1]
