"""Signs of misuse in who read what, for the page of data protection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Final

import polars as pl

from pratique.node.access import OFFICER
from pratique.node.access.misuse import OFFICERS, PARTIES, READS, all_signs
from pratique.node.acts import Query, View
from pratique.node.handlers.access_log import period
from pratique.node.handlers.runs import run_frame
from pratique.node.instants import from_text
from pratique.node.runs.manifest import CONSIGNMENT_ID
from pratique.node.storage.access_logs import person_reads
from pratique.node.storage.access_officers import Office, officers, offices
from pratique.node.storage.runs import StoredRun, consignments_called, run_by_seq
from pratique.node.stores import Kept

LOOKED_BACK: Final = timedelta(days=90)  # to know what is usual
SINGLE: Final = frozenset({"ShowConsignment", "ExplainConsignment", "ShowNetwork", "ShowVersions", "ShowHit"})


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of misuse: own_name, mass_reads, out_of_shift or odd_hours, on a day of the officer's office.

    ``usual`` is what is usual for the officer and colleagues, where the sign compares; ``subjects`` at most five.
    """

    sign: str
    actor: str
    day: date
    count: int
    usual: int | None
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignsShown:
    """The signs of a period, newest first, and how many reads of single records were looked at."""

    since: datetime
    until: datetime
    reads: int
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class ShowMisuse(Query[SignsShown]):
    """Signs of misuse in a period, else in the last thirty days."""

    since: datetime | None = None
    until: datetime | None = None
    kept_in: ClassVar[Kept] = "access"


def show_misuse(query: ShowMisuse, view: View) -> SignsShown:
    """What is usual is taken from the ninety days before as well. Raises ``REJECTED`` for a period that cannot be."""
    since, until = period(query.since, query.until, view.at)
    kept = person_reads(view.connection, since=since - LOOKED_BACK, until=until)
    rows = [(from_text(at), each.actor, each.subject) for at, each in kept if each.request in SINGLE]
    reads = pl.DataFrame(rows, schema=READS, orient="row")
    recent = reads.filter(pl.col("at") >= since)
    signs = all_signs(reads, _officers(view), _parties(view, recent["subject"].unique().sort().to_list()))
    shown = [Sign(**row | {"subjects": tuple(row["subjects"])}) for row in signs.iter_rows(named=True)]
    first = since.date()
    return SignsShown(since, until, recent.height, tuple(sign for sign in shown if sign.day >= first))


def _officers(view: View) -> pl.DataFrame:
    known = {office.code: office for office in offices(view.connection)}
    rows = [
        (OFFICER + each.login, each.display_name, list(each.declared_interests), *_hours(known.get(each.office or "")))
        for each in officers(view.connection)
    ]
    return pl.DataFrame(rows, schema=OFFICERS, orient="row")


def _hours(office: Office | None) -> tuple[str, int | None, int | None, list[int]]:
    if office is None:
        return "UTC", None, None, []
    return office.time_zone, _minutes(office.opens), _minutes(office.closes), list(office.open_days)


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _parties(view: View, subjects: Iterable[str]) -> pl.DataFrame:
    """Names and addresses in the consignments that were read, as their newest run has them."""
    wanted: dict[int, list[str]] = {}
    with view.store.reading() as connection:
        for subject in subjects:
            found = consignments_called(connection, subject)
            if found:
                wanted.setdefault(max(each.run_seq for each in found), []).append(subject)
        runs = {seq: run_by_seq(connection, seq) for seq in wanted}
    empty = pl.DataFrame(schema=PARTIES)
    parts = [_parties_of(view, runs[seq], ids) for seq, ids in sorted(wanted.items())]
    return pl.concat([empty, *parts])


def _parties_of(view: View, run: StoredRun, ids: list[str]) -> pl.DataFrame:
    consignments = run_frame(run, "consignments", view).filter(pl.col(CONSIGNMENT_ID).is_in(ids))
    return (
        run_frame(run, "parties", view)
        .join(consignments.select("consignment", subject=CONSIGNMENT_ID), on="consignment")
        .select("subject", "name", address="address_line")
    )
