"""Compiles the inner loop of screening, which otherwise the first command that screens does: some ten seconds, once."""

from __future__ import annotations

import polars as pl

from pratique.flow.screening.screener import Screener

if __name__ == "__main__":
    one = pl.DataFrame({"listing_id": ["1"], "entity_id": ["1"], "name": ["ANY NAME"], "kind": ["person"]})
    Screener.build(one)
