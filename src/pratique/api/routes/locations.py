"""Locations: the official UN/LOCODE list, the newest in force."""

from __future__ import annotations

from typing import Final

from pratique.api.routes.tables import TableLoaded, shown_load
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.locations import LoadLocations

SLICE: Final = Slice("locations")


@SLICE.write("/locations", takes="load", summary="Load UN/LOCODE")
def load_locations(by: By) -> TableLoaded:
    """The official list, in as many parts as it comes; files of which no row can be used change nothing."""
    return shown_load(by.execute(LoadLocations(tuple(by.files.files))))
