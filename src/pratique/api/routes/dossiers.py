"""Dossiers: one control whole, for a prosecutor."""

from __future__ import annotations

from typing import Final

from pratique.api.routes.orders import OrderId
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.dossiers import Dossier, ShowDossier

SLICE: Final = Slice("dossiers", persons=True)


@SLICE.read("/orders/{order_id}/dossier", missing=True, summary="Show the dossier of a control")
def show_dossier(by: By, order_id: OrderId) -> Dossier:
    """As declared, as controlled, the digests of the evidence, and the journal entries that hold it."""
    return by.ask(ShowDossier(order_id))
