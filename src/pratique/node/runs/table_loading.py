"""What exchange rates and locations have in common: raw files kept, rows made of them, a version put in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl

from pratique.node.acts import Act, Done, Work
from pratique.node.errors import refuse
from pratique.node.files import KeptFile
from pratique.node.lake import keep_frames
from pratique.node.runs.incoming import keep_all
from pratique.node.storage.kept_files import name_files, note_received
from pratique.node.storage.store import Connection
from pratique.node.storage.versions import TableVersion, add_table, row_digest

LARGEST: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TableLoaded:
    """The version now in force, and the rows that could not be used (a ``FINDING`` frame)."""

    version: TableVersion
    findings: pl.DataFrame


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """What was made of the files: rows, what was odd, and what else belongs to the table (canonical JSON)."""

    rows: pl.DataFrame
    findings: pl.DataFrame
    more: Mapping[str, object]


Parse: TypeAlias = Callable[[Sequence[bytes]], ParsedTable]


def load_table(kind: str, paths: Sequence[Path], parse: Parse, work: Work) -> Act[TableLoaded]:
    """Keeps the files, makes the table of them and puts it in force; where nothing can be used nothing changes."""
    kept = keep_all(paths, work.files)
    table = parse([_content(file, work) for _, file in kept])
    facts, frames = keep_frames({kind: table.rows}, work.files)
    inputs = {"files": [file.sha256 for _, file in kept], "frame": facts[kind], **table.more}

    def act(connection: Connection) -> Done[TableLoaded]:
        files = [*(file for _, file in kept), *frames]
        work.files.recheck(files)
        name_files(connection, files, at=work.at)
        for name, file in kept:
            note_received(connection, file, file_name=name, at=work.at, by=work.actor.name)
        counts = {"rows": table.rows.height, "findings": table.findings.height}
        version = add_table(
            connection,
            kind=kind,
            digest=facts[kind]["sha256"],
            counts=counts,
            inputs=inputs,
            at=work.at,
            by=work.actor.name,
        )
        outcome: dict[str, object] = {"digest": version.digest, "counts": counts}
        command = {"files": inputs["files"], "row": row_digest(version)} | outcome
        return Done(TableLoaded(version, table.findings), command=command, outcome=outcome)

    return act


def _content(file: KeptFile, work: Work) -> bytes:
    if file.byte_count > LARGEST:
        raise refuse("tables.too_large", most=LARGEST)
    return work.folder.path(file.path).read_bytes()
