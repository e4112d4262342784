"""Signs of misuse: own names, mass reads, reading out of shift."""

from __future__ import annotations

from typing import Final

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import Since, Until, within
from pratique.node.handlers.misuse import ShowMisuse, SignsShown

SLICE: Final = Slice("misuse")


@SLICE.read("/misuse", summary="Show signs of misuse")
def show_misuse(by: By, since: Since = None, until: Until = None) -> SignsShown:
    """The signs of a period (else of the last thirty days), newest first."""
    return by.ask(ShowMisuse(within(since), within(until)))
