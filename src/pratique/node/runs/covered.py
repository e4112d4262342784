"""Which run speaks for an arrival: the newest that covers it, and how many versions of its messages there were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pratique.node.folder import NodeFolder
from pratique.node.instants import from_text
from pratique.node.runs.at_hand import RunAtHand, run_at_hand
from pratique.node.runs.calls import Call
from pratique.node.runs.manifest import CONSIGNMENT_ID
from pratique.node.storage import calls as stored
from pratique.node.storage.kept_files import received_at
from pratique.node.storage.runs import run_by_seq
from pratique.node.storage.store import Connection

BILL = "transport_contract_document_id"


@dataclass(frozen=True, slots=True)
class StandingCall:
    """A call that no newer run covers; ``earlier`` are the older calls of the same ship, voyage and port."""

    call: Call
    earlier: tuple[Call, ...]


class Runs:
    """The runs that one question looks at, each taken at hand once."""

    def __init__(self, connection: Connection, folder: NodeFolder) -> None:
        self._connection = connection
        self._folder = folder
        self._known: dict[str, RunAtHand] = {}

    def __getitem__(self, run_id: str) -> RunAtHand:
        if run_id not in self._known:
            self._known[run_id] = run_at_hand(self._connection, self._folder, run_id)
        return self._known[run_id]

    def all_calls(self) -> list[Call]:
        """Every call of every run, newest run first."""
        before = stored.runs_without_calls(self._connection)
        made = [call for seq in before for call in self[run_by_seq(self._connection, seq).id].calls]
        return [*stored.all_calls(self._connection), *reversed(made)]


def standing_calls(runs: Runs, *, is_wanted: Callable[[Call], bool]) -> list[StandingCall]:
    """The wanted calls that no newer run covers.

    A newer call covers an older one of the same ship, voyage and port where it has every bill of it: the same message
    assessed again, or the manifest sent anew. An amendment that brings a few bills covers nothing and stands beside.
    """
    by_ship: dict[tuple[str | None, ...], list[Call]] = {}
    for call in runs.all_calls():
        by_ship.setdefault(call.ship, []).append(call)
    found = []
    for same in by_ship.values():
        for place, call in enumerate(same):
            if is_wanted(call) and not any(_bills(runs, call) <= _bills(runs, newer) for newer in same[:place]):
                found.append(StandingCall(call, tuple(same[place + 1 :])))
    return found


def received(connection: Connection, runs: Runs, call: Call) -> datetime | None:
    """When the newest of the call's messages first came."""
    came = [moment for sha in _raws(runs, call) if (moment := received_at(connection, sha)) is not None]
    newest = max(came, default=None)
    return from_text(newest) if newest else None


def manifest_version(runs: Runs, standing: StandingCall) -> int:
    """How many different messages (or sets of them) told of this call, the newest included."""
    return len({_raws(runs, each) for each in (standing.call, *standing.earlier)})


def _bills(runs: Runs, call: Call) -> frozenset[str]:
    rows = runs[call.run_id].frames["consignments"].filter(pl.col("message").is_in(call.messages))
    return frozenset(rows.select(pl.coalesce(BILL, CONSIGNMENT_ID)).to_series().to_list())


def _raws(runs: Runs, call: Call) -> frozenset[str]:
    rows = runs[call.run_id].frames["message"].filter(pl.col("message").is_in(call.messages))
    return frozenset(rows["raw_sha256"].drop_nulls().to_list())
