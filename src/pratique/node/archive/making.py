"""The archive of a node: a tar of its stores, of every file they name, and of a manifest with their digests.

The node's key and the secret of the identity provider are left out, so that an archive gives no second factor away.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.files import file_digest
from pratique.node.folder import FILE_MODE, NodeFolder
from pratique.node.instants import to_text
from pratique.node.storage.access_sessions import end_sessions
from pratique.node.storage.kept_files import named_files
from pratique.node.storage.store import Store, sqlite_url
from pratique.node.stores import Stores
from pratique.vocabulary.errors import Category

MANIFEST: Final = "manifest.json"
DATABASE: Final = "pratique.db"
ACCESS_DATABASE: Final = "access.db"
FORMAT: Final = "pratique-backup-1"


def write_archive(target: Path, *, folder: NodeFolder, stores: Stores, at: datetime) -> tuple[str, int, int]:
    """Writes the archive beside its place and renames it. Gives SHA-256, size in bytes and number of files.

    Raises ``CONFLICT`` where ``target`` exists, ``BROKEN`` where a file of the node is gone or damaged.
    """
    if target.exists():
        raise refuse("backup.exists", Category.CONFLICT, target=target)
    if not target.parent.is_dir():
        raise refuse("backup.no_folder", Category.NOT_FOUND, folder=target.parent)
    aside = target.with_name(f".{target.name}.{os.getpid()}.partial")
    copies = {DATABASE: aside.with_suffix(".db"), ACCESS_DATABASE: aside.with_suffix(".access.db")}
    try:
        stores.main.copy_to(copies[DATABASE])
        stores.access.copy_to(copies[ACCESS_DATABASE])
        _sign_everybody_out(copies[ACCESS_DATABASE], at)
        count = _fill(aside, copies, folder, at, packed=target.suffix == ".gz")
        sha256, size = file_digest(aside), aside.stat().st_size
        os.link(aside, target)  # fails where somebody made the target meanwhile
    except FileExistsError as error:
        raise refuse("backup.exists", Category.CONFLICT, target=target) from error
    finally:
        aside.unlink(missing_ok=True)
        for copy in copies.values():
            copy.unlink(missing_ok=True)
    return sha256, size, count


def _fill(aside: Path, copies: Mapping[str, Path], folder: NodeFolder, at: datetime, *, packed: bool) -> int:
    named = named_in(copies[DATABASE])
    manifest = {
        "format": FORMAT,
        "taken_at": to_text(at),
        "files": {name: _facts(file_digest(copy), copy.stat().st_size) for name, copy in copies.items()}
        | {name: _facts(sha256, size) for name, (sha256, size) in named.items()},
    }
    with (
        _writing(aside, packed=packed) as sink,
        tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        content = canonical(manifest).encode()
        tar.addfile(_entry(MANIFEST, len(content), at), io.BytesIO(content))
        for name, copy in copies.items():
            _add(tar, copy, _entry(name, copy.stat().st_size, at))
        for name, (sha256, size) in named.items():
            path = folder.path(name)
            if not path.is_file() or path.stat().st_size != size or file_digest(path) != sha256:
                raise refuse("node.file_broken", Category.BROKEN, path=name)
            _add(tar, path, _entry(name, size, at))
    return len(named) + len(copies)


def _sign_everybody_out(copy: Path, at: datetime) -> None:
    """A node that is restored from a copy has no open session: one that was ended since would live again."""
    store = Store(sqlite_url(copy), journal_mode="DELETE")
    try:
        with store.writing() as connection:
            end_sessions(connection, because="backup", at=at)
    finally:
        store.close()


def named_in(copy: Path) -> dict[str, tuple[str, int]]:
    store = Store(sqlite_url(copy), journal_mode="DELETE")
    try:
        with store.reading() as connection:
            return {file.path: (file.sha256, file.byte_count) for file in named_files(connection)}
    finally:
        store.close()


@contextmanager
def _writing(path: Path, *, packed: bool) -> Iterator[BinaryIO | gzip.GzipFile]:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE), "wb") as raw:
        if packed:
            with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0, compresslevel=6) as sink:
                yield sink
        else:
            yield raw
        raw.flush()
        os.fsync(raw.fileno())


def _add(tar: tarfile.TarFile, path: Path, entry: tarfile.TarInfo) -> None:
    with path.open("rb") as source:
        tar.addfile(entry, source)


def _entry(name: str, size: int, at: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, FILE_MODE, int(at.timestamp())
    return entry


def _facts(sha256: str, size: int) -> dict[str, object]:
    return {"sha256": sha256, "bytes": size}
