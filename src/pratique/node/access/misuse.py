"""Signs of misuse in who read what: pure functions over frames. A sign is a reason to ask, never a verdict.

Every detector takes ``reads`` and gives ``SIGNS``: one row for each officer, local day and sign. The docstring of a
detector is what the data protection officer reads. All counts are of single records opened; a list of a whole ship,
which is the day's work, counts in none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from anyascii import anyascii

READS: Final[Mapping[str, Any]] = {
    "at": pl.Datetime("us", "UTC"),
    "actor": pl.String,
    "subject": pl.String,  # id of the consignment
}
OFFICERS: Final[Mapping[str, Any]] = {
    "actor": pl.String,
    "display_name": pl.String,
    "interests": pl.List(pl.String),  # names and addresses that the officer has declared
    "time_zone": pl.String,
    "opens": pl.Int16,  # minutes after local midnight; where it is later than ``closes``, the shift goes past midnight
    "closes": pl.Int16,
    "open_days": pl.List(pl.Int8),  # 1 is Monday
}
PARTIES: Final[Mapping[str, Any]] = {"subject": pl.String, "name": pl.String, "address": pl.String}
SIGNS: Final[Mapping[str, Any]] = {
    "sign": pl.String,
    "actor": pl.String,
    "day": pl.Date,  # of the officer's office
    "count": pl.Int64,
    "usual": pl.Int64,  # null where there is nothing to compare with
    "subjects": pl.List(pl.String),  # at most five
}

MASS_LEAST: Final = 100  # records in a day below which nothing is called a mass
MASS_TIMES: Final = 4
HOURS_KNOWN: Final = 200  # reads before it is known when somebody works
SHOWN: Final = 5
_SHORTEST_PART: Final = 3


def own_name(reads: pl.DataFrame, officers: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """A record was opened in which a party bears the officer's own name, family name, or what the officer declared."""
    names = {row["subject"]: set[str]() for row in parties.iter_rows(named=True)}
    for row in parties.iter_rows(named=True):
        names[row["subject"]] |= {" ".join(_words(row["name"])), " ".join(_words(row["address"]))}
    watched = {row["actor"]: _watched(row["display_name"], row["interests"]) for row in officers.iter_rows(named=True)}
    pairs = reads.select("actor", "subject").unique().filter(pl.col("subject").is_in(list(names)))
    found = [pair for pair in pairs.iter_rows() if _bears(names[pair[1]], watched.get(pair[0], []))]
    near = pl.DataFrame(found, schema={"actor": pl.String, "subject": pl.String}, orient="row")
    return _signs("own_name", _local(reads, officers).join(near, on=["actor", "subject"], how="semi"))


def mass_reads(reads: pl.DataFrame, officers: pl.DataFrame) -> pl.DataFrame:
    """Many more records were opened in a day than the officer usually opens, and than colleagues open."""
    daily = (
        _local(reads, officers)
        .group_by("actor", "day")
        .agg(count=pl.col("subject").n_unique().cast(pl.Int64), subjects=pl.col("subject").unique().sort().head(SHOWN))
        .sort("actor", "day")
    )
    by_actor = daily.group_by("actor").agg(pl.col("day"), pl.col("count"))
    usual = {row["actor"]: dict(zip(row["day"], row["count"], strict=True)) for row in by_actor.iter_rows(named=True)}
    normal = [
        max(_median([count for other, count in usual[actor].items() if other < day]), _peers(usual, actor))
        for actor, day in daily.select("actor", "day").iter_rows()
    ]
    compared = daily.with_columns(usual=pl.Series(normal, dtype=pl.Int64), sign=pl.lit("mass_reads"))
    many = (pl.col("count") >= MASS_LEAST) & (pl.col("count") > MASS_TIMES * pl.col("usual"))
    return compared.filter(many).select(SIGNS.keys())


