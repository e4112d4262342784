"""Customs offices."""

from __future__ import annotations

from typing import Final

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.offices import ListOffices
from pratique.node.storage.access_officers import Office

SLICE: Final = Slice("offices")


@SLICE.read("/offices", summary="List offices")
def list_offices(by: By) -> list[Office]:
    """Every office. Adding or changing one needs a second factor and so is done at the desk."""
    return by.ask(ListOffices())
