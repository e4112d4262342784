"""What was compared of a changed list, run by run, so that a load that was broken off goes on where it stopped.

It lies among the files on their way, under what the list changed from and to: another change begins anew. A run counts
once all that was found of it is there whole. It names parties, so it goes as soon as the load is done, with what is
erased, and where nobody comes back to the load, after a day.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from typing import Final

import polars as pl

from pratique.flow.screening.known import Compared
from pratique.node.files import COMPARED, remove_aside
from pratique.node.folder import FILE_MODE, NodeFolder, make_folder

_PARTS: Final = ("names", "hits")


class KeptComparison:
    """The comparison of one load; ``key`` is a digest of the two versions and of all that their scores rest on."""

    def __init__(self, folder: NodeFolder, key: str) -> None:
        self._folder = folder.unfinished / f"{COMPARED}{key}"
        self._found = {path.name.rpartition(".")[0]: path for path in self._folder.glob("*.*.*")}

    def of_run(self, run_id: str) -> Compared | None:
        """What was found of the run; ``None`` where it was not compared, or what was written of it is not whole."""
        parts = {name: self._read(f"{run_id}.{name}") for name in _PARTS}
        hits, names = parts["hits"], parts["names"]
        return None if hits is None or names is None else Compared(hits, names)

    def keep(self, run_id: str, compared: Compared) -> None:
        """Writes what was found of a run."""
        make_folder(self._folder)
        for name in _PARTS:
            sink = io.BytesIO()
            getattr(compared, name).write_parquet(sink, compression="lz4", statistics=False)
            self._write(f"{run_id}.{name}", sink.getvalue())

    def forget(self) -> None:
        """The load is done."""
        remove_aside([self._folder])

    def _read(self, name: str) -> pl.DataFrame | None:
        path = self._found.get(name)
        if path is None:
            return None
        content = path.read_bytes()
        return pl.read_parquet(content) if _named(name, content) == path.name else None

    def _write(self, name: str, content: bytes) -> None:
        aside = self._folder / secrets.token_hex(8)
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE), "wb") as sink:
            sink.write(content)
        aside.replace(self._folder / _named(name, content))


def forget_comparisons(folder: NodeFolder) -> None:
    """Removes every one: what they tell of may have been erased."""
    remove_aside(folder.unfinished.glob(f"{COMPARED}*"))


def _named(name: str, content: bytes) -> str:
    """A file tells by its name what is in it, so that a damaged one counts as none."""
    return f"{name}.{hashlib.sha256(content).hexdigest()}"
