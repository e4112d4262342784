"""Which code made a run: the version, and a digest over every file of the package."""

from __future__ import annotations

import hashlib
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
    root = Path(str(files("pratique")))
    running = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in SUFFIXES):
        running.update(path.relative_to(root).as_posix().encode() + b"\0")
        running.update(hashlib.sha256(path.read_bytes()).digest())
    return running.hexdigest()
