"""A place in a raw message: what an evidence chip opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pratique.flow.intake.places import Located, locate
from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.files import raw_path
from pratique.node.storage.kept_files import received_file
from pratique.vocabulary.errors import Category

LONGEST_PLACE: Final = 2_000


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """What stands at a place of a message as received; ``file_name`` is the name it came under."""

    sha256: str
    file_name: str
    received_at: str
    place: str
    located: Located


@dataclass(frozen=True, slots=True)
class ShowPlace(Query[PlaceShown]):
    """The exact bytes at ``place`` of the raw message with that SHA-256, with some text around them."""

    sha256: str
    place: str


def show_place(query: ShowPlace, view: View) -> PlaceShown:
    """Raises ``NOT_FOUND`` where no such message came or where it has no such place."""
    received = received_file(view.connection, query.sha256.strip().lower())
    if received is None:
        raise refuse("places.no_message", Category.NOT_FOUND, sha256=query.sha256[:64])
    place = query.place.strip()
    path = view.folder.path(raw_path(received.raw_sha256))
    try:
        found = locate(path.read_bytes(), place) if len(place) <= LONGEST_PLACE else None
    except OSError as error:
        raise refuse("node.file_broken", Category.BROKEN, path=path.name) from error
    if found is None:
        raise refuse("places.not_found", Category.NOT_FOUND, place=place[:200], file=received.file_name)
    return PlaceShown(received.raw_sha256, received.file_name, received.received_at, place, found)
