"""Results of controls as a table, and what overrides of the selection came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pratique.node.access import OFFICER
from pratique.node.acts import Query, View
from pratique.node.controls.order_at_hand import orders_at_hand
from pratique.node.controls.results import control_results
from pratique.node.runs.at_hand import run_at_hand
from pratique.node.storage.access_officers import officers
from pratique.node.storage.control_acts import standing_acts
from pratique.node.storage.orders import of_run
from pratique.node.storage.runs import runs

LOCAL_ROLE = "local"


@dataclass(frozen=True, slots=True)
class ResultsShown:
    """Schema ``CONTROL_RESULT``, as it was known at ``as_of``."""

    as_of: datetime
    results: pl.DataFrame


@dataclass(frozen=True, slots=True)
class OverrideCount:
    """Standing acts of one kind: their reason, the roles of who did them (joined by ``+``), and what it came to.

    ``outcome`` is that of the consignment's control, ``waived`` where there was none to be, ``open`` where it waits.
    """

    kind: str
    reason: str
    role: str
    outcome: str
    count: int


@dataclass(frozen=True, slots=True)
class ListControlResults(Query[ResultsShown]):
    """One row for each finished control, corrections applied as of a moment (else now)."""

    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class CountOverrides(Query[tuple[OverrideCount, ...]]):
    """Acts of officers on the selection of a run, else of all runs, by reason, role and outcome."""

    run: str | None = None


def list_control_results(query: ListControlResults, view: View) -> ResultsShown:
    """A moment that is still to come shows what is known now."""
    as_of = query.as_of or view.at
    return ResultsShown(as_of, control_results(view.connection, as_of=as_of))


def count_overrides(query: CountOverrides, view: View) -> tuple[OverrideCount, ...]:
    """Raises ``NOT_FOUND`` where there is no such run."""
    if query.run is None:
        seqs = [each.seq for each in runs(view.connection)]
    else:
        seqs = [run_at_hand(view.connection, view.folder, query.run).run.seq]
    roles = _roles(view)
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for seq in seqs:
        ended = {
            each.order.consignment: each.standing.outcome
            for each in orders_at_hand(view.connection, of_run(seq))
            if each.standing is not None and each.order.repeats is None
        }
        for act in standing_acts(view.connection, seq):
            none = "waived" if act.control == "none" else "open"
            key = (act.kind, act.reason or "", roles.get(act.by, LOCAL_ROLE), ended.get(act.consignment, none))
            counted[key] += 1
    return tuple(OverrideCount(*key, count) for key, count in sorted(counted.items()))


def _roles(view: View) -> dict[str, str]:
    """The roles that officers have now, by the name under which they act."""
    with view.stores.access.reading() as connection:
        return {OFFICER + each.login: "+".join(sorted(each.roles)) for each in officers(connection)}
