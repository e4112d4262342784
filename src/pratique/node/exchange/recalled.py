"""What many disclosures in a row have in common, looked up once: who this node is, its partners, the gates.

Every change of the store is a command, and every command is a journal entry. So what was looked up at one entry still
stands at the next one, on whatever transaction, as long as no entry lies between; else it is looked up anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pratique.node.exchange.agreements import gate_at_hand
from pratique.node.exchange.own import Own, own
from pratique.node.exchange.register import Standing, known_partner, standing_of
from pratique.node.folder import NodeFolder
from pratique.node.storage import journal
from pratique.node.storage.store import Connection
from pratique.node.stores import Stores
from pratique.partners.agreements import Gate
from pratique.partners.exchange.partner import Partner

KEY: Final = "pratique.exchange.recalled"


@dataclass(slots=True)
class Recalled:
    """What stands at the journal entry ``seq``, as far as anybody asked; ``kept`` are digests of policies whose files
    are in the store."""

    seq: int
    me: Own
    partners: dict[str, tuple[Partner, Standing]] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    def partner(self, connection: Connection, partner_id: str) -> tuple[Partner, Standing]:
        """The partner with what counts of it here. Raises ``NOT_FOUND``."""
        if partner_id not in self.partners:
            found = known_partner(connection, partner_id)
            self.partners[partner_id] = found, standing_of(connection, found.id)
        return self.partners[partner_id]

    def gate(self, connection: Connection, agreement_id: str) -> Gate:
        """The gate of an agreement; raises as ``gate_at_hand``."""
        if agreement_id not in self.gates:
            self.gates[agreement_id] = gate_at_hand(connection, agreement_id)
        return self.gates[agreement_id]


def looked_up(connection: Connection, folder: NodeFolder, stores: Stores) -> Recalled:
    """Looked up now, for a question."""
    return Recalled(0, own(folder, stores, connection))


def recalled(connection: Connection, folder: NodeFolder, stores: Stores) -> Recalled:
    """What the entry before this one looked up, where it was the last; else looked up now. For commands alone.

    It is kept beside the connection of the store, which belongs to one transaction at a time.
    """
    seq = journal.next_seq(connection)
    held = connection.info.get(KEY)
    if isinstance(held, Recalled) and held.seq in (seq, seq - 1):
        if held.seq == seq:  # what was written at this entry before was taken back
            held.kept.clear()
        held.seq = seq
        return held
    fresh = Recalled(seq, own(folder, stores, connection))
    connection.info[KEY] = fresh
    return fresh
