"""Networks: who is tied to whom around a consignment, and by what."""

from __future__ import annotations

from typing import Final

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import Ref
from pratique.node.handlers.network import NetworkShown, ShowNetwork

SLICE: Final = Slice("network", persons=True)


@SLICE.read("/consignments/{ref}/network", missing=True, summary="Show the network of a consignment")
def show_network(by: By, ref: Ref) -> NetworkShown:
    """Parties, shared addresses and numbers, and list entries around it, as nodes and edges with their reasons."""
    return by.ask(ShowNetwork(ref))
