"""Brings a store to the tables of this code. Alembic is loaded only here."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from pratique.node.errors import refuse
from pratique.node.storage.store import Store
from pratique.node.storage.tables import REVISION
from pratique.vocabulary.errors import Category

SCRIPTS: Final = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> None:
    """Runs every migration that is missing, all of them in one transaction."""
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with store.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, REVISION)


def require_current(store: Store) -> None:
    """Raises ``MISCONFIGURED`` where the store was made by newer (or foreign) code; upgrades an older one."""
    found = store.revision()
    if found == REVISION:
        return
    if found is None or found not in _known_revisions():
        raise refuse("node.schema_unknown", Category.MISCONFIGURED, found=found or "none", wanted=REVISION)
    upgrade(store)


def _known_revisions() -> list[str]:
    return [path.name.split("_")[0] for path in sorted((SCRIPTS / "versions").glob("[0-9]*.py"))]
