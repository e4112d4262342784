"""The certificate of a bundle: who made it for whom, and where each chain ended when it was made.

It stands among the events of custody as the only one of an item of its own, ``bundle``, in the same form and signed by
the same hands. Without it the last events of a chain could be taken off, and nothing would be missed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pratique.partners.evidence.checking import Agencies, Break, Chain, hand_breaks
from pratique.partners.evidence.custody import FIRST, Hand, SignedEvent, hand_of

BUNDLE: Final = "bundle"
CERTIFY: Final = "certify"


@dataclass(frozen=True, slots=True)
class Certificate:
    """``ends`` is the hash of the last event of each item, ``files`` the hashes of the texts that belong to no item."""

    at: str
    hand: Hand
    recipient: str
    ends: Mapping[str, str]
    files: tuple[str, ...]
    request: str = ""

    def text(self) -> str:
        """The exact text that is signed."""
        said = {
            "item": BUNDLE,
            "number": 1,
            "previous_sha256": FIRST,
            "what": CERTIFY,
            "at": self.at,
            "signers": list(self.hand.keys),
            "hands": [self.hand.record()],
            "files": list(self.files),
            "recipient": self.recipient,
            "items": dict(self.ends),
            "request": self.request,
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def certificate_of(text: str) -> Certificate:
    """The certificate that a text says. Raises ``ValueError``."""
    try:
        said: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("text") from error
    if not isinstance(said, dict) or said.get("item") != BUNDLE or said.get("what") != CERTIFY:
        raise ValueError("what")
    hands, ends, files = said.get("hands"), said.get("items"), said.get("files")
    if not isinstance(hands, list) or len(hands) != 1 or not isinstance(ends, dict) or not isinstance(files, list):
        raise ValueError("parts")
    told = [said.get("at"), said.get("recipient"), said.get("request"), *ends.values(), *files]
    if not all(isinstance(each, str) for each in told):
        raise ValueError("parts")
    found = Certificate(said["at"], hand_of(hands[0]), said["recipient"], ends, tuple(files), said["request"])
    if found.text() != text:
        raise ValueError("text")
    return found


def certificate_breaks(
    signed: SignedEvent | None, chains: Mapping[str, Chain], *, agencies: Agencies | None = None
) -> Iterator[Break]:
    """What is wrong with the certificate, and which chain does not end where it says."""
    if signed is None:
        yield Break(BUNDLE, 0, "no_certificate")
        return
    try:
        found = certificate_of(signed.text)
    except ValueError as error:
        yield Break(BUNDLE, 1, "unreadable", {"part": str(error)[:80]})
        return
    yield from hand_breaks(Break(BUNDLE, 1, ""), found.hand, signed, agencies)
    for item in sorted(found.ends.keys() | chains.keys()):
        chain = chains.get(item)
        if chain is None:
            yield Break(item, 0, "item_missing")
        elif item not in found.ends:
            yield Break(item, 0, "item_not_certified")
        elif chain.custody.last_sha256 != found.ends[item]:
            yield Break(item, chain.custody.number, "end_differs")
