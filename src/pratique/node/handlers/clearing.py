"""Retention carried out: cargo data that is past its time is erased, and the journal says what and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.files import remove_files
from pratique.node.hits.kept_comparison import forget_comparisons
from pratique.node.instants import to_text
from pratique.node.settings import Settings
from pratique.node.storage import clearing
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.vocabulary.frames import RETENTION_CLASS


@dataclass(frozen=True, slots=True)
class Cleared:
    """What went: everything from before the moment; runs by short id, files, and rows by table."""

    before: str
    runs: tuple[str, ...]
    files: int
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ClearExpired(Command[Cleared]):
    """Erases advance cargo data older than the setting ``retention_advance_cargo_days``.

    Raw messages, frames, hits, decisions, calls, acts, answers, and what is remembered of parties, boxes and bills go.
    Of a run its record stays: digests, counts, who and when, which name nobody and keep the journal whole.
    """

    entry: ClassVar[str] = "cargo.cleared"


def clear_expired(command: ClearExpired, work: Work) -> Act[Cleared]:
    """Files go once the transaction stands; a second time finds nothing and says so."""
    with work.store.reading() as connection:
        days = Settings.of(changed_settings(connection)).number("retention_advance_cargo_days")
    before = to_text(work.at - timedelta(days=days))

    def act(connection: Connection) -> Done[Cleared]:
        found = clearing.expired(connection, before=before)
        rows = clearing.clear_expired(connection, found, before=before)
        cleared = Cleared(before, found.ids, len(found.paths), rows)
        facts = {"class": RETENTION_CLASS, "before": before, "runs": list(found.ids)}

        def after() -> None:
            remove_files(work.folder, found.paths)
            forget_comparisons(work.folder)
            work.store.settle()

        return Done(cleared, command=facts, outcome={"files": cleared.files, "rows": dict(rows)}, after=after)

    return act
