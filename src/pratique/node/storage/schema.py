"""What every table of a node's store has in common: one registry, and what person data in a row carries."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, MetaData, Text

# As in vocabulary.frames, which would load the frame engine before anybody needs it (a test holds them equal).
PURPOSE: Final = "customs-risk-analysis"
RETENTION_CLASS: Final = "advance-cargo"

NAMES: Final = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
}

metadata: Final = MetaData(naming_convention=NAMES)


def person_data() -> tuple[Column[str], Column[str]]:
    """Why the person data in the row may be used, and how long it may be kept."""
    return (
        Column("purpose", Text, nullable=False, server_default=PURPOSE),
        Column("retention_class", Text, nullable=False, server_default=RETENTION_CLASS),
    )
