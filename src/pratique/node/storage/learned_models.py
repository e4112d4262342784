"""Models by digest: who kept each, who put it in force, when another took its place. Files lie in the folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Integer, Table, Text, func, insert, select, update

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
    Column("number", Integer, nullable=False, server_default="0"),
    Column("kind", Text, nullable=False, server_default="chances"),
)
CHANCES: Final = "chances"
HEADINGS: Final = "headings"


@dataclass(frozen=True, slots=True)
class LearnedModel:
    """One model of the node; ``number`` counts those it ever kept, and is the version that its reasons bear.

    Its ``kind`` is ``chances`` (of a find) or ``headings`` (that descriptions usually have); one of each is in force.
    """

    digest: str
    kept_by: str
    kept_at: str
    promoted_by: str | None
    promoted_at: str | None
    retired_at: str | None
    number: int
    kind: str

    @property
    def state(self) -> str:
        """``shadow`` (it decides nothing; of chances it scores beside), ``in_force`` or ``retired``."""
        if self.retired_at is not None:
            return "retired"
        return "shadow" if self.promoted_at is None else "in_force"


def learned_models(connection: Connection, beginning: str = "") -> list[LearnedModel]:
    """The models whose digest begins so, in the order in which they were kept."""
    wanted = select(learned_model).order_by(learned_model.c.number)
    found = [LearnedModel(**row._asdict()) for row in connection.execute(wanted)]
    return [each for each in found if each.digest.startswith(beginning)]


def keep(connection: Connection, digest: str, *, kind: str, by: str, at: datetime) -> LearnedModel:
    """A model that decides nothing yet."""
    last = connection.execute(select(func.coalesce(func.max(learned_model.c.number), 0))).scalar_one()
    kept = LearnedModel(digest, by, to_text(at), None, None, None, int(last) + 1, kind)
    connection.execute(insert(learned_model).values(**{name: getattr(kept, name) for name in kept.__slots__}))
    return kept


def promote(connection: Connection, digest: str, *, by: str, at: datetime) -> None:
    """From here on the model is in force, and no other of its kind."""
    kind = select(learned_model.c.kind).where(learned_model.c.digest == digest).scalar_subquery()
    in_force = update(learned_model).where(
        learned_model.c.promoted_at.is_not(None), learned_model.c.retired_at.is_(None), learned_model.c.kind == kind
    )
    connection.execute(in_force.values(retired_at=to_text(at)))
    chosen = update(learned_model).where(learned_model.c.digest == digest)
    connection.execute(chosen.values(promoted_by=by, promoted_at=to_text(at), retired_at=None))


def speaking(connection: Connection) -> tuple[LearnedModel | None, LearnedModel | None]:
    """The model of chances in force, and the one in shadow that was kept last; ``None`` where there is none."""
    models = [each for each in learned_models(connection) if each.kind == CHANCES]
    in_force = next((each for each in models if each.state == "in_force"), None)
    return in_force, next((each for each in reversed(models) if each.state == "shadow"), None)


def headings_in_force(connection: Connection) -> LearnedModel | None:
    """The learned headings in force, if any."""
    models = learned_models(connection)
    return next((each for each in models if (each.kind, each.state) == (HEADINGS, "in_force")), None)


def retire(connection: Connection, digest: str, *, at: datetime) -> None:
    """From here on the model neither decides nor scores in shadow."""
    chosen = update(learned_model).where(learned_model.c.digest == digest)
    connection.execute(chosen.values(retired_at=to_text(at)))
