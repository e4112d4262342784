"""A partner's log as it shows it: its checkpoint judged against the one seen before, its leaves proved to be in it.

Pure. What is believed of a partner's log is what its confirmed descriptor's log key signed, as long as it only appended
to what it had shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pratique.partners.exchange.partner import Partner
from pratique.partners.exchange.wire import from_b64
from pratique.partners.ledger.checkpoints import Checkpoint, parse_checkpoint, read_checkpoint, witnesses_of
from pratique.partners.ledger.merkle import inclusion_holds
from pratique.partners.ledger.notes import COSIGNATURE, LONGEST_NOTE, PLAIN, Note, NoteError, VerifierKey, parse_note
from pratique.partners.ledger.witnessing import LONGEST_PATH, Verdict, judge

HASH: Final = 32


class LogState(StrEnum):
    """What became of a partner's checkpoint."""

    NONE = "none"
    """It showed none, or none that its log key signed."""
    FIRST = "first"
    """The first that is seen here: nothing to compare it with."""
    CONSISTENT = "consistent"
    """It only appended to the one that is kept here."""
    OTHER_SIZE = "other_size"
    """The proof starts elsewhere than at the one that is kept here: nothing is proved either way."""
    FORK = "fork"
    ROLLBACK = "rollback"
    NO_PROOF = "no_proof"

    @property
    def stands(self) -> bool:
        """Leaves may be proved to be in it."""
        return self in (LogState.FIRST, LogState.CONSISTENT)

    @property
    def is_breach(self) -> bool:
        """An append-only log does not show this."""
        return self in (LogState.FORK, LogState.ROLLBACK, LogState.NO_PROOF)


@dataclass(frozen=True, slots=True)
class SeenLog:
    """What is kept here of a partner's log: size, root, and the note that said so."""

    size: int = 0
    root: bytes | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownLog:
    """What a partner shows: its newest checkpoint as it was signed, and the hashes that lead to it from ``old``."""

    note: bytes = b""
    old: int = 0
    consistency: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedLog:
    """What became of it: the state, the checkpoint where one was signed, and which administrations cosigned it."""

    state: LogState
    origin: str = ""
    size: int = 0
    root: bytes | None = None
    note: str | None = None
    witnesses: tuple[str, ...] = ()

    def holds(self, leaf: bytes, index: int, path: Sequence[bytes]) -> bool:
        """The leaf is in the log under that number."""
        if not self.state.stands or self.root is None:
            return False
        return inclusion_holds(leaf, index, self.size, proof=path, root=self.root)


UNSEEN: Final = JudgedLog(LogState.NONE)
"""Nothing is known of the log."""


def shown_in(said: Mapping[str, Any], *, old: int) -> ShownLog:
    """What an answer from outside shows of the log; nothing where it is malformed."""
    note, hashes = said.get("checkpoint"), said.get("consistency")
    if not isinstance(note, str) or len(note) > LONGEST_NOTE or not isinstance(hashes, list):
        return ShownLog()
    proof = path_in(hashes)
    return ShownLog(note.encode("utf-8", "replace"), old, proof) if proof is not None else ShownLog()


def path_in(said: Any) -> tuple[bytes, ...] | None:
    """Hashes as they travel; nothing for anything else."""
    if not isinstance(said, list) or len(said) > LONGEST_PATH or not all(isinstance(each, str) for each in said):
        return None
    try:
        path = tuple(from_b64(each) for each in said)
    except ValueError:
        return None
    return path if all(len(each) == HASH for each in path) else None


def judged_log(shown: ShownLog, seen: SeenLog, partner: Partner, witnesses: Mapping[bytes, str]) -> JudgedLog:
    """``witnesses`` are the administrations by the public keys that they witness with."""
    found = _signed(shown.note, partner)
    if found is None:
        return JudgedLog(LogState.NONE)
    told, note = found
    kept = Checkpoint(told.origin, seen.size, seen.root) if seen.root is not None else None
    verdict = judge(kept, told, old=shown.old, proof=shown.consistency)
    state = LogState(verdict.value) if verdict is not Verdict.CONSISTENT or kept is not None else LogState.FIRST
    return JudgedLog(state, told.origin, told.size, told.root, str(note), _witnesses(note, witnesses))


def _signed(content: bytes, partner: Partner) -> tuple[Checkpoint, Note] | None:
    """The checkpoint that a log key of the partner signed, whichever version of its descriptor has it."""
    keys = {key.public for version in partner.versions for key in version.descriptor.of_use("log")}
    try:
        origin = parse_checkpoint(parse_note(content).text).origin
    except NoteError:
        return None
    for public in keys:
        try:
            return read_checkpoint(content, VerifierKey(origin, PLAIN, public))
        except NoteError:
            continue
    return None


def _witnesses(note: Note, known: Mapping[bytes, str]) -> tuple[str, ...]:
    names = {each.name for each in note.signatures}
    return tuple(sorted({who for public, who in known.items() if _cosigned(note, names, public)}))


def _cosigned(note: Note, names: Iterable[str], public: bytes) -> bool:
    """The key cosigned the note, under whichever name; a cosignature that does not hold counts as none."""
    for name in names:
        try:
            if witnesses_of(note, [VerifierKey(name, COSIGNATURE, public)]):
                return True
        except NoteError:
            continue
    return False
