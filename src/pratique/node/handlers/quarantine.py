"""Quarantine: what could not be read, to see and to read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.files import raw_path
from pratique.node.handlers.messages import MessageRead, reading_facts, store_parts
from pratique.node.runs.code_tables import tables_with
from pratique.node.runs.readings import RawMessage, mapping_of, read_kept
from pratique.node.storage.quarantined import QuarantinedPart, open_parts, part
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import tables_in_force
from pratique.vocabulary.errors import Category
from pratique.vocabulary.frames import empty_manifest

MOST_SHOWN: Final = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class QuarantinedShown:
    """A part and the bytes of it as they lie in the raw file (at most 64 KiB)."""

    part: QuarantinedPart
    content: bytes


@dataclass(frozen=True, slots=True)
class ListQuarantine(Query[list[QuarantinedPart]]):
    """What waits, oldest first."""


@dataclass(frozen=True, slots=True)
class ShowQuarantined(Query[QuarantinedShown]):
    """One part by its short id."""

    part_id: str


@dataclass(frozen=True, slots=True)
class RereadQuarantined(Command[MessageRead]):
    """Reads the file of a part again, with the code, tables and (if given) the mapping of now."""

    part_id: str
    mapping: Mapping[str, object] | None = None
    entry: ClassVar[str] = "quarantine.reread"


def list_quarantine(query: ListQuarantine, view: View) -> list[QuarantinedPart]:
    """Parts that a later reading could read are no longer among them."""
    return open_parts(view.connection)


def show_quarantined(query: ShowQuarantined, view: View) -> QuarantinedShown:
    """Raises ``NOT_FOUND`` where no part has the id."""
    found = _part(view.connection, query.part_id)
    with view.folder.path(raw_path(found.raw_sha256)).open("rb") as raw:
        raw.seek(found.byte_offset or 0)
        wanted = MOST_SHOWN if found.byte_length is None else min(found.byte_length, MOST_SHOWN)
        return QuarantinedShown(found, raw.read(wanted))


def reread_quarantined(command: RereadQuarantined, work: Work) -> Act[MessageRead]:
    """What can be read now leaves quarantine; the rest stays. Assessing it is a command of its own."""
    with work.store.reading() as connection:
        found = _part(connection, command.part_id)
        tables = tables_with(tables_in_force(connection), work.folder)
    mapping = command.mapping if command.mapping is not None else mapping_of(found.mapping)
    outcome = read_kept(
        RawMessage(found.file_name, found.raw_sha256), folder=work.folder, tables=tables, mapping=mapping
    )

    def act(connection: Connection) -> Done[MessageRead]:
        parts, closed = store_parts(connection, outcome, mapping=mapping, work=work)
        manifest = outcome.reading.manifest if outcome.reading else empty_manifest()
        read = MessageRead(found.raw_sha256, found.file_name, manifest, tuple(parts), closed)
        facts = reading_facts(outcome, parts) | {"closed": closed}
        return Done(read, command={"part": found.id}, outcome=facts, refusal=outcome.refusal)

    return act


def _part(connection: Connection, part_id: str) -> QuarantinedPart:
    found = part(connection, part_id.upper())
    if found is None:
        raise refuse("quarantine.not_found", Category.NOT_FOUND, part=part_id)
    return found
