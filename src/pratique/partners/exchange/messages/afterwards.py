"""Messages about earlier messages: feedback, retraction, certificates of destruction, consent to pass on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pratique.partners.exchange.messages import common as has
from pratique.partners.exchange.messages.held import Message
from pratique.partners.exchange.messages.parts import Codes, MessageIds, Quantity
from pratique.partners.exchange.wire import Code, Day, Line, ListOf, MessageId, Moment, Number, PartnerId, Text


class Feedback(Message):
    """What came of a message: whether it was used, what was found, how good it was."""

    about: Annotated[MessageId, has.PROCEDURE]
    outcome: Annotated[
        Literal["found", "nothing_found", "not_controlled", "known_already", "of_use", "of_no_use", "still_open"],
        has.PROCEDURE,
    ]
    at: Annotated[Day | None, has.PROCEDURE] = None
    found: Annotated[tuple[Quantity, ...], Field(max_length=100), ListOf, has.FINDING] = ()
    used_as_evidence: Annotated[bool | None, has.PROCEDURE] = None
    remarks: Annotated[Text | None, has.FINDING] = None


class Retraction(Message):
    """A message that must not be used any more: the recipient destroys or corrects it, and certifies that."""

    about: Annotated[MessageId, has.PROCEDURE]
    wished: Annotated[Literal["destroy", "correct", "do_not_use"], has.PROCEDURE]
    reason: Annotated[
        Literal["wrong", "wrong_person", "unlawful", "consent_withdrawn", "court_order", "superseded", "sent_in_error"],
        has.PROCEDURE,
    ]
    only_fields: Annotated[Codes, has.PROCEDURE] = ()
    replaced_by: Annotated[MessageId | None, has.PROCEDURE] = None
    remarks: Annotated[Line | None, has.PROCEDURE] = None


class DestructionCertificate(Message):
    """What was destroyed, when and why, what could not be and by which law, and who else was told."""

    about: Annotated[MessageIds, has.PROCEDURE]
    cause: Annotated[Literal["retention_over", "retraction", "agreement_ended", "originator_asked"], has.PROCEDURE]
    destroyed_at: Annotated[Moment, has.PROCEDURE]
    copies: Annotated[Number | None, has.PROCEDURE] = None
    kept: Annotated[Text | None, has.PROCEDURE] = None
    kept_under: Annotated[Line | None, has.PROCEDURE] = None
    passed_on_to: Annotated[tuple[PartnerId, ...], Field(max_length=60), ListOf, has.PROCEDURE] = ()


class ConsentAsked(Message):
    """May this go on to a third administration, or into proceedings?"""

    about: Annotated[MessageId, has.PROCEDURE]
    recipient: Annotated[PartnerId | None, has.PROCEDURE] = None
    purpose: Annotated[Code, has.PROCEDURE]
    as_evidence: Annotated[bool | None, has.PROCEDURE] = None
    only_fields: Annotated[Codes, has.PROCEDURE] = ()
    reason: Annotated[Text | None, has.PROCEDURE] = None


class ConsentAnswer(Message):
    """The originator's answer in writing, with its limits."""

    asked: Annotated[MessageId, has.PROCEDURE]
    given: Annotated[bool, has.PROCEDURE]
    recipient: Annotated[PartnerId | None, has.PROCEDURE] = None
    purposes: Annotated[Codes, has.PROCEDURE] = ()
    as_evidence: Annotated[bool | None, has.PROCEDURE] = None
    until: Annotated[Day | None, has.PROCEDURE] = None
    conditions: Annotated[Text | None, has.PROCEDURE] = None
