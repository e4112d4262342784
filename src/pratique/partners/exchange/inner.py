"""The inner part: what only the recipient sees, signed over its exact bytes before it is sealed.

It says under which article it was sent, for what, with which caveats and until when it may be kept, so that markings
cannot be lost on the way; and it repeats sender, recipient and message id, so that it cannot be sealed again for
somebody else.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pratique.partners.exchange.wire import Code, Day, Hash, Line, ListOf, MessageId, Moment, Number, PartnerId, Wire

Tlp = Literal["clear", "green", "amber", "amber_strict", "red"]
EuropolHandling = Literal["h0", "h1", "h2", "h3"]
Onward = Literal["free", "with_consent", "never"]
Category = Annotated[str, StringConstraints(pattern="^[a-z_]{2,40}$")]
Codes = Annotated[tuple[Code, ...], Field(max_length=60), ListOf]
HandlingCodes = Annotated[tuple[EuropolHandling, ...], Field(max_length=4), ListOf]


class AgreementRef(Wire):
    """The instrument relied on: its id, version and the digest of the version as it was decided with."""

    id: Code
    version: Code
    digest: Hash


class Handling(Wire):
    """How it is to be handled: Traffic Light Protocol 2.0, Europol handling codes with the words of an H3 restriction,
    and the grade of source and information (``B2``)."""

    tlp: Tlp
    codes: HandlingCodes = ()
    restriction: Line | None = None
    grade: Annotated[str, StringConstraints(pattern="^[A-F][1-6]$")] | None = None


class Caveat(Wire):
    """What an originator ties to its information; it goes wherever the information goes.

    ``purposes`` and ``recipients`` are all that are allowed (``None``: no limit), ``until`` the last day on which a
    copy may be kept, ``under`` names agreement and clause for people.
    """

    onward: Onward
    evidence_with_consent: bool
    tlp: Tlp
    handling: HandlingCodes = ()
    purposes: Codes | None = None
    recipients: Codes | None = None
    until: Day | None = None
    under: Line | None = None


class Origin(Wire):
    """A hand that the information went through, the originator first: who, under which agreement, with what tied to
    it, and (where it came as a message) the message and the hash of its signed bytes."""

    partner: PartnerId
    agreement: Code
    caveat: Caveat | None = None
    message: MessageId | None = None
    inner_hash: Hash | None = None


class DutySource(Wire):
    """Where a duty comes from: ``agreement/clause``, or the originator of a caveat, and the article."""

    duty: Code
    clause: Line
    article: Line


class Duties(Wire):
    """What binds the recipient: the last day on which a copy may be kept, the purposes allowed (``None``: no limit),
    whether it may go on, whether it may be evidence, by when to answer, and what somebody has to do."""

    onward: Onward
    evidence_with_consent: bool
    retain_until: Day | None = None
    use: Codes | None = None
    answer_by: Day | None = None
    acts: Codes = ()
    sources: Annotated[tuple[DutySource, ...], Field(max_length=100), ListOf] = ()


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
    clauses: Annotated[tuple[Code, ...], Field(min_length=1, max_length=20), ListOf]
    purpose: Code
    categories: Annotated[tuple[Category, ...], Field(max_length=40), ListOf]
    handling: Handling
    origins: Annotated[tuple[Origin, ...], Field(min_length=1, max_length=10), ListOf]
    duties: Duties
    personal: PersonalData
    fields: Annotated[tuple[Hash, ...], Field(max_length=200), ListOf] = ()
    attachments: Annotated[tuple[AttachmentRef, ...], Field(max_length=50), ListOf] = ()
