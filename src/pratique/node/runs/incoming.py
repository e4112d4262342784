"""Files from outside: opened with care and kept as they are; a reading counts only where it is of the bytes kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from pratique.node.errors import refuse
from pratique.node.files import Files, KeptFile
from pratique.vocabulary.errors import Category
from pratique.vocabulary.findings import Finding

LONGEST_NAME: Final = 200
LONGEST_NAME_BYTES: Final = 120  # file systems take 255, and pages want to show it
UNNAMED: Final = "message"


def keep_all(paths: Iterable[Path], files: Files) -> list[tuple[str, KeptFile]]:
    """Keeps the raw bytes of every file, under its digest; with the name each came under.

    Raises ``NOT_FOUND`` for a file that is not there, ``REJECTED`` for what is no regular file.
    """
    kept = []
    for path in paths:
        with open_regular(path) as source:
            kept.append((plain_name(path), files.keep_raw(source)))
    if not kept:
        raise refuse("node.no_files")
    return kept


def each_once(kept: Iterable[tuple[str, KeptFile]]) -> tuple[list[tuple[str, KeptFile]], tuple[Finding, ...]]:
    """Each content once, in the order given, and a warning for every file that repeats one before it."""
    first: dict[str, tuple[str, KeptFile]] = {}
    repeated = []
    for name, file in kept:
        before = first.setdefault(file.sha256, (name, file))
        if before[1] is not file:
            repeated.append(Finding("messages.given_twice", params={"file_name": name, "first": before[0]}))
    return list(first.values()), tuple(repeated)


def open_regular(path: Path) -> BinaryIO:
    """The file, open for reading: never a pipe that waits for ever, nor a device without an end."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        category = Category.NOT_FOUND if isinstance(error, FileNotFoundError) else Category.REJECTED
        raise refuse("node.file_not_readable", category, path=path, why=error.strerror) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise refuse("node.no_regular_file", path=path)
    return os.fdopen(handle, "rb")


def plain_name(path: Path) -> str:
    """The file's own name without its folders, and without what a terminal or a page could stumble over."""
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in path.name)
    return shown.encode("utf-8", "replace").decode()[:LONGEST_NAME]


def sent_name(name: str) -> str:
    """The last part of a name that a sender gave, as file systems and pages can bear it; never empty, hidden or a path.

    It is shown to people and to formats as a hint; where the file lies never depends on it.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = plain_name(Path("x") / (last.replace("\0", "") or UNNAMED)).strip(". ")
    return plain.encode("utf-8", "replace")[:LONGEST_NAME_BYTES].decode("utf-8", "ignore").strip(". ") or UNNAMED
