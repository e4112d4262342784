"""Taking back, destroying and reporting: what agreements ask for after a message."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.shared import MessageId, Name, Outcome, UnderGiven, outcome_of
from pratique.api.shown import Params
from pratique.api.slice import Slice
from pratique.node.exchange.following import Under
from pratique.node.handlers.feedback import AskForFeedback, GiveFeedback
from pratique.node.handlers.feedback_standing import FeedbackShown, Proposed, ProposeFeedback, ShowFeedback
from pratique.node.handlers.retractions import DestroyMessage, DueLine, ListShareDue, Retract
from pratique.node.handlers.share_retention import (
    CarryOutRetention,
    CertifyDestruction,
    ListToCertify,
    RetentionDone,
    RetentionIsOver,
)

SLICE: Final = Slice("retractions")

Code = Annotated[str, Field(max_length=60)]


class RetractionGiven(BaseModel):
    """Why a message is taken back, and what is wished of the partner."""

    model_config = ConfigDict(extra="forbid")

    reason: Code
    wished: Code = "destroy"


class DestructionGiven(BaseModel):
    """Why a received message is destroyed."""

    model_config = ConfigDict(extra="forbid")

    cause: Code


class OtherClause(BaseModel):
    """The clause that a certificate goes under, where that of the message does not do."""

    model_config = ConfigDict(extra="forbid")

    agreement: Name
    clause: Name
    under: UnderGiven


class RetentionStands(BaseModel):
    """Whether something that was shared is here past its time, and which certificates did not go by themselves."""

    is_over: bool
    to_certify: list[str]


class FeedbackGiven(BaseModel):
    """What came of a message that a partner sent."""

    model_config = ConfigDict(extra="forbid")

    outcome: Code
    fields: Params = Field(default={}, description="What else is told, as the schema of feedback has it.")


class Destroyed(BaseModel):
    """That the content is gone, and what became of the certificate."""

    message: str
    certificate: Outcome


@SLICE.read("/share/due", summary="List duties of sharing")
def list_share_due(
    by: By, days: Annotated[int, Query(ge=0, le=3660, description="How many days ahead.")] = 30
) -> list[DueLine]:
    """What must be destroyed, reported or certified, here and by partners."""
    return by.ask(ListShareDue(days))


@SLICE.read("/share/feedback", scope="feedback_standing:read", summary="Show feedback")
def show_feedback(
    by: By, days: Annotated[int, Query(ge=1, le=3660, description="How many days back.")] = 365
) -> FeedbackShown:
    """What came of warnings, both ways: what is owed, and rates by partner and kind with their intervals."""
    return by.ask(ShowFeedback(days))


@SLICE.read(
    "/inbox/{message}/proposed-feedback", missing=True, scope="feedback_standing:read", summary="Propose feedback"
)
def propose_feedback(by: By, message: MessageId) -> Proposed | None:
    """What a control here came to of what answered to the message; null while none has an outcome."""
    return by.ask(ProposeFeedback(message))


@SLICE.write("/disclosures/{message}/remind", missing=True, scope="feedback:write", summary="Ask for feedback")
def ask_for_feedback(by: By, message: MessageId) -> Outcome:
    """Reminds the partner that nothing was said yet of a message that went there."""
    return outcome_of(by.execute(AskForFeedback(message)))


@SLICE.write("/disclosures/{message}/retract", missing=True, summary="Take a message back")
def retract(by: By, message: MessageId, said: RetractionGiven) -> Outcome:
    """The partner acknowledges, destroys and certifies."""
    return outcome_of(by.execute(Retract(message, said.reason, said.wished)))


@SLICE.write("/inbox/{message}/destroy", missing=True, summary="Destroy a message")
def destroy_message(by: By, message: MessageId, said: DestructionGiven) -> Destroyed:
    """Its content is gone for good, which is certified to the sender."""
    done = by.execute(DestroyMessage(message, said.cause))
    return Destroyed(message=done.message, certificate=outcome_of(done.certificate))


@SLICE.read("/share/retention", scope="share_retention:read", summary="Show the retention of what was shared")
def show_retention(by: By) -> RetentionStands:
    """What is past its time, and what has to be certified by a person."""
    waiting = by.ask(ListToCertify())
    return RetentionStands(is_over=by.ask(RetentionIsOver()), to_certify=list(waiting))


@SLICE.write("/share/retention", scope="share_retention:write", summary="Erase what was shared and is past its time")
def carry_out_retention(by: By) -> RetentionDone:
    """A second time finds nothing."""
    return by.execute(CarryOutRetention())


@SLICE.write("/inbox/{message}/certify", missing=True, scope="share_retention:write", summary="Certify a destruction")
def certify_destruction(by: By, message: MessageId, other: OtherClause | None = None) -> Outcome:
    """Tells the sender that its message was destroyed as its time was over, under another clause where need be."""
    under = Under(other.agreement, other.clause, other.under.circumstances()) if other else None
    return outcome_of(by.execute(CertifyDestruction(message, under)))


@SLICE.write("/inbox/{message}/feedback", missing=True, scope="feedback:write", summary="Give feedback")
def give_feedback(by: By, message: MessageId, said: FeedbackGiven) -> Outcome:
    """Tells the sender what came of its message."""
    return outcome_of(by.execute(GiveFeedback(message, said.outcome, said.fields)))
