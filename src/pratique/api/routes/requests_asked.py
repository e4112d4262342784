"""Requests for assistance that partners make."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from pratique.api.request_forms import RequestId, RequestStanding, RequestText, Sealed, Step, Text, standing_of
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.requests_asked import (
    AcknowledgeRequest,
    AnswerRequest,
    CloseLapsedRequest,
    ConsultPartner,
    PostponeRequest,
    ReceiveRequest,
    RefuseRequest,
    ResumeRequest,
    ReturnRequest,
)

SLICE: Final = Slice("requests_asked")

Code = Annotated[str, Field(max_length=60)]


class CameIn(BaseModel):
    """A partner's request that came by another way than the sealed line."""

    model_config = ConfigDict(extra="forbid")

    partner: str = Field(max_length=99)
    their_id: str = Field(max_length=120)
    request: RequestText


class SentBack(Step):
    """What a request lacks; without fields all that is missing by the instrument."""

    fields: list[Code] = Field(default=[], max_length=40)


class Answered(Step):
    """What is answered; the rest stays owed unless the answer is final."""

    items: list[Annotated[int, Field(ge=1, le=500)]] = Field(default=[], max_length=200)
    final: bool = False
    evidence: list[Code] = Field(default=[], max_length=200)
    conditions: list[Annotated[str, Field(max_length=300)]] = Field(default=[], max_length=30)


class Consulted(BaseModel):
    """A consultation: about what, and what was said."""

    model_config = ConfigDict(extra="forbid")

    about: Code
    note: Text


class OnGround(BaseModel):
    """A ground of the instrument, with the reasons."""

    model_config = ConfigDict(extra="forbid")

    ground: Code
    reason: Text = ""
    sealed: Sealed | None = None


class PutOff(OnGround):
    """The same, with the day until which."""

    until: date


class Noted(BaseModel):
    """A note."""

    model_config = ConfigDict(extra="forbid")

    note: Text = ""


@SLICE.write("/requests_asked", summary="Take in a partner's request")
def receive_request(by: By, said: CameIn) -> RequestStanding:
    """What it lacks is named at once."""
    return standing_of(by.execute(ReceiveRequest(said.partner, said.their_id, said.request.draft())).line)


@SLICE.write("/requests_asked/{request_id}/acknowledge", missing=True, summary="Acknowledge a request")
def acknowledge_request(by: By, request_id: RequestId, said: Step) -> RequestStanding:
    """It is at work."""
    way = said.sealed.way() if said.sealed else None
    return standing_of(by.execute(AcknowledgeRequest(request_id, said.note, way)).line)


@SLICE.write("/requests_asked/{request_id}/return", missing=True, summary="Send a request back")
def return_request(by: By, request_id: RequestId, said: SentBack) -> RequestStanding:
    """To be completed; its clock stops."""
    way = said.sealed.way() if said.sealed else None
    return standing_of(by.execute(ReturnRequest(request_id, tuple(said.fields), said.note, way)).line)


@SLICE.write("/requests_asked/{request_id}/answer", missing=True, summary="Answer a request")
def answer_request(by: By, request_id: RequestId, said: Answered) -> RequestStanding:
    """Some items or all of them, with conditions of use."""
    command = AnswerRequest(
        request_id,
        tuple(said.items),
        said.final,
        tuple(said.evidence),
        tuple(said.conditions),
        said.note,
        said.sealed.way() if said.sealed else None,
    )
    return standing_of(by.execute(command).line)


@SLICE.write("/requests_asked/{request_id}/consult", missing=True, summary="Note a consultation")
def consult_partner(by: By, request_id: RequestId, said: Consulted) -> RequestStanding:
    """Some grounds demand it first."""
    return standing_of(by.execute(ConsultPartner(request_id, said.about, said.note)).line)


@SLICE.write("/requests_asked/{request_id}/postpone", missing=True, summary="Postpone a request")
def postpone_request(by: By, request_id: RequestId, said: PutOff) -> RequestStanding:
    """On a ground that permits it, to a day."""
    way = said.sealed.way() if said.sealed else None
    return standing_of(by.execute(PostponeRequest(request_id, said.ground, said.until, said.reason, way)).line)


@SLICE.write("/requests_asked/{request_id}/resume", missing=True, summary="Resume a request")
def resume_request(by: By, request_id: RequestId, said: Noted) -> RequestStanding:
    """One that was put off."""
    return standing_of(by.execute(ResumeRequest(request_id, said.note)).line)


@SLICE.write("/requests_asked/{request_id}/refuse", missing=True, summary="Refuse a request")
def refuse_request(by: By, request_id: RequestId, said: OnGround) -> RequestStanding:
    """On a ground of the instrument."""
    way = said.sealed.way() if said.sealed else None
    return standing_of(by.execute(RefuseRequest(request_id, said.ground, said.reason, way)).line)


@SLICE.write("/requests_asked/{request_id}/lapse", missing=True, summary="Close a lapsed request")
def close_lapsed_request(by: By, request_id: RequestId, said: Noted) -> RequestStanding:
    """One that nobody answered for more than a year."""
    return standing_of(by.execute(CloseLapsedRequest(request_id, said.note)).line)
