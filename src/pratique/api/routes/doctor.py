"""Doctor: whether the node is whole, check by check."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.doctor import Doctor

SLICE: Final = Slice("doctor")


class Check(BaseModel):
    """One check: what was seen, and what to do about it."""

    name: str
    state: Literal["ok", "warn", "fail"]
    told: str
    todo: str


@SLICE.read("/doctor", summary="Check the node")
def doctor(by: By) -> list[Check]:
    """Reads every file that the node names, so it takes as long as they are large; it changes nothing."""
    return [Check.model_validate(each, from_attributes=True) for each in by.ask(Doctor())]
