"""The history that a model reads in a run: what was declared, and what controls found, before the day of the run.

It begins with the history that the model was trained with and goes on from day to day: each consignment counts on the
day it was first assessed, each control on the day its result was known, as its record stood then. The same runs and
records give the same history, whether it is carried on day by day or made anew from the model; its digest is part of
the run's record, so that a replay knows whether it has the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import numpy as np
import polars as pl

from pratique.flow.learning.columns import DECLARATION, REQUIRED
from pratique.flow.learning.look import look
from pratique.flow.learning.looks import Results, days_of
from pratique.flow.learning.manifests import WITHDRAWN, declared
from pratique.flow.learning.model import Model
from pratique.flow.learning.profiles import ProfileStore
from pratique.flow.learning.store_bytes import store_of
from pratique.node.controls.results import control_results
from pratique.node.folder import NodeFolder
from pratique.node.instants import from_text
from pratique.node.lake import known_frame
from pratique.node.runs.manifest import CONSIGNMENT_ID, manifest_of
from pratique.node.storage.model_histories import StoredHistory, histories_of
from pratique.node.storage.runs import StoredRun, is_cleared, runs, seen_before
from pratique.node.storage.store import Connection

FRAMES: Final = ("message", "consignments", "goods_items", "equipment", "parties", "versions")
EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True)
class History:
    """What a model may know on a day; one that ``is_new`` lies in no file yet."""

    store: ProfileStore
    sha256: str
    is_new: bool


def history_on(connection: Connection, folder: NodeFolder, *, digest: str, model: Model, day: date) -> History | None:
    """The history of the model of that digest on a day; ``None`` where the model was trained on later days.

    A model that was trained on the very day knows what came before the training, and speaks at once.

    The newest stored history that does not reach beyond the day is carried on; one whose file is not what was stored is
    passed over, and the next older one, at last the model's own, takes its place.
    """
    today = days_since_1970(day)
    if model.store.as_of > today + 1:
        return None
    begun, sha256 = model.store, ""
    for stored in histories_of(connection, digest):
        found = _read(folder, stored) if stored.as_of <= day.isoformat() else None
        if found is not None and found.as_of >= model.store.as_of:
            begun, sha256 = found, stored.store_sha256
            break
    if begun.as_of >= today:
        return History(begun, sha256 or begun.digest(), is_new=False)
    carried = _carried_on(connection, folder, begun, columns=model.columns, until=day)
    return History(carried, carried.digest(), is_new=True)


def days_since_1970(day: date) -> int:
    """The day as histories count it."""
    return (day - EPOCH).days


def _read(folder: NodeFolder, stored: StoredHistory) -> ProfileStore | None:
    try:
        found = store_of(folder.path(stored.path).read_bytes())
    except (OSError, ValueError, KeyError):
        return None
    return found if found.digest() == stored.store_sha256 else None


def _carried_on(
    connection: Connection, folder: NodeFolder, begun: ProfileStore, *, columns: tuple[str, ...], until: date
) -> ProfileStore:
    """The history with the days from its own on, up to and without ``until``."""
    since = EPOCH + timedelta(days=begun.as_of)
    every = [run for run in runs(connection) if _day(run) < until and not is_cleared(connection, run)]
    named = {run.id: run for run in every}
    period = [run for run in every if _day(run) >= since]
    fresh = [_first_declared(connection, folder, run) for run in period]
    found = _found(connection, since=since, until=until)
    looked_at = [
        _declared(folder, named[run]).filter(pl.col("consignment").is_in(some["consignment"].implode()))
        for (run,), some in found.partition_by("run", as_dict=True, maintain_order=True).items()
        if run in named
    ]
    carriers = _before(pl.concat([pl.DataFrame(schema=DECLARATION), *looked_at]), since)
    rows = pl.concat([carriers, *fresh])
    results = _results(carriers, found)
    seen = look(rows.select(columns), results, begun, keep_as_of=days_since_1970(until))
    assert seen.store is not None  # it was asked for
    return seen.store


def _first_declared(connection: Connection, folder: NodeFolder, run: StoredRun) -> pl.DataFrame:
    """The consignments that no earlier run assessed, in this or an earlier version."""
    frames = _frames(folder, run)
    versions = frames["versions"].filter(pl.col("replaces_consignment_id").is_null())
    ids = frames["consignments"].join(versions.select("consignment"), on="consignment")[CONSIGNMENT_ID]
    new = set(ids) - seen_before(connection, ids, run.seq)
    rows = declared(frames, ids=frames["consignments"][CONSIGNMENT_ID], on=_day(run)).drop_nulls(REQUIRED)
    return rows.filter(pl.col("consignment").is_in(list(new)))


def _declared(folder: NodeFolder, run: StoredRun) -> pl.DataFrame:
    frames = _frames(folder, run)
    ids = frames["consignments"][CONSIGNMENT_ID]
    return declared(frames, ids=ids, on=_day(run), gone=WITHDRAWN).drop_nulls(REQUIRED)


def _frames(folder: NodeFolder, run: StoredRun) -> dict[str, pl.DataFrame]:
    kept = manifest_of(run)["frames"]
    return {name: known_frame(folder, kept[name]) for name in FRAMES}


def _found(connection: Connection, *, since: date, until: date) -> pl.DataFrame:
    """``run, consignment, known_on, found``: one result for each consignment and day on which one was known."""
    as_of = datetime.combine(until, time(), UTC)
    results = control_results(connection, as_of=as_of).filter(
        pl.col("known_on").is_between(since, until, closed="left")
    )
    once = results.group_by("consignment", "known_on").agg(pl.col("run").first(), pl.col("found").any())
    return once.select("run", "consignment", "known_on", "found").sort("known_on", "consignment")


def _before(rows: pl.DataFrame, since: date) -> pl.DataFrame:
    """Declarations that are there for their results alone: a history counts none of a day before its own."""
    return rows.unique("consignment", keep="last", maintain_order=True).with_columns(
        lodged_on=pl.lit(since - timedelta(days=1))
    )


def _results(carriers: pl.DataFrame, found: pl.DataFrame) -> Results:
    placed = found.join(carriers.select("consignment").with_row_index("place"), on="consignment")
    return Results(
        placed["place"].cast(pl.Int64).to_numpy(),
        days_of(placed["known_on"]),
        placed["found"].cast(pl.Int64).to_numpy().astype(np.int64),
    )


def _day(run: StoredRun) -> date:
    return from_text(run.at).date()
