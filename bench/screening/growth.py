"""Larger lists: synthetic entries of the shape of the real ones, with words as frequent and as rare as theirs.

A new name takes the shape of a listed one. Most of its words are drawn by frequency from words that stand in that place
on the list; one in four is new, made of the halves of two listed words, because a list that grows keeps bringing names
nobody had before (Heaps' law). Without that a million names would share the words of ten thousand.
"""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Final

import polars as pl

from bench.screening.lists import in_running_order, is_latin, words_of

_NEW_WORD: Final = 0.25


def grown(listings: pl.DataFrame, size: int, *, seed: int) -> pl.DataFrame:
    """``listings`` (``entity_id, name, kind`` at least) with synthetic entries added until it has ``size`` rows."""
    rows = listings.select("listing_id", "entity_id", "name", "name_quality", "kind")
    wanted = size - len(rows)
    if wanted <= 0:
        return rows.head(size)
    shapes = [
        (kind, words_of(in_running_order(name) if kind == "person" else name))
        for name, kind in rows.select("name", "kind").iter_rows()
        if is_latin(name) and kind in ("person", "organisation", "vessel")
    ]
    drawn = random.Random(seed)
    pools = _pools(shapes)
    names: dict[str, str] = {}
    while len(names) < wanted:
        kind, words = shapes[int(drawn.random() * len(shapes))]
        made = " ".join(_word(pools[kind, _place(at, len(words))], drawn) for at in range(len(words)))
        names.setdefault(made, kind)
    ids = [f"grown:{number}" for number in range(wanted)]
    added = pl.DataFrame({"entity_id": ids, "name": list(names), "kind": list(names.values())}).select(
        pl.concat_str(pl.col("entity_id"), pl.lit("/0")).alias("listing_id"),
        "entity_id",
        "name",
        pl.lit("primary").alias("name_quality"),
        "kind",
    )
    return pl.concat([rows, added])


def _place(at: int, words: int) -> int:
    """0 the first word, 2 the last, 1 between."""
    return 0 if at == 0 else 2 if at == words - 1 else 1


def _pools(shapes: list[tuple[str, tuple[str, ...]]]) -> dict[tuple[str, int], list[str]]:
    """Words by kind and place, each as often as it stands there."""
    pools: dict[tuple[str, int], list[str]] = defaultdict(list)
    for kind, words in shapes:
        for at, word in enumerate(words):
            pools[kind, _place(at, len(words))].append(word)
    return pools


def _word(pool: list[str], drawn: random.Random) -> str:
    word = pool[int(drawn.random() * len(pool))]
    if len(word) < 4 or not word.isalpha() or drawn.random() >= _NEW_WORD:
        return word
    other = pool[int(drawn.random() * len(pool))]
    return word[: (len(word) + 1) // 2] + other[len(other) // 2 :] if other.isalpha() else word
