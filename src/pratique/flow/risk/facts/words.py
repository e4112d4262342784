"""Words of descriptions, names and addresses: found whole, each different text once."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

_GAP = r"[^\p{L}\p{N}]+"


def spaced(text: pl.Expr) -> pl.Expr:
    """The text in capitals with one blank around every word: `` COTTON SHIRTS ``."""
    return pl.lit(" ") + text.str.to_uppercase().str.replace_all(_GAP, " ").str.strip_chars() + pl.lit(" ")


def phrases_found(spaced_texts: pl.Series, table: pl.DataFrame, value: str) -> pl.Series:
    """For each text the sorted, different values of column ``value`` whose ``phrase`` stands in it, as a list.

    A value may be several, separated by blanks. A phrase is found in the singular and in the plural.
    """
    values = table.select("phrase", value).with_columns(pl.col(value).str.split(" ")).explode(value, empty_as_null=True)
    both = pl.concat([values, values.with_columns(_plural(pl.col("phrase")))]).select(
        found=" " + pl.col("phrase") + " ", value=value
    )
    patterns = both["found"].unique().sort().to_list()
    hits = (
        pl.DataFrame({"text": spaced_texts})
        .with_row_index("number")
        .select("number", found=pl.col("text").str.extract_many(patterns, overlapping=True))
        .filter(pl.col("found").list.len() > 0)
        .explode("found", empty_as_null=True)
        .join(both, on="found")
        .group_by("number")
        .agg(pl.col("value").unique().sort())
    )
    return spread(hits, "value", spaced_texts)


def _plural(phrase: pl.Expr) -> pl.Expr:
    return (
        pl.when(phrase.str.contains(r"(?:S|X|CH|SH)$"))
        .then(phrase + "ES")
        .when(phrase.str.contains(r"[^AEIOU]Y$"))
        .then(phrase.str.replace(r"Y$", "IES"))
        .otherwise(phrase + "S")
    )


def spread(found: pl.DataFrame, column: str, like: pl.Series) -> pl.Series:
    """A list column given for some row numbers, as a column over all rows: empty where none, null where ``like`` is."""
    rows = (
        pl.DataFrame({"like": like})
        .with_row_index("number")
        .join(found, on="number", how="left", maintain_order="left")
    )
    empty = pl.lit([], dtype=pl.List(pl.String))
    return rows.select(pl.when(pl.col("like").is_not_null()).then(pl.col(column).fill_null(empty)).alias(column))[
        column
    ]


def contains_any(spaced_text: pl.Expr, phrases: Iterable[str]) -> pl.Expr:
    """Whether one of the phrases stands in the text as whole words."""
    return spaced_text.str.contains_any([f" {phrase} " for phrase in phrases])


def vagueness(spaced_texts: pl.Series, stop_words: pl.DataFrame) -> pl.DataFrame:
    """``word_count, vague, vague_word`` of each text; vague: a stop word and otherwise fillers, numbers and letters."""
    told = (
        pl.DataFrame({"text": spaced_texts})
        .with_row_index("number")
        .with_columns(word=pl.col("text").str.strip_chars().str.split(" "))
        .explode("word", empty_as_null=True)
        .filter(pl.col("word").str.len_chars() > 0)
        .join(stop_words, on="word", how="left", maintain_order="left")
        .with_columns(number_like=pl.col("word").str.contains(r"\p{N}") | (pl.col("word").str.len_chars() == 1))
        .group_by("number", maintain_order=True)
        .agg(
            word_count=(~pl.col("number_like")).sum().cast(pl.Int64),
            telling=(~pl.col("number_like") & pl.col("kind").is_null()).sum(),
            vague_word=pl.col("word").filter(pl.col("kind") == "stop").first(),
        )
    )
    rows = (
        pl.DataFrame({"text": spaced_texts})
        .with_row_index("number")
        .join(told, on="number", how="left", maintain_order="left")
    )
    known = pl.col("text").is_not_null()
    return rows.select(
        word_count=pl.when(known).then(pl.col("word_count").fill_null(0)),
        vague=pl.when(known).then((pl.col("telling") == 0) & pl.col("vague_word").is_not_null()).fill_null(value=False),
        vague_word="vague_word",
    ).with_columns(vague=pl.when(pl.col("word_count").is_not_null()).then("vague"))
