"""The histories that models read, by model and day: which file holds each, and the digest of its numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, delete, select

from pratique.node.storage.bulk import upsert_rows
from pratique.node.storage.tables import file, model_history

KEPT_PER_MODEL: Final = 2  # the newest; one that an older run read is made again from what it was made of
_COLUMNS: Final = ("model", "as_of", "store_sha256", "path", "made_at")


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """One history: it holds what was declared and known before the day ``as_of`` (ISO)."""

    model: str
    as_of: str
    store_sha256: str
    path: str
    made_at: str


def histories_of(connection: Connection, model: str) -> list[StoredHistory]:
    """The histories of a model, newest day first."""
    wanted = select(*(model_history.c[name] for name in _COLUMNS)).where(model_history.c.model == model)
    rows = connection.execute(wanted.order_by(model_history.c.as_of.desc()))
    return [StoredHistory(**row._asdict()) for row in rows]


def keep_history(connection: Connection, kept: StoredHistory) -> list[str]:
    """Keeps a history (its file is named by now); gives the paths of older ones that are no longer named."""
    values = tuple(asdict(kept).values())
    changed = [f"{name} = excluded.{name}" for name in _COLUMNS[2:]]
    upsert_rows(connection, model_history, _COLUMNS, [values], changed=changed)
    others = select(model_history.c.model, model_history.c.as_of, model_history.c.path)
    rows = connection.execute(others.order_by(model_history.c.as_of.desc())).all()
    mine = [row for row in rows if row.model == kept.model]
    gone = [row for row in mine[KEPT_PER_MODEL:] if row.as_of != kept.as_of]
    for row in gone:
        connection.execute(
            delete(model_history).where(model_history.c.model == row.model, model_history.c.as_of == row.as_of)
        )
    left = {row.path for row in rows} - {row.path for row in gone} | {kept.path}
    paths = sorted({row.path for row in gone} - left)
    connection.execute(delete(file).where(file.c.path.in_(paths)))
    return paths
