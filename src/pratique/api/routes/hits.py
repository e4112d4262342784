"""List hits: found, and side by side with their evidence."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import OptionalCall, OptionalRun, RunId
from pratique.node.handlers.hits import MOST_HITS, Hits, HitShown, HitView, ListHits, ShowHit

SLICE: Final = Slice("hits", persons=True)

HitNumber = Annotated[int, Path(ge=0, le=2**31 - 1, description="Number of the hit inside its run.")]
View = Annotated[
    HitView,
    Query(
        description="`all`; `open`; `second`: another officer answered `different` and you may agree; `raised`: open, "
        "and raised by a list that changed after the assessment; `audit`: open, and raised on what was released "
        "before; `quiet`: kept quiet by an earlier answer, no points."
    ),
]
Most = Annotated[int, Query(ge=1, le=MOST_HITS, description="How many hits at most.")]


@SLICE.read("/hits", missing=True, summary="List hits")
def list_hits(
    by: By, run: OptionalRun = None, call: OptionalCall = None, view: View = HitView.ALL, limit: Most = 200
) -> Hits:
    """Hits in the order of work: soonest arrival first, then the surest.

    A worklist without pages, since answering changes its order: `total` says how many there are, and `run`, `call` and
    `view` narrow it.
    """
    return by.ask(ListHits(run, call, view.value, limit))


@SLICE.read("/runs/{run_id}/hits/{hit}", missing=True, summary="Show a hit")
def show_hit(by: By, run_id: RunId, hit: HitNumber) -> HitShown:
    """One hit with both sides, what agrees and what differs, and every earlier answer about the same pair."""
    return by.ask(ShowHit(run_id, hit))
