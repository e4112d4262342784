"""Checkpoints (C2SP tlog-checkpoint): size and root of a log as a signed note, and cosignatures of its witnesses."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pratique.partners.ledger.commitments import HASH_BYTES
from pratique.partners.ledger.notes import (
    Note,
    NoteError,
    VerifierKey,
    cosigned_at,
    parse_note,
    require_name,
    signed_by,
)

LARGEST_SIZE: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says: whose log, how many leaves, and the root of the tree."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """What the text of a note says as a checkpoint; lines of extension are passed over. Raises ``NoteError``."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NoteError("a checkpoint of fewer than three lines, or with an empty one")
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdigit() and str(int(size[:20])) == size) or int(size) > LARGEST_SIZE:
        raise NoteError("a checkpoint without the size of its tree")
    try:
        digest = base64.b64decode(root, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("a checkpoint whose root is no base64") from error
    if len(digest) != HASH_BYTES or base64.b64encode(digest).decode() != root:
        raise NoteError("a checkpoint whose root is no SHA-256")
    return Checkpoint(require_name(origin), int(size), digest)


def read_checkpoint(content: bytes, log: VerifierKey) -> tuple[Checkpoint, Note]:
    """A checkpoint that ``log`` signed. Raises ``NoteError`` where it did not, or the note is of another log."""
    note = parse_note(content)
    found = parse_checkpoint(note.text)
    if found.origin != log.name:
        raise NoteError(f"a checkpoint of {found.origin}, not of {log.name}")
    if signed_by(note, log) is None:
        raise NoteError(f"a checkpoint that {log.name} did not sign")
    return found, note


def witnesses_of(note: Note, witnesses: Iterable[VerifierKey]) -> Mapping[str, int]:
    """Which of the witnesses cosigned the checkpoint, and when (seconds since the epoch).

    Two names with one key count once. Raises ``NoteError`` where a cosignature of one of them does not hold.
    """
    seen: dict[bytes, tuple[str, int]] = {}
    for witness in witnesses:
        signature = signed_by(note, witness)
        if signature is not None:
            seen.setdefault(witness.public_key, (witness.name, cosigned_at(signature)))
    return dict(seen.values())
