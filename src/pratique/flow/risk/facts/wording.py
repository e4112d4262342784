"""Descriptions against the Harmonized System: which chapters the words point to, and whether the code is among them.

Each word or phrase gives points to chapters: those of the curated table ``chapter_words`` (a thing 2,000, a material
1,000) and those of the nomenclature's own words (up to 1,000, :func:`~...nomenclature.chapter_weights`). The word that
says what the goods are, the last one before a comma or a preposition, counts one and a half times, all others seven
tenths: a coal cutter is a machine. The longest phrase of the curated table counts, not the shorter ones inside it.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique.flow.risk.facts.nomenclature import chapter_weights, codes_of_parts
from pratique.flow.risk.facts.phrases import longest_phrases
from pratique.flow.risk.facts.reference import Reference, prefixed

KIND_POINTS: Final = {"thing": 2_000, "part": 2_000, "material": 1_000}
HEAD_FACTOR, OTHER_FACTOR = 150, 70  # hundredths
CONTRADICTED_FROM: Final = 1_750  # points of the best chapter below which the words are too weak to contradict a code
ACQUITTED_BY: Final = 50  # the declared chapter is possible if it has more than a fiftieth of the best one's points
MOST_CHAPTERS: Final = 4


def chapter_facts(goods: pl.DataFrame, runs: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """For each row of ``goods`` (``text``, ``chapter``) what the words of its text say of the chapter.

    ``described_chapters`` (best first), ``chapter_agrees``, ``chapter_contradicted``, ``contradiction_points`` and
    ``article_named``: the word that says what the goods are names a thing and not a part of one.
    """
    phrases = longest_phrases(runs, reference.chapter_words)
    points = _points(runs.filter(pl.col("size") == 1).rename({"phrase": "word"}), phrases)
    rows = (
        goods.select("text", "chapter")
        .join(_best(points), on="text", how="left", maintain_order="left")
        .join(_articles(phrases), on="text", how="left", maintain_order="left")
        .with_columns(cell=_cell())
        .join(points.select("cell", own="points"), on="cell", how="left", maintain_order="left")
    )
    worded = pl.col("text").is_not_null()
    known = pl.col("chapter").is_not_null() & worded
    best, acquitted = pl.col("best").fill_null(0), pl.col("own").fill_null(0) * ACQUITTED_BY > pl.col("best")
    contradicted = (best >= CONTRADICTED_FROM) & ~acquitted
    return rows.select(
        described_chapters=pl.when(worded).then(
            pl.col("described_chapters").fill_null(pl.lit([], dtype=pl.List(pl.String)))
        ),
        chapter_agrees=pl.when(known & (best > 0)).then(acquitted),
        chapter_contradicted=pl.when(known).then(contradicted.fill_null(value=False)),
        contradiction_points=pl.when(known & contradicted).then("best"),
        article_named=pl.when(worded).then(pl.col("article_named").fill_null(value=False)),
    )


def _cell() -> pl.Expr:
    """Text and chapter in one number, by which summing is quicker than by words."""
    return pl.col("text").cast(pl.UInt64) * 100 + pl.col("chapter").cast(pl.UInt64, strict=False)


def _points(words: pl.DataFrame, phrases: pl.DataFrame) -> pl.DataFrame:
    """``cell, text, points``; a word or phrase that stands twice in a text counts once, as the head if it is."""
    curated = (
        phrases.group_by("text", "phrase")
        .agg(pl.col("head").any(), pl.col("chapters", "kind").first())
        .with_columns(chapter=pl.col("chapters").str.split(" "), weight=pl.col("kind").replace_strict(KIND_POINTS))
        .explode("chapter", empty_as_null=True)
    )
    once = words.sort("head", descending=True, maintain_order=True).unique(["text", "word"], keep="first")
    own = once.join(chapter_weights(), on="word")
    factor = pl.when("head").then(HEAD_FACTOR).otherwise(OTHER_FACTOR)
    return (
        pl.concat([each.select(cell=_cell(), points=pl.col("weight") * factor) for each in (curated, own)])
        .group_by("cell")
        .agg(pl.col("points").sum() // 100)
        .with_columns(text=(pl.col("cell") // 100).cast(pl.UInt32))
    )


def _best(points: pl.DataFrame) -> pl.DataFrame:
    """``text, best, described_chapters``: the chapters that have at least half of the best one's points."""
    best = points.group_by("text").agg(best=pl.col("points").max())
    return (
        points.join(best, on="text")
        .filter(pl.col("points") * 2 >= pl.col("best"))
        .sort(["text", "points", "cell"], descending=[False, True, False])
        .with_columns(chapter=(pl.col("cell") % 100).cast(pl.String).str.zfill(2))
        .group_by("text", maintain_order=True)
        .agg(pl.col("best").first(), described_chapters=pl.col("chapter").head(MOST_CHAPTERS))
    )


def _articles(phrases: pl.DataFrame) -> pl.DataFrame:
    return phrases.group_by("text").agg(article_named=(pl.col("head") & (pl.col("kind") == "thing")).any())


def stated(runs: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """``text, stated``: whether the words say parts, new, used or waste; only texts that say one of them."""
    found = longest_phrases(runs, reference.state_words).filter(pl.col("state") != "none")
    return found.group_by("text").agg(stated=pl.col("state").unique().sort())


def code_states(codes: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """``commodity_code, code_states``: whether the goods of each code are parts, used or waste; only codes that are."""
    of_parts = codes.filter(pl.col("commodity_code").str.slice(0, 6).is_in(codes_of_parts().implode()))
    found = [
        prefixed(codes, reference.code_states).select("commodity_code", "state"),
        of_parts.select("commodity_code", state=pl.lit("parts")),
    ]
    return pl.concat(found).group_by("commodity_code").agg(code_states=pl.col("state").unique().sort())
