"""Words of descriptions in their places, and the longest phrases of a table that stand among them."""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique.flow.risk.facts.nomenclature import words_of

LONGEST: Final = 3  # words of a phrase in a table
_FROM_THERE: Final = r"(?s)(?:[,;:(/]| (?:OF|FOR|WITH|WITHOUT|IN|FROM|TO|ON|BY) ).*$"


def placed_words(texts: pl.DataFrame) -> pl.DataFrame:
    """``text, at, word, head``: every word of ``texts`` (``text, description`` in capitals) in its place.

    ``head``: it is the last word before a comma or a preposition, which says what the goods are. ``at`` runs over all
    texts.
    """
    front = pl.col("description").str.replace(_FROM_THERE, "")
    words = (
        texts.select("text", word=words_of(pl.col("description")), front=words_of(front).list.len())
        .filter(pl.col("word").list.len() > 0)
        .explode("word", empty_as_null=True)
        .with_columns(at=pl.int_range(pl.len()))
    )
    inside = pl.col("at") - pl.col("at").min().over("text") < pl.col("front")
    telling = inside & pl.col("word").str.contains(r"^\p{L}{2,}$")
    heads = words.filter(telling).group_by("text").agg(head=pl.col("at").max())
    return words.join(heads, on="text", how="left", maintain_order="left").select(
        "text", "at", "word", head=(pl.col("at") == pl.col("head")).fill_null(value=False)
    )


def longest_phrases(words: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``table`` whose ``phrase`` stands in a text and in no longer phrase of the table there.

    Gives ``text``, ``head`` (its last word says what the goods are) and the columns of ``table``, ``phrase`` in the
    singular. Phrases have at most ``LONGEST`` words.
    """
    said = words_of(pl.col("phrase"))
    known = table.with_columns(phrase=said.list.join(" "), size=said.list.len()).unique(
        "phrase", keep="first", maintain_order=True
    )
    grams = words.with_columns(phrase="word", last="at")
    found: list[pl.DataFrame] = []
    for size in range(1, LONGEST + 1):
        if size > 1:
            grams = _longer(grams, words, size)
        found.append(grams.join(known.filter(pl.col("size") == size), on="phrase"))
    kept = found.pop()
    taken = _places(kept, LONGEST)
    for size in range(LONGEST - 1, 0, -1):
        free = found.pop()
        covered = _places(free, size).join(taken, on="at", how="semi")["start"].unique()
        free = free.filter(~pl.col("at").is_in(covered.implode()))
        taken = pl.concat([taken, _places(free, size)])
        kept = pl.concat([kept, free])
    return kept.select("text", "head", *table.columns)


def _longer(grams: pl.DataFrame, words: pl.DataFrame, size: int) -> pl.DataFrame:
    """Each phrase with the word behind it, where the text has one; it is the head where its last word is."""
    behind = words.select("text", next_at="at", next_word="word", next_head="head")
    return grams.join(
        behind, left_on=["text", pl.col("at") + size - 1], right_on=["text", "next_at"], maintain_order="left"
    ).select(
        "text", "at", "word", head="next_head", phrase=pl.col("phrase") + " " + pl.col("next_word"), last=pl.col("at") + size - 1
    )


def _places(found: pl.DataFrame, size: int) -> pl.DataFrame:
    """``at, start``: every place that a phrase of this size covers."""
    return pl.concat(found.select(at=pl.col("at") + more, start="at") for more in range(size))
