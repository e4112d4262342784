"""The node's log: to sign, to read, to prove from, and to empty of what its time is up for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.ledger import files as ledger_files
from pratique.node.ledger.entries import LoggedEntry, as_people_see
from pratique.node.ledger.erasing import erase_openings
from pratique.node.ledger.log import cosigned_note, order_new_leaves, sign_checkpoint
from pratique.node.ledger.proving import ProvedEntry, proved
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.ledger.tree_check import file_beside, size_told
from pratique.node.settings import Settings
from pratique.node.storage.ledger import ENTRY_PART, KeptIn, leaf
from pratique.node.storage.ledger_order import (
    OrderedEntry,
    StoredCheckpoint,
    entry_at,
    entry_of,
    log_size,
    newest_checkpoint,
    newest_entries,
)
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.partners.ledger.merkle import consistency_proof
from pratique.vocabulary.errors import Category

MOST_ENTRIES: Final = 1000
LONGEST_REASON: Final = 200  # characters
LONGEST_NUMBER: Final = 18  # digits


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as anybody may see it: size, root in hex, the moment, and the note with every signature."""

    tree_size: int
    root: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class MakeCheckpoint(Command[SignedCheckpoint]):
    """Orders the leaves that came since the last checkpoint and signs the tree of all of them.

    Where the log grows by slots (setting ``ledger_slot_seconds``), padding brings their number to a power of two.
    """

    entry: ClassVar[str] = "ledger.checkpointed"


def make_checkpoint(command: MakeCheckpoint, work: Work) -> Act[SignedCheckpoint]:
    """The journal entry names size and root, so that the journal shows what the log has signed.

    Tiles and the file of the checkpoint follow once the transaction stands. Raises ``MISCONFIGURED`` without a log key,
    ``CONFLICT`` where the store is older than what the log has shown: to sign then would fork the log.
    """
    keys = NodeKeys(work.folder, work.stores)
    keys.signing("log")
    shown_before = size_told(file_beside(ledger_files.log_folder(work.folder)) or b"")

    def act(connection: Connection) -> Done[SignedCheckpoint]:
        with work.stores.access.reading() as access:
            tree, padded = order_new_leaves(connection, access, least=_least(connection))
        if shown_before is not None and shown_before > tree.size:
            raise refuse("ledger.store_is_older", Category.CONFLICT, told=shown_before, size=tree.size)
        signed = sign_checkpoint(connection, tree, keys=keys, at=work.at)
        facts: dict[str, object] = {"size": signed.tree_size, "root": signed.root.hex()}
        facts |= {"padded": padded} if padded else {}
        shown = _shown(connection, signed)
        return Done(shown, command=facts, outcome=facts, after=lambda: _bring_files_to_newest(work))

    return act


@dataclass(frozen=True, slots=True)
class WriteTiles(Command[int]):
    """Writes the whole log as static files below ``target``, which any web server can serve; answers with the tiles."""

    target: Path
    entry: ClassVar[str] = "ledger.tiles_written"


def write_tiles(command: WriteTiles, work: Work) -> Act[int]:
    """The tiles of the newest checkpoint, then the checkpoint itself.

    Raises ``NOT_FOUND`` without a checkpoint or the folder above, ``CONFLICT`` where something lies in the folder.
    """
    target = command.target
    if not target.parent.is_dir():
        raise refuse("ledger.no_folder", Category.NOT_FOUND, folder=target.parent)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise refuse("ledger.folder_in_use", Category.CONFLICT, folder=target)
    with work.stores.main.reading() as connection, work.stores.access.reading() as access:
        newest = _newest(connection)
        count = ledger_files.write_tiles(target, connection, access, size=newest.tree_size)
        ledger_files.write_checkpoint(target, cosigned_note(connection, newest))

    def act(connection: Connection) -> Done[int]:
        facts: dict[str, object] = {"size": newest.tree_size, "tiles": count}
        return Done(count, command=facts, outcome=facts)

    return act


@dataclass(frozen=True, slots=True)
class EraseOpening(Command[bool]):
    """Destroys salt and record of a leaf that an act added: what was sent or received, once its time is up.

    The commitment stays, so the log stays whole; answers ``False`` where the opening was gone already.
    """

    seq: int
    part: int
    because: str
    entry: ClassVar[str] = "ledger.opening_erased"


def erase_opening(command: EraseOpening, work: Work) -> Act[bool]:
    """Raises ``REJECTED`` for a journal entry, which stays, and for a reason that is none; ``NOT_FOUND``."""
    if command.part == ENTRY_PART:
        raise refuse("ledger.journal_stays")
    if not command.because.strip() or len(command.because) > LONGEST_REASON or not command.because.isprintable():
        raise refuse("ledger.no_reason", most=LONGEST_REASON)

    def act(connection: Connection) -> Done[bool]:
        found = leaf(connection, command.seq, command.part)
        if found is None:
            raise refuse("ledger.no_entry", Category.NOT_FOUND, entry=f"main:{command.seq}:{command.part}")
        place = (command.seq, command.part)
        gone = erase_openings(connection, [place], at=work.at, because=command.because)
        done = found.salt is not None
        outcome = {"commitment": found.commitment.hex(), "erased": done}
        return Done(done, command=gone | {"because": command.because}, outcome=outcome)

    return act


@dataclass(frozen=True, slots=True)
class ShowCheckpoint(Query[SignedCheckpoint]):
    """The newest checkpoint with the signatures of its witnesses."""


