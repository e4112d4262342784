"""Watchlist sources by name, found through the entry-point group ``pratique.listings``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Final

from pratique.flow.screening.source import ListSource
from pratique.vocabulary.errors import Category, PratiqueError

GROUP: Final = "pratique.listings"


@cache
def list_sources() -> Mapping[str, ListSource]:
    """Every source that is installed, by its name."""
    return {point.name: point.load()() for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def list_source(name: str) -> ListSource:
    """The source of that name. Raises :class:`PratiqueError` (``lists.unknown_source``) where there is none."""
    known = list_sources()
    if name not in known:
        raise PratiqueError(
            "lists.unknown_source",
            f"There is no watchlist source named {name!r}.",
            category=Category.NOT_FOUND,
            todo=f"Known sources: {', '.join(known)}.",
        )
    return known[name]
