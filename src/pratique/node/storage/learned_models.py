"""Models by digest: who kept each, who put it in force, when another took its place. Files lie in the folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Table, Text, insert, select, update

from pratique.node.instants import to_text
from pratique.node.storage.schema import metadata

learned_model: Final = Table(
    "learned_model",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kept_by", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
    Column("promoted_by", Text),
    Column("promoted_at", Text),
    Column("retired_at", Text),
)


@dataclass(frozen=True, slots=True)
class LearnedModel:
    """One model of the node."""

    digest: str
    kept_by: str
    kept_at: str
    promoted_by: str | None
    promoted_at: str | None
    retired_at: str | None

    @property
    def state(self) -> str:
        """``shadow`` (it scores and decides nothing), ``in_force`` or ``retired``."""
        if self.retired_at is not None:
            return "retired"
        return "shadow" if self.promoted_at is None else "in_force"


def learned_models(connection: Connection, beginning: str = "") -> list[LearnedModel]:
    """The models whose digest begins so, by the moment they were kept."""
    wanted = select(learned_model).order_by(learned_model.c.kept_at, learned_model.c.digest)
    found = [LearnedModel(**row._asdict()) for row in connection.execute(wanted)]
    return [each for each in found if each.digest.startswith(beginning)]


def keep(connection: Connection, digest: str, *, by: str, at: datetime) -> LearnedModel:
    """A model that decides nothing yet."""
    kept = LearnedModel(digest, by, to_text(at), None, None, None)
    connection.execute(insert(learned_model).values(**{name: getattr(kept, name) for name in kept.__slots__}))
    return kept


def promote(connection: Connection, digest: str, *, by: str, at: datetime) -> None:
    """From here on the model is in force, and no other."""
    in_force = update(learned_model).where(
        learned_model.c.promoted_at.is_not(None), learned_model.c.retired_at.is_(None)
    )
    connection.execute(in_force.values(retired_at=to_text(at)))
    chosen = update(learned_model).where(learned_model.c.digest == digest)
    connection.execute(chosen.values(promoted_by=by, promoted_at=to_text(at), retired_at=None))
