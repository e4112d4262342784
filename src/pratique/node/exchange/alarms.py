"""What was not taken: kept by code and hash, and in the log of this node where no honest partner sends such a thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pratique.node.acts import Leaf
from pratique.node.canonical import canonical
from pratique.node.instants import to_text
from pratique.node.storage import inbox, journal
from pratique.node.storage.inbox import StoredNotTaken
from pratique.node.storage.store import Connection
from pratique.partners.exchange.errors import is_alarm
from pratique.vocabulary.errors import PratiqueError

ALARM: Final = "exchange.alarm"
LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Offered:
    """Something from outside: by whose line it came, for which message it says it is, and the SHA-256 of its bytes.

    ``number`` is its own inside the command.
    """

    came_from: str
    message: str | None
    sha256: bytes
    number: int


def note_not_taken(connection: Connection, offered: Offered, error: PratiqueError, *, at: datetime) -> None:
    """Keeps that it came and which check failed; nothing of what it holds."""
    row = StoredNotTaken(
        seq=journal.next_seq(connection),
        number=offered.number,
        came_from=offered.came_from,
        message_id=offered.message,
        sha256=offered.sha256,
        code=error.code,
        params=canonical({name: str(value)[:LONGEST] for name, value in (error.params or {}).items()}),
        alarm=int(is_alarm(error)),
        at=to_text(at),
    )
    inbox.add_not_taken(connection, [row])


def alarm_leaf(code: str, sha256: bytes) -> Leaf:
    """An alarm is in the log even where the row of it is lost."""
    said = {"v": 1, "kind": ALARM, "code": code, "sha256": sha256.hex()}
    return Leaf(ALARM, canonical(said).encode())
