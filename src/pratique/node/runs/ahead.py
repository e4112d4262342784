"""What a run needs later is made ready while its messages are still being read, where a processor is free."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from threading import Thread

import polars as pl

from pratique.flow.intake.sender_profiles import shipped_sender_profiles
from pratique.flow.risk import load_shipped_tables
from pratique.flow.screening import Mentioned, Screener
from pratique.node.access.policy import shipped_policy
from pratique.node.folder import NodeFolder
from pratique.node.runs.beside import Beside
from pratique.node.runs.code_version import code_facts
from pratique.node.runs.in_force import in_force_now, index_folders
from pratique.node.storage.store import Store
from pratique.vocabulary.errors import PratiqueError

_ANYBODY = pl.DataFrame({"id": ["1"], "name": ["ANY NAME"], "kind": ["person"]})


def make_screening_ready(folder: NodeFolder, store: Store) -> None:
    """Asks a list in force for a name, beside the work at hand: loading the compiled loop alone takes a second.

    Where that fails, the work itself will say so.
    """
    with store.reading() as connection:
        lists = index_folders(folder, connection)

    def ask() -> None:
        with suppress(PratiqueError, OSError):
            Screener.open(lists[0]).screen(_ANYBODY)

    if lists:
        Thread(target=ask, name="screening-ahead").start()


def compare_ahead(folder: NodeFolder, store: Store, beside: Beside | None) -> None:
    """Has the second process, where there is one, compare the names that it read while this one checks codes."""
    if beside is not None:
        with store.reading() as connection:
            lists = index_folders(folder, connection)
        beside.make_ready(lists)


def load_ahead(store: Store) -> None:
    """Has the shipped tables and rights loaded, the profiles in force understood, the program's own files digested.

    All of it is kept for when it counts, and so is what numbers in columns and the draw load when first asked for.
    """
    with suppress(PratiqueError, OSError):
        shipped_sender_profiles()
        with store.reading() as connection:
            in_force_now(connection)
        load_shipped_tables()
        for name in ("numpy.ma", "numpy.random"):
            import_module(name)
        code_facts()
        shipped_policy()


def screen_ahead(mentioned: Mentioned, *, folder: NodeFolder, store: Store, beside: Beside | None) -> None:
    """Has the second process, where there is one, screen what was read while this one still meets the past.

    A list that is loaded at this very moment, or subjects in another order, are asked again when their turn comes.
    """
    if beside is None:
        return
    with store.reading() as connection:
        lists = index_folders(folder, connection)
    beside.ask_ahead(lists, mentioned.subjects)
