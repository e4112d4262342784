"""A changed list against what is known already: the hits of consignments that were assessed before it changed.

In: the manifests of earlier runs, one after another, and the entries of the list that changed. Out: hits, as screening
gives them. It never looks at entries that did not change, and at no name twice, however many runs mention it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl
from polars import selectors

from pratique.flow.screening.screen import screen_mentions
from pratique.flow.screening.screener import Screener
from pratique.flow.screening.subjects import Mentioned, distinct, mentions, named_mentions
from pratique.vocabulary.frames import Manifest

NAME: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {"name": pl.String, "kind": pl.String}
COMPARED_NAME: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    **NAME,
    "answers": pl.Boolean,  # it may be a hit; what else is known of a bearer decides
}


@dataclass(frozen=True, slots=True)
class Compared:
    """What one manifest gives: its ``hits`` (``HIT``), and its ``names`` (``COMPARED_NAME``) that none before had."""

    hits: pl.DataFrame
    names: pl.DataFrame


class Difference:
    """The changed entries of a list, asked about one manifest after another.

    ``screener`` is one made by :meth:`Screener.among`: the difference alone is asked, but what a word is worth is a
    matter of the whole list, so that the scores are those that an assessment would find.
    """

    def __init__(self, screener: Screener, *, list_id: str) -> None:
        self._screener = screener
        self._list_id = list_id
        self._known = pl.DataFrame(schema=dict(COMPARED_NAME))

    def compare(self, manifest: Manifest) -> Compared:
        """The hits of every consignment of the manifest; its names that were compared before are not again."""
        mentioned = mentions(manifest) if self._screener.has_numbers else named_mentions(manifest)
        new = self._compared(mentioned.select(*NAME).drop_nulls().unique(maintain_order=True))
        self.know(new)
        rows = mentioned.with_row_index("row")
        by_name = rows.join(self._known.filter("answers"), on=list(NAME), how="semi")["row"]
        by_number = self._screener.may_hold_numbers(mentioned["identifiers"])
        asked = mentioned.filter(rows["row"].is_in(by_name.implode()) | by_number)
        few = Mentioned(manifest, asked, distinct(asked))
        return Compared(screen_mentions(few, {self._list_id: self._screener}), new)

    def know(self, names: pl.DataFrame) -> None:
        """Takes over ``names`` (``COMPARED_NAME``) that the same difference was compared with before."""
        self._known = pl.concat([self._known, taken_out(names)])

    def _compared(self, names: pl.DataFrame) -> pl.DataFrame:
        spelled_so = self._known.join(names, on="name", how="semi")  # the few are hashed, and not the million
        new = names.join(spelled_so, on=list(NAME), how="anti", maintain_order="left")
        found = self._screener.answering(new).with_columns(answers=pl.lit(value=True))
        told = new.join(found, on=list(NAME), how="left", maintain_order="left")
        return told.with_columns(pl.col("answers").fill_null(value=False))


def taken_out(few: pl.DataFrame) -> pl.DataFrame:
    """The same rows with their texts written anew: as they are, they keep all texts of the frame that they are from."""
    return few.with_columns(selectors.string() + "")
