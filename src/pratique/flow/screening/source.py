"""The door for watchlist sources: what a source is given and what it gives back.

A source is found through the entry-point group ``pratique.listings``; the built-in ones come through the same door.
A list is loaded whole or not at all: what cannot be relied on raises :class:`BrokenList`, and the version in force
stays.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import polars as pl

from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.findings import Finding

MAX_LIST_BYTES = 512 * 1024 * 1024
"""Largest list after unpacking: more is a bomb, not a watchlist."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """One file of a list as received; ``name`` is its file name, ``content`` may be packed with gzip."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LoadedList:
    """A whole list: rows of schema ``LISTING``, its own date, what was counted and what was odd."""

    listings: pl.DataFrame
    list_date: date | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class BrokenList(PratiqueError):
    """The files are not a usable list; nothing of them is taken."""

    def __init__(self, happened: str, *, todo: str = "Fetch the list again and load it once more.") -> None:
        kept = "The version in force stays in force."
        super().__init__("lists.broken", happened, category=Category.REJECTED, kept=kept, todo=todo)


class ListSource(Protocol):
    """One kind of watchlist that can be loaded."""

    name: str  # short and stable: the list_id of its rows
    title: str  # what people call it
    accepts: str  # one sentence: which files, in which form

    def load(self, files: Sequence[ListFile]) -> LoadedList:
        """The list in ``files``. Raises :class:`BrokenList` where it is not whole."""


def unpacked(file: ListFile, *, limit: int = MAX_LIST_BYTES) -> bytes:
    """The bytes of the file, unpacked where gzip packed them. Raises :class:`BrokenList` above ``limit`` bytes."""
    content = file.content
    if content[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
                content = stream.read(limit + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise BrokenList(f"{file.name}: the gzip file is damaged or cut short ({error}).") from error
    if len(content) > limit:
        raise BrokenList(
            f"{file.name}: more than {limit // 1_048_576} MiB after unpacking; no watchlist is that large."
        )
    if not content.strip():
        raise BrokenList(f"{file.name}: the file is empty.")
    return content


def text_of(file: ListFile, *, encodings: Sequence[str] = ("utf-8-sig",)) -> str:
    """The text of the file in the first encoding that fits; refuses web pages and binary content."""
    content = unpacked(file)
    if content.lstrip()[:256].lower().startswith((b"<!doctype html", b"<html")):
        raise BrokenList(f"{file.name}: this is a web page, not a list.", todo="Download the data file itself.")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise BrokenList(f"{file.name}: the file is not text in {' or '.join(encodings)}.")
