"""Whether every record is what its leaf commits to: no row changed, removed, or slipped in beside the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pratique.node.ledger.erasing import told_erased_by
from pratique.node.ledger.verdict import Looking
from pratique.node.storage import journal
from pratique.node.storage.journal import JournalEntry
from pratique.node.storage.ledger import ENTRY_PART, KeptIn, StoredLeaf, entry_record, leaves
from pratique.node.storage.store import Connection
from pratique.partners.ledger.commitments import opens


def check_records(connection: Connection, kept_in: KeptIn, looking: Looking) -> int:
    """Opens every leaf of one store and compares it with its journal entry; gives how many openings were erased."""
    erased: set[tuple[int, int]] = set()
    told_erased: set[tuple[int, int]] = set()
    groups = _grouped(connection)
    of_seq = next(groups, None)
    for entry in journal.entries(connection):
        while of_seq is not None and of_seq[0] < entry.seq:
            looking.fault("entry_removed", store=kept_in, seq=of_seq[0])
            of_seq = next(groups, None)
        if of_seq is None or of_seq[0] > entry.seq:
            looking.fault("leaf_missing", store=kept_in, seq=entry.seq)
            continue
        erased |= _check_leaves(entry, of_seq[1], kept_in, looking)
        told_erased |= told_erased_by(entry)
        of_seq = next(groups, None)
    while of_seq is not None:
        looking.fault("entry_removed", store=kept_in, seq=of_seq[0])
        of_seq = next(groups, None)
    for seq, part in sorted(erased - told_erased):
        looking.fault("erased_untold", store=kept_in, seq=seq, part=part)
    return len(erased)


def _grouped(connection: Connection) -> Iterator[tuple[int, list[StoredLeaf]]]:
    """The leaves of each journal entry, in order."""
    for seq, group in groupby(leaves(connection), key=lambda leaf: leaf.seq):
        yield seq, list(group)


def _check_leaves(
    entry: JournalEntry, of_entry: list[StoredLeaf], kept_in: KeptIn, looking: Looking
) -> set[tuple[int, int]]:
    """Compares the leaves of one journal entry with what they are of; gives those whose opening is gone."""
    gone = set()
    for part, leaf in enumerate(of_entry):
        looking.count += 1
        record = entry_record(entry, kept_in) if leaf.part == ENTRY_PART else leaf.record
        if leaf.part != part:
            looking.fault("leaf_missing", store=kept_in, seq=f"{entry.seq}:{part}")
        if leaf.salt is None and leaf.part != ENTRY_PART:
            gone.add((leaf.seq, leaf.part))
        elif not _opens(leaf, record):
            code = "entry_changed" if leaf.part == ENTRY_PART else "record_changed"
            looking.fault(code, store=kept_in, seq=leaf.seq, part=leaf.part, what=entry.entry)
    return gone


def _opens(leaf: StoredLeaf, record: bytes | None) -> bool:
    """Salt and record are what the leaf commits to; whatever else somebody wrote into the store is not."""
    parts = (leaf.commitment, leaf.salt, record)
    if not all(isinstance(part, bytes) for part in parts) or leaf.salt is None or record is None:
        return False
    return opens(leaf.commitment, salt=leaf.salt, record=record)
