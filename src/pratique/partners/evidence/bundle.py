"""The folder that leaves: what ``bundle.json`` says, and the summary that a judge reads first.

The form is that of docs/ledger.md#bundle, which ``pratique-verify`` checks without the node.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pratique.partners.evidence.custody import SignedEvent, hand_of

FORMAT: Final = "pratique-bundle-1"
LONGEST: Final = 16 * 1024 * 1024
MOST_EVENTS: Final = 20_000
INDEX: Final = "bundle.json"


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A file of the folder: path below it, SHA-256 (hex), size in bytes."""

    path: str
    sha256: str
    byte_count: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """What ``bundle.json`` says."""

    title: str
    made_at: str
    files: tuple[BundleFile, ...]
    keys: Mapping[str, bytes]
    custody: tuple[SignedEvent, ...]
    proofs: tuple[str, ...]
    policy: str

    def text(self) -> str:
        """The exact text of ``bundle.json``."""
        said: dict[str, Any] = {
            "format": FORMAT,
            "title": self.title,
            "made_at": self.made_at,
            "files": [{"path": each.path, "sha256": each.sha256, "bytes": each.byte_count} for each in self.files],
            "keys": [
                {"id": name, "algorithm": "ed25519", "public_key": base64.b64encode(public).decode()}
                for name, public in sorted(self.keys.items())
            ],
            "custody": [_written(each) for each in self.custody],
            "proofs": list(self.proofs),
        }
        if self.policy:
            said["policy"] = self.policy
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def bundle_of(text: str) -> Bundle:
    """What a ``bundle.json`` says. Raises ``ValueError`` with the part that is not as it must be."""
    if len(text) > LONGEST:
        raise ValueError("size")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("json") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ValueError("format")
    custody = _rows(said, "custody")
    if len(custody) > MOST_EVENTS:
        raise ValueError("custody")
    return Bundle(
        title=_text(said, "title"),
        made_at=_text(said, "made_at"),
        files=tuple(_file(each) for each in _rows(said, "files")),
        keys={_text(each, "id"): _bytes(each, "public_key") for each in _rows(said, "keys")},
        custody=tuple(signed_of(each) for each in custody),
        proofs=tuple(str(each) for each in said.get("proofs", []) if isinstance(each, str)),
        policy=str(said.get("policy", "")),
    )


def signed_of(said: Any) -> SignedEvent:
    """A signed event out of its plain values. Raises ``ValueError``."""
    if not isinstance(said, dict):
        raise ValueError("custody")
    signatures = {_text(each, "key"): _bytes(each, "signature") for each in _rows(said, "signatures")}
    return SignedEvent(_text(said, "event", LONGEST), signatures)


def keys_of(events: Iterable[SignedEvent]) -> dict[str, bytes]:
    """The public keys that events and certificate name, by id; of this node's own, or of events followed before."""
    found: dict[str, bytes] = {}
    for each in events:
        for hand in map(hand_of, json.loads(each.text)["hands"]):
            found[hand.officer_key] = base64.b64decode(hand.officer_public)
            found[hand.agency_key] = base64.b64decode(hand.agency_public)
    return found


def by_item(events: Sequence[SignedEvent]) -> dict[str, list[SignedEvent]]:
    """The events of each item, in the order given; those that cannot be read stand under an empty id."""
    found: dict[str, list[SignedEvent]] = {}
    for each in events:
        found.setdefault(_item_of(each.text), []).append(each)
    return found


def _item_of(text: str) -> str:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return str(said.get("item", "")) if isinstance(said, dict) else ""


def _written(signed: SignedEvent) -> dict[str, Any]:
    signatures = [
        {"key": key, "signature": base64.b64encode(value).decode()} for key, value in sorted(signed.signatures.items())
    ]
    return {"event": signed.text, "signatures": signatures}


def signed_record(signed: SignedEvent) -> dict[str, Any]:
    """A signed event as plain values, which :func:`signed_of` reads back."""
    return _written(signed)


def _file(said: Any) -> BundleFile:
    size = said.get("bytes") if isinstance(said, dict) else None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ValueError("files")
    path = _text(said, "path")
    parts = path.split("/")
    if not path or path.startswith("/") or "\\" in path or any(part in ("", ".", "..") for part in parts):
        raise ValueError("files")
    return BundleFile(path, _text(said, "sha256"), size)


def _rows(said: Any, name: str) -> list[Any]:
    value = said.get(name) if isinstance(said, dict) else None
    if not isinstance(value, list):
        raise ValueError(name)
    return value


def _text(said: Any, name: str, longest: int = 2000) -> str:
    value = said.get(name) if isinstance(said, dict) else None
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError(name)
    return value


def _bytes(said: Any, name: str) -> bytes:
    try:
        return base64.b64decode(_text(said, name), validate=True)
    except binascii.Error as error:
        raise ValueError(name) from error
