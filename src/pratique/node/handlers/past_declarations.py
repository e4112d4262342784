"""What the node assessed so far, in the columns that a model learns from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from pratique.flow.learning.columns import REQUIRED
from pratique.node.acts import Query, View
from pratique.node.runs.past import past_declarations, runs_between

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
    latest = past_declarations(view.folder, runs_between(view.connection, query.since, None))
    whole = latest.drop_nulls(REQUIRED).sort("lodged_on", "consignment")
    return PastDeclarations(SCOPE, whole, latest.height - whole.height)
