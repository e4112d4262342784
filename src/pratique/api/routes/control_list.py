"""Acts on the control list: select, waive, override."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import GivenConsignment, GivenRun, Note, OptionalCall, OptionalRun, ReasonCode
from pratique.node.handlers.control_list import (
    ActDone,
    ControlActs,
    ListControlActs,
    ListReasonCodes,
    OverrideDecision,
    SelectConsignment,
    WaiveConsignment,
)
from pratique.node.handlers.control_list import ReasonCode as Code

SLICE: Final = Slice("control_list")


class Selected(BaseModel):
    """A consignment that is put on the control list."""

    model_config = ConfigDict(extra="forbid")

    run: GivenRun
    consignment: GivenConsignment
    control: Literal["open", "scan", "documents"] = "scan"
    reason: ReasonCode | None = None
    note: Note = ""


class Waived(BaseModel):
    """A consignment that is taken off the control list."""

    model_config = ConfigDict(extra="forbid")

    run: GivenRun
    consignment: GivenConsignment
    reason: ReasonCode
    note: Note = ""


class Overridden(BaseModel):
    """A consignment on which is decided otherwise than was selected."""

    model_config = ConfigDict(extra="forbid")

    run: GivenRun
    consignment: GivenConsignment
    control: Literal["open", "scan", "documents", "audit", "none"] = Field(description="What is to be done instead.")
    reason: ReasonCode
    note: Note = ""


@SLICE.read("/control_list/acts", missing=True, summary="List acts on a control list")
def list_control_acts(by: By, run: OptionalRun = None, call: OptionalCall = None) -> ControlActs:
    """What officers did, oldest first, undone acts too; the standing ones are counted by kind and reason."""
    return by.ask(ListControlActs(run, call))


@SLICE.read("/control_list/reason_codes", summary="List coded reasons")
def list_reason_codes(by: By) -> tuple[Code, ...]:
    """Every coded reason, by act and by answer to a list hit."""
    return by.ask(ListReasonCodes())


@SLICE.write("/control_list/select", missing=True, summary="Select a consignment")
def select_consignment(by: By, said: Selected) -> ActDone:
    """Puts it on the control list, whether a slot is left or not. A reason is not needed."""
    return by.execute(SelectConsignment(said.run, said.consignment, said.control, said.reason, said.note))


@SLICE.write("/control_list/waive", missing=True, summary="Waive a consignment")
def waive_consignment(by: By, said: Waived) -> ActDone:
    """Takes it off the control list with a reason; above the line a second factor is asked for, at the desk."""
    return by.execute(WaiveConsignment(said.run, said.consignment, said.reason, said.note))


@SLICE.write("/control_list/override", missing=True, summary="Override a decision")
def override_decision(by: By, said: Overridden) -> ActDone:
    """Decides otherwise than was selected, with a reason."""
    return by.execute(OverrideDecision(said.run, said.consignment, said.control, said.reason, said.note))
