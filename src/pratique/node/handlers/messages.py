"""Messages: kept as received, then read. Reading makes no history; only an assessment does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from pratique.node.acts import Act, Command, Done, Work
from pratique.node.files import KeptFile
from pratique.node.runs.code_tables import tables_with
from pratique.node.runs.incoming import keep_all
from pratique.node.runs.readings import Outcome, RawMessage, quarantined_parts, read_kept
from pratique.node.storage.kept_files import name_files, note_received, received_at
from pratique.node.storage.quarantined import QuarantinedPart, add_parts, close_parts
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import tables_in_force
from pratique.vocabulary.findings import Finding, findings_frame
from pratique.vocabulary.frames import Manifest, empty_manifest


@dataclass(frozen=True, slots=True)
class MessageRead:
    """What was read from one file, and the parts that wait in quarantine. ``closed`` parts no longer do."""

    raw_sha256: str
    file_name: str
    manifest: Manifest
    quarantined: tuple[QuarantinedPart, ...]
    closed: int = 0


@dataclass(frozen=True, slots=True)
class ReadMessage(Command[MessageRead]):
    """Keeps a file and reads it; ``mapping`` is the column mapping of a table."""

    path: Path
    mapping: Mapping[str, object] | None = None
    entry: ClassVar[str] = "messages.read"


def read_message(command: ReadMessage, work: Work) -> Act[MessageRead]:
    """A file of which nothing can be read is kept and quarantined, and then refused."""
    work.say("keeping")
    ((file_name, file),) = keep_all([command.path], work.files)
    work.say("reading")
    with work.store.reading() as connection:
        tables = tables_with(tables_in_force(connection), work.folder)
    outcome = read_kept(RawMessage(file_name, file.sha256), folder=work.folder, tables=tables, mapping=command.mapping)
    return _keep_outcome(outcome, file, command.mapping, work)


def store_parts(
    connection: Connection, outcome: Outcome, *, mapping: Mapping[str, object] | None, work: Work
) -> tuple[list[QuarantinedPart], int]:
    """Quarantines what this reading could not read and closes what it could; gives the parts and how many closed."""
    parts = quarantined_parts(outcome, at=work.at, mapping=mapping)
    closed = close_parts(connection, outcome.raw.sha256, still=[part.id for part in parts], at=work.at)
    add_parts(connection, parts)
    return parts, closed


def reading_facts(outcome: Outcome, parts: list[QuarantinedPart]) -> dict[str, object]:
    """What the journal says of a reading: digests and counts."""
    manifest = outcome.reading.manifest if outcome.reading else empty_manifest()
    return {
        "raw": outcome.raw.sha256,
        "messages": manifest.message.height,
        "consignments": manifest.consignments.height,
        "findings": manifest.findings.height,
        "quarantined": len(parts),
    }


def _keep_outcome(
    outcome: Outcome, file: KeptFile, mapping: Mapping[str, object] | None, work: Work
) -> Act[MessageRead]:
    def act(connection: Connection) -> Done[MessageRead]:
        work.files.recheck([file])
        name_files(connection, [file], at=work.at)
        before = received_at(connection, file.sha256)
        note_received(connection, file, file_name=outcome.raw.file_name, at=work.at, by=work.actor.name)
        parts, closed = store_parts(connection, outcome, mapping=mapping, work=work)
        manifest = outcome.reading.manifest if outcome.reading else empty_manifest()
        read = MessageRead(file.sha256, outcome.raw.file_name, _told_before(manifest, before), tuple(parts), closed)
        facts = reading_facts(outcome, parts)
        return Done(read, command={"raw": file.sha256}, outcome=facts, refusal=outcome.refusal)

    return act


def _told_before(manifest: Manifest, before: str | None) -> Manifest:
    """The same bytes came before: said as a finding of the file as a whole."""
    if before is None:
        return manifest
    finding = Finding("messages.received_before", severity="note", params={"received_at": before})
    return manifest.replace(findings=pl.concat([manifest.findings, findings_frame([finding])]))
