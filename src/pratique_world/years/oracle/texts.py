"""Which goods a text is about, read back from the forms in which the world's clerks write."""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique_world.goods import PACKAGE_WORDS
from pratique_world.years.goods import Ints, traded

UNKNOWN: Final = -1


def wares_in_texts(texts: pl.Series) -> Ints:
    """For each text the place of its ware in :func:`traded`, -1 where it says nothing."""
    nouns = "|".join(sorted({*PACKAGE_WORDS.values(), "PACKAGES"}))
    bare = (
        texts.str.replace(rf"^(?:\d+ )?(?:{nouns}) (?:OF )?", "")
        .str.replace(r" HS CODE \d{6}$", "")
        .str.replace(r" INV NO \d+$", "")
    )
    known = {wording: place for place, ware in enumerate(traded()) for wording in ware.wordings}
    places: Ints = bare.replace_strict(known, default=UNKNOWN, return_dtype=pl.Int64).to_numpy()
    return places
