"""Files under their digest: written aside, made durable, put in place, and forgotten where no transaction names them.

Two rules make this safe with several writers. A file in place is named only under the store's write lock, and only
while it is still there; it is removed only under the same lock, and only while nothing names it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from pratique.node.errors import refuse
from pratique.node.folder import FILE_MODE, FOLDER_MODE, KEPT, NodeFolder, make_folder
from pratique.vocabulary.errors import Category

CHUNK: Final = 1 << 20
INTENTS: Final = ".intents"
NEWEST_MODEL: Final = "models/newest"  # points to the model kept last, for who names none; it decides nothing
LEFT_AFTER_SECONDS: Final = 3600.0  # younger leftovers may belong to a command that is still at work
COMPARED: Final = "compared-"  # before what a load of a list found so far; the load may be given again
COMPARED_LEFT_AFTER_SECONDS: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the node: its place (relative, with ``/``), SHA-256, size in bytes and kind (raw, frame, index)."""

    path: str
    sha256: str
    byte_count: int
    kind: str


class Files:
    """Places the files of one command. ``token`` is unique to the command, ``day`` the day of arrival."""

    def __init__(self, folder: NodeFolder, *, token: str, day: str) -> None:
        self._folder = folder
        self._token = token
        self._day = day
        self._began = False  # nothing was put aside yet
        self.new: list[str] = []

    def keep_raw(self, source: BinaryIO) -> KeptFile:
        """Everything that ``source`` still gives, under its SHA-256 in ``blobs/``; in pieces of 1 MiB."""
        aside = self._aside("raw")
        running, count = hashlib.sha256(), 0
        with _private(aside) as sink:
            while chunk := source.read(CHUNK):
                running.update(chunk)
                sink.write(chunk)
                count += len(chunk)
            _settle(sink)
        sha256 = running.hexdigest()
        kept = KeptFile(raw_path(sha256), sha256, count, "raw")
        self.place([(aside, kept)])
        return kept

    def keep_named(self, path: str, source: BinaryIO, *, kind: str) -> KeptFile:
        """Everything that ``source`` still gives, at a place (relative, with ``/``) whose name tells its content."""
        aside = self._aside(kind)
        with _private(aside) as sink:
            shutil.copyfileobj(source, sink, CHUNK)
            _settle(sink)
        kept = KeptFile(path, *_digest_and_size(aside), kind)
        self.place([(aside, kept)])
        return kept

    def frame_aside(self, name: str, content: bytes) -> tuple[Path, KeptFile]:
        """A Parquet file for the lake, under the day of arrival and its digest; :meth:`place` puts it there.

        Several threads may write frames aside at a time.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        aside = self._aside(f"frame-{name}")
        with _private(aside) as sink:
            sink.write(content)
            _settle(sink)
        return aside, KeptFile(f"lake/{self._day}/{name}-{sha256}.parquet", sha256, len(content), "frame")

    def place(self, aside: Iterable[tuple[Path, KeptFile]]) -> None:
        """Puts files that lie aside where they belong; a folder is settled once, however many of them it takes."""
        fresh: dict[Path, Path] = {}
        for path, kept in aside:
            target = self._folder.path(kept.path)
            if _is_whole(target, kept):
                os.utime(target)  # young again, so that no sweep takes it before it is named once more
                path.unlink()
            else:
                fresh[target] = path
        self._intend(*(target.relative_to(self._folder.root).as_posix() for target in fresh))
        for target, path in fresh.items():
            make_folder(target.parent)
            path.replace(target)
        for folder in {target.parent for target in fresh}:
            _settle_folder(folder)

    def keep_folder(self, name: str, fill: Callable[[Path], None]) -> list[KeptFile]:
        """The folder ``lists/name`` of files that ``fill`` writes; one that is there and whole stays as it is."""
        aside = self._aside("folder")
        aside.mkdir(mode=FOLDER_MODE)
        fill(aside)
        kept = [
            KeptFile(f"lists/{name}/{path.relative_to(aside).as_posix()}", *_digest_and_size(path), "index")
            for path in _regular_files(aside)
        ]
        self._place_folder(aside, f"lists/{name}", kept)
        return kept

    def recheck(self, kept: Iterable[KeptFile]) -> None:
        """Under the write lock, before the files are named: they must still be where they were put."""
        for file in kept:
            path = self._folder.path(file.path)
            if not path.is_file() or path.stat().st_size != file.byte_count:
                raise refuse("node.file_swept", Category.CONFLICT, path=file.path)

    def remove_new(self, unnamed: Iterable[str]) -> int:
        """Removes what the command placed and nothing names (call it under the write lock). Gives how many."""
        return remove_files(self._folder, set(self.new) & set(unnamed))

    def done(self) -> None:
        """The command is over: what it still has aside goes, and so does the note of what it was about to place."""
        if not self._began:
            return
        for left in self._folder.unfinished.glob(f"{self._token}*"):
            _remove(left)

    def _aside(self, kind: str) -> Path:
        self._began = True
        self._folder.unfinished.mkdir(mode=FOLDER_MODE, exist_ok=True)  # somebody may have tidied it away
        return self._folder.unfinished / f"{self._token}-{kind}-{len(self.new)}-{time.monotonic_ns()}"

    def _place_folder(self, aside: Path, name: str, kept: list[KeptFile]) -> None:
        target = self._folder.path(name)
        if all(_is_whole(self._folder.path(file.path), file) for file in kept):
            for file in kept:
                os.utime(self._folder.path(file.path))
            shutil.rmtree(aside)
            return
        _make_private(aside)
        self._intend(*(file.path for file in kept))
        make_folder(target.parent)
        if target.exists():
            shutil.rmtree(target)
        aside.rename(target)
        _settle_folder(target.parent)

    def _intend(self, *paths: str) -> None:
        if not paths:
            return
        note = os.open(
            self._folder.unfinished / f"{self._token}{INTENTS}", os.O_CREAT | os.O_APPEND | os.O_WRONLY, FILE_MODE
        )
        with os.fdopen(note, "wb") as sink:
            sink.write("".join(f"{path}\n" for path in paths).encode())
        self.new.extend(paths)


def raw_path(sha256: str) -> str:
    """Where the raw message of that SHA-256 lies."""
    return f"blobs/{sha256[:2]}/{sha256[2:]}"


def leftovers(folder: NodeFolder, *, now: float, age: float = LEFT_AFTER_SECONDS) -> tuple[list[Path], list[str]]:
    """What commands that never ended left behind: things aside, and the paths they had noted to place.

    ``now`` and ``age`` are in seconds; what is younger than ``age`` is left alone, and what a load found for a day.
    """
    aside: list[Path] = []
    intended: list[str] = []
    for path in folder.unfinished.glob("*"):
        noted = path.read_text(encoding="utf-8").splitlines() if path.suffix == INTENTS else []
        least = max(age, COMPARED_LEFT_AFTER_SECONDS) if path.name.startswith(COMPARED) else age
        if _is_old(path, now, least) and all(_is_old(folder.path(each), now, age) for each in noted):
            aside.append(path)
            intended.extend(noted)
    return aside, intended


def remove_files(folder: NodeFolder, paths: Iterable[str]) -> int:
    """Removes files in place (call it under the write lock, for files nothing names). Gives how many there were."""
    count = 0
    for name in paths:
        path, parts = folder.path(name), name.split("/")
        if parts[0] in KEPT and ".." not in parts and path.is_file():
            path.unlink()
            count += 1
            if name.startswith("lists/") and not any(path.parent.iterdir()):
                path.parent.rmdir()
    return count


def remove_aside(aside: Iterable[Path]) -> int:
    """Removes things that were never put in place. Gives how many there were."""
    return sum(_remove(path) for path in aside)


def files_in_place(folder: NodeFolder) -> Iterator[str]:
    """Every file under ``blobs/``, ``lake/``, ``lists/`` and ``models/``, by its relative path."""
    for name in KEPT:
        for path in _regular_files(folder.root / name):
            place = path.relative_to(folder.root).as_posix()
            if place != NEWEST_MODEL:
                yield place


def files_below(folder: NodeFolder, name: str, *, kind: str) -> list[KeptFile]:
    """The files that lie below a place of the node (relative, with ``/``), by name."""
    root = folder.path(name)
    return [
        KeptFile(f"{name}/{path.relative_to(root).as_posix()}", *_digest_and_size(path), kind)
        for path in _regular_files(root)
    ]


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of the file's bytes."""
    return _digest_and_size(path)[0]


def _digest_and_size(path: Path) -> tuple[str, int]:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest(), path.stat().st_size


def _is_whole(path: Path, kept: KeptFile) -> bool:
    return path.is_file() and _digest_and_size(path) == (kept.sha256, kept.byte_count)


def _regular_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _is_old(path: Path, now: float, age: float) -> bool:
    return not path.exists() or now - path.stat().st_mtime > age


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE), "wb")


def _make_private(folder: Path) -> None:
    for path in _regular_files(folder):
        path.chmod(FILE_MODE)
        with path.open("rb") as written:
            os.fsync(written.fileno())
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(FOLDER_MODE)


def _settle(sink: BinaryIO) -> None:
    sink.flush()
    os.fsync(sink.fileno())


def _settle_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> bool:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return True
