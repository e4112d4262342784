"""Custody: what is done with an item, by whose hands, as one exact text per event, chained to the one before it.

The words are those of docs/ledger.md#bundle. What is signed is a line that says what it is, then the text in UTF-8.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

FIRST: Final = "0" * 64
DOMAIN: Final = b"pratique-custody-1\n"


class What(StrEnum):
    """What may be done with an item. ``COPY`` and ``ANALYSE`` lead to items of their own."""

    COLLECT = "collect"
    SEAL = "seal"
    HAND_OVER = "hand_over"
    RECEIVE = "receive"
    OPEN = "open"
    COPY = "copy"
    ANALYSE = "analyse"
    RETURN = "return"
    DESTROY = "destroy"


PERSONAL: Final = "personal"
BY_NODE: Final = "node"
KINDS: Final = frozenset({"", PERSONAL, BY_NODE})
LAST: Final = frozenset({What.RETURN, What.DESTROY})


@dataclass(frozen=True, slots=True)
class Hand:
    """An officer of an agency with the keys that sign for both: key id and raw public key, base64.

    ``officer_kind`` says who has the officer's key: ``personal`` where nobody can sign with it but who knows its
    passphrase, ``node`` where the administration's node holds it for them; empty in events from before it was said.
    """

    officer: str
    agency: str
    officer_key: str
    officer_public: str
    agency_key: str
    agency_public: str
    officer_kind: str = ""

    @property
    def keys(self) -> tuple[str, str]:
        """The ids of both keys, the officer's first."""
        return self.officer_key, self.agency_key

    @property
    def holder(self) -> tuple[str, str]:
        """Who holds: the officer, and the agency."""
        return self.officer, self.agency

    def record(self) -> dict[str, str]:
        """The hand as it stands in an event."""
        kind = {"officer_kind": self.officer_kind} if self.officer_kind else {}
        return {
            **kind,
            "officer": self.officer,
            "agency": self.agency,
            "officer_key": self.officer_key,
            "officer_public": self.officer_public,
            "agency_key": self.agency_key,
            "agency_public": self.agency_public,
        }


@dataclass(frozen=True, slots=True)
class CustodyEvent:
    """One event. ``hands`` are those that sign: the giving and the taking one at a hand-over, else one.

    ``seal`` is the number put on (seal) or found (open, receive), ``derived`` the item that a copy or analysis
    led to; ``manifest`` the item itself, in the first event alone.
    """

    item: str
    number: int
    previous_sha256: str
    what: What
    at: str
    place: str
    hands: tuple[Hand, ...]
    files: tuple[str, ...] = ()
    seal: str = ""
    derived: str = ""
    note: str = ""
    manifest: Mapping[str, Any] | None = None

    def text(self) -> str:
        """The exact text that is signed: JSON with sorted keys and no blanks."""
        said: dict[str, Any] = {
            "item": self.item,
            "number": self.number,
            "previous_sha256": self.previous_sha256,
            "what": self.what.value,
            "at": self.at,
            "place": self.place,
            "signers": [key for hand in self.hands for key in hand.keys],
            "hands": [hand.record() for hand in self.hands],
            "files": list(self.files),
        }
        for name in ("seal", "derived", "note"):
            if getattr(self, name):
                said[name] = getattr(self, name)
        if self.manifest is not None:
            said["manifest"] = dict(self.manifest)
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """The exact text of an event, and the signatures (64 bytes each) by key id."""

    text: str
    signatures: Mapping[str, bytes]


def signed_bytes(text: str) -> bytes:
    """What a signature of an event is over."""
    return DOMAIN + text.encode()


def text_sha256(text: str) -> str:
    """SHA-256 (hex) of an event's text: what the next one names."""
    return hashlib.sha256(text.encode()).hexdigest()


