"""The two files of a node: what it knows (``pratique.db``) and who may act on it (``access.db``)."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pratique.node.folder import FILE_MODE, NodeFolder
from pratique.node.storage.access_sealed import every_sealed
from pratique.node.storage.migrate import ACCESS, MAIN, require_current, upgrade
from pratique.node.storage.store import Store, sqlite_url

Kept: TypeAlias = Literal["main", "access"]
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Stores:
    """Both stores, open. Each has one writer at a time, so signing in never waits for an assessment."""

    main: Store
    access: Store

    def of(self, kept: Kept) -> Store:
        """The store that a command writes to, or that a query reads first."""
        return self.access if kept == "access" else self.main

    def close(self) -> None:
        """Gives back what they hold open."""
        self.access.close()
        self.main.close()


def make_stores(folder: NodeFolder) -> Stores:
    """The stores of a new node, with their tables and nothing in them, and the key that seals second factors."""
    make_key(folder)
    _make_access_file(folder)
    stores = _stores(folder)
    upgrade(stores.main, MAIN)
    upgrade(stores.access, ACCESS)
    return stores


def open_stores(folder: NodeFolder) -> Stores:
    """The stores of a node that is there, brought up to date; a node from before there were officers gets the second.

    Raises ``MISCONFIGURED`` where newer (or foreign) code made one of them.
    """
    make_key(folder)
    _make_access_file(folder)
    stores = _stores(folder)
    try:
        require_current(stores.main, MAIN)
        if stores.access.revision() is None and not stores.access.tables():
            upgrade(stores.access, ACCESS)
        else:
            require_current(stores.access, ACCESS)
        _finish_renewal(folder, stores.access)
    except BaseException:
        stores.close()
        raise
    return stores


def make_key(folder: NodeFolder) -> None:
    """The node's own key, unless it has one: random, readable by its owner alone, and never in a backup."""
    if not folder.key_file.exists():
        with suppress(FileExistsError):
            _write_new_key(folder.key_file)


def write_key(file: Path) -> None:
    """A fresh key in ``file``, on the disk before anything is sealed with it."""
    file.unlink(missing_ok=True)
    _write_new_key(file)


def _write_new_key(file: Path) -> None:
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(os.urandom(KEY_BYTES))
        sink.flush()
        os.fsync(sink.fileno())


def _finish_renewal(folder: NodeFolder, access: Store) -> None:
    """A renewal of the key that was cut short: the next key counts where it opens what is sealed, else it never did."""
    if not folder.next_key_file.exists():
        return
    from pratique.node.access.sealing import opens

    with access.writing() as connection:  # waits for a renewal that is under way
        sealed = every_sealed(connection)
        if folder.next_key_file.exists():
            if sealed and opens(sealed[0].text, key_file=folder.next_key_file, owner=sealed[0].owner):
                folder.next_key_file.replace(folder.key_file)
            else:
                folder.next_key_file.unlink()


def _make_access_file(folder: NodeFolder) -> None:
    with suppress(FileExistsError):
        os.close(os.open(folder.access_database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def _stores(folder: NodeFolder) -> Stores:
    return Stores(Store(sqlite_url(folder.database)), Store(sqlite_url(folder.access_database)))
