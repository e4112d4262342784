"""Outcomes: one order whole, its one outcome, and the correction of it by a second person."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from pratique.api.routes.orders import OrderId
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import Note, ReasonCode, within
from pratique.flow.controls.outcomes import LARGEST, ControlFinding
from pratique.node.controls.outcome_checks import Result
from pratique.node.handlers.outcomes import CorrectOutcome, OrderShown, OutcomeRecord, RecordOutcome, ShowOrder

SLICE: Final = Slice("outcomes", persons=True)

Currency = Annotated[str, StringConstraints(max_length=3), Field(description="ISO 4217.", examples=["USD"])]
Amount = Annotated[int, Field(ge=0, le=LARGEST)]


class Found(BaseModel):
    """One thing that was found; codes are those of the catalogue, and what is not known is null."""

    model_config = ConfigDict(extra="forbid")

    threat: str = Field(max_length=64)
    concealment: str = Field(default="none", max_length=64)
    hs: str | None = Field(default=None, max_length=10, description="2 to 10 digits of the HS.")
    quantity_milli: Amount | None = Field(default=None, description="Thousandths of the unit.")
    unit: str | None = Field(default=None, max_length=3, description="UN/ECE Recommendation 20.")
    value_minor: Amount | None = None
    currency: Currency | None = None
    mass_g: Amount | None = None
    seized: bool = False


class Concluded(BaseModel):
    """What a control came to."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["conform", "discrepancy", "seizure", "not_controlled"]
    reason: ReasonCode | None = Field(default=None, description="Why it was not controlled; with no other outcome.")
    note: Note = ""
    findings: list[Found] = Field(default=[], max_length=50)
    legal_basis: str = Field(default="", max_length=200, description="The article; with a seizure alone.")
    duty_recovered_minor: Amount | None = None
    duty_currency: Currency | None = None
    controlled_at: AwareDatetime | None = Field(default=None, description="When, if not just now.")


class Corrected(Concluded):
    """What it came to after all, and why it is corrected."""

    why: ReasonCode


@SLICE.read("/orders/{order_id}", missing=True, summary="Show an order whole")
def show_order(by: By, order_id: OrderId) -> OrderShown:
    """Its checklist with the answers, its evidence, and the records of its outcome, the last of which stands."""
    return by.ask(ShowOrder(order_id))


@SLICE.write("/orders/{order_id}/outcome", missing=True, summary="Record the outcome of a control")
def record_outcome(by: By, order_id: OrderId, said: Concluded) -> OutcomeRecord:
    """Records its one outcome; a second one is refused, and what contradicts itself is too."""
    return by.execute(RecordOutcome(order_id, _result(said)))


@SLICE.write("/orders/{order_id}/correct", missing=True, summary="Correct the outcome of a control")
def correct_outcome(by: By, order_id: OrderId, said: Corrected) -> OutcomeRecord:
    """Supersedes the standing record, by another person than recorded it; both stay."""
    return by.execute(CorrectOutcome(order_id, _result(said), said.why))


def _result(said: Concluded) -> Result:
    return Result(
        said.outcome,
        said.reason,
        said.note,
        tuple(ControlFinding(**each.model_dump()) for each in said.findings),
        said.legal_basis,
        said.duty_recovered_minor,
        said.duty_currency,
        within(said.controlled_at),
    )
