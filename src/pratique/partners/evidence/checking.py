"""The check of a chain of custody: every break is named, with the event where it shows."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pratique.partners.evidence.custody import (
    Custody,
    CustodyEvent,
    Hand,
    SignedEvent,
    custody_after,
    event_of,
    fault_of,
    signed_bytes,
)
from pratique.partners.evidence.items import item_of

Agencies: TypeAlias = Mapping[str, Collection[bytes]]
"""The raw public keys of agencies by their names, as exchanged when the agreement was signed; older ones too."""


@dataclass(frozen=True, slots=True)
class Break:
    """Something wrong with the custody of an item: which event (0: none of them), and what, as a code."""

    item: str
    number: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chain:
    """The events of one item that could be followed, how things stand after them, and what is wrong."""

    custody: Custody
    events: tuple[CustodyEvent, ...]
    breaks: tuple[Break, ...]


def follow(item: str, signed: Sequence[SignedEvent], *, agencies: Agencies | None = None) -> Chain:
    """Follows the chain of an item as far as it holds.

    With ``agencies`` an agency that is not among them, or signs with another key, is a break; without them the keys
    that the events name are taken on their word. Officers' keys are certified by the agency's signature over the text
    that names them.
    """
    custody, events, breaks = Custody(item), list[CustodyEvent](), list[Break]()
    for place, each in enumerate(signed, 1):
        try:
            event = event_of(each.text)
        except ValueError as error:
            breaks.append(Break(item, place, "unreadable", {"part": str(error)[:80]}))
            break
        found = [*_links(custody, event), *_signatures(event, each, agencies)]
        breaks += found
        events.append(event)
        if any(one.code in ("other_item", "number", "previous") for one in found):
            break  # what follows is not the chain of this item
        custody = custody_after(custody, event)
    return Chain(custody, tuple(events), tuple(breaks))


def _links(custody: Custody, event: CustodyEvent) -> Iterator[Break]:
    if event.item != custody.item:
        yield Break(custody.item, event.number, "other_item", {"found": event.item[:40]})
    if event.number != custody.number + 1:
        yield Break(custody.item, event.number, "number", {"expected": custody.number + 1})
    elif event.previous_sha256 != custody.last_sha256:
        yield Break(custody.item, event.number, "previous")
    fault = fault_of(custody, event)
    if fault:
        yield Break(custody.item, event.number, fault)
    if event.manifest is not None:
        yield from _manifest(custody, event)


def _manifest(custody: Custody, event: CustodyEvent) -> Iterator[Break]:
    try:
        item = item_of(event.manifest or {})
    except ValueError as error:
        yield Break(custody.item, event.number, "manifest", {"part": str(error)[:80]})
        return
    if item.id != event.item or {each.sha256 for each in item.files} != set(event.files):
        yield Break(custody.item, event.number, "manifest", {"part": "id, files"})


def _signatures(event: CustodyEvent, signed: SignedEvent, agencies: Agencies | None) -> Iterator[Break]:
    for hand in event.hands:
        yield from hand_breaks(Break(event.item, event.number, ""), hand, signed, agencies)


def hand_breaks(place: Break, hand: Hand, signed: SignedEvent, agencies: Agencies | None) -> Iterator[Break]:
    """What is wrong with the two signatures of a hand, told at ``place``."""
    message = signed_bytes(signed.text)
    pairs = ((hand.officer_key, hand.officer_public), (hand.agency_key, hand.agency_public))
    for key, public in pairs:
        signature = signed.signatures.get(key)
        if signature is None:
            yield replace(place, code="signature_missing", params={"key": key[:120]})
        elif not verifies(_raw(public), signature, message):
            yield replace(place, code="signature_wrong", params={"key": key[:120]})
    if agencies is not None and _raw(hand.agency_public) not in agencies.get(hand.agency, ()):
        yield replace(place, code="agency_unknown", params={"agency": hand.agency[:120]})


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature is that of the raw public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _raw(public: str) -> bytes:
    try:
        return base64.b64decode(public, validate=True)
    except (binascii.Error, ValueError):
        return b""


def unbroken(chains: Iterable[Chain]) -> bool:
    """Whether every chain holds from its first event to its last."""
    return all(not chain.breaks and chain.events for chain in chains)
