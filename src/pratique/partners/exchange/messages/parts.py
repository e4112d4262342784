"""What messages are made of: goods, boxes, means of transport, companies, persons. Names of the WCO Data Model.

Masses are integers of grams, values integers of minor units with their currency, days and moments as everywhere on the
wire. Codes are those of the UN lists (``vocabulary/codes``); a partner's other code is kept as it came.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pratique.partners.exchange.wire import Code, Day, Line, ListOf, MessageId, Moment, Number, Text, Wire

Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
Location = Annotated[str, StringConstraints(pattern="^[A-Z]{2}[A-Z2-9]{3}$")]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")]
Codes = Annotated[tuple[Code, ...], Field(max_length=60), ListOf]
Lines = Annotated[tuple[Line, ...], Field(max_length=60), ListOf]
MessageIds = Annotated[tuple[MessageId, ...], Field(min_length=1, max_length=200), ListOf]
Grade = Annotated[str, StringConstraints(pattern="^[A-F][1-6]$")]


class Amount(Wire):
    """An amount in minor units of its currency (ISO 4217)."""

    minor: Number
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]


class GoodsItem(Wire):
    """A goods item as declared, or as found."""

    description: Line | None = None
    commodity: Annotated[str, StringConstraints(pattern="^[0-9]{4,10}$")] | None = None
    gross_mass_g: Number | None = None
    packages: Number | None = None
    package_type: Code | None = None
    origin: Country | None = None
    dangerous_goods: Annotated[str, StringConstraints(pattern="^[0-9]{4}$")] | None = None
    marks: Line | None = None


class Equipment(Wire):
    """A container or other transport equipment (ISO 6346), with its seals."""

    id: Code
    size_type: Code | None = None
    seals: Codes = ()
    empty: bool | None = None
    gross_mass_g: Number | None = None


class Stop(Wire):
    """A place on a route, with when."""

    place: Location
    role: Literal["loading", "transhipment", "call", "discharge", "delivery", "crossing"]
    at: Moment | None = None


class TransportMeans(Wire):
    """The means of transport and its route."""

    mode: Literal["sea", "rail", "road", "air", "post", "inland_water", "pipeline", "other"]
    name: Line | None = None
    imo: Annotated[str, StringConstraints(pattern="^[0-9]{7}$")] | None = None
    registration: Code | None = None
    voyage: Code | None = None
    flag: Country | None = None
    route: Annotated[tuple[Stop, ...], Field(max_length=40), ListOf] = ()


class DocumentRef(Wire):
    """A document by kind and number; its file, where it goes along, is an attachment of that hash."""

    kind: Literal[
        "bill_of_lading", "air_waybill", "invoice", "packing_list", "certificate_of_origin", "licence", "contract",
        "payment", "declaration", "manifest", "photograph", "image", "analysis", "statement", "other",
    ]  # fmt: skip
    number: Line | None = None
    issued_on: Day | None = None
    issuer: Line | None = None


class DeclarationRef(Wire):
    """What was lodged with customs."""

    number: Line
    kind: Literal["import", "export", "transit", "entry_summary", "exit_summary", "manifest", "warehouse", "other"]
    office: Code | None = None
    lodged_on: Day | None = None
    procedure: Code | None = None


class Company(Wire):
    """A legal person and its role in the trade."""

    name: Line
    role: Literal[
        "consignor", "consignee", "declarant", "carrier", "forwarder", "notify", "importer", "exporter", "owner",
        "manufacturer", "broker", "warehouse", "other",
    ]  # fmt: skip
    number: Line | None = None
    address: Line | None = None
    country: Country | None = None


class Person(Wire):
    """A natural person. ``key`` joins the person's other fields (contacts, documents) in the same message."""

    key: Code
    name: Line
    other_names: Lines = ()
    born_on: Day | None = None
    birth_place: Line | None = None
    nationalities: Annotated[tuple[Country, ...], Field(max_length=10), ListOf] = ()
    sex: Literal["female", "male", "other", "unknown"] | None = None
    role: Line | None = None


class PersonContact(Wire):
    """Where a person is reached."""

    person: Code
    address: Line | None = None
    telephone: Line | None = None
    mail: Line | None = None


class IdentityDocument(Wire):
    """A document of identity."""

    person: Code
    kind: Literal["passport", "identity_card", "seamans_book", "driving_licence", "residence_permit", "visa", "other"]
    number: Line
    issuer: Country | None = None
    expires_on: Day | None = None


class Journey(Wire):
    """A journey of a person."""

    person: Code
    by: TransportMeans
    booked_on: Day | None = None


class Offence(Wire):
    """What a person is suspected of, charged with or convicted of."""

    person: Code
    state: Literal["suspected", "charged", "convicted", "acquitted"]
    words: Line
    on: Day | None = None


class RiskReason(Wire):
    """A reason of a selection: the code of the indicator, its sentence, and its points where they may be known."""

    code: Code
    sentence: Line
    points: Number | None = None


class Quantity(Wire):
    """What was found, how much of it."""

    what: Line
    threat: Code
    mass_g: Number | None = None
    count: Number | None = None
    unit: Code | None = None
    street_value: Amount | None = None


class Statement(Wire):
    """A paragraph of intelligence with its own grade."""

    text: Text
    grade: Grade | None = None
    about: Codes = ()
