"""Approvals: the control list of a call, approved and frozen."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import GivenRun
from pratique.node.handlers.approvals import ApproveControls, ControlsApproved

SLICE: Final = Slice("approvals")


class Approved(BaseModel):
    """The list that is approved."""

    model_config = ConfigDict(extra="forbid")

    run: GivenRun
    call: Annotated[str, Field(max_length=64, description="Short id of the call.", examples=["4D1SXR8A"])]
    expected: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="`list_sha256` of the list that was seen.")]


@SLICE.write("/approvals", missing=True, summary="Approve a control list")
def approve_controls(by: By, said: Approved) -> ControlsApproved:
    """Freezes the list of a call. Every row at or above the line must have a control or a decision."""
    return by.execute(ApproveControls(said.run, said.call, said.expected))
