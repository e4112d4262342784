"""Words of descriptions in their places, and the longest phrases of a table that stand among them."""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique.flow.risk.facts.nomenclature import WORD, singular, words_of

LONGEST: Final = 3  # words of a phrase in a table
_PACKING: Final = (
    "BALE CARTON CTN DRUM GALLON IBC KG KGS LITRE LITER LOT ML PACKAGE PAIL PALLET PCS PIECE PKG PKGS PLT TIN UNIT"
)
_FROM_THERE: Final = r"(?s)(?:[,;:(/]| (?:OF|FOR|WITH|WITHOUT|IN|FROM|TO|ON|BY) ).*$"


def placed_words(texts: pl.DataFrame) -> pl.DataFrame:
    """``text, at, word, head``: every word of ``texts`` (``text, description`` in capitals) in its place.

    ``head``: it is the last word before a comma or a preposition, words of packing such as DRUMS or CARTONS aside,
    which says what the goods are. ``at`` runs over all texts.
    """
    front = pl.col("description").str.replace(_FROM_THERE, "").str.extract_all(WORD).list.len()
    listed = texts.select("text", said=pl.col("description").str.extract_all(WORD), front=front)
    listed = listed.filter(pl.col("said").list.len() > 0)
    ends = listed["said"].list.len().cum_sum()
    words = (
        listed.with_columns(stop=ends - pl.col("said").list.len() + pl.col("front"))
        .explode("said", empty_as_null=True)
        .with_columns(at=pl.int_range(pl.len(), dtype=pl.UInt32))
    )
    different = words.select("said").unique().with_columns(word=singular(pl.col("said")))
    words = words.join(different, on="said", how="left", maintain_order="left")
    telling = (pl.col("at") < pl.col("stop")) & pl.col("word").str.contains(r"^\p{L}{2,}$")
    telling &= ~pl.col("word").is_in(_PACKING.split())
    heads = words.filter(telling).group_by("text").agg(at=pl.col("at").max())["at"]
    is_head = pl.col("at").is_in(heads.implode())
    return words.select("text", "at", "word", head=is_head)


def phrases_in(words: pl.DataFrame) -> pl.DataFrame:
    """``text, at, head, phrase, size``: every run of one to ``LONGEST`` words of :func:`placed_words`."""
    runs = [words.select("text", "at", "head", phrase="word", size=pl.lit(1, dtype=pl.Int64))]
    for size in range(2, LONGEST + 1):
        last = pl.col("word").shift(1 - size)
        same = pl.col("text") == pl.col("text").shift(1 - size)
        longer = words.select(
            "text",
            "at",
            head=pl.col("head").shift(1 - size),
            phrase=pl.concat_str([pl.col("word").shift(-more) for more in range(size - 1)] + [last], separator=" "),
            same=same,
        )
        runs.append(longer.filter("same").select("text", "at", "head", "phrase", size=pl.lit(size, dtype=pl.Int64)))
    return pl.concat(runs)


def longest_phrases(runs: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``table`` whose ``phrase`` stands in a text and in no longer phrase of the table there.

    ``runs`` are those of :func:`phrases_in`. Gives ``text``, ``head`` (its last word says what the goods are) and the
    columns of ``table``, ``phrase`` in the singular. Phrases have at most ``LONGEST`` words.
    """
    known = table.with_columns(phrase=words_of(pl.col("phrase")).list.join(" ")).unique(
        "phrase", keep="first", maintain_order=True
    )
    found = runs.join(known, on="phrase")
    kept = found.filter(pl.col("size") == LONGEST)
    taken = _places(kept, LONGEST)
    for size in range(LONGEST - 1, 0, -1):
        free = found.filter(pl.col("size") == size)
        covered = _places(free, size).join(taken, on="at", how="semi")["start"].unique()
        free = free.filter(~pl.col("at").is_in(covered.implode()))
        taken = pl.concat([taken, _places(free, size)])
        kept = pl.concat([kept, free])
    return kept.select("text", "head", *table.columns)


def _places(found: pl.DataFrame, size: int) -> pl.DataFrame:
    """``at, start``: every place that a phrase of this size covers."""
    return pl.concat(found.select(at=pl.col("at") + more, start="at") for more in range(size))
