"""Files beside a message while it is written: kept as they come in, told what they hold, decided on by the gate."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import UploadFile

from pratique.desk.visit import Visit
from pratique.node.errors import refuse
from pratique.node.exchange.attaching import MOST, Attaching
from pratique.node.handlers.agreements_shares import FileSeen
from pratique.node.handlers.attachments import KeepForSharing
from pratique.node.handlers.files_to_attach import ListFilesKept
from pratique.node.storage.attachments import SharedFile

HOLDINGS: Final = ("finding", "document", "cargo", "transport", "declaration", "person_identity", "identity_document")
"""Kinds of data that a file may hold, the likeliest first."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that can go along, as it was ticked, and what the gate says of it."""

    sha256: str
    name: str
    byte_count: int
    ticked: bool
    holds: str
    persons: bool
    sent: bool
    why: str


def kept_now(visit: Visit) -> frozenset[str]:
    """Keeps every file of the form for sharing; gives their digests. Raises ``DENIED`` before a file is read,

    ``REJECTED`` for an empty one, one that is too large, and more than go beside one message.
    """
    came = [each for each in visit.form.getlist("file") if isinstance(each, UploadFile) and each.filename]
    if len(came) > MOST:
        raise refuse("attach.too_many", most=MOST)
    return frozenset(_kept(visit, each) for each in came)


def attaching(visit: Visit, also: Iterable[str] = ()) -> tuple[Attaching, ...]:
    """The files that were ticked, and ``also``: what each holds and whether it shows persons stand beside it."""
    ticked = [str(each) for each in visit.form.getlist("attach")]
    return tuple(said_of(visit, each) for each in dict.fromkeys([*ticked, *sorted(also)]))


def said_of(visit: Visit, sha256: str) -> Attaching:
    """What the form says of a file; it is taken to show persons until somebody says that it shows none."""
    category = visit.given(f"holds-{sha256}") or "document"
    return Attaching(sha256, category, personal=visit.given(f"persons-{sha256}") != "no")


def file_rows(
    visit: Visit, offered: Iterable[SharedFile], ticked: Iterable[Attaching], seen: Iterable[FileSeen]
) -> list[FileRow]:
    """Those that are offered and those that were kept while the message was written, each once."""
    on, told = {each.sha256 for each in ticked}, {each.sha256: each for each in seen}
    known = {each.sha256: each for each in offered}
    more = tuple(each for each in sorted(on) if each not in known)
    if more and visit.may(ListFilesKept):
        known |= {each.sha256: each for each in visit.ask(ListFilesKept(more))}
    return [_row(visit, file, on, told.get(file.sha256)) for file in known.values()]


def _row(visit: Visit, file: SharedFile, on: set[str], found: FileSeen | None) -> FileRow:
    said = said_of(visit, file.sha256)
    why = found.withheld.text(visit.language) if found and found.withheld else ""
    sent = found is not None and found.sent
    ticked = file.sha256 in on
    return FileRow(file.sha256, file.name, file.byte_count, ticked, said.category, said.personal, sent, why)


def _kept(visit: Visit, file: UploadFile) -> str:
    place = visit.desk.jobs.place(file.filename or "")
    visit.desk.node.admit(KeepForSharing(place), actor=visit.actor)
    try:
        with place.open("wb") as target:
            shutil.copyfileobj(file.file, target)
        return visit.execute(KeepForSharing(place, file.filename)).sha256
    finally:
        shutil.rmtree(place.parent, ignore_errors=True)
