"""The past as one table: every consignment that was assessed in a period and stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from pratique.flow.learning.columns import DECLARATION
from pratique.flow.learning.manifests import GONE, declared
from pratique.node.canonical import digest
from pratique.node.folder import NodeFolder
from pratique.node.frame_cache import FRAMES
from pratique.node.instants import from_text
from pratique.node.lake import FrameFacts, known_frame
from pratique.node.runs.manifest import CONSIGNMENT_ID, manifest_of
from pratique.node.storage.runs import StoredRun, is_cleared, runs
from pratique.node.storage.store import Connection

NEEDED = ("message", "consignments", "goods_items", "equipment", "parties", "versions")


def runs_between(connection: Connection, since: date | None, until: date | None) -> list[StoredRun]:
    """The runs of a period, both days included (``None``: from the first, until the last), oldest first.

    Runs whose data was erased when its time was over are left out.
    """
    days = [(run, from_text(run.at).date()) for run in runs(connection)]
    found = [run for run, on in days if (since is None or since <= on) and (until is None or on <= until)]
    return [run for run in found if not is_cleared(connection, run)]


def past_declarations(folder: NodeFolder, period: list[StoredRun]) -> pl.DataFrame:
    """Rows of ``DECLARATION`` of these runs: each bill in its newest version, as of its latest run."""
    parts, replaced = [pl.DataFrame(schema=DECLARATION)], [pl.Series(dtype=pl.String)]
    for run in period:
        kept = manifest_of(run)["frames"]
        parts.append(_declared(folder, kept, from_text(run.at).date()))
        stands = known_frame(folder, kept["versions"]).filter(~pl.col("change").is_in(GONE))
        replaced.append(stands["replaces_consignment_id"].drop_nulls())
    latest = pl.concat(parts).unique("consignment", keep="last", maintain_order=True)
    return latest.filter(~pl.col("consignment").is_in(pl.concat(replaced).implode()))


def _declared(folder: NodeFolder, kept: Mapping[str, FrameFacts], on: date) -> pl.DataFrame:
    """Those of a run, made once from its frames: a night looks at a hundred runs, and a page at them again."""

    def make() -> pl.DataFrame:
        frames = {name: known_frame(folder, kept[name]) for name in NEEDED}
        return declared(frames, ids=frames["consignments"][CONSIGNMENT_ID], on=on)

    key = digest(["declared", *(kept[name]["sha256"] for name in NEEDED), on.isoformat()])
    return FRAMES.get(key, make)
