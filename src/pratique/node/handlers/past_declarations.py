"""What the node assessed so far, in the columns that a model learns from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from pratique.flow.learning.columns import DECLARATION, REQUIRED
from pratique.flow.learning.manifests import GONE, declared
from pratique.node.acts import Query, View
from pratique.node.handlers.runs import run_frame
from pratique.node.instants import from_text
from pratique.node.run_record import CONSIGNMENT_ID
from pratique.node.storage.runs import runs

FRAMES = ("message", "consignments", "goods_items", "equipment", "parties", "versions")
SCOPE = "past declarations"


@dataclass(frozen=True, slots=True)
class PastDeclarations:
    """``rows`` (schema ``DECLARATION``) by day and number; ``incomplete`` lack an importer or a six-digit heading."""

    scope: str
    rows: pl.DataFrame
    incomplete: int


@dataclass(frozen=True, slots=True)
class ListPastDeclarations(Query[PastDeclarations]):
    """What was assessed since a day (else ever) and stands: each bill in its newest version, as of its latest run."""

    since: date | None = None


def list_past_declarations(query: ListPastDeclarations, view: View) -> PastDeclarations:
    """Consignments that a model cannot learn from are counted, not shown."""
    parts, replaced = [pl.DataFrame(schema=DECLARATION)], [pl.Series(dtype=pl.String)]
    for run in runs(view.connection):
        on = from_text(run.at).date()
        if query.since is None or on >= query.since:
            frames = {name: run_frame(run, name, view) for name in FRAMES}
            parts.append(declared(frames, ids=frames["consignments"][CONSIGNMENT_ID], on=on))
            stands = frames["versions"].filter(~pl.col("change").is_in(GONE))
            replaced.append(stands["replaces_consignment_id"].drop_nulls())
    latest = pl.concat(parts).unique("consignment", keep="last", maintain_order=True)
    latest = latest.filter(~pl.col("consignment").is_in(pl.concat(replaced).implode()))
    whole = latest.drop_nulls(REQUIRED).sort("lodged_on", "consignment")
    return PastDeclarations(SCOPE, whole, latest.height - whole.height)
