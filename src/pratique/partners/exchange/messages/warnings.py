"""Messages that say something is coming: alerts, intelligence reports, container warnings and what became of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pratique.partners.exchange.messages import common as has
from pratique.partners.exchange.messages.held import Message
from pratique.partners.exchange.messages.parts import (
    Amount,
    Codes,
    Equipment,
    Grade,
    Location,
    Quantity,
    RiskReason,
    Statement,
)
from pratique.partners.exchange.wire import Day, Line, ListOf, MessageId, Moment, Text

Urgency = Literal["routine", "urgent", "immediate"]


class Alert(Message):
    """A consignment, ship or trader that the partner should look at, why, and what is wished."""

    reference: has.Reference
    urgency: Annotated[Urgency, has.PROCEDURE]
    wished: Annotated[
        tuple[Literal["control", "observe", "inform_of_outcome", "do_not_warn_trader", "hold"], ...],
        Field(max_length=5),
        ListOf,
        has.PROCEDURE,
    ] = ()
    expected: Annotated[Moment | None, has.TRANSPORT] = None
    summary: has.Summary = None
    about_persons: has.SummaryAboutPersons = None
    threats: Annotated[Codes, has.RISK] = ()
    reasons: Annotated[tuple[RiskReason, ...], Field(max_length=100), ListOf, has.RISK] = ()
    goods: has.Goods = ()
    equipment: has.Boxes = ()
    transport: has.Means = None
    declarations: has.Declarations = ()
    documents: has.Documents = ()
    value: Annotated[Amount | None, has.VALUE] = None
    companies: has.Companies = ()
    findings: Annotated[tuple[Quantity, ...], Field(max_length=100), ListOf, has.FINDING] = ()
    persons: has.Persons = ()
    contacts: has.Contacts = ()
    identity_documents: has.IdentityDocuments = ()
    journeys: has.Journeys = ()
    offences: has.Offences = ()
    method: has.Method = None


class IntelligenceReport(Message):
    """Evaluated information, paragraph by paragraph, each with its own grade."""

    reference: has.Reference
    subject: Annotated[Line, has.PROCEDURE]
    reviewed_by: Annotated[Day | None, has.PROCEDURE] = None
    statements: Annotated[tuple[Statement, ...], Field(max_length=200), ListOf, has.INTELLIGENCE] = ()
    about_persons: Annotated[tuple[Statement, ...], Field(max_length=200), ListOf, has.ABOUT_PERSONS] = ()
    threats: Annotated[Codes, has.RISK] = ()
    goods: has.Goods = ()
    equipment: has.Boxes = ()
    transport: has.Means = None
    companies: has.Companies = ()
    accounts: Annotated[tuple[Line, ...], Field(max_length=100), ListOf, has.FINANCIAL] = ()
    persons: has.Persons = ()
    contacts: has.Contacts = ()
    identity_documents: has.IdentityDocuments = ()
    journeys: has.Journeys = ()
    offences: has.Offences = ()
    method: has.Method = None


class ContainerWarning(Message):
    """A box that is on its way to the partner's port, as port control units warn one another."""

    reference: has.Reference
    urgency: Annotated[Urgency, has.PROCEDURE]
    container: Annotated[Equipment, has.CARGO]
    destination: Annotated[Location, has.TRANSPORT]
    expected: Annotated[Moment | None, has.TRANSPORT] = None
    transport: has.Means = None
    threats: Annotated[Codes, has.RISK] = ()
    reason: Annotated[Text | None, has.INTELLIGENCE] = None
    grade: Annotated[Grade | None, has.INTELLIGENCE] = None
    wished: Annotated[
        tuple[Literal["scan", "open", "documents", "observe", "inform_of_outcome"], ...],
        Field(max_length=5),
        ListOf,
        has.PROCEDURE,
    ] = ()
    goods: has.Goods = ()
    companies: has.Companies = ()
    documents: has.Documents = ()


class ContainerFeedback(Message):
    """What became of a container warning."""

    warning: Annotated[MessageId, has.PROCEDURE]
    outcome: Annotated[
        Literal["found", "nothing_found", "not_controlled", "not_arrived", "moved_on", "still_open"], has.PROCEDURE
    ]
    at: Annotated[Moment | None, has.PROCEDURE] = None
    place: Annotated[Location | None, has.TRANSPORT] = None
    moved_on_to: Annotated[Location | None, has.TRANSPORT] = None
    controls: Annotated[Codes, has.FINDING] = ()
    found: Annotated[tuple[Quantity, ...], Field(max_length=100), ListOf, has.FINDING] = ()
    remarks: Annotated[Text | None, has.FINDING] = None
    method: has.Method = None


class SeizureNotice(Message):
    """What was found and seized, where, how it was hidden, and who was about it."""

    reference: has.Reference
    seized_on: Annotated[Day, has.FINDING]
    place: Annotated[Location | None, has.FINDING] = None
    found: Annotated[tuple[Quantity, ...], Field(max_length=100), ListOf, has.FINDING] = ()
    concealment: Annotated[Codes, has.FINDING] = ()
    remarks: Annotated[Text | None, has.FINDING] = None
    case_pending: Annotated[bool | None, has.PROCEDURE] = None
    goods: has.Goods = ()
    equipment: has.Boxes = ()
    transport: has.Means = None
    declarations: has.Declarations = ()
    documents: has.Documents = ()
    companies: has.Companies = ()
    persons: has.Persons = ()
    contacts: has.Contacts = ()
    identity_documents: has.IdentityDocuments = ()
    offences: has.Offences = ()
    method: has.Method = None
