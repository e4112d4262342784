"""Messages that ask and answer: blind queries, requests for assistance, acknowledgements and answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pratique.partners.exchange.messages import common as has
from pratique.partners.exchange.messages.held import Message
from pratique.partners.exchange.messages.parts import Amount, Codes, Language, Lines, Quantity, Statement
from pratique.partners.exchange.wire import (
    Code,
    Day,
    Element,
    Hash,
    Line,
    ListOf,
    MessageId,
    Moment,
    Number,
    Text,
    Tokens,
    Wire,
)

MOST_ELEMENTS = 100
Elements = Annotated[tuple[Element, ...], Field(min_length=1, max_length=MOST_ELEMENTS), ListOf]
IdentifierKind = Literal["container", "company_number", "company_name", "vessel", "person", "identity_document", "bill"]


class BlindQuery(Message):
    """Is this known to you? Asked so that the partner does not learn what was asked (``exchange/blind.py``)."""

    kind: Annotated[IdentifierKind, has.PROCEDURE]
    elements: Annotated[Elements, has.PROCEDURE]
    set_known: Annotated[Hash | None, has.PROCEDURE] = None
    normalisation: Annotated[Number | None, has.PROCEDURE] = None


class BlindAnswer(Message):
    """The elements evaluated with the key of a set, and the set's tokens where they were not known.

    One of the ``about`` fields is given: an answer tells something of that category, and an agreement that does not
    cover the category does not cover the answer.
    """

    query: Annotated[MessageId, has.PROCEDURE]
    set: Annotated[Hash, has.PROCEDURE]
    size: Annotated[Number, has.PROCEDURE]
    valid_until: Annotated[Moment, has.PROCEDURE]
    elements: Annotated[Elements, has.PROCEDURE]
    tokens: Annotated[Tokens | None, has.PROCEDURE] = None
    normalisation: Annotated[Number | None, has.PROCEDURE] = None
    about_cargo: Annotated[Literal[True] | None, has.CARGO] = None
    about_transport: Annotated[Literal[True] | None, has.TRANSPORT] = None
    about_documents: Annotated[Literal[True] | None, has.DOCUMENT] = None
    about_companies: Annotated[Literal[True] | None, has.COMPANY] = None
    about_persons: Annotated[Literal[True] | None, has.PERSON] = None
    about_identity_documents: Annotated[Literal[True] | None, has.IDENTITY] = None


class Sought(Wire):
    """One thing a request asks for, with a number of its own that answers refer to."""

    number: Annotated[Number, Field(ge=1, le=500)]
    what: Line
    kind: Code | None = None


class NotKnown(Wire):
    """A content that the instrument asks for and that cannot be given, with why."""

    content: Code
    why: Line


class Request(Message):
    """A request for assistance under an instrument; what it must contain depends on that instrument."""

    reference: has.Reference
    instrument: Annotated[Code | None, has.PROCEDURE] = None
    assistance: Annotated[Code, has.PROCEDURE]
    matter: Annotated[Line, has.PROCEDURE]
    sought: Annotated[tuple[Sought, ...], Field(max_length=200), ListOf, has.PROCEDURE] = ()
    purpose: Annotated[Text | None, has.PROCEDURE] = None
    reason: Annotated[Text | None, has.PROCEDURE] = None
    facts: Annotated[Text | None, has.INTELLIGENCE] = None
    verification_done: Annotated[Text | None, has.PROCEDURE] = None
    provisions: Annotated[Lines, has.PROCEDURE] = ()
    protection_law: Annotated[Lines, has.PROCEDURE] = ()
    reciprocity: Annotated[Text | None, has.PROCEDURE] = None
    confidentiality: Annotated[Text | None, has.PROCEDURE] = None
    procedure: Annotated[Text | None, has.PROCEDURE] = None
    deadline: Annotated[Day | None, has.PROCEDURE] = None
    deadline_reason: Annotated[Line | None, has.PROCEDURE] = None
    urgent: Annotated[bool | None, has.PROCEDURE] = None
    oral_on: Annotated[Day | None, has.PROCEDURE] = None
    language: Annotated[Language | None, has.PROCEDURE] = None
    requesting_office: Annotated[Line | None, has.PROCEDURE] = None
    requested_office: Annotated[Line | None, has.PROCEDURE] = None
    contact_point: Annotated[Line | None, has.PROCEDURE] = None
    proceeding: Annotated[Text | None, has.PROCEDURE] = None
    measure_order: Annotated[Text | None, has.PROCEDURE] = None
    as_evidence: Annotated[bool | None, has.PROCEDURE] = None
    not_known: Annotated[tuple[NotKnown, ...], ListOf, Field(max_length=40), has.PROCEDURE] = ()
    signatory: Annotated[Line | None, has.PROCEDURE] = None
    sensitive: Annotated[bool | None, has.PROCEDURE] = None
    goods: has.Goods = ()
    equipment: has.Boxes = ()
    transport: has.Means = None
    declarations: has.Declarations = ()
    documents: has.Documents = ()
    value: Annotated[Amount | None, has.VALUE] = None
    companies: has.Companies = ()
    accounts: Annotated[tuple[Line, ...], Field(max_length=100), ListOf, has.FINANCIAL] = ()
    persons: has.Persons = ()
    contacts: has.Contacts = ()
    identity_documents: has.IdentityDocuments = ()
    offences: has.Offences = ()


class Acknowledgement(Message):
    """The request arrived: who deals with it, what is still missing, by when to expect an answer."""

    request: Annotated[MessageId, has.PROCEDURE]
    reference: Annotated[Line | None, has.PROCEDURE] = None
    office: Annotated[Line | None, has.PROCEDURE] = None
    missing: Annotated[Codes, has.PROCEDURE] = ()
    answer_by: Annotated[Day | None, has.PROCEDURE] = None
    remarks: Annotated[Text | None, has.PROCEDURE] = None


class AnswerItem(Wire):
    """The answer to one thing that was sought."""

    number: Annotated[Number, Field(ge=1, le=500)]
    result: Literal["given", "nothing_known", "withheld", "later"]
    ground: Code | None = None


class Answer(Message):
    """An answer to a request: all, part, refused or postponed, on which ground, with which conditions of use."""

    request: Annotated[MessageId, has.PROCEDURE]
    result: Annotated[Literal["full", "partial", "refused", "postponed"], has.PROCEDURE]
    items: Annotated[tuple[AnswerItem, ...], Field(max_length=500), ListOf, has.PROCEDURE] = ()
    grounds: Annotated[Codes, has.PROCEDURE] = ()
    reasons: Annotated[Text | None, has.PROCEDURE] = None
    until: Annotated[Day | None, has.PROCEDURE] = None
    conditions: Annotated[Lines, has.PROCEDURE] = ()
    true_copies: Annotated[bool | None, has.PROCEDURE] = None
    costs: Annotated[Amount | None, has.PROCEDURE] = None
    text: Annotated[Text | None, has.INTELLIGENCE] = None
    statements: Annotated[tuple[Statement, ...], Field(max_length=200), ListOf, has.INTELLIGENCE] = ()
    about_persons: has.SummaryAboutPersons = None
    found: Annotated[tuple[Quantity, ...], Field(max_length=100), ListOf, has.FINDING] = ()
    goods: has.Goods = ()
    equipment: has.Boxes = ()
    transport: has.Means = None
    declarations: has.Declarations = ()
    documents: has.Documents = ()
    value: Annotated[Amount | None, has.VALUE] = None
    companies: has.Companies = ()
    accounts: Annotated[tuple[Line, ...], Field(max_length=100), ListOf, has.FINANCIAL] = ()
    persons: has.Persons = ()
    contacts: has.Contacts = ()
    identity_documents: has.IdentityDocuments = ()
    journeys: has.Journeys = ()
    offences: has.Offences = ()
    method: has.Method = None


class RequestWithdrawn(Message):
    """The requesting side needs it no more."""

    request: Annotated[MessageId, has.PROCEDURE]
    reason: Annotated[Line | None, has.PROCEDURE] = None


class Reminder(Message):
    """An answer is awaited."""

    request: Annotated[MessageId, has.PROCEDURE]
    days_open: Annotated[Number, has.PROCEDURE]
    remarks: Annotated[Text | None, has.PROCEDURE] = None
