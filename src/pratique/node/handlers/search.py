"""Search: a box, a bill, a party, a vessel or a run, from a few letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.storage.searching import (
    SearchRow,
    bills_like,
    boxes_like,
    parties_like,
    runs_like,
    vessels_like,
)
from pratique.vocabulary.errors import Category

SHORTEST, LONGEST = 2, 80
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class SearchFound:
    """What was found, by kind and in this order; at most ``limit`` of each."""

    text: str
    consignments: tuple[SearchRow, ...]
    boxes: tuple[SearchRow, ...]
    vessels: tuple[SearchRow, ...]
    runs: tuple[SearchRow, ...]
    parties: tuple[SearchRow, ...]


@dataclass(frozen=True, slots=True)
class Search(Query[SearchFound]):
    """Numbers by their beginning, names by any part; at least two characters."""

    text: str
    limit: int = 10


def search(query: Search, view: View) -> SearchFound:
    """Raises ``REJECTED`` for a text too short or too long, or a limit that cannot be."""
    text = query.text.strip()
    if not SHORTEST <= len(text) <= LONGEST or not text.isprintable():
        raise refuse("search.text", Category.REJECTED, least=SHORTEST, most=LONGEST)
    if not 1 <= query.limit <= MOST:
        raise refuse("queue.limit", Category.REJECTED, limit=query.limit, most=MOST)
    given = (view.connection, text, query.limit)
    return SearchFound(
        text=text,
        consignments=tuple(bills_like(*given)),
        boxes=tuple(boxes_like(*given)),
        vessels=tuple(vessels_like(*given)),
        runs=tuple(runs_like(*given)),
        parties=tuple(parties_like(*given)),
    )