def show_checkpoint(query: ShowCheckpoint, view: View) -> SignedCheckpoint:
    """Raises ``NOT_FOUND`` where none was made yet."""
    return _shown(view.connection, _newest(view.connection))


@dataclass(frozen=True, slots=True)
class Consistency:
    """The newest checkpoint, and the hashes that lead from the older size to it."""

    checkpoint: SignedCheckpoint
    proof: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProveConsistency(Query[Consistency]):
    """What shows somebody who saw the log at size ``old`` that the newest checkpoint only appended to it."""

    old: int


def prove_consistency(query: ProveConsistency, view: View) -> Consistency:
    """Raises ``NOT_FOUND`` without a checkpoint, ``REJECTED`` where the log is smaller than that."""
    newest = _newest(view.connection)
    if not 0 <= query.old <= newest.tree_size:
        raise refuse("ledger.smaller", size=newest.tree_size, wanted=query.old)
    hashes = ledger_files.log_hashes(view.folder, view.connection, newest.tree_size)
    proof = consistency_proof(hashes, query.old, newest.tree_size) if query.old else []
    return Consistency(_shown(view.connection, newest), tuple(proof))


@dataclass(frozen=True, slots=True)
class ProveEntry(Query[ProvedEntry]):
    """The proof file of one entry: by its ``number`` in the log, or by ``place`` (store, journal entry, part)."""

    number: int = 0
    place: tuple[KeptIn, int, int] | None = None

    @classmethod
    def named(cls, text: str) -> ProveEntry:
        """The entry as people name it: ``212587``, ``main:12``, ``access:3``, ``main:12:1``. Raises ``NOT_FOUND``."""
        store, _, rest = text.partition(":")
        seq, _, part = rest.partition(":")
        if _is_number(text):
            return cls(number=int(text))
        if store not in ("main", "access") or not _is_number(seq) or not _is_number(part or "0"):
            raise refuse("ledger.no_entry", Category.NOT_FOUND, entry=text[:40])
        return cls(place=("access" if store == "access" else "main", int(seq), int(part or "0")))


def prove_entry(query: ProveEntry, view: View) -> ProvedEntry:
    """Raises ``NOT_FOUND`` where no checkpoint has the entry, ``BROKEN`` where rows or tiles were changed."""
    return proved(view, _meant(query, view.connection))


@dataclass(frozen=True, slots=True)
class ListEntries(Query[list[LoggedEntry]]):
    """The ``limit`` entries before ``before`` (else the newest), the newest first, without padding."""

    limit: int = 50
    before: int | None = None


def list_entries(query: ListEntries, view: View) -> list[LoggedEntry]:
    """Names of commands and of who gave them; what they were about stands in the journal."""
    end = log_size(view.connection)
    end = end if query.before is None else max(0, min(query.before, end))
    limit = max(0, min(query.limit, MOST_ENTRIES))
    ordered = newest_entries(view.connection, before=end, limit=limit)
    with view.stores.access.reading() as access:
        return as_people_see(ordered[::-1], view.connection, access)[::-1]


@dataclass(frozen=True, slots=True)
class ReadLogFile(Query[bytes]):
    """One of the static files of the log, by its path (``checkpoint``, ``tile/0/000``): hashes and signatures alone."""

    path: str


def read_log_file(query: ReadLogFile, view: View) -> bytes:
    """Raises ``NOT_FOUND`` for any path that the log has not."""
    path = ledger_files.log_folder(view.folder) / query.path
    if ledger_files.PUBLIC_PATH.fullmatch(query.path) is None or not path.is_file():
        raise refuse("ledger.no_file", Category.NOT_FOUND)
    return path.read_bytes()


def _least(connection: Connection) -> int:
    """The fewest leaves by which the log grows at a checkpoint; 0 where it does not grow by slots."""
    settings = Settings.of(changed_settings(connection))
    return settings.number("ledger_pad_least") if settings.number("ledger_slot_seconds") else 0


def _bring_files_to_newest(work: Work) -> None:
    """The static files as of the newest checkpoint, whichever command made it; whole again where some are gone."""
    target = ledger_files.log_folder(work.folder)
    with work.stores.main.reading() as connection, work.stores.access.reading() as access:
        newest = _newest(connection)
        since = ledger_files.size_written(target, at_most=newest.tree_size)
        ledger_files.write_tiles(target, connection, access, size=newest.tree_size, since=since)
        ledger_files.write_checkpoint(target, cosigned_note(connection, newest))


def _newest(connection: Connection) -> StoredCheckpoint:
    newest = newest_checkpoint(connection)
    if newest is None:
        raise refuse("ledger.no_checkpoint", Category.NOT_FOUND)
    return newest


def _shown(connection: Connection, checkpoint: StoredCheckpoint) -> SignedCheckpoint:
    note = cosigned_note(connection, checkpoint)
    return SignedCheckpoint(checkpoint.tree_size, checkpoint.root.hex(), checkpoint.at, note)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER


def _meant(query: ProveEntry, connection: Connection) -> OrderedEntry:
    if query.place is not None:
        found = entry_of(connection, *query.place)
        told = ":".join(str(part) for part in query.place)
    else:
        found, told = entry_at(connection, query.number), str(query.number)
    if found is None:
        raise refuse("ledger.no_entry", Category.NOT_FOUND, entry=told)
    return found
