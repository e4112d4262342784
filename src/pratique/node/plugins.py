"""Watchlist sources, found through the entry points ``pratique.listings``, and what is made of their lists."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from pratique.flow.screening import Screener
from pratique.flow.screening.source import MAX_LIST_BYTES, ListFile, LoadedList
from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.files import KeptFile
from pratique.node.folder import NodeFolder
from pratique.node.runs.code_version import code_facts
from pratique.vocabulary.errors import Category

if TYPE_CHECKING:
    from pratique.flow.screening.source import ListSource

GROUP: Final = "pratique.listings"


@dataclass(frozen=True, slots=True)
class Source:
    """One watchlist source at work."""

    plugin: ListSource

    def load_kept(self, kept: Sequence[tuple[str, KeptFile]], folder: NodeFolder, list_id: str) -> LoadedList:
        """The list in the files kept, its rows under ``list_id``. Raises ``BrokenList``."""
        for name, file in kept:
            if file.byte_count > MAX_LIST_BYTES:
                raise refuse("lists.too_large", name=name, most=MAX_LIST_BYTES)
        files = [ListFile(name, folder.path(file.path).read_bytes()) for name, file in kept]
        loaded = self.plugin.load(files)
        listings = loaded.listings.with_columns(list_id=pl.lit(list_id))
        return LoadedList(listings, loaded.list_date, loaded.counts, loaded.findings)


def list_digest(loaded: LoadedList, list_id: str) -> str:
    """SHA-256 over the rows of a list, in their order, its id and the code that indexes it."""
    running = hashlib.sha256(canonical([list_id, code_facts()["sha256"]]).encode())
    running.update(loaded.listings.write_ndjson().encode())
    return running.hexdigest()


def index_writer(loaded: LoadedList, *, list_id: str, version: str) -> Callable[[Path], None]:
    """What writes the index of the list into a folder."""
    return Screener.build(loaded.listings, list_id=list_id, version=version).save


def list_source(name: str) -> Source:
    """The source of that name. Raises ``NOT_FOUND`` with the names there are."""
    known = {point.name: point for point in entry_points(group=GROUP)}
    if name not in known:
        raise refuse("lists.no_source", Category.NOT_FOUND, source=name, known=", ".join(sorted(known)))
    return Source(known[name].load()())
