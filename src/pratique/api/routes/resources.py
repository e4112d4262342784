"""Resources of controls: the board, shifts and costs, out of use and back."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import Note, ReasonCode
from pratique.flow.controls.outcomes import LARGEST
from pratique.node.controls.entered import shift_of
from pratique.node.handlers.resources import (
    BringIntoUse,
    Cost,
    PutResource,
    ReadShiftSlots,
    ResourceBoard,
    ShiftSlots,
    ShowResources,
    TakeOutOfUse,
)
from pratique.node.storage.resources import StoredResourceEvent

SLICE: Final = Slice("resources")

ResourceId = Annotated[str, Path(max_length=64, description="Id of a resource.", examples=["scanner-1"])]
Day = Annotated[date | None, Query(description="A day; else today.")]
Minor = Annotated[int, Field(ge=0, le=LARGEST)]


class CostGiven(BaseModel):
    """What a resource costs, in minor units of the currency."""

    model_config = ConfigDict(extra="forbid")

    currency: str = Field(max_length=3, description="ISO 4217.")
    per_control_minor: Minor = 0
    per_hour_minor: Minor = 0


class ResourceGiven(BaseModel):
    """A resource as it is to be from now on."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=64, description="scanner, opening_team, documents_desk, dog_team, laboratory.")
    name: str = Field(max_length=80)
    time_zone: str = Field(default="UTC", max_length=64)
    shifts: list[Annotated[str, Field(max_length=64, examples=["early=06:00-14:00x12@12345"])]] = Field(
        min_length=1, max_length=12, description="Name, hours in local time, capacity, weekdays if not all."
    )
    cost: CostGiven | None = None


class ResourceKept(BaseModel):
    """The version that is in force now: its number is that of its journal entry."""

    id: str
    seq: int


class Stopped(BaseModel):
    """Why a resource is out of use."""

    model_config = ConfigDict(extra="forbid")

    reason: ReasonCode
    note: Note = ""


@SLICE.read("/resources", summary="Show the resources board")
def show_resources(
    by: By,
    day: Day = None,
    days: Annotated[int, Query(ge=1, le=366, description="Over how many days uptime and use are told.")] = 7,
) -> ResourceBoard:
    """Shifts of the day and how full they are; uptime, finds and cost over the days up to now."""
    return by.ask(ShowResources(day, days))


@SLICE.read("/resources/slots/{shift}", missing=True, summary="Read the slots of a shift")
def read_shift_slots(
    by: By, shift: Annotated[str, Path(max_length=64, description="Name of a shift.")], day: Day = None
) -> ShiftSlots:
    """What an assessment may count on: slots by control of everything that is fit for work."""
    return by.ask(ReadShiftSlots(shift, day))


@SLICE.write("/resources/{resource_id}", method="PUT", summary="Put a resource")
def put_resource(by: By, resource_id: ResourceId, said: ResourceGiven) -> ResourceKept:
    """Adds it, or gives it a new version."""
    cost = None if said.cost is None else Cost(**said.cost.model_dump())
    shifts = tuple(shift_of(each) for each in said.shifts)
    done = by.execute(PutResource(resource_id, said.kind, said.name, said.time_zone, shifts, cost))
    return ResourceKept(id=done.id, seq=done.seq)


@SLICE.write("/resources/{resource_id}/down", missing=True, summary="Take a resource out of use")
def take_out_of_use(by: By, resource_id: ResourceId, said: Stopped) -> StoredResourceEvent:
    """From now on, with a coded reason."""
    return by.execute(TakeOutOfUse(resource_id, said.reason, said.note))


@SLICE.write("/resources/{resource_id}/up", missing=True, summary="Bring a resource into use")
def bring_into_use(by: By, resource_id: ResourceId) -> StoredResourceEvent:
    """From now on."""
    return by.execute(BringIntoUse(resource_id))
