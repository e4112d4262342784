"""Descriptions against the headings they are declared under, for a whole run at a time.

In: learned headings, and goods items as ``description, heading``. Out: a row of ``DESCRIBED`` for each different pair.
What differs in numbers and marks alone is one text, and is read once. A first look at the words alone tells how far
they speak for the declared heading; only where they hardly do are all declarations like it counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.headings import Headings
from pratique.flow.learning.wording import letters_alone
from pratique.vocabulary.described import DESCRIBED
from pratique.vocabulary.frames import frame

Ints = npt.NDArray[np.int64]
THOUSAND: Final = 1000
DOUBTED: Final = 100  # permille of fit below which the closer look follows; it has kept every finding of the port world
ENOUGH_LIKE: Final = 10  # declarations like it, from which on their number speaks
FEW_UNDER: Final = 0.02  # of them, under the declared heading
MOSTLY: Final = 0.5  # of them, under the usual one
SPEAKING: Final = 0.25  # of all that words speak for, in the likeliest heading
UNLIKELY: Final = 5  # a heading below the fifth place is none that the words speak for
_STRETCH: Final = 512
_COUNTED: Final = ("like_count", "like_under_count", "usual_heading", "usual_heading_count")
_PAIR: Final = ("words", "heading")


def described(known: Headings, goods: pl.DataFrame) -> pl.DataFrame:
    """``DESCRIBED`` of the different descriptions and headings; the heading may be null, the description not.

    Contradicted is a heading where the first look finds less than a tenth of the usual one, at least ten earlier
    declarations were like it, at most two in a hundred of them under it and half under one other, and where the words
    do not speak for it either (it is below the fifth place).
    """
    asked = goods.select("description", "heading").drop_nulls("description").unique(maintain_order=True)
    asked = asked.with_columns(words=letters_alone(pl.col("description")))
    texts = asked["words"].unique(maintain_order=True)
    pairs = asked.drop_nulls("heading").select(_PAIR).unique(maintain_order=True)
    pairs = pairs.with_columns(_fit(known, texts, pairs))
    against = _contradicted(known, pairs.filter(pl.col("heading_fit") < DOUBTED))
    told = pairs.join(against, on=_PAIR, how="left", maintain_order="left").with_columns(
        heading_contradicted=pl.when(pl.col("heading_fit").is_not_null()).then(pl.col("usual_heading").is_not_null())
    )
    rows = asked.join(told, on=_PAIR, how="left", maintain_order="left")
    rows = rows.join(_vague(known, texts), on="words", how="left", maintain_order="left")
    return frame(DESCRIBED, rows.drop("words").to_dict())


def likely(known: Headings, texts: Sequence[str], *, most: int) -> list[list[tuple[str, int]]]:
    """The headings that each text speaks for, the likeliest first, each with its share in thousandths.

    None where even the likeliest has less than a quarter: such words speak for everything.
    """
    shares = known.speaking_for(texts)
    first = np.argsort(-shares, axis=1, kind="stable")[:, :most]
    return [
        [(known.codes[place], round(THOUSAND * float(row[place]))) for place in places if row[place] > 0]
        if row.max() >= SPEAKING
        else []
        for row, places in zip(shares, first.tolist(), strict=True)
    ]


def _fit(known: Headings, texts: pl.Series, pairs: pl.DataFrame) -> pl.Series:
    """How far the words speak for the declared heading, in thousandths of the one that they speak for most."""
    seen = known.at_first_sight(texts.to_list()).tocsr()
    places = pl.DataFrame({"words": texts}).with_row_index("row")
    row = pairs.join(places, on="words", how="left", maintain_order="left")["row"].to_numpy()
    highest = seen.max(axis=1).toarray().ravel()[row]
    own = _at(seen, row, known.places(pairs["heading"].to_list()))
    share = np.rint(THOUSAND * own / np.maximum(highest, 1e-12)).astype(np.int64)
    return pl.select(pl.when(pl.Series(highest > 0)).then(pl.Series(share)).alias("heading_fit")).to_series()


def _contradicted(known: Headings, pairs: pl.DataFrame) -> pl.DataFrame:
    """``words, heading`` and the columns of counts, of those pairs that earlier declarations contradict."""
    told = [_counted(known, pairs[start : start + _STRETCH]) for start in range(0, pairs.height, _STRETCH)]
    schema = dict.fromkeys(_PAIR, DESCRIBED["heading"]) | {name: DESCRIBED[name] for name in _COUNTED}
    doubtful = pl.concat([pl.DataFrame(schema=schema), *told])
    shares = known.shares(doubtful["words"].to_list()) if doubtful.height else np.zeros((0, len(known.codes)))
    own = known.places(doubtful["heading"].to_list())
    share = np.where(own >= 0, shares[np.arange(len(own)), own], 0.0)
    return doubtful.filter(pl.Series((shares > share[:, None]).sum(axis=1) >= UNLIKELY))


def _counted(known: Headings, pairs: pl.DataFrame) -> pl.DataFrame:
    """The counts of those pairs of which they speak against the heading."""
    texts = pairs["words"].unique(maintain_order=True)
    places = pl.DataFrame({"words": texts}).with_row_index("row")
    row = pairs.join(places, on="words", how="left", maintain_order="left")["row"].to_numpy()
    counted = known.declared_like(texts.to_list())[row]
    own, every = known.places(pairs["heading"].to_list()), np.arange(pairs.height)
    usual = counted.argmax(axis=1)
    told = pairs.select(_PAIR).with_columns(
        like_count=pl.Series(counted.sum(axis=1)),
        like_under_count=pl.Series(np.where(own >= 0, counted[every, own], 0)),
        usual_heading=pl.Series([known.codes[place] for place in usual.tolist()], dtype=pl.String),
        usual_heading_count=pl.Series(counted[every, usual]),
    )
    like = pl.col("like_count")
    return told.filter(
        (like >= ENOUGH_LIKE)
        & (pl.col("like_under_count") <= FEW_UNDER * like)
        & (pl.col("usual_heading_count") >= MOSTLY * like)
    )


def _vague(known: Headings, texts: pl.Series) -> pl.DataFrame:
    """``words, vague_permille`` of each text, between 0 and 1,000; null where nothing vague was learned."""
    if known.vague is None:
        return pl.DataFrame({"words": texts}).with_columns(vague_permille=pl.lit(None, dtype=pl.Int64))
    share = np.clip(known.vague.of(texts.to_list()), 0.0, 1.0)
    return pl.DataFrame({"words": texts, "vague_permille": np.rint(THOUSAND * share).astype(np.int64)})


def _at(seen: Any, row: Ints, column: Ints) -> npt.NDArray[np.float64]:
    """The entries at rows and columns; nought where the column is below nought."""
    there = column >= 0
    told = np.zeros(len(row))
    told[there] = np.asarray(seen[row[there], column[there]]).ravel()
    return told
