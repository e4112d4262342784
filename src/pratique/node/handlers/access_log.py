"""Who read person data and who was refused: counted and listed for data protection, and swept by age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.settings import Settings
from pratique.node.storage import access_logs as stored
from pratique.node.storage.access_sign_in import failed_by_way
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.node.stores import Kept

LONGEST_PERIOD: Final = timedelta(days=3660)
MOST_LINES: Final = 1000
DAYS_OF_YEAR: Final = 366
MINUTE: Final = len("2026-10-05T12:34")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One reading or one refusal. ``subject`` and ``read_count`` are of readings, ``code`` is of refusals.

    ``address`` is of attempts to get round a control, such as a form of another site or a flood of requests.
    """

    at: str
    actor: str
    office: str | None
    request: str
    subject: str | None
    read_count: int | None
    purpose: str | None
    break_glass: str | None
    code: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class AccessLog:
    """What happened in the period: counts of all of it, and the newest lines first, at most ``limit`` of each kind.

    ``records`` sums how many records were shown; ``by_hour`` has the readings for each hour of the day in the zone
    asked for; ``failed_sign_ins`` counts by way (``password``, ``passkey``, ``oidc``), of everybody, whoever is asked
    about.
    """

    since: datetime
    until: datetime
    reads: int
    records: int
    denials: int
    by_purpose: dict[str, int]
    by_request: dict[str, int]
    by_hour: tuple[int, ...]
    failed_sign_ins: dict[str, int]
    newest_reads: tuple[LogLine, ...]
    newest_denials: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True)
class ReadAccessLog(Query[AccessLog]):
    """The log of a period (else of the last thirty days), of one actor or of all; hours of the day are of ``zone``."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    limit: int = 200
    zone: tzinfo = UTC
    kept_in: ClassVar[Kept] = "access"


@dataclass(frozen=True, slots=True)
class SweepAccessLog(Command[int]):
    """Removes what is older than the setting ``access_log_years``; answers with how many rows went."""

    entry: ClassVar[str] = "access.log_swept"
    kept_in: ClassVar[Kept] = "access"


def read_access_log(query: ReadAccessLog, view: View) -> AccessLog:
    """Raises ``REJECTED`` for a period that cannot be."""
    since, until = period(query.since, query.until, view.at)
    reads = _of(query.actor, (_read(at, each) for at, each in _reads(view, since, until)))
    refusals = _of(query.actor, (_denial(at, each) for at, each in _denials(view, since, until)))
    hours = _by_hour(reads, query.zone)
    most = min(max(query.limit, 0), MOST_LINES)
    return AccessLog(
        since=since,
        until=until,
        reads=len(reads),
        records=sum(line.read_count or 0 for line in reads),
        denials=len(refusals),
        by_purpose=dict(Counter(line.purpose or "" for line in reads).most_common()),
        by_request=dict(Counter(line.request for line in reads).most_common()),
        by_hour=tuple(hours[hour] for hour in range(24)),
        failed_sign_ins=failed_by_way(view.connection, since=since, until=until),
        newest_reads=tuple(reads[::-1][:most]),
        newest_denials=tuple(refusals[::-1][:most]),
    )


def sweep_access_log(command: SweepAccessLog, work: Work) -> Act[int]:
    """What was read, refused and tried goes, and sessions in which no right was taken; the journal stays."""
    with work.store.reading() as connection:
        years = Settings.of(changed_settings(connection)).number("access_log_years")
    before = work.at - timedelta(days=DAYS_OF_YEAR * years)

    def act(connection: Connection) -> Done[int]:
        gone = stored.sweep_logs(connection, before=before)
        return Done(gone, command={"before": to_text(before)}, outcome={"rows": gone})

    return act


def period(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The period asked for, else the thirty days before ``now``. Raises ``REJECTED`` for one that cannot be."""
    last = until or now + timedelta(seconds=1)
    first = since or last - timedelta(days=30)
    if first.tzinfo is None or last.tzinfo is None or not timedelta(0) < last - first <= LONGEST_PERIOD:
        raise refuse("access.unfit_period")
    return first, last


def _reads(view: View, since: datetime, until: datetime) -> list[tuple[str, stored.PersonRead]]:
    return stored.person_reads(view.connection, since=since, until=until)


def _denials(view: View, since: datetime, until: datetime) -> list[tuple[str, stored.Denial]]:
    return stored.denials(view.connection, since=since, until=until)


def _by_hour(reads: Iterable[LogLine], zone: tzinfo) -> Counter[int]:
    """Readings of one minute are of one hour, in whatever zone."""
    hours: Counter[int] = Counter()
    for minute, count in Counter(line.at[:MINUTE] for line in reads).items():
        hours[datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone(zone).hour] += count
    return hours


def _of(actor: str | None, lines: Iterable[LogLine]) -> list[LogLine]:
    return [line for line in lines if actor is None or line.actor == actor]


def _read(at: str, each: stored.PersonRead) -> LogLine:
    return LogLine(
        at=at,
        actor=each.actor,
        office=each.office,
        request=each.request,
        subject=each.subject,
        read_count=each.read_count,
        purpose=each.purpose,
        break_glass=each.break_glass,
        code=None,
        address=None,
    )


def _denial(at: str, each: stored.Denial) -> LogLine:
    return LogLine(at, each.actor, each.office, each.request, None, None, each.purpose, None, each.code, each.address)
