"""Brings a store to the tables of this code. Alembic is loaded only here."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pratique.node.errors import refuse
from pratique.node.storage.access_tables import ACCESS_REVISION
from pratique.node.storage.store import Store
from pratique.node.storage.tables import REVISION
from pratique.vocabulary.errors import Category

SCRIPTS: Final = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Schema:
    """Where the migrations of a file lie, and the one that makes the tables of this code."""

    scripts: Path
    revision: str


MAIN: Final = Schema(SCRIPTS, REVISION)
ACCESS: Final = Schema(Path(__file__).parent / "access_migrations", ACCESS_REVISION)


def upgrade(store: Store, schema: Schema = MAIN) -> None:
    """Runs every migration that is missing, all of them in one transaction."""
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(schema.scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with store.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, schema.revision)


def require_current(store: Store, schema: Schema = MAIN) -> None:
    """Raises ``MISCONFIGURED`` where the store was made by newer (or foreign) code; upgrades an older one."""
    found = store.revision()
    if found == schema.revision:
        return
    if found is None or found not in _known_revisions(schema):
        raise refuse("node.schema_unknown", Category.MISCONFIGURED, found=found or "none", wanted=schema.revision)
    upgrade(store, schema)


def _known_revisions(schema: Schema) -> list[str]:
    return [path.name.split("_")[0] for path in sorted((schema.scripts / "versions").glob("[0-9]*.py"))]
