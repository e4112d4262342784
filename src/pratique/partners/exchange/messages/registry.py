"""The types of message there are, by the name and version that stand in the sealed terms."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.fields import MessageField
from pratique.partners.exchange.messages.afterwards import (
    ConsentAnswer,
    ConsentAsked,
    DestructionCertificate,
    Feedback,
    Retraction,
)
from pratique.partners.exchange.messages.asking import (
    Acknowledgement,
    Answer,
    BlindAnswer,
    BlindQuery,
    Reminder,
    Request,
    RequestWithdrawn,
)
from pratique.partners.exchange.messages.held import Message, message_of
from pratique.partners.exchange.messages.warnings import (
    Alert,
    ContainerFeedback,
    ContainerWarning,
    IntelligenceReport,
    SeizureNotice,
)
from pratique.partners.exchange.wire import record
from pratique.vocabulary.errors import Category

TYPES: Final[Mapping[str, type[Message]]] = MappingProxyType(
    {
        "alert/1": Alert,
        "intelligence_report/1": IntelligenceReport,
        "seizure_notice/1": SeizureNotice,
        "container_warning/1": ContainerWarning,
        "container_feedback/1": ContainerFeedback,
        "blind_query/1": BlindQuery,
        "blind_answer/1": BlindAnswer,
        "request/1": Request,
        "acknowledgement/1": Acknowledgement,
        "answer/1": Answer,
        "reminder/1": Reminder,
        "request_withdrawn/1": RequestWithdrawn,
        "feedback/1": Feedback,
        "retraction/1": Retraction,
        "destruction_certificate/1": DestructionCertificate,
        "consent_asked/1": ConsentAsked,
        "consent_answer/1": ConsentAnswer,
    }
)
"""Every type with its record."""


def message_type(name: str) -> type[Message]:
    """The record of that type. Raises ``exchange.type_unknown``."""
    found = TYPES.get(name)
    if found is None:
        raise refuse("exchange.type_unknown", Category.NOT_FOUND, type=name[:60], known=", ".join(TYPES))
    return found


def type_name(message: Message) -> str:
    """The name of a message's type. Raises ``KeyError`` for a record that is none."""
    return {kind: name for name, kind in TYPES.items()}[type(message)]


def read_message(name: str, said: Any) -> Message:
    """The message of that type in a plain object. Raises ``exchange.type_unknown``, ``exchange.message_invalid``."""
    return record(message_type(name), said, code="exchange.message_invalid", what=name)


def received_message(name: str, fields: tuple[MessageField, ...]) -> Message:
    """The message that came as these fields; raises like :func:`message_of`, and ``exchange.type_unknown``."""
    return message_of(message_type(name), fields)
