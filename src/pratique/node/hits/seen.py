"""How many names alerted lately, list by list and kind by kind: what stands beside what a line was calibrated for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import polars as pl

from pratique.flow.screening.memory import loud
from pratique.flow.screening.subjects import mentions
from pratique.node.canonical import digest
from pratique.node.folder import NodeFolder
from pratique.node.frame_cache import FRAMES
from pratique.node.hits.pairs import listed_rows
from pratique.node.instants import to_text
from pratique.node.runs.manifest import manifest_of
from pratique.node.runs.queue_frame import RunFrames
from pratique.node.storage.runs import is_cleared, runs
from pratique.node.storage.store import Connection
from pratique.vocabulary.frames import SCHEMAS, Manifest
from pratique.vocabulary.reasons import as_assessed

DAYS: Final = 7
DECLARED_AS: Final = {"person": "party", "organisation": "party", "vessel": "vessel", "address": "address"}
"""What names of a listed kind are declared as."""

_SEEN: Final = {"list_id": pl.String, "kind": pl.String, "count": pl.Int64}


def seen_lately(connection: Connection, folder: NodeFolder, at: datetime) -> pl.DataFrame:
    """``list_id, kind, count`` of the runs of the last ``DAYS`` days; a name counts once in each run.

    Without a list: how many different names of that kind were asked about. With one: how many of them alerted by name
    on an entry of that kind, those that an answer keeps quiet left out.
    """
    since = to_text(at - timedelta(days=DAYS))
    parts = [
        _of_run(RunFrames(folder, manifest_of(run)), folder)
        for run in runs(connection)
        if run.at >= since and not is_cleared(connection, run)
    ]
    told = pl.concat([pl.DataFrame(schema=_SEEN), *parts])
    return told.group_by("list_id", "kind").agg(pl.col("count").sum())


def _of_run(frames: RunFrames, folder: NodeFolder) -> pl.DataFrame:
    return FRAMES.get(digest(["seen", frames.key]), lambda: _counted(frames, folder))


def _counted(frames: RunFrames, folder: NodeFolder) -> pl.DataFrame:
    manifest = Manifest(**{name: frames[name].select(list(schema)) for name, schema in SCHEMAS.items()})
    asked = mentions(manifest).drop_nulls("name").group_by("kind").agg(count=pl.col("name").n_unique())
    named = pl.DataFrame({"kind": list(DECLARED_AS), "declared": list(DECLARED_AS.values())})
    asked = named.join(asked, left_on="declared", right_on="kind", how="inner").with_columns(list_id=pl.lit(None))
    hits = loud(as_assessed(frames["hits"])).filter(pl.col("basis") == "name")
    found = [_alerted(rows, folder, str(version)) for (version,), rows in hits.group_by("list_version")]
    return pl.concat([each.select(pl.col(name).cast(kind) for name, kind in _SEEN.items()) for each in (asked, *found)])


def _alerted(hits: pl.DataFrame, folder: NodeFolder, version: str) -> pl.DataFrame:
    kinds = listed_rows(folder, version, hits["entity_id"]).select("listing_id", "kind").unique("listing_id")
    told = hits.join(kinds, on="listing_id", how="inner")
    return told.group_by("list_id", "kind").agg(count=pl.col("screened_value").n_unique())
