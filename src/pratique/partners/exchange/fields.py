"""A message's content field by field, each under a salted commitment that the signature covers.

The signed part holds the hashes alone (in the manner of SD-JWT, RFC 9901; the format is not used, since its tokens
are for persons who present themselves). A recipient who may pass on only part of a message hands over the signed part
with the fields that may travel: whoever receives them can check the originator's signature, and learns nothing of the
others but that they exist. The salt keeps a field with few possible values from being guessed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pratique.partners.exchange import strict_json
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.wire import b64, from_b64
from pratique.vocabulary.data_categories import DataCategory, data_category

SALT_BYTES: Final = 16
LARGEST_FIELD: Final = 512 * 1024
MOST_FIELDS: Final = 200


@dataclass(frozen=True, slots=True)
class MessageField:
    """A field of a message: its name in the schema, its value as plain JSON, its category, whether it is personal."""

    name: str
    value: Any
    category: DataCategory
    personal: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a commitment: the exact bytes, which begin with the salt, and the field they hold."""

    field: MessageField
    data: bytes

    @property
    def commitment(self) -> bytes:
        """SHA-256 of the exact bytes: what the signed part holds."""
        return hashlib.sha256(self.data).digest()


def committed(fields: Iterable[MessageField], *, salt: Callable[[], bytes]) -> tuple[Opening, ...]:
    """An opening for each field, in the order of their commitments, which tells nothing of the order of the fields.

    ``salt`` gives 16 fresh bytes that nobody can foresee each time. Raises ``ValueError`` for others.
    """
    return tuple(sorted((_opening(field, salt()) for field in fields), key=lambda opening: opening.commitment))


def opened(openings: Sequence[str], commitments: Sequence[bytes]) -> tuple[Opening, ...]:
    """The fields handed over, each of which the signature covers; some may have been kept back.

    Raises ``exchange.field_invalid`` and ``exchange.fields_disagree``.
    """
    if len(openings) > MOST_FIELDS:
        raise refuse("exchange.field_invalid", fault=f"more than {MOST_FIELDS}")
    found = tuple(_read(text) for text in openings)
    covered = set(commitments)
    for opening in found:
        if opening.commitment not in covered:
            raise refuse(
                "exchange.fields_disagree", field=opening.field.name[:80], fault="the signature does not cover it"
            )
    names = [opening.field.name for opening in found]
    for name in set(names):
        if names.count(name) > 1:
            raise refuse("exchange.fields_disagree", field=name[:80], fault="it is there twice")
    return found


def as_record(fields: Iterable[MessageField]) -> Mapping[str, Any]:
    """The fields as the object that a message's schema describes."""
    return {field.name: field.value for field in fields}


def _opening(field: MessageField, salt: bytes) -> Opening:
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    said = {"s": b64(salt), "n": field.name, "v": field.value, "c": field.category.code, "p": field.personal}
    return Opening(field, strict_json.write(said))


def _read(text: str) -> Opening:
    try:
        data = from_b64(text)
    except ValueError:
        raise refuse("exchange.field_invalid", fault="not base64 for addresses") from None
    said = strict_json.read(data, what="field", at_most=LARGEST_FIELD)
    if set(said) != {"s", "n", "v", "c", "p"} or not all(isinstance(said[key], str) for key in "snc"):
        raise refuse("exchange.field_invalid", fault="not salt, name, value, category and person flag")
    if len(said["s"]) != len(b64(bytes(SALT_BYTES))) or not isinstance(said["p"], bool):
        raise refuse("exchange.field_invalid", fault="its salt or its person flag")
    try:
        category = data_category(said["c"])
    except ValueError:
        raise refuse("exchange.field_invalid", fault="its category is none") from None
    return Opening(MessageField(said["n"], said["v"], category, said["p"]), data)
