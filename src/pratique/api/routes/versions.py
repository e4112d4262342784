"""Versions of a bill, side by side."""

from __future__ import annotations

from typing import Final

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.texts import Ref
from pratique.node.handlers.versions import ShowVersions, VersionsShown

SLICE: Final = Slice("versions", persons=True)


@SLICE.read("/consignments/{ref}/versions", missing=True, summary="Show the versions of a bill")
def show_versions(by: By, ref: Ref) -> VersionsShown:
    """Every version of the bill, field by field, with what each changed."""
    return by.ask(ShowVersions(ref))
