"""Bundles as folders: written whole or not at all, and read as something hostile."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias

from pratique.node.errors import out_of_space, refuse
from pratique.node.folder import FILE_MODE, FOLDER_MODE
from pratique.partners.evidence.bundle import INDEX, LONGEST, Bundle, bundle_of
from pratique.vocabulary.errors import Category

Parts: TypeAlias = Mapping[str, bytes | Path]
"""What goes into the folder, by path below it: bytes, or a file of the node."""

MOST_PARTS: Final = 20_000


def write_folder(target: Path, parts: Parts) -> None:
    """Writes the folder. Raises ``NOT_FOUND`` without the folder above, ``CONFLICT`` where something is there."""
    if not target.parent.is_dir():
        raise refuse("custody.no_folder", Category.NOT_FOUND, folder=target.parent)
    if target.exists():
        raise refuse("custody.folder_in_use", Category.CONFLICT, folder=target)
    aside = target.with_name(f".{target.name}.making")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=FOLDER_MODE)
        for name, content in parts.items():
            place = aside / name
            place.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
            if isinstance(content, bytes):
                place.write_bytes(content)
            else:
                shutil.copyfile(content, place)
            place.chmod(FILE_MODE)
        aside.replace(target)
    except OSError as error:
        raise out_of_space(error) or refuse("custody.not_written", folder=target, why=error.strerror) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def zipped(parts: Parts) -> bytes:
    """The same as one file, for a page to hand out; every part is stored as it is, in order of its path."""
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            content = parts[name]
            entry = zipfile.ZipInfo(name)  # dated 1980: equal content makes equal files
            archive.writestr(entry, content if isinstance(content, bytes) else content.read_bytes())
    return sink.getvalue()


@contextmanager
def opened_folder(bundle: Path, *, aside: Path) -> Iterator[Path]:
    """The folder of a bundle: itself, or for a bundle that is one file a folder inside ``aside``, gone afterwards."""
    if not bundle.is_file():
        yield bundle
        return
    aside.mkdir(mode=FOLDER_MODE, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bundle-", dir=aside) as place:
        unpacked(bundle, Path(place))
        yield Path(place)


def unpacked(file: Path, folder: Path) -> None:
    """Puts the parts of a bundle that came as one file into an empty folder. Nothing in it is ever decompressed:

    every part must be stored as it is, so that no more comes out than went in. Raises ``REJECTED`` for any other file.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if not 0 < len(entries) <= MOST_PARTS or not all(_is_plain(each) for each in entries):
                raise refuse("custody.no_stored_zip", file=file.name)
            if len({each.filename for each in entries}) < len(entries):
                raise refuse("custody.no_stored_zip", file=file.name)
            if sum(each.file_size for each in entries) > file.stat().st_size:
                raise refuse("custody.no_stored_zip", file=file.name)
            for each in entries:
                place = folder / each.filename
                place.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
                with archive.open(each) as source, place.open("xb") as sink:
                    shutil.copyfileobj(source, sink)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError) as error:
        raise out_of_space(error) or refuse("custody.no_stored_zip", file=file.name) from error


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.split("/")
    named = all(part not in ("", ".", "..") and part.isprintable() and "\\" not in part for part in parts)
    return named and entry.compress_type == zipfile.ZIP_STORED and entry.file_size == entry.compress_size


def read_index(folder: Path) -> Bundle:
    """What ``bundle.json`` of a folder says. Raises ``NOT_FOUND``, ``REJECTED``."""
    index = folder / INDEX
    if not index.is_file() or index.is_symlink():
        raise refuse("custody.no_bundle", Category.NOT_FOUND, folder=folder)
    if index.stat().st_size > LONGEST:
        raise refuse("custody.bundle_part", part="size")
    try:
        return bundle_of(index.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise refuse("custody.bundle_part", part=str(error)[:80]) from error


def require_files(folder: Path, bundle: Bundle) -> None:
    """Raises ``BROKEN`` for a file that is missing, changed, no plain file, or not named by the bundle."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file()}
    named = {each.path: each for each in bundle.files}
    if len(named) > MOST_PARTS or len(named) != len(bundle.files):
        raise refuse("custody.bundle_part", part="files")
    for odd in sorted(there - named.keys() - {INDEX}):
        raise refuse("custody.bundle_extra", Category.BROKEN, file=odd)
    for name, each in named.items():
        path = folder / name
        if any(part.is_symlink() for part in (path, *path.parents) if part.is_relative_to(folder) and part != folder):
            raise refuse("custody.bundle_file", Category.BROKEN, file=name)
        if not path.is_file() or path.stat().st_size != each.byte_count or digest_of(path) != each.sha256:
            raise refuse("custody.bundle_file", Category.BROKEN, file=name)


def digest_of(content: bytes | Path) -> str:
    """SHA-256 (hex) of bytes, or of a file."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
