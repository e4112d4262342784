"""Capacity: what a number of slots gives, and changing it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import OptionalCall, OptionalRun, RunId
from pratique.flow.selection import parse_slots
from pratique.node.handlers.capacity import CapacityShown, ChangeCapacity, PreviewCapacity

SLICE: Final = Slice("capacity")

Slots = Annotated[
    str,
    Query(
        max_length=200,
        description="The resources that differ from the selection in force; empty shows what is in force.",
        examples=["open=12,scan=60,documents=200"],
    ),
]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class NewCapacity(BaseModel):
    """The slots of each resource that changes."""

    model_config = ConfigDict(extra="forbid")

    capacity: dict[str, Count] = Field(max_length=10, examples=[{"open": 12, "scan": 60}])


@SLICE.read("/capacity", missing=True, summary="Preview a capacity")
def preview_capacity(by: By, run: OptionalRun = None, call: OptionalCall = None, capacity: Slots = "") -> CapacityShown:
    """What the run would be under another capacity: controls, gain and who would be left out. Changes nothing."""
    return by.ask(PreviewCapacity(run, call, parse_slots(capacity) or None))


@SLICE.write("/runs/{run_id}/capacity", missing=True, summary="Change the capacity of a run")
def change_capacity(by: By, run_id: RunId, to: NewCapacity) -> CapacityShown:
    """A new selection, in force from here on. Calls that are approved keep their lists."""
    return by.execute(ChangeCapacity(run_id, to.capacity))
