"""The head of the journal, noted beside the store: by it a journal whose end was cut off is seen to be too short.

The chain of hashes shows what was changed inside it, never that its last entries are gone, nor that an older copy of
the store was put in the place of the newer. The note is written after the transaction, so it may lag behind the journal
(a command that was killed in between), but is never ahead of it. Whoever may write the whole folder can write the note
too: until others witness the journal, only a head that was written down elsewhere shows that.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from pratique.node.canonical import canonical
from pratique.node.folder import FILE_MODE, FOLDER_MODE, NodeFolder
from pratique.node.storage import journal
from pratique.node.storage.journal import JournalEntry
from pratique.node.storage.store import Connection

LONGEST: Final = 1024  # bytes
Head = tuple[int, str]  # number and hash of an entry


def note_head(folder: NodeFolder, entry: JournalEntry) -> None:
    """Notes the entry as the newest, unless a newer one is noted. Where the disk refuses, the note lags behind."""
    noted = _noted(folder.journal_head)
    if noted is not None and noted[0] >= entry.seq:
        return
    aside = folder.unfinished / f"head-{secrets.token_hex(8)}"
    with suppress(OSError):
        try:
            folder.unfinished.mkdir(mode=FOLDER_MODE, exist_ok=True)
            with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE), "wb") as sink:
                sink.write(canonical({"seq": entry.seq, "sha256": entry.own_sha256}).encode() + b"\n")
                sink.flush()
                os.fsync(sink.fileno())
            aside.replace(folder.journal_head)
        finally:
            aside.unlink(missing_ok=True)


def head_fault(folder: NodeFolder, connection: Connection) -> str | None:
    """What the noted head says against the journal; ``None`` where they agree."""
    noted = _noted(folder.journal_head)
    if noted is None:
        return f"{folder.journal_head.name} missing or unreadable"
    seq, sha256 = noted
    entry = next(journal.entries(connection, after=seq - 1, limit=1), None)
    if entry is None:
        return f"entry {journal.next_seq(connection)} cut (the last one noted was {seq})"
    return None if (entry.seq, entry.own_sha256) == noted else f"entry {seq} is not the one noted ({sha256[:12]})"


def _noted(path: Path) -> Head | None:
    try:
        with path.open("rb") as source:
            noted = json.loads(source.read(LONGEST))
        return int(noted["seq"]), str(noted["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
