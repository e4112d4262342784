"""What travels, as typed records: closed (no unknown member), strict (no value is turned into another), bounded.

Every length has a limit here, so that no later code needs one.
"""

from __future__ import annotations

import binascii
import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from pratique.partners.exchange import strict_json
from pratique.partners.exchange.errors import refuse

_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ID: Final = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
_PARTNER: Final = r"^[a-z0-9]([a-z0-9.\-]{0,98}[a-z0-9])?$"
_B64: Final = r"^[A-Za-z0-9_-]*$"
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SHOWN_FAULTS: Final = 3
LONGEST_TOKENS: Final = 256 * 1024  # bytes: what fits beside everything else into the largest envelope
_TO_ADDRESSES: Final = bytes.maketrans(b"+/", b"-_")
_FROM_ADDRESSES: Final = bytes.maketrans(b"-_", b"+/")


class Wire(BaseModel):
    """The base of every record that travels."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)

    def dump(self) -> dict[str, Any]:
        """As plain JSON values; what is ``None`` or empty by default is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


def moment_text(at: datetime) -> str:
    """The one way a moment is written: UTC, whole seconds. Raises ``ValueError`` for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def moment(text: str) -> datetime:
    """The moment of :func:`moment_text`. Raises ``ValueError`` for any other spelling."""
    if _MOMENT.fullmatch(text) is None:
        raise ValueError("write a moment as 2026-01-31T08:00:00Z")
    return datetime.fromisoformat(text)


def _moment(value: object) -> object:
    if isinstance(value, str):
        return moment(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(microsecond=0)
    raise ValueError("a moment has a zone")


def _day(value: object) -> object:
    if isinstance(value, str):
        if _DAY.fullmatch(value) is None:
            raise ValueError("write a day as 2026-01-31")
        return date.fromisoformat(value)
    return value


def _bytes(value: object) -> object:
    return from_b64(value) if isinstance(value, str) else value


def _list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _plain(value: object) -> object:
    """No control characters, and nothing that turns the direction of what stands beside it (UAX #9)."""
    if isinstance(value, str) and not value.isprintable() and _CONTROL.search(value):  # what is printable has none
        raise ValueError("control characters are not allowed")
    return value


def b64(data: bytes) -> str:
    """Base64 for addresses, without padding (RFC 4648, 5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_ADDRESSES, b"=").decode("ascii")


def from_b64(text: str) -> bytes:
    """The bytes of :func:`b64`. Raises ``ValueError`` for any other spelling of them."""
    letters = text.encode("ascii").translate(_FROM_ADDRESSES) + b"=" * (-len(text) % 4)
    data = binascii.a2b_base64(letters, strict_mode=True)
    if b64(data) != text:
        raise ValueError("not the one spelling of these bytes")
    return data


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    PlainSerializer(moment_text),
    WithJsonSchema({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$"}),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"}),
]
Bytes = Annotated[
    bytes,
    BeforeValidator(_bytes),
    PlainSerializer(b64),
    WithJsonSchema({"type": "string", "pattern": _B64, "maxLength": 4096}),
]
Element = Annotated[
    bytes,
    BeforeValidator(_bytes),
    PlainSerializer(b64),
    Field(min_length=33, max_length=33),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]{44}$"}),
]
"""A compressed point of P-256 (SEC 1)."""
Hash = Annotated[
    bytes,
    BeforeValidator(_bytes),
    PlainSerializer(b64),
    Field(min_length=32, max_length=32),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"}),
]
Tokens = Annotated[
    bytes,
    BeforeValidator(_bytes),
    PlainSerializer(b64),
    Field(max_length=LONGEST_TOKENS),
    WithJsonSchema({"type": "string", "pattern": _B64, "maxLength": (LONGEST_TOKENS * 4 + 2) // 3}),
]
MessageId = Annotated[str, StringConstraints(pattern=_ID)]
PartnerId = Annotated[str, StringConstraints(pattern=_PARTNER)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/+()\-]{0,119}$")]
ListOf = BeforeValidator(_list)
Number = Annotated[int, Field(ge=0, le=strict_json.LARGEST_INTEGER)]
Plain = BeforeValidator(_plain)
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$"), Plain]
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000), Plain]

AnyWire = TypeVar("AnyWire", bound=Wire)


def record(kind: type[AnyWire], found: object, *, code: str, what: str) -> AnyWire:
    """``found`` as a record of that kind. Raises ``code`` with the places of the first faults."""
    try:
        return kind.model_validate(found)
    except ValidationError as fault:
        raise refuse(code, what=what, faults=told(fault)) from None


def told(fault: ValidationError) -> str:
    """Where each fault is and what it is; never the value, which can be a name that must not stand in a log."""
    errors = fault.errors(include_url=False, include_input=False, include_context=False)
    shown = [f"{'.'.join(str(part) for part in error['loc'])[:120] or '(whole)'}: {error['msg']}" for error in errors]
    more = f" (and {len(shown) - SHOWN_FAULTS} more)" if len(shown) > SHOWN_FAULTS else ""
    return "; ".join(shown[:SHOWN_FAULTS]) + more
