"""Who is meant on both sides of a hit, and what exactly was compared: what an answer is remembered under."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pratique.node.canonical import digest
from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.frame_cache import FRAMES
from pratique.node.queue_frame import RunFrames
from pratique.node.storage.dispositions import StoredDisposition, dispositions_of_pairs
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category
from pratique.vocabulary.history import party_key

OPEN: Final = "open"
ANSWERS: Final = ("same", "different", "cannot_tell")
DECLARED: Final = ("address_line", "city", "subdivision", "postcode", "country", "party_id", "party_id_scheme")


@dataclass(frozen=True, slots=True)
class Answered:
    """Where a hit stands: ``open``, or the answer that counts for its pair.

    ``changed`` says what is not as it was when the answer was given: ``party``, ``entry``, ``list``. With another party
    or entry the hit is open again; with another version of the list alone the answer stands. ``awaiting`` is an answer
    that a second person has to agree with first.
    """

    state: str
    disposition: StoredDisposition | None
    changed: tuple[str, ...]
    awaiting: StoredDisposition | None


def hit_facts(frames: RunFrames, folder: NodeFolder) -> pl.DataFrame:
    """The hits of a run with ``number``, ``pair``, ``party_sha256`` and ``entry_sha256`` beside them, one row each."""
    key = digest(["hits", frames.key])
    return FRAMES.get(key, lambda: _made(frames, folder))


def listed_rows(folder: NodeFolder, list_version: str, entity_ids: Iterable[str]) -> pl.DataFrame:
    """The rows (schema ``LISTING``) of those entities in that version of a list. Raises ``BROKEN`` where it is gone."""
    return _rows_of(folder, list_version, pl.col("entity_id").is_in(sorted(set(entity_ids))))


def all_rows(folder: NodeFolder, list_version: str) -> pl.DataFrame:
    """Every row (schema ``LISTING``) of that version of a list. Raises ``BROKEN`` where it is gone."""
    return _rows_of(folder, list_version, pl.lit(value=True))


def _rows_of(folder: NodeFolder, list_version: str, wanted: pl.Expr) -> pl.DataFrame:
    path = f"lists/{list_version}/listings.parquet"
    try:
        return pl.scan_parquet(folder.path(path)).filter(wanted).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise refuse("node.file_broken", Category.BROKEN, path=path) from error


def answered(hit: dict[str, Any], about_pair: Iterable[StoredDisposition]) -> Answered:
    """Where the hit (a row of :func:`hit_facts`) stands, from every answer about its pair, oldest first."""
    standing = [each for each in about_pair if each.undone_seq is None]
    decided = next((each for each in reversed(standing) if each.stands), None)
    last = standing[-1] if standing else None
    awaiting = last if last is not None and not last.stands else None
    if decided is None:
        return Answered(OPEN, None, (), awaiting)
    compared = (
        ("party", decided.party_sha256, hit["party_sha256"]),
        ("entry", decided.entry_sha256, hit["entry_sha256"]),
        ("list", decided.list_version, hit["list_version"]),
    )
    changed = tuple(name for name, then, now in compared if then != now)
    state = decided.answer if set(changed) <= {"list"} and awaiting is None else OPEN
    return Answered(state, decided, changed, awaiting)


def hit_states(connection: Connection, frames: RunFrames, folder: NodeFolder, consignments: pl.Series) -> list[str]:
    """Where each hit of those consignments stands."""
    if frames["hits"].is_empty():
        return []
    hits = hit_facts(frames, folder).filter(pl.col("consignment").is_in(consignments.implode()))
    about = answers_by_pair(connection, hits["pair"])
    return [answered(hit, about.get(hit["pair"], ())).state for hit in hits.iter_rows(named=True)]


def answers_by_pair(connection: Connection, pairs: Iterable[str]) -> dict[str, list[StoredDisposition]]:
    """Every answer about those pairs, oldest first."""
    found: dict[str, list[StoredDisposition]] = {}
    for each in dispositions_of_pairs(connection, pairs):
        found.setdefault(each.pair, []).append(each)
    return found


def _made(frames: RunFrames, folder: NodeFolder) -> pl.DataFrame:
    hits = frames["hits"].with_row_index("number")
    entries = {
        (version, entity): _entry_digest(rows)
        for (version,), asked in hits.group_by("list_version")
        for (entity,), rows in listed_rows(folder, str(version), asked["entity_id"].drop_nulls()).group_by("entity_id")
    }
    keys = hits.select(party_key(pl.col("screened_value").fill_null(""))).to_series().to_list()
    parties = _declared(frames["parties"], hits)
    rows = list(zip(hits.iter_rows(named=True), keys, strict=True))
    return hits.with_columns(
        pl.Series("pair", [_pair(row, key) for row, key in rows], dtype=pl.String),
        pl.Series("party_sha256", [_party_digest(row, parties) for row, _ in rows], dtype=pl.String),
        pl.Series(
            "entry_sha256",
            [entries.get((row["list_version"], row["entity_id"]), "") for row, _ in rows],
            dtype=pl.String,
        ),
    )


def _pair(hit: dict[str, Any], key: str) -> str:
    return digest([hit["subject"], key, hit["list_id"], hit["entity_id"]])


def _declared(parties: pl.DataFrame, hits: pl.DataFrame) -> dict[tuple[int, str | None], list[Any]]:
    """What else the message says of the parties that were hit, by consignment and place."""
    of_hits = parties.join(hits.select("consignment", "place").unique(), on=["consignment", "place"], how="semi")
    return {
        (row["consignment"], row["place"]): [row[name] for name in DECLARED] for row in of_hits.iter_rows(named=True)
    }


def _party_digest(hit: dict[str, Any], parties: dict[tuple[int, str | None], list[Any]]) -> str:
    return digest([hit["screened_value"], parties.get((hit["consignment"], hit["place"]), [])])


def _entry_digest(rows: pl.DataFrame) -> str:
    return digest(rows.sort("listing_id").drop("list_id").rows())
