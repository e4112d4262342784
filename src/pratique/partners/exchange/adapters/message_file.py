"""A message outside an envelope: a file that an officer checks, exports, or drafts from somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from pratique.partners.exchange import strict_json
from pratique.partners.exchange.envelope import Opened
from pratique.partners.exchange.fields import as_record
from pratique.partners.exchange.inner import Handling, Tlp
from pratique.partners.exchange.messages.held import Message
from pratique.partners.exchange.messages.registry import message_type, read_message
from pratique.partners.exchange.wire import Line, ListOf, MessageId, Moment, PartnerId, Wire, record

LARGEST: Final = 1024 * 1024
LARGEST_FOREIGN: Final = 16 * 1024 * 1024
MOST_OBJECTS: Final = 5_000
MOST_STATEMENTS: Final = 200
MOST_CONDITIONS: Final = 60
TLP_ORDER: Final[tuple[Tlp, ...]] = ("clear", "green", "amber", "amber_strict", "red")
LONGEST_LINE: Final = 300
LONGEST_TEXT: Final = 20_000
_TURNING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class MessageFile(Wire):
    """The message with what must stay with it: who gave it, how it is to be handled, under which conditions."""

    v: Literal[1]
    type: Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,40}/[1-9][0-9]?$")]
    id: MessageId
    created: Moment
    sender: PartnerId
    handling: Handling
    conditions: Annotated[tuple[Line, ...], Field(max_length=MOST_CONDITIONS), ListOf] = ()
    message: dict[str, Any]

    def checked(self) -> Message:
        """The message itself. Raises ``exchange.type_unknown`` and ``exchange.message_invalid``."""
        return read_message(self.type, self.message)

    def personal_fields(self) -> tuple[str, ...]:
        """The names of the fields that are given and are about persons."""
        kind = message_type(self.type)
        return tuple(name for name in self.message if kind.held(name).about_persons)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an import cannot know: the id and moment of the draft, in whose name, and the marking an officer gave."""

    id: str
    created: datetime
    sender: str
    tlp: Tlp | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a stranger's file: the draft, and what it said that found no place, each in one sentence."""

    file: MessageFile
    left_out: tuple[str, ...]


def read_file(data: bytes) -> MessageFile:
    """A message file whose message fits its schema. Raises ``exchange.message_invalid`` and the faults of JSON."""
    said = strict_json.read(data, what="message", at_most=LARGEST)
    file = record(MessageFile, said, code="exchange.message_invalid", what="message file")
    file.checked()
    return file


def write_file(file: MessageFile) -> bytes:
    """The file for people to read: indented, in the order of its members."""
    return strict_json.write_for_people(file.dump())


def file_of(opened: Opened) -> MessageFile:
    """What came in an envelope, as a file: handling and conditions go along."""
    inner = opened.inner
    caveats = (origin.caveat for origin in inner.origins if origin.caveat is not None)
    conditions = [f"{inner.agreement.id} {', '.join(inner.clauses)}: {inner.purpose}", f"onward: {inner.duties.onward}"]
    conditions += [f"keep until {inner.duties.retain_until}"] if inner.duties.retain_until else []
    conditions += ["not as evidence without consent"] if inner.duties.evidence_with_consent else []
    conditions += [f"{caveat.under or 'originator'}: onward {caveat.onward}" for caveat in caveats]
    return MessageFile(
        v=1,
        type=inner.type,
        id=inner.id,
        created=inner.created,
        sender=inner.sender,
        handling=inner.handling,
        conditions=tuple(each[:LONGEST_LINE] for each in conditions),
        message=dict(as_record(opened.fields)),
    )


def strictest(found: Iterable[Tlp]) -> Tlp | None:
    """The strictest of the markings; nothing where there is none."""
    return max(found, key=TLP_ORDER.index, default=None)


def plain(text: object, longest: int) -> tuple[str, bool]:
    """A stranger's text as it may be shown, and whether something was taken out of it or cut off."""
    if not isinstance(text, str):
        return "", text is not None
    kept = _TURNING.sub("", text).strip()
    return kept[:longest], kept[:longest] != text.strip()
