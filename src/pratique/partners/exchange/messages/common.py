"""Fields that many messages share, each with what it holds."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from pratique.partners.exchange.messages.held import Held
from pratique.partners.exchange.messages.parts import (
    Company,
    DeclarationRef,
    DocumentRef,
    Equipment,
    GoodsItem,
    IdentityDocument,
    Journey,
    Offence,
    Person,
    PersonContact,
    TransportMeans,
)
from pratique.partners.exchange.wire import Line, ListOf, Text
from pratique.vocabulary.data_categories import DataCategory

PROCEDURE: Final = Held(DataCategory.PROCEDURE)
CARGO: Final = Held(DataCategory.CARGO)
TRANSPORT: Final = Held(DataCategory.TRANSPORT)
DECLARATION: Final = Held(DataCategory.DECLARATION)
DOCUMENT: Final = Held(DataCategory.DOCUMENT)
VALUE: Final = Held(DataCategory.VALUE)
COMPANY: Final = Held(DataCategory.COMPANY)
FINDING: Final = Held(DataCategory.FINDING)
RISK: Final = Held(DataCategory.RISK)
INTELLIGENCE: Final = Held(DataCategory.INTELLIGENCE)
ABOUT_PERSONS: Final = Held(DataCategory.INTELLIGENCE, personal=True)
METHOD: Final = Held(DataCategory.METHOD)
FINANCIAL: Final = Held(DataCategory.FINANCIAL)
PERSON: Final = Held(DataCategory.PERSON_IDENTITY)
CONTACT: Final = Held(DataCategory.PERSON_CONTACT)
IDENTITY: Final = Held(DataCategory.IDENTITY_DOCUMENT)
TRAVEL: Final = Held(DataCategory.TRAVEL)
OFFENCE: Final = Held(DataCategory.OFFENCE)

Reference = Annotated[Line, PROCEDURE]
Goods = Annotated[tuple[GoodsItem, ...], Field(max_length=500), ListOf, CARGO]
Boxes = Annotated[tuple[Equipment, ...], Field(max_length=500), ListOf, CARGO]
Means = Annotated[TransportMeans | None, TRANSPORT]
Declarations = Annotated[tuple[DeclarationRef, ...], Field(max_length=100), ListOf, DECLARATION]
Documents = Annotated[tuple[DocumentRef, ...], Field(max_length=100), ListOf, DOCUMENT]
Companies = Annotated[tuple[Company, ...], Field(max_length=100), ListOf, COMPANY]
Persons = Annotated[tuple[Person, ...], Field(max_length=100), ListOf, PERSON]
Contacts = Annotated[tuple[PersonContact, ...], Field(max_length=200), ListOf, CONTACT]
IdentityDocuments = Annotated[tuple[IdentityDocument, ...], Field(max_length=200), ListOf, IDENTITY]
Journeys = Annotated[tuple[Journey, ...], Field(max_length=200), ListOf, TRAVEL]
Offences = Annotated[tuple[Offence, ...], Field(max_length=100), ListOf, OFFENCE]
Summary = Annotated[Text | None, INTELLIGENCE]
SummaryAboutPersons = Annotated[Text | None, ABOUT_PERSONS]
Method = Annotated[Text | None, METHOD]
