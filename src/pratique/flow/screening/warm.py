"""Compiles the inner loop of screening, which otherwise the first command that screens does: some twenty seconds, once.

Its machine code is kept, so that who screens need not load the compiler.
"""

from __future__ import annotations

import polars as pl

from pratique.flow.keeping_code import keep
from pratique.flow.kept_files import read
from pratique.flow.screening.screener import Screener

COMPILED = (("left_out", "remainders"), ("letters_apart", "likeness_of_plain"), ("kernel", "pairs_in_reach"))

if __name__ == "__main__":
    one = pl.DataFrame({"listing_id": ["1"], "entity_id": ["1"], "name": ["ANY NAME"], "kind": ["person"]})
    Screener.build(one)
    for module, name in COMPILED:
        if not read(f"pratique.flow.screening.{module}", name):
            keep(f"pratique.flow.screening.{module}", name)
