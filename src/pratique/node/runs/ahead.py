"""Makes screening ready while a message is still being read: loading the compiled loop alone takes a second."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

import polars as pl

from pratique.node.folder import NodeFolder
from pratique.node.runs.beside import Beside
from pratique.node.runs.in_force import index_folder, screener_of
from pratique.node.storage.store import Store
from pratique.node.storage.versions import lists_in_force
from pratique.vocabulary.errors import PratiqueError

_ANYBODY = pl.DataFrame({"id": ["1"], "name": ["ANY NAME"], "kind": ["person"]})


def make_screening_ready(folder: NodeFolder, store: Store, beside: Beside | None = None) -> None:
    """Asks one list in force for a name, beside the work at hand; where that fails, the work itself will say so."""
    with store.reading() as connection:
        lists = lists_in_force(connection)

    def ask() -> None:
        with suppress(PratiqueError, OSError):
            screener_of(folder, lists[0]).screen(_ANYBODY)

    if beside is not None:
        for each in lists:
            beside.make_ready(index_folder(folder, each))
    elif lists:
        Thread(target=ask, name="screening-ahead").start()