def event_of(text: str) -> CustodyEvent:
    """The event that a text says. Raises ``ValueError`` with the part that is not as it must be."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("text") from error
    if not isinstance(said, dict):
        raise ValueError("text")
    number, files, hands = said.get("number"), said.get("files"), said.get("hands")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError("number")
    if not isinstance(files, list) or not all(isinstance(each, str) for each in files):
        raise ValueError("files")
    if not isinstance(hands, list) or not 1 <= len(hands) <= 2:
        raise ValueError("hands")
    manifest = said.get("manifest")
    if manifest is not None and not isinstance(manifest, dict):
        raise ValueError("manifest")
    if said.get("what") not in {each.value for each in What}:
        raise ValueError("what")
    event = CustodyEvent(
        item=_text(said, "item"),
        number=number,
        previous_sha256=_text(said, "previous_sha256"),
        what=What(said["what"]),
        at=_text(said, "at"),
        place=_text(said, "place"),
        hands=tuple(hand_of(each) for each in hands),
        files=tuple(files),
        seal=_text(said, "seal", ""),
        derived=_text(said, "derived", ""),
        note=_text(said, "note", ""),
        manifest=manifest,
    )
    if event.text() != text:
        raise ValueError("text")  # spelt otherwise, or with parts that no rule here looks at
    return event


def hand_of(said: Any) -> Hand:
    """The hand of a record. Raises ``ValueError``."""
    if not isinstance(said, dict):
        raise ValueError("hands")
    kind = _text(said, "officer_kind", "")
    if kind not in KINDS:
        raise ValueError("officer_kind")
    return Hand(
        officer=_text(said, "officer"),
        agency=_text(said, "agency"),
        officer_key=_text(said, "officer_key"),
        officer_public=_text(said, "officer_public"),
        agency_key=_text(said, "agency_key"),
        agency_public=_text(said, "agency_public"),
        officer_kind=kind,
    )


@dataclass(frozen=True, slots=True)
class Custody:
    """How things stand with an item after its events: who holds it, under which seal, and whether it is gone."""

    item: str
    number: int = 0
    last_sha256: str = FIRST
    last_at: str = ""
    holder: tuple[str, str] = ("", "")
    seal: str = ""
    files: frozenset[str] = frozenset()
    ended: What | None = None


def fault_of(custody: Custody, event: CustodyEvent) -> str | None:
    """Why the event cannot follow (a code), or ``None``: the rules of custody, apart from signatures and hashes."""
    if custody.ended is not None:
        return "after_end"
    if (event.what is What.COLLECT) != (custody.number == 0):
        return "no_collect" if custody.number == 0 else "collected_twice"
    if event.at < custody.last_at:
        return "before_last"
    if (len(event.hands) == 2) != (event.what is What.HAND_OVER):
        return "hands"
    if custody.number and event.hands[0].holder != custody.holder:
        return "not_holder"
    if event.what is What.HAND_OVER and event.hands[0].holder == event.hands[1].holder:
        return "same_hands"
    return _seal_fault(custody, event) or _content_fault(custody, event)


def _seal_fault(custody: Custody, event: CustodyEvent) -> str | None:
    if event.what is What.SEAL:
        return "no_seal_number" if not event.seal else "sealed_already" if custody.seal else None
    if event.what is What.OPEN and not custody.seal:
        return "not_sealed"
    if event.what in (What.OPEN, What.RECEIVE) and event.seal != custody.seal:
        return "seal_differs"
    if event.what in (What.COPY, What.ANALYSE) and custody.seal:
        return "still_sealed"
    return None


def _content_fault(custody: Custody, event: CustodyEvent) -> str | None:
    if custody.number == 0:
        return None if event.manifest is not None else "no_manifest"
    if event.manifest is not None:
        return "manifest_twice"
    if event.what in (What.COPY, What.ANALYSE) and not event.derived:
        return "no_derived"
    return None if set(event.files) <= custody.files else "foreign_files"


def custody_after(custody: Custody, event: CustodyEvent) -> Custody:
    """How things stand after the event, which is taken as it is."""
    seal = {What.SEAL: event.seal, What.OPEN: ""}.get(event.what, custody.seal)
    return replace(
        custody,
        number=event.number,
        last_sha256=text_sha256(event.text()),
        last_at=event.at,
        holder=event.hands[-1].holder,
        seal=seal,
        files=frozenset(event.files) if event.what is What.COLLECT else custody.files,
        ended=event.what if event.what in LAST else None,
    )


def next_event(custody: Custody, event: CustodyEvent) -> CustodyEvent:
    """The event with the number and the hash that make it the next one of the chain."""
    return replace(event, item=custody.item, number=custody.number + 1, previous_sha256=custody.last_sha256)


def _text(said: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = said.get(name, default)
    if not isinstance(value, str) or len(value) > 2000:
        raise ValueError(name)
    return value
