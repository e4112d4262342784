"""A run as officers work on it: its frames, its calls, the selection in force, and what was done to it since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import polars as pl

from pratique.node.canonical import digest
from pratique.node.controls.state import with_acts
from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.frame_cache import FRAMES
from pratique.node.hits.pairs import hit_facts
from pratique.node.hits.raised import Late, added, raised_on
from pratique.node.hits.raised_points import standing_reasons
from pratique.node.lake import FrameFacts, known_frame
from pratique.node.runs.calls import Call, calls_in
from pratique.node.runs.manifest import manifest_of
from pratique.node.runs.queue_frame import RunFrames, queue_frame, selected_frame
from pratique.node.storage import profiles, runs
from pratique.node.storage.approvals import StoredApproval, approvals_of
from pratique.node.storage.calls import calls_of_run
from pratique.node.storage.control_acts import StoredAct, standing_acts
from pratique.node.storage.profiles import StoredProfile
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.selections import StoredSelection, selection_in_force
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

MANIFESTS_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class RunHead:
    """Which run, made when and by whom, with how many consignments; ``selection`` 0 is the run's own."""

    id: str
    at: str
    actor: str
    consignment_count: int
    selection: int


@dataclass(frozen=True, slots=True)
class RunAtHand:
    """One run. ``acts`` are those that stand, oldest first; ``selection`` is ``None`` where the run's own is in force.

    ``profiles`` are the versions that the run worked with; ``raised`` (schema ``RAISED``) are hits that a change of a
    list raised since, ``raised_reasons`` (schema ``RAISED_REASON``) what they add to its scores as it stands now.
    """

    run: StoredRun
    manifest: Mapping[str, Any]
    frames: RunFrames
    calls: list[Call]
    profiles: list[StoredProfile]
    selection: StoredSelection | None
    acts: list[StoredAct]
    approvals: dict[str, StoredApproval]
    folder: NodeFolder
    raised: pl.DataFrame
    raised_reasons: pl.DataFrame

    @property
    def head(self) -> RunHead:
        """The run in short."""
        run, number = self.run, self.selection.number if self.selection else 0
        return RunHead(run.id, run.at, run.actor, run.consignment_count, number)

    @property
    def capacity(self) -> dict[str, int]:
        """Slots by resource of the selection in force."""
        told = json.loads(self.selection.capacity) if self.selection else self.manifest["capacity"]
        return {name: int(slots) for name, slots in told.items()}

    @property
    def seed(self) -> int:
        """What decides the draw of the selection in force."""
        return self.selection.seed if self.selection else int(self.manifest["seed"])

    @property
    def queue(self) -> pl.DataFrame:
        """What a page shows of every consignment, without decisions (see ``queue_frame``)."""
        return queue_frame(self.frames, calls=self.calls, profiles=self.profiles, raised=self.late)

    @property
    def late(self) -> Late:
        """What came to the run since it was made."""
        return Late(self.raised, added(self.raised_reasons))

    @property
    def has_hits(self) -> bool:
        """Whether there is any."""
        return not (self.frames["hits"].is_empty() and self.raised.is_empty())

    @property
    def hits(self) -> pl.DataFrame:
        """Every hit of the run and raised since (see ``hit_facts``), also those that a later one supersedes."""
        return hit_facts(self.frames, self.folder, self.raised)

    @property
    def decisions(self) -> pl.DataFrame:
        """The decisions of the selection in force (schema ``DECISION``)."""
        return known_frame(self.folder, self._decision_facts)

    @property
    def selected(self) -> pl.DataFrame:
        """The queue with the decisions of the selection in force, in order of rank, before any act."""
        facts = [self._decision_facts["sha256"], self.late.key]
        return selected_frame(self.queue, self.frames, self.decisions, digest(facts))

    def state(self, call: Call | None = None) -> pl.DataFrame:
        """The list as it stands, of one call or of the whole run: see ``with_acts``."""
        acts = [[act.consignment, act.kind, act.control] for act in self.acts]
        scope = None if call is None else call.number
        made_of = [self._decision_facts["sha256"], self.late.key, scope, acts]
        key = digest(["state", self.frames.key, self.frames.high_line, made_of])
        return FRAMES.get(key, lambda: with_acts(self._rows_of(call), self.acts))

    def _rows_of(self, call: Call | None) -> pl.DataFrame:
        return self.selected if call is None else self.selected.filter(pl.col("call") == call.number)

    def call(self, ref: str) -> Call:
        """The call of that id. Raises ``NOT_FOUND``."""
        found = next((each for each in self.calls if each.id == ref.strip().upper()), None)
        if found is None:
            raise refuse("calls.not_found", Category.NOT_FOUND, call=ref, run=self.run.id)
        return found

    @property
    def _decision_facts(self) -> FrameFacts:
        facts: FrameFacts = json.loads(self.selection.decisions) if self.selection else self._own_decisions
        return facts

    @property
    def _own_decisions(self) -> FrameFacts:
        facts: FrameFacts = self.manifest["frames"]["decisions"]
        return facts


def run_at_hand(connection: Connection, folder: NodeFolder, ref: str | None) -> RunAtHand:
    """The run of that short id, else the newest. Raises ``NOT_FOUND``."""
    found = runs.run_by_id(connection, ref.strip().upper()) if ref else runs.newest_run(connection)
    if found is None and ref is None:
        raise refuse("runs.none_yet", Category.NOT_FOUND)
    if found is None:
        raise refuse("runs.not_found", Category.NOT_FOUND, run=ref)
    require_kept(connection, found)
    return taken_at_hand(connection, folder, found)


def require_kept(connection: Connection, run: StoredRun) -> None:
    """Raises ``NOT_FOUND`` where the run's data was erased because its time was over."""
    if runs.is_cleared(connection, run):
        raise refuse("runs.cleared", Category.NOT_FOUND, run=run.id)


def taken_at_hand(connection: Connection, folder: NodeFolder, run: StoredRun) -> RunAtHand:
    """The same, of a run that was found already."""
    manifest = _manifest(run)
    frames = RunFrames(folder, manifest)
    calls = calls_of_run(connection, run.seq) or calls_in(run.id, frames["message"], frames["transport"])
    raised = raised_on(connection, run.seq)
    return RunAtHand(
        run=run,
        manifest=manifest,
        frames=frames,
        calls=calls,
        profiles=_profiles_of(connection, manifest),
        selection=selection_in_force(connection, run.seq),
        acts=standing_acts(connection, run.seq),
        approvals=approvals_of(connection, run.seq),
        folder=folder,
        raised=raised,
        raised_reasons=standing_reasons(connection, run.seq, lambda: hit_facts(frames, folder, raised)),
    )


@lru_cache(maxsize=MANIFESTS_KEPT)
def _manifest(run: StoredRun) -> dict[str, Any]:
    return manifest_of(run)


def _profiles_of(connection: Connection, manifest: Mapping[str, Any]) -> list[StoredProfile]:
    wanted = {(name, facts["version"]) for name, facts in manifest["profiles"].items()}
    return [each for each in profiles.stored_profiles(connection) if (each.id, each.version) in wanted]
