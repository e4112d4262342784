"""Requests for assistance that this administration makes."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from pratique.api.request_forms import (
    FaultShown,
    RequestId,
    RequestStanding,
    RequestText,
    RequestWhole,
    Sealed,
    Step,
    Text,
    faults_of,
    standing_of,
    whole_of,
)
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.requests import (
    AdviseChannel,
    CheckDraft,
    DecideEscalation,
    DraftRequest,
    EscalateRequest,
    ListRequestProfiles,
    RemindPartner,
    ReviseRequest,
    SendRequest,
    ShowRequest,
    WithdrawRequest,
)
from pratique.partners.assistance.channel import Advice, Need
from pratique.partners.assistance.model import RequestProfile

SLICE: Final = Slice("requests", persons=True)


class Begun(BaseModel):
    """A new request."""

    model_config = ConfigDict(extra="forbid")

    partner: str = Field(max_length=99, examples=["customs.example"])
    request: RequestText
    clause: str = Field(default="", max_length=120, description="Agreement and clause it is to travel under.")
    case_ref: str = Field(default="", max_length=120)


class Withdrawn(BaseModel):
    """Why a request is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: Text
    sealed: Sealed | None = None


class Escalated(BaseModel):
    """Why a request is put before a manager."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=40, examples=["politically_sensitive"])
    note: Text = ""


class EscalationDecided(BaseModel):
    """Whether the request may go on."""

    model_config = ConfigDict(extra="forbid")

    approve: bool
    note: Text = ""


class Needed(BaseModel):
    """What is wanted of which partner."""

    model_config = ConfigDict(extra="forbid")

    partner: str = Field(max_length=99, examples=["xb-customs"])
    asks: bool = True
    types: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=30)
    as_evidence: bool = False
    charged: bool = False
    urgent: bool = False


@SLICE.read("/requests/instruments", summary="List what instruments say about requests")
def list_request_profiles(by: By) -> list[RequestProfile]:
    """Contents, channel, language, clock, grounds of refusal and conditions of use."""
    return by.ask(ListRequestProfiles())


@SLICE.ask("/requests/advice", summary="Advise on the channel")
def advise_channel(by: By, said: Needed) -> Advice:
    """To tell unasked, to ask the administration, or to ask the court; with reasons, also why instruments stay out."""
    need = Need(said.asks, tuple(said.types), said.as_evidence, said.charged, said.urgent)
    return by.ask(AdviseChannel(said.partner, need))


@SLICE.ask("/requests/check", summary="Check a request")
def check_draft(by: By, said: RequestText) -> list[FaultShown]:
    """What is missing or doubtful; nothing is kept."""
    found = by.ask(CheckDraft(said.draft()))
    return faults_of(found)


@SLICE.write("/requests", summary="Begin a request")
def draft_request(by: By, said: Begun) -> RequestStanding:
    """It stays here until it is sent."""
    return standing_of(by.execute(DraftRequest(said.partner, said.request.draft(), said.clause, said.case_ref)).line)


@SLICE.read("/requests/{request_id}", missing=True, summary="Show a request")
def show_request(by: By, request_id: RequestId) -> RequestWhole:
    """Contents, what is missing, history and clock."""
    return whole_of(by.ask(ShowRequest(request_id)))


@SLICE.write("/requests/{request_id}/revise", missing=True, summary="Add a version of a request")
def revise_request(by: By, request_id: RequestId, said: RequestText) -> RequestStanding:
    """The versions before it stay."""
    return standing_of(by.execute(ReviseRequest(request_id, said.draft())).line)


@SLICE.write("/requests/{request_id}/send", missing=True, summary="Send a request")
def send_request(by: By, request_id: RequestId, said: Step) -> RequestStanding:
    """Refused while a content is missing; sealed only where the clause permits it."""
    way = said.sealed.way() if said.sealed else None
    return standing_of(by.execute(SendRequest(request_id, said.note, way)).line)


@SLICE.write("/requests/{request_id}/remind", missing=True, summary="Remind the partner")
def remind_partner(by: By, request_id: RequestId, said: Step) -> RequestStanding:
    """An answer is awaited."""
    way = said.sealed.way() if said.sealed else None
    return standing_of(by.execute(RemindPartner(request_id, said.note, way)).line)


@SLICE.write("/requests/{request_id}/withdraw", missing=True, summary="Withdraw a request")
def withdraw_request(by: By, request_id: RequestId, said: Withdrawn) -> RequestStanding:
    """It stays on record."""
    way = said.sealed.way() if said.sealed else None
    return standing_of(by.execute(WithdrawRequest(request_id, said.reason, way)).line)


@SLICE.write("/requests/{request_id}/escalate", missing=True, summary="Put a request before a manager")
def escalate_request(by: By, request_id: RequestId, said: Escalated) -> RequestStanding:
    """A sensitive request cannot go out without."""
    return standing_of(by.execute(EscalateRequest(request_id, said.reason, said.note)).line)


@SLICE.write("/requests/{request_id}/decide", missing=True, summary="Decide on an escalated request")
def decide_escalation(by: By, request_id: RequestId, said: EscalationDecided) -> RequestStanding:
    """By another person than wrote or escalated it."""
    return standing_of(by.execute(DecideEscalation(request_id, said.approve, said.note)).line)
