"""A list that changed, against the consignments that are still in hand: which hits it raises on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from pratique.flow.screening import Screener
from pratique.flow.screening.difference import ADDED, CHANGED
from pratique.flow.screening.grading import GRADES, with_grades
from pratique.flow.screening.known import hits_of_difference
from pratique.node.folder import NodeFolder
from pratique.node.hits.pairs import ONE_MENTION, OPEN, SUPERSEDED, answered, answers_by_pair, made_facts
from pratique.node.hits.raised import RAISED, RAISED_BY, RELEASED
from pratique.node.hits.rescored import rescored
from pratique.node.runs.at_hand import RunAtHand
from pratique.node.runs.manifest import CONSIGNMENT_ID
from pratique.node.runs.not_released import known_still
from pratique.node.storage.list_changes import RAISED_COLUMNS, raised_hits_of_run
from pratique.node.storage.raised_reasons import REASON_COLUMNS
from pratique.node.storage.store import Connection
from pratique.vocabulary.frames import SCHEMAS, Manifest

SAME: Final = "same"
UNDECIDED: Final = 0  # stands for the number of a change that is not stored yet


@dataclass(frozen=True, slots=True)
class ListLoad:
    """What a load of a list changed: ``changes`` is a frame ``DIFFERENCE``, ``grades`` one of ``GRADE``.

    ``screener`` holds the entries that somebody could answer to anew, those added or changed, and no others.
    """

    list_id: str
    screener: Screener
    changes: pl.DataFrame
    grades: pl.DataFrame


def entries_to_ask(changes: pl.DataFrame) -> pl.Series:
    """The entries that somebody could answer to anew: those added or changed."""
    return changes.filter(pl.col("change").is_in([ADDED, CHANGED]))["entity_id"].unique().sort()


@dataclass(frozen=True, slots=True)
class RunHits:
    """Hits to raise on one run, without numbers; ``own_count`` hits the run itself had.

    ``reasons`` (schema ``RESCORED``) are what they add to the scores of what is still in hand.
    """

    run_seq: int
    own_count: int
    hits: pl.DataFrame
    reasons: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Screened:
    """What was compared: so many consignments in hand, of runs up to number ``newest_run``, and what that raises."""

    consignments: int
    newest_run: int
    found: tuple[RunHits, ...]

    def and_then(self, later: Screened) -> Screened:
        """Both together."""
        newest = max(self.newest_run, later.newest_run)
        return Screened(self.consignments + later.consignments, newest, (*self.found, *later.found))


def screen_known(
    connection: Connection,
    folder: NodeFolder,
    load: ListLoad,
    *,
    at: datetime,
    days: int,
    after_run: int = 0,
    tell: Callable[[str], None],
) -> Screened:
    """Compares the entries added or changed with every consignment of the runs behind ``after_run`` that is in hand.

    What was released since, as far back as ``days``, is compared too: its hits add no points and go to the list for
    audit. Runs are taken one by one, so that memory is bounded by the largest of them.
    """
    result = Screened(0, after_run, ())
    if entries_to_ask(load.changes).is_empty():
        return result
    for at_hand, consignments, released in known_still(connection, folder, at=at, days=days):
        if at_hand.run.seq > after_run:
            tell(f"comparing run {at_hand.run.id}")
            known = pl.concat([consignments, released])
            hits = _raised(connection, at_hand, load, known, at)
            gone = pl.col("consignment").is_in(released.implode())
            hits = hits.with_columns(gone.cast(pl.Int64).alias(RELEASED))
            found = (_run_hits(connection, at_hand, hits, at),) if hits.height else ()
            result = result.and_then(Screened(consignments.len(), at_hand.run.seq, found))
    return result


def _run_hits(connection: Connection, at_hand: RunAtHand, hits: pl.DataFrame, at: datetime) -> RunHits:
    reasons = rescored(connection, at_hand, hits.filter(pl.col(RELEASED) == 0), at)
    return RunHits(at_hand.run.seq, at_hand.frames["hits"].height, hits, reasons)


def reason_rows(screened: Screened, seq: int) -> list[tuple[Any, ...]]:
    """What the hits add, as rows in the order of ``REASON_COLUMNS``."""
    rows: list[tuple[Any, ...]] = []
    for each in screened.found:
        flags = (pl.col(name).cast(pl.Int64) for name in ("mandatory", "fires"))
        placed = each.reasons.with_columns(*flags, run_seq=pl.lit(each.run_seq), seq=pl.lit(seq))
        rows.extend(placed.select(REASON_COLUMNS).rows())
    return rows


def raised_rows(connection: Connection, screened: Screened, seq: int) -> list[tuple[Any, ...]]:
    """The hits as rows in the order of ``RAISED_COLUMNS``, numbered behind those that their runs have already."""
    rows: list[tuple[Any, ...]] = []
    for each in screened.found:
        first = each.own_count + len(raised_hits_of_run(connection, each.run_seq))
        numbered = each.hits.with_columns(
            number=pl.int_range(first, first + pl.len(), dtype=pl.Int64),
            run_seq=pl.lit(each.run_seq, pl.Int64),
            seq=pl.lit(seq, pl.Int64),
        )
        rows.extend(numbered.select(RAISED_COLUMNS).rows())
    return rows


def _raised(
    connection: Connection,
    at_hand: RunAtHand,
    load: ListLoad,
    consignments: pl.Series,
    at: datetime,
) -> pl.DataFrame:
    frames = at_hand.frames
    manifest = Manifest(**{name: frames[name].select(list(schema)) for name, schema in SCHEMAS.items()})
    found = hits_of_difference(manifest, load.screener, list_id=load.list_id, consignments=consignments)
    if found.is_empty():
        return found
    ids = frames["consignments"].select("consignment", CONSIGNMENT_ID)
    wanted = _worth_raising(connection, at_hand, found, at)
    told = found.filter(wanted).join(ids, on="consignment", how="left", maintain_order="left")
    return with_grades(told, load.grades)


def _worth_raising(connection: Connection, at_hand: RunAtHand, found: pl.DataFrame, at: datetime) -> pl.Series:
    """Which of the hits nobody has in hand: not those that are open already, nor those whose answer still holds."""
    hits = _facts_of(at_hand, found)
    answers = answers_by_pair(connection, hits["pair"])

    def state(hit: dict[str, Any]) -> str:
        return answered(hit, answers.get(hit["pair"], ()), at).state

    before = at_hand.hits.filter(~pl.col(SUPERSEDED) & pl.col("pair").is_in(hits["pair"].implode()))
    rows = zip(before.select(ONE_MENTION).rows(), before.iter_rows(named=True), strict=True)
    in_hand = {key for key, hit in rows if state(hit) in (OPEN, SAME)}
    keys = hits.select(ONE_MENTION).rows()
    return pl.Series(
        [state(hit) == OPEN and key not in in_hand for key, hit in zip(keys, hits.iter_rows(named=True), strict=True)]
    )


def _facts_of(at_hand: RunAtHand, found: pl.DataFrame) -> pl.DataFrame:
    """The hits as ``hit_facts`` would have them were they raised on the run."""
    numbered = found.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("number"),
        pl.lit(UNDECIDED, pl.Int64).alias(RAISED_BY),
        pl.lit(0, pl.Int64).alias(RELEASED),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in GRADES),
    ).select(*RAISED)
    facts = made_facts(at_hand.frames, at_hand.folder, numbered)
    return facts.filter(pl.col(RAISED_BY).is_not_null()).sort("number")
