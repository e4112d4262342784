"""The published schemas: what every record on the wire may hold, as JSON Schema 2020-12, made from the records alone.

``x-category`` and ``x-personal`` on a message's fields say what a gate decides by. Absent members are left out on the
wire, never ``null``, and the schemas say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pratique.partners.exchange.carry import Closing, Line, Opening
from pratique.partners.exchange.descriptor import Descriptor
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.header import Header
from pratique.partners.exchange.inner import Inner
from pratique.partners.exchange.messages.held import Message
from pratique.partners.exchange.messages.registry import TYPES
from pratique.partners.exchange.pairing import Pairing
from pratique.partners.exchange.partner import Revocation
from pratique.partners.exchange.receipt import Receipt, SignedError
from pratique.partners.exchange.wire import Wire
from pratique.vocabulary.errors import Category

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
PARTS: Final[Mapping[str, type[Wire]]] = MappingProxyType(
    {
        "header/1": Header,
        "inner/1": Inner,
        "descriptor/1": Descriptor,
        "revocation/1": Revocation,
        "pairing/1": Pairing,
        "receipt/1": Receipt,
        "error/1": SignedError,
        "bundle_opening/1": Opening,
        "bundle_line/1": Line,
        "bundle_closing/1": Closing,
    }
)
"""What carries messages, by the names of their schemas."""
_LEFT_OUT: Final = frozenset({"title", "default"})


def schema_names() -> tuple[str, ...]:
    """Every published schema: messages first, then what carries them."""
    return (*TYPES, *PARTS)


def schema(name: str) -> dict[str, Any]:
    """The schema of that name. Raises ``exchange.type_unknown``."""
    kind = TYPES.get(name) or PARTS.get(name)
    if kind is None:
        raise refuse("exchange.type_unknown", Category.NOT_FOUND, type=name[:60], known=", ".join(schema_names()))
    made: dict[str, Any] = _plain(kind.model_json_schema())
    if issubclass(kind, Message):
        for field, said in made["properties"].items():
            held = kind.held(field)
            said["x-category"] = held.category.code
            said["x-personal"] = held.about_persons
    return {"$schema": DIALECT, "$id": f"urn:pratique:schema:{name.replace('/', ':')}", "title": name, **made}


def file_name(name: str) -> str:
    """Where the schema lies in ``data/messages``."""
    return f"{name.replace('/', '-')}.schema.json"


def _plain(said: Any) -> Any:
    """Without the titles and defaults that say nothing, and without ``null``."""
    if isinstance(said, list):
        return [_plain(each) for each in said]
    if not isinstance(said, dict):
        return said
    given = {
        name: {field: _plain(each) for field, each in value.items()}
        if name in ("properties", "$defs")
        else _plain(value)
        for name, value in said.items()
        if name not in _LEFT_OUT
    }
    if "description" in given:
        given["description"] = " ".join(str(given["description"]).split()).replace("``", "`")
    others = [each for each in given.get("anyOf", ()) if each != {"type": "null"}]
    if len(others) == 1:
        del given["anyOf"]
        given |= others[0]
    return given
