"""A list that changed, against the consignments that are still in hand: which hits it raises on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from pratique.flow.screening import Screener
from pratique.flow.screening.difference import ADDED, CHANGED
from pratique.flow.screening.grading import GRADES, with_grades
from pratique.flow.screening.known import Difference, taken_out
from pratique.node.acts import Progress
from pratique.node.folder import NodeFolder
from pratique.node.frame_cache import FRAMES
from pratique.node.hits.kept_comparison import KeptComparison
from pratique.node.hits.pairs import ONE_MENTION, OPEN, SUPERSEDED, answered, answers_by_pair, made_facts
from pratique.node.hits.raised import RAISED, RAISED_BY, RELEASED
from pratique.node.hits.rescored import rescored
from pratique.node.runs.at_hand import RunAtHand
from pratique.node.runs.manifest import CONSIGNMENT_ID
from pratique.node.runs.not_released import KnownStill, calls_still, known_still
from pratique.node.stages import Step
from pratique.node.storage.list_changes import RAISED_COLUMNS, raised_hits_of_run
from pratique.node.storage.raised_reasons import REASON_COLUMNS
from pratique.node.storage.store import Connection
from pratique.vocabulary.frames import SCHEMAS, Manifest

SAME: Final = "same"
UNDECIDED: Final = 0  # stands for the number of a change that is not stored yet


@dataclass(frozen=True, slots=True)
class ListLoad:
    """What a load of a list changed: ``changes`` is a frame ``DIFFERENCE``, ``grades`` one of ``GRADE``.

    ``screener`` holds the entries that somebody could answer to anew, those added or changed, and no others. ``kept``
    is what was compared with them, before a load was broken off and now.
    """

    list_id: str
    screener: Screener
    changes: pl.DataFrame
    grades: pl.DataFrame
    kept: KeptComparison


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
    tell: Progress,
) -> Screened:
    """Compares the entries added or changed with every consignment of the runs behind ``after_run`` that is in hand.

    What was released since, as far back as ``days``, is compared too: its hits add no points and go to the list for
    audit. Runs are taken one by one, so that memory is bounded by the largest of them and by the distinct names of all.
    """
    result = Screened(0, after_run, ())
    if entries_to_ask(load.changes).is_empty():
        return result
    calls = calls_still(connection, folder, at=at, days=days, after_run=after_run)
    difference = Difference(load.screener, list_id=load.list_id)
    for done, run_id in enumerate(calls):
        tell(Step("comparing", done, len(calls), "run"))
        with FRAMES.in_passing():
            known = known_still(connection, folder, run_id, calls[run_id], at=at)
            hits = _raised(connection, known, _compared(known.at_hand, load.kept, difference), load, at)
            found = (_run_hits(connection, known.at_hand, hits, at),) if hits.height else ()
        result = result.and_then(Screened(known.in_hand.len(), known.at_hand.run.seq, found))
    return result


def _compared(at_hand: RunAtHand, kept: KeptComparison, difference: Difference) -> pl.DataFrame:
    """The hits of the whole run, in hand or not, as they were kept or else found now."""
    before = kept.of_run(at_hand.run.id)
    if before is not None:
        difference.know(before.names)
        return before.hits
    frames = at_hand.frames
    compared = difference.compare(Manifest(**{name: frames[name].select(list(of)) for name, of in SCHEMAS.items()}))
    kept.keep(at_hand.run.id, compared)
    return compared.hits


def _run_hits(connection: Connection, at_hand: RunAtHand, hits: pl.DataFrame, at: datetime) -> RunHits:
    reasons = rescored(connection, at_hand, hits.filter(pl.col(RELEASED) == 0), at)
    return RunHits(at_hand.run.seq, at_hand.frames["hits"].height, taken_out(hits), taken_out(reasons))


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
    connection: Connection, known: KnownStill, hits: pl.DataFrame, load: ListLoad, at: datetime
) -> pl.DataFrame:
    """Those of the ``hits`` of the run that are to be raised on what is known of it, with what is told beside them."""
    of_known = pl.col("consignment").is_in(pl.concat([known.in_hand, known.released]).implode())
    found = hits.filter(of_known)
    if found.is_empty():
        return found
    ids = known.at_hand.frames["consignments"].select("consignment", CONSIGNMENT_ID)
    wanted = _worth_raising(connection, known.at_hand, found, at)
    told = found.filter(wanted).join(ids, on="consignment", how="left", maintain_order="left")
    gone = pl.col("consignment").is_in(known.released.implode())
    return with_grades(told, load.grades).with_columns(gone.cast(pl.Int64).alias(RELEASED))


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
