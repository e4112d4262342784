"""One entry of the log, proved alone: its leaf, what the leaf is of, and the path to a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pratique.node.acts import View
from pratique.node.errors import refuse
from pratique.node.ledger.files import log_hashes
from pratique.node.ledger.log import cosigned_note, log_keys
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.settings import Settings
from pratique.node.storage import journal
from pratique.node.storage.ledger import ENTRY_PART, KeptIn, StoredLeaf, entry_record, leaf
from pratique.node.storage.ledger_order import OrderedEntry, StoredCheckpoint, cosigned_checkpoint, newest_checkpoint
from pratique.node.storage.ledger_padding import padding_of
from pratique.node.storage.ledger_witnesses import witnesses
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.partners.ledger.checkpoints import Checkpoint
from pratique.partners.ledger.merkle import inclusion_proof
from pratique.partners.ledger.proofs import EntryProof, Opening, holds
from pratique.vocabulary.errors import Category

PADDING_KIND: Final = "ledger.padding"


@dataclass(frozen=True, slots=True)
class ProvedEntry:
    """An entry and its proof file. ``kind`` is what was recorded: the node says it, the log does not.

    ``path`` holds the neighbour hashes in hex, from the leaf's sibling up. ``erased_because`` is set where the opening
    is gone, so that the file shows that something was logged, not what.
    """

    number: int
    kind: str
    kept_in: str
    seq: int
    part: int
    at: str
    erased_because: str | None
    tree_size: int
    root: str
    path: tuple[str, ...]
    file: bytes = field(repr=False)


def proved(view: View, entry: OrderedEntry) -> ProvedEntry:
    """The proof against the newest checkpoint that enough witnesses cosigned, else against the newest of all.

    Raises ``NOT_FOUND`` where no checkpoint has the entry, ``BROKEN`` where rows and tiles do not lead to its root.
    """
    checkpoint = _best_checkpoint(view, at_least=entry.number + 1)
    stored, opening, at = _looked_up(view, entry)
    size = checkpoint.tree_size
    try:
        path = tuple(inclusion_proof(log_hashes(view.folder, view.connection, size), entry.number, size))
    except ValueError as error:
        raise refuse("ledger.does_not_hold", Category.BROKEN, number=entry.number) from error
    if not holds(opening.commitment, entry.number, path, Checkpoint("-", size, checkpoint.root)):
        raise refuse("ledger.does_not_hold", Category.BROKEN, number=entry.number)
    file = EntryProof(entry.number, path, cosigned_note(view.connection, checkpoint).encode(), opening)
    return ProvedEntry(
        number=entry.number,
        kind=stored.kind,
        kept_in=entry.kept_in,
        seq=entry.seq,
        part=entry.part,
        at=at,
        erased_because=stored.erased_because,
        tree_size=size,
        root=checkpoint.root.hex(),
        path=tuple(each.hex() for each in path),
        file=bytes(file),
    )


def witnesses_needed(view: View) -> int:
    """How many witnesses have to cosign a checkpoint before it counts as witnessed."""
    return Settings.of(changed_settings(view.connection)).number("ledger_witnesses")


def policy_text(view: View) -> str:
    """Logs, witnesses and quorum of this node as a C2SP tlog-policy, for who checks its proofs."""
    known = witnesses(view.connection)
    least = min(witnesses_needed(view), len(known))
    lines = [f"log {key}" for key in log_keys(NodeKeys(view.folder, view.stores)).vkeys]
    lines += [f"witness {each.name} {each.vkey}" for each in known]
    if least:
        lines.append(f"group witnesses-of-the-log {least} {' '.join(each.name for each in known)}")
    return "\n".join([*lines, f"quorum {'witnesses-of-the-log' if least else 'none'}"]) + "\n"


def newest_witnessed(view: View) -> StoredCheckpoint | None:
    """The newest checkpoint that enough witnesses cosigned, else the newest of all; ``None`` before the first."""
    needed = witnesses_needed(view)
    found = cosigned_checkpoint(view.connection, at_least=1, by=needed) if needed else None
    return found or newest_checkpoint(view.connection, at_least=1)


def _best_checkpoint(view: View, *, at_least: int) -> StoredCheckpoint:
    needed = witnesses_needed(view)
    found = cosigned_checkpoint(view.connection, at_least=at_least, by=needed) if needed else None
    found = found or newest_checkpoint(view.connection, at_least=at_least)
    if found is None:
        raise refuse("ledger.not_in_checkpoint", Category.NOT_FOUND)
    return found


def _looked_up(view: View, entry: OrderedEntry) -> tuple[StoredLeaf, Opening, str]:
    found: tuple[StoredLeaf, Opening, str] | None
    if entry.kept_in == "padding":
        found = _padding_leaf(view.connection, entry)
    elif entry.kept_in == "main":
        found = _leaf_and_opening(view.connection, entry)
    else:
        with view.stores.access.reading() as access:
            found = _leaf_and_opening(access, entry)
    if found is None:
        raise refuse("ledger.does_not_hold", Category.BROKEN, number=entry.number)
    return found


def _padding_leaf(connection: Connection, entry: OrderedEntry) -> tuple[StoredLeaf, Opening, str] | None:
    """Proved like an erased one, by its commitment alone: the seed would open every padding leaf of the slot."""
    committed = padding_of(connection, [(entry.seq, entry.part)]).get((entry.seq, entry.part))
    told = next(journal.entries(connection, after=entry.seq - 1, limit=1), None)
    if committed is None or told is None:
        return None
    leaf_of_none = StoredLeaf(entry.seq, entry.part, PADDING_KIND, committed, None, None, None, None)
    return leaf_of_none, Opening(committed), told.at


def _leaf_and_opening(connection: Connection, entry: OrderedEntry) -> tuple[StoredLeaf, Opening, str] | None:
    stored = leaf(connection, entry.seq, entry.part)
    told = next(journal.entries(connection, after=entry.seq - 1, limit=1), None)
    if stored is None or told is None or told.seq != entry.seq:
        return None
    if stored.salt is None:
        return stored, Opening(stored.commitment), told.at
    kept_in: KeptIn = "access" if entry.kept_in == "access" else "main"
    record = entry_record(told, kept_in) if stored.part == ENTRY_PART else stored.record
    return stored, Opening(stored.commitment, stored.salt, record), told.at
