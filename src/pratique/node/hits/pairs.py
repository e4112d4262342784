"""Who is meant on both sides of a hit, and what exactly was compared: what an answer is remembered under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any, Final

import polars as pl

from pratique.flow.screening.grading import GRADES
from pratique.flow.screening.memory import party_digests
from pratique.node.canonical import digest
from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.frame_cache import FRAMES
from pratique.node.hits.raised import RAISED_BY, key_of
from pratique.node.instants import from_text
from pratique.node.runs.queue_frame import RunFrames
from pratique.node.storage.dispositions import StoredDisposition, dispositions_of_pairs
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category
from pratique.vocabulary.history import party_key
from pratique.vocabulary.listings import LISTING
from pratique.vocabulary.reasons import as_assessed

OPEN: Final = "open"
DIFFERENT: Final = "different"
ANSWERS: Final = ("same", DIFFERENT, "cannot_tell")
PARTY, ENTRY, LIST, EXPIRED = "party", "entry", "list", "expired"
SUPERSEDED: Final = "superseded"
COMPARED: Final = [name for name in LISTING if name not in ("list_id", *GRADES, "report")]
"""What an answer speaks of: who is listed, not how good the source is."""

ONE_MENTION: Final = ("consignment", "role_code", "pair")
QUESTION: Final = ("pair", "party_sha256", "entry_sha256")
"""Hits that are alike in this are answered at once."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Where a hit stands: ``open``, or the answer that counts for its pair.

    ``changed`` says what is not as it was when the answer was given: ``party``, ``entry``, ``list``, or ``expired``
    where its time is over. With another version of the list alone the answer stands, else the hit is open again.
    ``awaiting`` is an answer that a second person has to agree with first.
    """

    state: str
    disposition: StoredDisposition | None
    changed: tuple[str, ...]
    awaiting: StoredDisposition | None


def hit_facts(frames: RunFrames, folder: NodeFolder, raised: pl.DataFrame) -> pl.DataFrame:
    """The hits of a run and then those ``raised`` since, one row each.

    Beside what screening found: ``number``, ``quiet_by`` (number of the answer that kept it quiet in the run),
    ``raised_by`` (number of the list change; null for the run's own), ``released`` (of those raised: 1 where it had
    gone), ``pair, party_key, party_sha256, entry_sha256``, and ``superseded``: the same mention answers to the same
    entry again, in a later version of the list.
    """
    key = digest(["hits", frames.key, key_of(raised)])
    return FRAMES.get(key, lambda: made_facts(frames, folder, raised))


def listed_rows(folder: NodeFolder, list_version: str, entity_ids: Iterable[str]) -> pl.DataFrame:
    """The rows (schema ``LISTING``) of those entities in that version of a list. Raises ``BROKEN`` where it is gone."""
    return _rows_of(folder, list_version, pl.col("entity_id").is_in(sorted(set(entity_ids))))


def all_rows(folder: NodeFolder, list_version: str) -> pl.DataFrame:
    """Every row (schema ``LISTING``) of that version of a list. Raises ``BROKEN`` where it is gone."""
    return _rows_of(folder, list_version, pl.lit(value=True))


def entry_digests(folder: NodeFolder, wanted: pl.DataFrame) -> Mapping[tuple[str, str], str]:
    """SHA-256 of each entity in its version of a list, by both; ``wanted`` has ``list_version`` and ``entity_id``.

    What the version does not have is left out.
    """
    return {
        (str(version), str(entity)): _entry_digest(rows)
        for (version,), asked in wanted.drop_nulls().group_by("list_version")
        for (entity,), rows in listed_rows(folder, str(version), asked["entity_id"]).group_by("entity_id")
    }


def answered(hit: Mapping[str, Any], about_pair: Iterable[StoredDisposition], at: datetime) -> Answered:
    """Where the hit (a row of :func:`hit_facts`) stands ``at`` a moment, from every answer about its pair.

    ``about_pair`` is oldest first. Where the newest answers are all ``different``, the one that was about this very
    party and entry counts: a party that is declared in two ways is asked about once for each.
    """
    standing = [each for each in about_pair if each.undone_seq is None]
    awaiting = standing[-1] if standing and not standing[-1].stands else None
    decided = _deciding(hit, standing, at)
    if decided is None:
        return Answered(OPEN, None, (), awaiting)
    changed = _changed(hit, decided, at)
    state = decided.answer if set(changed) <= {LIST} and awaiting is None else OPEN
    return Answered(state, decided, changed, awaiting)


def quieting(about_pair: Sequence[StoredDisposition], at: datetime) -> list[StoredDisposition]:
    """The answers about a pair (oldest first) that can keep it quiet at that moment, newest first.

    They are the newest ones, all ``different``, none of them waiting for a second person.
    """
    standing = [each for each in about_pair if each.undone_seq is None]
    if standing and not standing[-1].stands:
        return []
    return [each for each in _different_in_a_row(standing) if not has_expired(each, at)]


def has_expired(disposition: StoredDisposition, at: datetime) -> bool:
    """Whether the time of an answer is over."""
    return disposition.until is not None and from_text(disposition.until) <= at


def hit_states(connection: Connection, hits: pl.DataFrame, at: datetime) -> list[str]:
    """Where each of the hits (rows of :func:`hit_facts`) stands."""
    about = answers_by_pair(connection, hits["pair"]) if hits.height else {}
    return [answered(hit, about.get(hit["pair"], ()), at).state for hit in hits.iter_rows(named=True)]


def answers_by_pair(connection: Connection, pairs: Iterable[str]) -> dict[str, list[StoredDisposition]]:
    """Every answer about those pairs, oldest first."""
    found: dict[str, list[StoredDisposition]] = {}
    for each in dispositions_of_pairs(connection, pairs):
        found.setdefault(each.pair, []).append(each)
    return found


def _different_in_a_row(standing: Sequence[StoredDisposition]) -> list[StoredDisposition]:
    """The newest answers that count, as long as all of them say different, newest first."""
    counting = (each for each in reversed(standing) if each.stands)
    return list(takewhile(lambda each: each.answer == DIFFERENT, counting))


def _deciding(hit: Mapping[str, Any], standing: Sequence[StoredDisposition], at: datetime) -> StoredDisposition | None:
    alike = _different_in_a_row(standing)
    about_this = (each for each in alike if set(_changed(hit, each, at)) <= {LIST})
    return next(about_this, None) or next((each for each in reversed(standing) if each.stands), None)


def _changed(hit: Mapping[str, Any], then: StoredDisposition, at: datetime) -> tuple[str, ...]:
    compared = (
        (PARTY, then.party_sha256 != hit["party_sha256"]),
        (ENTRY, then.entry_sha256 != hit["entry_sha256"]),
        (LIST, then.list_version != hit["list_version"]),
        (EXPIRED, has_expired(then, at)),
    )
    return tuple(name for name, differs in compared if differs)


def _rows_of(folder: NodeFolder, list_version: str, wanted: pl.Expr) -> pl.DataFrame:
    path = f"lists/{list_version}/listings.parquet"
    try:
        return pl.scan_parquet(folder.path(path)).filter(wanted).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise refuse("node.file_broken", Category.BROKEN, path=path) from error


def made_facts(frames: RunFrames, folder: NodeFolder, raised: pl.DataFrame) -> pl.DataFrame:
    """The same as :func:`hit_facts`, made anew: for hits that are not stored yet."""
    own = frames["hits"].with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    own = as_assessed(own)  # of a run that was made before hits were graded or could be quiet
    hits = pl.concat([own.with_columns(pl.lit(None, dtype=pl.Int64).alias(RAISED_BY)), raised], how="diagonal_relaxed")
    entries = entry_digests(folder, hits.select("list_version", "entity_id"))
    keys = hits.select(party_key(pl.col("screened_value").fill_null(""))).to_series()
    rows = list(zip(hits.iter_rows(named=True), keys.to_list(), strict=True))
    about = [entries.get((row["list_version"], row["entity_id"]), "") for row, _ in rows]
    return hits.with_columns(
        keys.alias("party_key"),
        party_digests(hits, frames["parties"]).alias("party_sha256"),
        pl.Series("pair", [_pair(row, key) for row, key in rows], dtype=pl.String),
        pl.Series("entry_sha256", about, dtype=pl.String),
    ).with_columns(_is_superseded().alias(SUPERSEDED))


def _is_superseded() -> pl.Expr:
    newest = pl.when(pl.col(RAISED_BY).is_not_null()).then("number").max().over(ONE_MENTION)
    return (pl.col("number") < newest).fill_null(value=False)


def _pair(hit: Mapping[str, Any], key: str) -> str:
    return digest([hit["subject"], key, hit["list_id"], hit["entity_id"]])


def _entry_digest(rows: pl.DataFrame) -> str:
    return digest(rows.sort("listing_id").select(COMPARED).rows())
