"""Files that an officer kept so that they go beside a message: found again by their digest while it is written."""

from __future__ import annotations

from dataclasses import dataclass

from pratique.node.acts import Query, View
from pratique.node.storage.attachments import SharedFile, file_to_attach


@dataclass(frozen=True, slots=True)
class ListFilesKept(Query[tuple[SharedFile, ...]]):
    """The files of those digests (SHA-256, hex), in that order; one that is not kept here is left out.

    Names of files may tell of persons: whoever does not know the digest of one learns nothing of it.
    """

    sha256: tuple[str, ...]


def list_files_kept(query: ListFilesKept, view: View) -> tuple[SharedFile, ...]:
    """Whatever may be attached at all: kept for that, evidence, or what came beside a message."""
    found = (file_to_attach(view.connection, each) for each in query.sha256)
    return tuple(each for each in found if each is not None)
