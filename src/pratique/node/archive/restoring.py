"""Restoring: an archive becomes a node again, once every name, size and digest in it is what its manifest says.

An archive is input from outside: it may be cut short, made by somebody else, or made to write where it should not.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
import zlib
from pathlib import Path
from typing import Final

from pratique.node.archive.making import ACCESS_DATABASE, DATABASE, FORMAT, MANIFEST, named_in
from pratique.node.errors import out_of_space, refuse
from pratique.node.files import CHUNK
from pratique.node.folder import FILE_MODE, FOLDER_MODE, KEPT, UNFINISHED, NodeFolder, make_folder
from pratique.node.head import note_head
from pratique.node.storage import journal
from pratique.node.storage.store import Store, sqlite_url
from pratique.vocabulary.errors import Category, PratiqueError

LARGEST_MANIFEST: Final = 256 * 1024 * 1024
LARGEST_NODE: Final = 1 << 42
_NAME: Final = re.compile(rf"{DATABASE}|{ACCESS_DATABASE}|({'|'.join(KEPT)})(/[0-9A-Za-z_][0-9A-Za-z._-]*){{1,6}}")


def restore(archive: Path, folder: Path) -> None:
    """Makes ``folder`` (which must not exist, or be empty) the node that ``archive`` holds.

    Every name, size and digest is checked before the folder gets its name. Raises ``CONFLICT`` where the folder is in
    use, ``NOT_FOUND`` where there is no archive, ``BROKEN`` where the archive is not what its manifest says.
    """
    place = NodeFolder(folder)
    place.require_free()
    if not archive.is_file():
        raise refuse("backup.not_found", Category.NOT_FOUND, archive=archive)
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.restoring")
    aside.mkdir(mode=FOLDER_MODE)
    try:
        _unpack(archive, aside)
        _check_names(aside)
        _note_head(NodeFolder(aside))
        place.take(NodeFolder(aside))
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _unpack(archive: Path, aside: Path) -> None:
    try:
        with tarfile.open(archive, mode="r|*") as tar:
            entries = iter(tar)
            wanted = _manifest(tar, next(entries, None))
            for entry in entries:
                _take(tar, entry, wanted, aside)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise out_of_space(error) or _broken("the archive is damaged or cut short") from error
    if wanted:
        raise _broken(f"{len(wanted)} files of the manifest are missing, {min(wanted)} among them")
    for name in (*KEPT, UNFINISHED):
        (aside / name).mkdir(mode=FOLDER_MODE, exist_ok=True)


def _manifest(tar: tarfile.TarFile, entry: tarfile.TarInfo | None) -> dict[str, tuple[str, int]]:
    """The files that the archive must hold, by name, each with its digest and size."""
    if entry is None or entry.name != MANIFEST or not entry.isreg() or entry.size > LARGEST_MANIFEST:
        raise _broken("it does not begin with a manifest")
    source = tar.extractfile(entry)
    try:
        manifest = json.loads(source.read()) if source else {}
        wanted = {str(name): (str(each["sha256"]), int(each["bytes"])) for name, each in manifest["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise _broken("its manifest cannot be read") from error
    if manifest.get("format") != FORMAT or DATABASE not in wanted:
        raise _broken("its manifest is of another kind")
    if sum(size for _, size in wanted.values()) > LARGEST_NODE:
        raise _broken("it says that it is larger than any node")
    return wanted


def _take(tar: tarfile.TarFile, entry: tarfile.TarInfo, wanted: dict[str, tuple[str, int]], aside: Path) -> None:
    """Writes one file of the archive, once its name, kind, size and digest are what the manifest says."""
    facts = wanted.pop(entry.name, None)
    if facts is None or not entry.isreg() or _NAME.fullmatch(entry.name) is None or ".." in entry.name:
        raise _broken(f"{entry.name[:100]!r} does not belong in it")
    sha256, size = facts
    source = tar.extractfile(entry)
    if source is None or entry.size != size:
        raise _broken(f"{entry.name} does not have the size its manifest says")
    target = aside.joinpath(*entry.name.split("/"))
    make_folder(target.parent)
    running = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE), "wb") as sink:
        while chunk := source.read(CHUNK):
            running.update(chunk)
            sink.write(chunk)
        sink.flush()
        os.fsync(sink.fileno())
    if running.hexdigest() != sha256:
        raise _broken(f"{entry.name} does not have the digest its manifest says")


def _check_names(aside: Path) -> None:
    """Every file that the restored store names is there."""
    for name, (_, size) in named_in(aside / DATABASE).items():
        path = aside.joinpath(*name.split("/"))
        if not path.is_file() or path.stat().st_size != size:
            raise _broken(f"{name}, which its store names, is missing")


def _note_head(place: NodeFolder) -> None:
    """The journal of the archive is the journal from here on."""
    store = Store(sqlite_url(place.database), journal_mode="DELETE")
    try:
        with store.reading() as connection:
            for entry in journal.newest(connection, 1):
                note_head(place, entry)
    finally:
        store.close()


def _broken(what: str) -> PratiqueError:
    return refuse("backup.broken", Category.BROKEN, what=what)
