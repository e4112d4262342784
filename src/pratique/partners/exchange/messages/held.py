"""What a field of a message holds: its data category, and whether it is about persons although its category is not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic.fields import FieldInfo

from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.fields import MessageField
from pratique.partners.exchange.wire import Wire, record
from pratique.vocabulary.data_categories import DataCategory


@dataclass(frozen=True, slots=True)
class Held:
    """The mark on a field of a message."""

    category: DataCategory
    personal: bool = False

    @property
    def about_persons(self) -> bool:
        """Said so, or of a category that always is."""
        return self.personal or self.category.personal


class Message(Wire):
    """The base of all messages. Every field of a message is marked with what it holds."""

    @classmethod
    def held(cls, name: str) -> Held:
        """The mark of a field. Raises ``KeyError`` for a field that the message has not."""
        return _marks(cls)[name]

    def fields(self) -> tuple[MessageField, ...]:
        """The fields that are given, as the gate and the envelope take them, with plain JSON values."""
        marks = _marks(type(self))
        given = self.model_dump(mode="json", exclude_defaults=True)
        return tuple(
            MessageField(name, value, marks[name].category, marks[name].about_persons) for name, value in given.items()
        )


AnyMessage = TypeVar("AnyMessage", bound=Message)


def message_of(kind: type[AnyMessage], fields: tuple[MessageField, ...]) -> AnyMessage:
    """The message that came as these fields.

    Raises ``exchange.message_invalid`` with the places of the faults, and ``exchange.field_mislabelled`` where a field
    says that it holds something else than its place in the message does: the gate decided by what it said.
    """
    message = record(
        kind, {field.name: field.value for field in fields}, code="exchange.message_invalid", what=kind.__name__
    )
    for field in fields:
        held = kind.held(field.name)
        if field.category is not held.category or (held.about_persons and not field.personal):
            raise refuse("exchange.field_mislabelled", field=field.name, said=field.category.code)
    return message


@cache
def _marks(kind: type[Message]) -> dict[str, Held]:
    return {name: _mark(name, info) for name, info in kind.model_fields.items()}


def _mark(name: str, info: FieldInfo) -> Held:
    found: list[Any] = [each for each in info.metadata if isinstance(each, Held)]
    if len(found) != 1:
        raise TypeError(f"the field {name} does not say what it holds")
    held: Held = found[0]
    return held
