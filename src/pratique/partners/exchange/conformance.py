"""The conformance kit: envelopes that must open and envelopes that must be refused, for whoever writes another node.

The kit (``data/messages/conformance.json``) was made from the published description by a second implementation, and
holds the keys it was made with. Each case says what must come of it: nothing for what must open, else the code of the
fault. A node of another make may word its faults otherwise; what it takes in must be the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from pratique.partners.exchange import descriptor, strict_json
from pratique.partners.exchange.envelope import KeysInMemory, open_envelope
from pratique.partners.exchange.keys import HYBRID, key_id, opening_key, public_of_opening
from pratique.partners.exchange.messages.registry import received_message
from pratique.partners.exchange.partner import Partner, confirm
from pratique.partners.exchange.wire import from_b64, moment
from pratique.vocabulary.errors import PratiqueError

LARGEST: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Case:
    """A case with what must come of it, and what came: the code of a fault, or nothing where it opened."""

    name: str
    expected: str
    found: str

    @property
    def holds(self) -> bool:
        """What came is what must."""
        return self.expected == self.found


def kit_bytes() -> bytes:
    """The kit as it is published."""
    return (files("pratique") / "data" / "messages" / "conformance.json").read_bytes()


@cache
def kit() -> Mapping[str, Any]:
    """The kit as an object."""
    return strict_json.read(kit_bytes(), what="kit", at_most=LARGEST)


def run() -> tuple[Case, ...]:
    """Every case through this program."""
    sender, recipient = _sides(kit())
    return tuple(Case(case["name"], case["expect"], _outcome(case, sender, recipient)) for case in kit()["cases"])


def _sides(said: Mapping[str, Any]) -> tuple[Partner, KeysInMemory]:
    found = descriptor.read(said["sender_descriptor"].encode())
    private = from_b64(said["recipient"]["private"])
    keys = {key_id(HYBRID, public_of_opening(private)): opening_key(private)}
    return confirm(found, found.digest), KeysInMemory(said["recipient"]["id"], keys)


def _outcome(case: Mapping[str, Any], sender: Partner, recipient: KeysInMemory) -> str:
    try:
        opened = open_envelope(from_b64(case["envelope"]), recipient, {sender.id: sender}, now=moment(kit()["now"]))
        received_message(opened.inner.type, opened.fields)
    except PratiqueError as fault:
        return fault.code
    says = case.get("says")
    same = says is None or (
        opened.header.dump() == says["header"]
        and opened.inner.dump() == says["inner"]
        and {field.name: field.value for field in opened.fields} == says["fields"]
    )
    return "" if same else "other content"
