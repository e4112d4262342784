"""Reconciliation: the proof that every selected consignment has one outcome, and the releases it permits."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import GivenConsignment, GivenRun, OptionalRun
from pratique.flow.controls.reconcile import OpenConsignment
from pratique.node.handlers.reconciling import ReconcileControls, ReleaseConsignment

SLICE: Final = Slice("reconciling")


class Proof(BaseModel):
    """``selected`` is the sum of all ``outcomes`` and of what is ``open``; ``is_whole`` where nothing is."""

    run: str
    selected: int
    outcomes: dict[str, int]
    open: tuple[OpenConsignment, ...]
    is_whole: bool
    second_looks_open: int
    released: int


class ToRelease(BaseModel):
    """A consignment that is released."""

    model_config = ConfigDict(extra="forbid")

    run: GivenRun
    consignment: GivenConsignment


class Released(BaseModel):
    """That it was released, when and by whom."""

    consignment_id: str
    at: str
    by: str


@SLICE.read("/reconciliation", missing=True, summary="Reconcile the controls of a run")
def reconcile_controls(by: By, run: OptionalRun = None) -> Proof:
    """Every selected consignment once: under its one outcome, else as open with the reason."""
    found = by.ask(ReconcileControls(run))
    return Proof(
        run=found.run.id,
        selected=found.proof.selected,
        outcomes=dict(found.proof.outcomes),
        open=found.proof.open,
        is_whole=found.proof.is_whole,
        second_looks_open=found.second_looks_open,
        released=found.released,
    )


@SLICE.write("/releases", missing=True, summary="Note a release")
def release_consignment(by: By, said: ToRelease) -> Released:
    """Refused while an outcome or a second look of the consignment is open."""
    done = by.execute(ReleaseConsignment(said.run, said.consignment))
    return Released(consignment_id=done.consignment_id, at=done.at, by=done.by)
