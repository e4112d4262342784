"""Items of evidence: what each is, its files by hash, and what it was derived from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

LONGEST_NAME: Final = 120
MOST_FILES: Final = 500
DIGEST: Final = re.compile("[0-9a-f]{64}")
ITEM_ID: Final = re.compile("[A-Z0-9]{8}")


class ItemKind(StrEnum):
    """What an item is; ``OBJECT`` and ``SAMPLE`` are things, whose files are photographs and papers of them."""

    PHOTOGRAPH = "photograph"
    DOCUMENT = "document"
    RECORDING = "recording"
    DATA = "data"
    OBJECT = "object"
    SAMPLE = "sample"
    ANALYSIS = "analysis"  # a result, derived from what was analysed


@dataclass(frozen=True, slots=True)
class ItemFile:
    """A file of an item, by SHA-256 (hex)."""

    name: str
    sha256: str
    byte_count: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it was collected. It never changes: a copy or an analysis is an item of its own, derived from it.

    ``acquired_with`` is the tool or camera, ``source`` where the item comes from on the node (an order of a control).
    """

    id: str
    title: str
    kind: ItemKind
    files: tuple[ItemFile, ...]
    acquired_with: str
    acquired_at: str
    legal_basis: str
    derived_from: tuple[str, ...] = ()
    source: str = ""

    def manifest(self) -> dict[str, Any]:
        """The item as plain values, as they stand in its first event."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind.value,
            "files": [
                {"name": each.name, "sha256": each.sha256, "bytes": each.byte_count, "media_type": each.media_type}
                for each in self.files
            ],
            "acquired_with": self.acquired_with,
            "acquired_at": self.acquired_at,
            "legal_basis": self.legal_basis,
            "derived_from": list(self.derived_from),
            "source": self.source,
        }


def item_of(manifest: Mapping[str, Any]) -> Item:
    """The item of a manifest. Raises ``ValueError`` with the part that is not as it must be."""
    files = manifest.get("files")
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise ValueError("files")
    derived = manifest.get("derived_from")
    if not isinstance(derived, list) or not all(isinstance(each, str) and ITEM_ID.fullmatch(each) for each in derived):
        raise ValueError("derived_from")
    item_id, kind = _text(manifest, "id"), _text(manifest, "kind")
    if not ITEM_ID.fullmatch(item_id):
        raise ValueError("id")
    if kind not in {each.value for each in ItemKind}:
        raise ValueError("kind")
    return Item(
        id=item_id,
        title=_text(manifest, "title"),
        kind=ItemKind(kind),
        files=tuple(_file(each) for each in files),
        acquired_with=_text(manifest, "acquired_with"),
        acquired_at=_text(manifest, "acquired_at"),
        legal_basis=_text(manifest, "legal_basis"),
        derived_from=tuple(derived),
        source=_text(manifest, "source"),
    )


def _file(said: Any) -> ItemFile:
    if not isinstance(said, dict) or not isinstance(said.get("bytes"), int) or isinstance(said["bytes"], bool):
        raise ValueError("files")
    sha256 = _text(said, "sha256")
    if not DIGEST.fullmatch(sha256) or said["bytes"] < 0:
        raise ValueError("files")
    return ItemFile(_text(said, "name"), sha256, said["bytes"], _text(said, "media_type"))


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or len(value) > 2000:
        raise ValueError(name)
    return value
