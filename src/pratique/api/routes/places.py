"""Places: what stands at a place of a message, as it was received."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.places import PlaceShown, ShowPlace

SLICE: Final = Slice("places", persons=True)

Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the message as received.")]
Place = Annotated[
    str, Query(min_length=1, max_length=500, description="As findings and evidence name it.", examples=["segment 21"])
]


@SLICE.read("/messages/{sha256}/place", missing=True, summary="Show a place of a message")
def show_place(by: By, sha256: Digest, place: Place) -> PlaceShown:
    """The very text there, with some text around it."""
    return by.ask(ShowPlace(sha256, place))
