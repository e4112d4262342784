"""Proof files (C2SP tlog-proof): one entry, its path to the root, the checkpoint, and the opening of the commitment.

The ``extra`` line carries the commitment and its opening: JSON with ``commitment``, ``salt`` and ``record`` in base64,
itself in base64. Once the opening was erased only the commitment stands there, and the file shows that something was
logged, not what.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pratique.partners.ledger.checkpoints import Checkpoint, read_checkpoint
from pratique.partners.ledger.commitments import leaf_hash, opens
from pratique.partners.ledger.merkle import inclusion_holds
from pratique.partners.ledger.notes import Note, NoteError, VerifierKey

HEADER: Final = "c2sp.org/tlog-proof@v1"
LONGEST_PATH: Final = 63
LONGEST_PROOF: Final = 64 * 1024 * 1024  # bytes: a record may be a whole message
SUFFIX: Final = ".tlog-proof"


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment is of; both ``None`` once they were erased."""

    commitment: bytes
    salt: bytes | None = None
    record: bytes | None = None


@dataclass(frozen=True, slots=True)
class EntryProof:
    """A proof file: which entry, its path from the leaf's sibling up, the checkpoint as it was signed, the opening."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    opening: Opening

    def __bytes__(self) -> bytes:
        lines = [HEADER, f"extra {_told(self.opening)}", f"index {self.index}"]
        lines += [base64.b64encode(each).decode() for each in self.path]
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint


def parse_proof(content: bytes) -> EntryProof:
    """The proof in a file. Raises ``NoteError`` where it has another form."""
    if len(content) > LONGEST_PROOF:
        raise NoteError(f"a proof of more than {LONGEST_PROOF} bytes")
    head, _, checkpoint = content.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
        if len(lines) < 3 or lines[0] != HEADER:
            raise NoteError("no proof of an entry")
        opening = _opening(_after(lines[1], "extra "))
        index = _after(lines[2], "index ")
        path = tuple(base64.b64decode(line, validate=True) for line in lines[3:])
    except (UnicodeDecodeError, binascii.Error) as error:
        raise NoteError("a proof that is no plain text") from error
    if not index.isdigit() or str(int(index[:20])) != index or len(path) > LONGEST_PATH:
        raise NoteError("a proof without the number of its entry, or with too long a path")
    return EntryProof(int(index), path, checkpoint, opening)


def check_proof(proof: EntryProof, log: VerifierKey) -> tuple[Checkpoint, Note]:
    """The checkpoint that holds the entry. Raises ``NoteError`` where signature, opening or path do not hold."""
    checkpoint, note = read_checkpoint(proof.checkpoint, log)
    opening = proof.opening
    if opening.salt is not None and not opens(opening.commitment, salt=opening.salt, record=opening.record or b""):
        raise NoteError("an opening that is not that of the commitment")
    if not holds(opening.commitment, proof.index, proof.path, checkpoint):
        raise NoteError("a path that does not lead to the root of the checkpoint")
    return checkpoint, note


def holds(committed: bytes, index: int, path: Sequence[bytes], checkpoint: Checkpoint) -> bool:
    """The entry of that number in the checkpointed log is the commitment."""
    return inclusion_holds(leaf_hash(committed), index, checkpoint.size, proof=path, root=checkpoint.root)


def _told(opening: Opening) -> str:
    told = {"commitment": base64.b64encode(opening.commitment).decode()}
    if opening.salt is not None and opening.record is not None:
        told["salt"] = base64.b64encode(opening.salt).decode()
        told["record"] = base64.b64encode(opening.record).decode()
    return base64.b64encode(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).decode()


def _opening(text: str) -> Opening:
    try:
        told = json.loads(base64.b64decode(text, validate=True))
        parts = {name: base64.b64decode(told[name], validate=True) for name in told}
        return Opening(**parts)
    except (ValueError, TypeError, RecursionError) as error:
        raise NoteError("a proof whose opening cannot be read") from error


def _after(line: str, word: str) -> str:
    if not line.startswith(word):
        raise NoteError(f"a proof without the line {word.strip()}")
    return line[len(word) :]