def out_of_shift(reads: pl.DataFrame, officers: pl.DataFrame) -> pl.DataFrame:
    """Records were opened while the officer's office is closed."""
    minute, weekday = pl.col("minute"), pl.col("weekday")
    day_shift = pl.col("opens") <= pl.col("closes")
    inside = (minute >= pl.col("opens")) & (minute < pl.col("closes"))
    before_midnight, after_midnight = minute >= pl.col("opens"), minute < pl.col("closes")
    yesterday = (weekday + 5) % 7 + 1
    open_today, open_yesterday = (
        pl.col("open_days").list.contains(weekday),
        pl.col("open_days").list.contains(yesterday),
    )
    on_shift = (
        pl.when(day_shift)
        .then(inside & open_today)
        .otherwise((before_midnight & open_today) | (after_midnight & open_yesterday))
    )
    return _signs("out_of_shift", _local(reads, officers).filter(pl.col("opens").is_not_null() & ~on_shift))


def odd_hours(reads: pl.DataFrame, officers: pl.DataFrame) -> pl.DataFrame:
    """Records were opened at an hour at which this officer, who is known well enough, has hardly ever worked."""
    local = _local(reads, officers).sort("at").with_columns(hour=pl.col("minute") // 60)
    odd = []
    worked: dict[str, list[int]] = {}
    for row, (actor, hour) in enumerate(local.select("actor", "hour").iter_rows()):
        hours = worked.setdefault(actor, [0] * 24)
        around = hours[hour] + hours[hour - 1] + hours[(hour + 1) % 24]
        if sum(hours) >= HOURS_KNOWN and around * 100 < sum(hours):
            odd.append(row)
        hours[hour] += 1
    return _signs("odd_hours", local[odd])


def all_signs(reads: pl.DataFrame, officers: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """What every detector finds, newest day first."""
    found = [
        own_name(reads, officers, parties),
        mass_reads(reads, officers),
        out_of_shift(reads, officers),
        odd_hours(reads, officers),
    ]
    return pl.concat(found).sort("day", "sign", "actor", descending=[True, False, False])


def _local(reads: pl.DataFrame, officers: pl.DataFrame) -> pl.DataFrame:
    """Reads with what is known of the officer, and with day, weekday and minute as the officer's office counts them."""
    joined = reads.join(officers, on="actor", how="left").with_columns(pl.col("time_zone").fill_null("UTC"))
    parts = [
        part.with_columns(
            day=pl.col("at").dt.convert_time_zone(zone).dt.date(),
            weekday=pl.col("at").dt.convert_time_zone(zone).dt.weekday(),
            minute=pl.col("at").dt.convert_time_zone(zone).dt.hour().cast(pl.Int16) * 60
            + pl.col("at").dt.convert_time_zone(zone).dt.minute().cast(pl.Int16),
        )
        for (zone,), part in joined.partition_by("time_zone", as_dict=True).items()
    ]
    empty = joined.head(0).with_columns(
        day=pl.lit(None, pl.Date), weekday=pl.lit(None, pl.Int8), minute=pl.lit(None, pl.Int16)
    )
    return pl.concat([empty, *parts])


def _signs(sign: str, local: pl.DataFrame) -> pl.DataFrame:
    """One row for each officer and day of the reads that are left."""
    grouped = local.group_by("actor", "day").agg(
        count=pl.len().cast(pl.Int64), subjects=pl.col("subject").unique().sort().head(SHOWN)
    )
    return grouped.with_columns(sign=pl.lit(sign), usual=pl.lit(None, pl.Int64)).select(SIGNS.keys())


def _peers(usual: dict[str, dict[object, int]], actor: str) -> int:
    return _median([_median(list(days.values())) for other, days in usual.items() if other != actor])


def _median(counts: list[int]) -> int:
    return sorted(counts)[len(counts) // 2] if counts else 0


def _watched(display_name: str | None, interests: list[str] | None) -> list[list[str]]:
    """What to look for: the whole name in any order, the family name alone, and what was declared."""
    own = _words(display_name)
    found = [own, own[-1:], *(_words(each) for each in interests or [])]
    return [words for words in found if words and len("".join(words)) > _SHORTEST_PART]


def _bears(texts: set[str], watched: list[list[str]]) -> bool:
    return any(set(words) <= set(text.split()) for text in texts for words in watched)


def _words(text: str | None) -> list[str]:
    spelt = anyascii(text or "").casefold()
    return "".join(letter if letter.isalnum() else " " for letter in spelt).split()
