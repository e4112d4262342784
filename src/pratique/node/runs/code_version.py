"""Which code made a run: the version, and a digest over every file of the package."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import pratique

SUFFIXES: Final = frozenset({".py", ".yaml", ".csv", ".txt", ".json"})


@cache
def code_facts() -> dict[str, str]:
    """``version`` of the package and of the frame engine, ``sha256`` over the package's own files."""
    import polars

    return {"version": pratique.__version__, "polars": polars.__version__, "sha256": _package_digest()}


def _package_digest() -> str:
    root = str(files("pratique"))
    running = hashlib.sha256()
    for parts in sorted(_own_files(root)):
        running.update("/".join(parts).encode() + b"\0")
        with open("/".join((root, *parts)), "rb") as file:  # noqa: PTH123 a path object costs more than the file
            running.update(hashlib.sha256(file.read()).digest())
    return running.hexdigest()


def _own_files(root: str) -> Iterator[tuple[str, ...]]:
    """The names on the way from ``root`` to each file that counts."""
    for folder, _, names in os.walk(root):
        way = Path(folder).relative_to(root).parts
        yield from ((*way, name) for name in names if name[name.rfind(".") :] in SUFFIXES)
