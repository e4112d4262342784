"""The inner part: what only the recipient sees, signed over its exact bytes before it is sealed.

It says under which article it was sent, for what, with which caveats and until when it may be kept, so that markings
cannot be lost on the way; and it repeats sender, recipient and message id, so that it cannot be sealed again for
somebody else.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pratique.partners.exchange.wire import Code, Hash, Line, ListOf, MessageId, Moment, Number, PartnerId, Wire

Tlp = Literal["red", "amber+strict", "amber", "green", "clear"]
EuropolHandling = Literal["H0", "H1", "H2", "H3"]
Category = Annotated[str, StringConstraints(pattern="^[a-z_]{2,40}$")]


class AgreementRef(Wire):
    """The instrument relied on: its id, version and the digest of the version as it was decided with."""

    id: Code
    version: Code
    digest: Hash


class Handling(Wire):
    """How it is to be handled: the Traffic Light Protocol 2.0, Europol handling codes with the words of H3's
    restriction, and the grade of source and information (``B2``)."""

    tlp: Tlp
    codes: Annotated[tuple[EuropolHandling, ...], ListOf, Field(max_length=4)] = ()
    restriction: Line | None = None
    grade: Annotated[str, StringConstraints(pattern="^[A-F][1-6]$")] | None = None


class Caveat(Wire):
    """A condition that an originator put on what it gave: it goes wherever the information goes."""

    kind: Code
    words: Line | None = None
    values: Annotated[tuple[Code, ...], ListOf, Field(max_length=40)] = ()


class Origin(Wire):
    """A hand that the information went through, first the originator: who, under which agreement, with which caveats,
    and (where it came as a message) the message and the signed bytes' hash."""

    partner: PartnerId
    agreement: Code
    message: MessageId | None = None
    inner_hash: Hash | None = None
    caveats: Annotated[tuple[Caveat, ...], ListOf, Field(max_length=40)] = ()


class Duty(Wire):
    """An obligation that comes with the message (retain until, no onward transfer, report outcome, destroy …), from
    which article, and until when where it has a time."""

    kind: Code
    article: Line | None = None
    until: Moment | None = None
    values: Annotated[tuple[Code, ...], ListOf, Field(max_length=40)] = ()


class PersonalData(Wire):
    """Whether it is about persons, and of which special kind: what privacy law asks first."""

    present: bool
    offences: bool = False
    biometrics: bool = False


class AttachmentRef(Wire):
    """A file that goes beside the message, sealed in chunks: name, kind, length and hash of the plain bytes, hash of
    the sealed ones. Its key is not here but among the openings, so that whoever may not have the file cannot read it.
    """

    name: Line
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+\-]{1,80}$")]
    size: Number
    sha256: Hash
    sealed_sha256: Hash
    category: Category
    personal: bool


class Inner(Wire):
    """The signed terms of a message. ``fields`` are commitments (:mod:`pratique.partners.exchange.fields`)."""

    v: Literal[1]
    id: MessageId
    sender: PartnerId
    recipient: PartnerId
    type: Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,40}/[1-9][0-9]?$")]
    created: Moment
    answers: MessageId | None = None
    thread: MessageId | None = None
    agreement: AgreementRef
    clauses: Annotated[tuple[Code, ...], ListOf, Field(min_length=1, max_length=20)]
    purpose: Code
    categories: Annotated[tuple[Category, ...], ListOf, Field(max_length=40)]
    handling: Handling
    origins: Annotated[tuple[Origin, ...], ListOf, Field(min_length=1, max_length=10)]
    retention_until: Moment
    onward: Literal["forbidden", "with_consent", "permitted"]
    personal: PersonalData
    duties: Annotated[tuple[Duty, ...], ListOf, Field(max_length=60)] = ()
    fields: Annotated[tuple[Hash, ...], ListOf, Field(max_length=200)] = ()
    attachments: Annotated[tuple[AttachmentRef, ...], ListOf, Field(max_length=50)] = ()
