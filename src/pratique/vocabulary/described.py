"""What earlier declarations say of a description under its heading: the frame between learning and risk."""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique.vocabulary.frames import Schema

DESCRIBED: Final[Schema] = {
    "description": pl.String,
    "heading": pl.String,  # first four digits of the code it is declared under
    "heading_fit": pl.Int64,  # permille of the heading that such words stood under most; null where no word is known
    "heading_contradicted": pl.Boolean,
    "like_count": pl.Int64,  # earlier declarations that were described like it: this and the next three if contradicted
    "like_under_count": pl.Int64,  # of them under the declared heading
    "usual_heading": pl.String,
    "usual_heading_count": pl.Int64,
    "vague_permille": pl.Int64,  # how much it is like what was refused as too vague; null where that was not learned
}
