"""What a witness does: cosign a partner's checkpoint that only appended to the one it saw last, and nothing else.

The request has the form of C2SP tlog-witness (``add-checkpoint``): ``old`` and the size that the witness saw last, the
consistency proof from there (one hash a line, base64), an empty line, the checkpoint.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pratique.partners.ledger.checkpoints import LARGEST_SIZE, Checkpoint
from pratique.partners.ledger.merkle import EMPTY_ROOT, consistency_holds
from pratique.partners.ledger.notes import LONGEST_NOTE, NoteError

LONGEST_PATH: Final = 63
LONGEST_REQUEST: Final = LONGEST_NOTE + 64 * 1024  # bytes


class Verdict(Enum):
    """What a witness makes of a checkpoint: ``consistent`` is cosigned, all others are refused."""

    CONSISTENT = "consistent"
    OTHER_SIZE = "other_size"  # the proof starts from another size than the one seen: no fault, ask again
    FORK = "fork"  # another root for the size that was seen
    ROLLBACK = "rollback"  # a smaller tree than the one that was seen
    NO_PROOF = "no_proof"  # a larger tree, and the proof does not lead to it

    @property
    def is_breach(self) -> bool:
        """An append-only log does not show this; both notes are kept as evidence."""
        return self in {Verdict.FORK, Verdict.ROLLBACK, Verdict.NO_PROOF}


@dataclass(frozen=True, slots=True)
class WitnessRequest:
    """A checkpoint to be cosigned: the size that the proof starts from, the proof, and the note."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def __bytes__(self) -> bytes:
        lines = [f"old {self.old}", *(base64.b64encode(each).decode() for each in self.proof)]
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint


def parse_request(content: bytes) -> WitnessRequest:
    """The request. Raises ``NoteError`` where it has another form."""
    if len(content) > LONGEST_REQUEST:
        raise NoteError(f"a request of more than {LONGEST_REQUEST} bytes")
    head, _, checkpoint = content.partition(b"\n\n")
    try:
        first, *rest = head.decode("ascii").split("\n")
        proof = tuple(base64.b64decode(line, validate=True) for line in rest)
    except (UnicodeDecodeError, binascii.Error) as error:
        raise NoteError("a request that is no plain text") from error
    old = first.removeprefix("old ")
    if not first.startswith("old ") or not old.isdigit() or str(int(old[:20])) != old or int(old) > LARGEST_SIZE:
        raise NoteError("a request without the size that its proof starts from")
    if len(proof) > LONGEST_PATH:
        raise NoteError("a request with too long a proof")
    return WitnessRequest(int(old), proof, checkpoint)


def judge(seen: Checkpoint | None, told: Checkpoint, *, old: int, proof: Sequence[bytes]) -> Verdict:
    """What the checkpoint is to a witness that saw ``seen`` last (``None``: nothing yet) of the same log."""
    size, root = (seen.size, seen.root) if seen is not None else (0, EMPTY_ROOT)
    if told.size < size:
        return Verdict.ROLLBACK
    if told.size == size:
        return Verdict.CONSISTENT if told.root == root else Verdict.FORK
    if size == 0:
        return Verdict.CONSISTENT
    if old != size:
        return Verdict.OTHER_SIZE
    holds = consistency_holds(size, told.size, old_root=root, new_root=told.root, proof=proof)
    return Verdict.CONSISTENT if holds else Verdict.NO_PROOF
