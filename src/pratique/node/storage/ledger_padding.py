"""The padding of the log: a seed and a number for each checkpoint, out of which every padding leaf is made again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, insert, select

from pratique.node.storage.ledger_tables import ledger_padding
from pratique.partners.ledger.padding import padding_commitment


@dataclass(frozen=True, slots=True)
class StoredPadding:
    """The padding that came with a checkpoint: its journal entry, the secret seed, and how many leaves."""

    seq: int
    seed: bytes
    leaf_count: int


_COLUMNS: Final = [ledger_padding.c[name] for name in StoredPadding.__dataclass_fields__]


def add_padding(connection: Connection, padding: StoredPadding) -> None:
    """Keeps what the padding leaves of a checkpoint are made of."""
    connection.execute(insert(ledger_padding).values(**asdict(padding)))


def paddings(connection: Connection) -> list[StoredPadding]:
    """Every padding, in order."""
    return [StoredPadding(*row) for row in connection.execute(select(*_COLUMNS).order_by(ledger_padding.c.seq))]


def padding_leaves(connection: Connection) -> Iterator[tuple[int, int, bytes]]:
    """Journal entry, part and commitment of each padding leaf, in order."""
    for each in paddings(connection):
        for part in range(1, each.leaf_count + 1):
            yield each.seq, part, padding_commitment(each.seed, part)


def padding_of(connection: Connection, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The commitments of the padding leaves at those places (journal entry, part)."""
    wanted = sorted({seq for seq, _ in places})
    found = connection.execute(select(*_COLUMNS).where(ledger_padding.c.seq.in_(wanted))) if wanted else ()
    seeds = {row.seq: (row.seed, row.leaf_count) for row in found}
    return {
        (seq, part): padding_commitment(seeds[seq][0], part)
        for seq, part in places
        if seq in seeds and 0 < part <= seeds[seq][1]
    }
