"""Disputed reasons: an officer says that a reason is wrong, and how often that is said of each."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import GivenConsignment, Note, ReasonCode
from pratique.node.handlers.disputes import DisputeReason, Disputes, ListDisputes
from pratique.node.storage.disputes import StoredDispute

SLICE: Final = Slice("disputes")

Which = Annotated[str | None, Query(max_length=200, description="Short id or bill number of a consignment.")]


class Disputed(BaseModel):
    """A reason of a consignment that is said to be wrong."""

    model_config = ConfigDict(extra="forbid")

    consignment: GivenConsignment
    reason: str = Field(
        min_length=1,
        max_length=200,
        description="Id of the rule, or code of a model's reason.",
        examples=["weight_band"],
    )
    because: ReasonCode
    note: Note = ""


@SLICE.read("/disputes", missing=True, summary="List disputed reasons")
def list_disputes(by: By, consignment: Which = None) -> Disputes:
    """How often each rule and each reason of a model is disputed; with a consignment, what stands on it."""
    return by.ask(ListDisputes(consignment))


@SLICE.write("/disputes", missing=True, summary="Dispute a reason")
def dispute_reason(by: By, said: Disputed) -> StoredDispute:
    """Its points stay as they were given; it is counted once an officer and consignment."""
    return by.execute(DisputeReason(said.consignment, said.reason, said.because, said.note))
