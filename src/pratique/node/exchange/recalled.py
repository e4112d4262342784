"""What many disclosures in a row have in common, looked up once: who this node is, its partners, the gates.

Every change of the store is a command, and every command is a journal entry, which its hash names. So what was looked
up for one command still stands for the next one, on whatever transaction, where nothing but the first command's own
entry came in between (or not even that, since it was refused); else it is looked up anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pratique.node.acts import Work
from pratique.node.carrying_out import written_by
from pratique.node.exchange.agreements import gate_at_hand
from pratique.node.exchange.own import Own, own
from pratique.node.exchange.register import Standing, known_partner, standing_of
from pratique.node.folder import NodeFolder
from pratique.node.storage import journal
from pratique.node.storage.journal import JournalEntry
from pratique.node.storage.store import Connection
from pratique.node.stores import Stores
from pratique.partners.agreements import Gate
from pratique.partners.exchange.partner import Partner
from pratique.partners.exchange.stream import Outgoing

KEY: Final = "pratique.exchange.recalled"


@dataclass(slots=True)
class Recalled:
    """What stands behind the journal entry of hash ``head``, as far as anybody asked; ``kept`` are digests of policies
    whose files are in the store. ``seq`` is the number that the entry of the command at work will have. ``ends`` are
    the streams as they will be once all went that was sealed beforehand: a guess, which is checked when it goes."""

    seq: int
    me: Own
    head: str = journal.FIRST
    work: Work | None = None
    partners: dict[str, tuple[Partner, Standing]] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    ends: dict[str, Outgoing] = field(default_factory=dict)

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


def recalled(connection: Connection, work: Work) -> Recalled:
    """What the command before this one looked up, where it still stands; else looked up now. For commands alone.

    It is kept beside the connection of the store, which belongs to one transaction at a time.
    """
    newest = journal.newest_entry(connection)
    seq, head = (newest.seq + 1, newest.own_sha256) if newest else (1, journal.FIRST)
    held = connection.info.get(KEY)
    if isinstance(held, Recalled):
        if held.head == head:  # what was written for the command before, or earlier by this one, may be taken back
            held.kept.clear()
        if held.head == head or (newest is not None and _wrote(connection, held, newest)):
            held.seq, held.head, held.work = seq, head, work
            return held
    fresh = Recalled(seq, own(work.folder, work.stores, connection), head, work)
    connection.info[KEY] = fresh
    return fresh


def _wrote(connection: Connection, held: Recalled, newest: JournalEntry) -> bool:
    """The newest entry is that of the very command which looked up, and follows what it saw."""
    written = written_by(connection, newest)
    return written is not None and written is held.work and newest.previous_sha256 == held.head
