"""Orders of controls: listed, given, assigned, started, worked through, referred."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import GivenConsignment, GivenRun, Note, OptionalRun, ReasonCode
from pratique.flow.controls.catalogue import Catalogue
from pratique.node.controls.order_lines import OrderLine
from pratique.node.handlers.orders import (
    AnswerSteps,
    AssignControl,
    ListControls,
    OrderControl,
    OrdersShown,
    ReferControl,
    ShowCatalogue,
    StartControl,
    StepAnswer,
)

SLICE: Final = Slice("orders")

OrderId = Annotated[str, Path(max_length=64, description="Short id of an order.", examples=["7K3MZQ2V"])]
Control = Literal["open", "scan", "documents", "dog", "sampling", "laboratory"]
State = Literal["ordered", "assigned", "started", "referred", "done", "cancelled"]


class Ordered(BaseModel):
    """A control that an officer orders."""

    model_config = ConfigDict(extra="forbid")

    run: GivenRun
    consignment: GivenConsignment
    control: Control
    reason: ReasonCode
    note: Note = ""


class Assigned(BaseModel):
    """Who is to carry a control out."""

    model_config = ConfigDict(extra="forbid")

    resource: str = Field(max_length=64, description="Id of a resource.")
    day: date
    shift: str = Field(max_length=64, description="Name of one of its shifts.")
    officer: str = Field(default="", max_length=120, description="Login, where an officer is named.")


class StepAnswered(BaseModel):
    """The answer to one step of a checklist."""

    model_config = ConfigDict(extra="forbid")

    step: str = Field(max_length=64, description="One of the steps of the control.")
    answer: Literal["done", "not_reached", "not_applicable"]
    text: str = Field(default="", max_length=200, description="What was read or seen; some steps need it.")


class Answers(BaseModel):
    """Answers to steps; the newest answer to a step counts."""

    model_config = ConfigDict(extra="forbid")

    answers: list[StepAnswered] = Field(min_length=1, max_length=50)


class Referred(BaseModel):
    """The control that has to follow, and why."""

    model_config = ConfigDict(extra="forbid")

    control: Control
    reason: ReasonCode
    note: Note = ""


@SLICE.read("/orders", missing=True, summary="List orders of controls")
def list_controls(
    by: By,
    run: OptionalRun = None,
    state: Annotated[State | None, Query(description="Keeps one state.")] = None,
    mine: Annotated[bool, Query(description="Only open ones in one's own or in no hands.")] = False,
) -> OrdersShown:
    """Orders of a run, else of all runs, oldest first; who only inspects is not told what was drawn at random."""
    return by.ask(ListControls(run, state, mine))


@SLICE.read("/control_catalogue", summary="Show kinds of controls with their checklists")
def show_catalogue(by: By) -> Catalogue:
    """Kinds of controls, their steps, and the codes of threats, concealments and units."""
    return by.ask(ShowCatalogue())


@SLICE.write("/orders", missing=True, summary="Order a control")
def order_control(by: By, said: Ordered) -> OrderLine:
    """Orders a control that the selection did not, with a coded reason."""
    return by.execute(OrderControl(said.run, said.consignment, said.control, said.reason, said.note))


@SLICE.write("/orders/{order_id}/assign", missing=True, summary="Assign an order")
def assign_control(by: By, order_id: OrderId, said: Assigned) -> OrderLine:
    """Gives it to a resource on a shift; refused where the shift is full or the resource out of use."""
    return by.execute(AssignControl(order_id, said.resource, said.day, said.shift, said.officer))


@SLICE.write("/orders/{order_id}/start", missing=True, summary="Start a control")
def start_control(by: By, order_id: OrderId) -> OrderLine:
    """The caller has it in hand from now on."""
    return by.execute(StartControl(order_id))


@SLICE.write("/orders/{order_id}/steps", missing=True, summary="Answer steps of a checklist")
def answer_steps(by: By, order_id: OrderId, said: Answers) -> OrderLine:
    """Records the answers; a control needs one to every step before its outcome."""
    return by.execute(AnswerSteps(order_id, tuple(StepAnswer(**each.model_dump()) for each in said.answers)))


@SLICE.write("/orders/{order_id}/refer", missing=True, summary="Refer a control to another")
def refer_control(by: By, order_id: OrderId, said: Referred) -> OrderLine:
    """Ends it without an outcome and orders the control that has to follow, which is the answer."""
    return by.execute(ReferControl(order_id, said.control, said.reason, said.note))
