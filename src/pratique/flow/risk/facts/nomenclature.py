"""What the words of the Harmonized System say: which chapters a word stands for, and which codes are for parts only.

The index is made from the English texts of all headings and subheadings of the shipped HS 2022 table. Clauses that say
what a heading does *not* hold ("excluding ...", "other than ...") are left out.
"""

from __future__ import annotations

from functools import cache
from math import log
from typing import Final

import polars as pl

from pratique.vocabulary.codes import commodity

CERTAIN: Final = 1_000  # weight of a word that stands in one heading only
LEAST_WEIGHT: Final = 10  # less cannot decide anything
WORD: Final = r"[\p{L}\p{N}]+"
_NOT_HERE: Final = r"(?i)\(?\b(?:excluding|other than|except|not)\b[^;,)]*"
_PARTS: Final = r"(?i)^(?:[^;]*; ?)?parts\b"
# Words of legal language, which are in every chapter and say nothing of the goods
_EMPTY: Final = (
    "ACCESSORY ALL AND ANY ARE ARTICLE AS BE BUT BY CHAPTER CONTAINING EXCEPT EXCLUDING FOR FROM GOODS HAVING HEADING "
    "IN INCLUDING IS ITEM ITS KIND LESS LIKE MADE MORE NEC NES NO NOT OF ON ONE ONLY OR OTHER OTHERWISE PART "
    "PREPARATION PRINCIPALLY PRODUCT SIMILAR SOLELY SUBHEADING SUCH SUITABLE THAN THE THEIR THEREOF TO TWO TYPE USE "
    "USED WEIGHT WHETHER WITH WITHOUT"
)


def words_of(text: pl.Expr) -> pl.Expr:
    """The words and numbers of a text in capitals and in the singular, as a list."""
    return text.str.to_uppercase().str.extract_all(WORD).list.eval(singular(pl.element()))


def singular(word: pl.Expr) -> pl.Expr:
    """``BATTERIES`` → ``BATTERY``, ``BOXES`` → ``BOX``, ``SHIRTS`` → ``SHIRT``; the same rule for tables and texts."""
    longer = word.str.len_chars() > 4
    return (
        pl.when(longer & word.str.ends_with("IES"))
        .then(word.str.replace("IES$", "Y"))
        .when(longer & word.str.contains("(?:SS|X|CH|SH)ES$"))
        .then(word.str.replace("ES$", ""))
        .when((word.str.len_chars() > 3) & word.str.contains("[^S]S$"))
        .then(word.str.replace("S$", ""))
        .otherwise(word)
    )


@cache
def chapter_weights() -> pl.DataFrame:
    """``word, chapter, weight``: in thousandths, how surely a word of the HS stands for the chapter.

    A word counts by its rarity (1,000 where one heading has it, 0 where all have) and is shared out over its chapters
    by the number of their headings that use it.
    """
    kept = pl.col("word").str.contains(r"^\p{L}{3,}$") & ~pl.col("word").is_in(_EMPTY.split())
    uses = (
        commodity.table()
        .filter(pl.col("code").str.len_bytes() >= 4)
        .select(
            heading=pl.col("code").str.slice(0, 4), word=words_of(pl.col("description").str.replace_all(_NOT_HERE, ""))
        )
        .explode("word", empty_as_null=True)
        .filter(kept)
        .unique()
    )
    headings = commodity.table()["code"].str.len_bytes().eq(4).sum()
    by_chapter = uses.group_by("word", chapter=pl.col("heading").str.slice(0, 2)).agg(uses=pl.len().cast(pl.Int64))
    in_all = by_chapter.group_by("word").agg(in_all=pl.col("uses").sum())
    counts = in_all["in_all"].unique().to_list()
    rarity = {count: round(CERTAIN * (1 - log(count) / log(headings))) for count in counts}
    weight = pl.col("in_all").replace_strict(rarity, return_dtype=pl.Int64) * pl.col("uses") // pl.col("in_all")
    return (
        by_chapter.join(in_all, on="word")
        .select("word", "chapter", weight=weight)
        .filter(pl.col("weight") >= LEAST_WEIGHT)
    ).sort("word", "chapter")


@cache
def codes_of_parts() -> pl.Series:
    """The subheadings (6 digits) for parts: their text, or that of their heading, names parts first or second.

    ``Pumps; parts thereof`` does; a heading of articles "and parts thereof" does not make its subheadings parts.
    """
    table = commodity.table().with_columns(size=pl.col("code").str.len_bytes())
    names_parts = pl.col("description").str.contains(_PARTS)
    headings = table.filter(
        (pl.col("size") == 4) & names_parts & ~pl.col("description").str.contains(r"(?i)\bthereof\b")
    )["code"]
    of_heading = pl.col("code").str.slice(0, 4).is_in(headings.implode())
    return table.filter((pl.col("size") == 6) & (names_parts | of_heading))["code"].sort()
