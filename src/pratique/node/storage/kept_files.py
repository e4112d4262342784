"""Which files count: those that a transaction has named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from pratique.node.files import KeptFile
from pratique.node.instants import to_text
from pratique.node.storage.bulk import rows_with_keys, upsert_rows
from pratique.node.storage.tables import file, received


def name_files(connection: Connection, kept: Iterable[KeptFile], *, at: datetime) -> None:
    """From this transaction on the files count. A list's index that was built anew counts as it is now."""
    rows = [(each.path, each.sha256, each.byte_count, each.kind, to_text(at)) for each in kept]
    columns = ["path", "sha256", "byte_count", "kind", "named_at"]
    upsert_rows(
        connection, file, columns, rows, changed=["sha256 = excluded.sha256", "byte_count = excluded.byte_count"]
    )


def named_files(connection: Connection) -> list[KeptFile]:
    """Every file that counts, ordered by path."""
    found = connection.execute(select(file).order_by(file.c.path))
    return [KeptFile(row.path, row.sha256, row.byte_count, row.kind) for row in found]


def unnamed(connection: Connection, paths: Iterable[str]) -> list[str]:
    """Those of ``paths`` that no transaction has named."""
    asked = set(paths)
    named = rows_with_keys(connection, [file.c.path], key=file.c.path, wanted=asked)
    return sorted(asked - {path for (path,) in named})


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A raw message as it first came: its digest, the name it came under, when, and who brought it."""

    raw_sha256: str
    file_name: str
    received_at: str
    received_by: str


def received_file(connection: Connection, raw_sha256: str) -> ReceivedFile | None:
    """The raw message with that digest; ``None`` where it never came."""
    columns = [received.c[name] for name in ReceivedFile.__slots__]
    row = connection.execute(select(*columns).where(received.c.raw_sha256 == raw_sha256)).first()
    return ReceivedFile(**row._asdict()) if row else None


def received_at(connection: Connection, raw_sha256: str) -> str | None:
    """When a raw message with that digest first came; ``None`` where it never did."""
    wanted = select(received.c.received_at).where(received.c.raw_sha256 == raw_sha256)
    found: str | None = connection.execute(wanted).scalar()
    return found


def note_received(connection: Connection, raw: KeptFile, *, file_name: str, at: datetime, by: str) -> None:
    """Notes when, by whom and under which name a raw message first came."""
    if received_at(connection, raw.sha256) is None:
        connection.execute(
            insert(received).values(
                raw_sha256=raw.sha256, path=raw.path, file_name=file_name, received_at=to_text(at), received_by=by
            )
        )
