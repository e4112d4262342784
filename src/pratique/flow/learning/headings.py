"""Which headings a description of goods is plausible under, learned from declarations and the Harmonized System.

In: descriptions with the headings they were declared under. Out: for a description the share of plausibility of each
heading, how often descriptions like it stood under the declared one, and how much it is like those refused as too
vague. It is a ridge regression over nearness of descriptions, of each heading and with it of its chapter: closed, the
same every time, quick to make and without tuning. It learns what is usual, not what is right: a heading that everybody
declares falsely is plausible to it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from pratique.flow.learning.errors import refuse
from pratique.flow.learning.wording import OF_WORDS, Vocabulary, bags_of, letters_alone, runs_of, word_terms_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
MOST_KNOWN: Final = 6000  # different descriptions with their heading; the most frequent are taken
MOST_VAGUE: Final = 3000
LEAST_KNOWN: Final = 50
LIKE: Final = 0.5  # nearness from which on two descriptions count as like one another
DOUBT: Final = 0.3  # of a declared heading; the more often it was declared, the less
DOUBT_OF_BOOK: Final = 1.5  # the language of the law is not that of trade
DOUBT_OF_VAGUE: Final = 1.5  # the two lists were made by people who did not always agree
OF_CHAPTER: Final = 0.4  # how much the chapter counts beside the heading
OF_A_BOOK_TEXT: Final = 0.25  # what a text of the law counts at first sight, beside one declaration
_LEAST: Final = 0.02
_SPEAKS: Final = 0.1
_HEADING_DIGITS: Final = 4


@dataclass(frozen=True)
class Headings:
    """What was learned: the ``known`` descriptions as vectors, each with its heading (a place in ``codes``) and how
    often it was declared (0: a text of the Harmonized System), what each adds to every heading, and the vague ones.

    ``until`` is the last day (ISO 8601) of the declarations it was learned from; ``rows`` how many they were.
    """

    codes: tuple[str, ...]
    words: Vocabulary
    known: Any
    heading: Ints
    times: Ints
    adds: npt.NDArray[np.float32]
    vague: Vague | None
    until: str
    rows: int

    def shares(self, texts: Sequence[str]) -> Floats:
        """Texts × ``codes``: the share of plausibility; alike for every heading where no word is known."""
        return self._shares(self._near(texts))

    def speaking_for(self, texts: Sequence[str]) -> Floats:
        """Texts × ``codes``: the share of those headings that the words speak for, nought for all others.

        They are those with a tenth of the likeliest one's plausibility; none where no word is known.
        """
        told = np.maximum(self._told(self._near(texts)) - _LEAST ** (1 + OF_CHAPTER), 0.0)
        above = np.where(told >= _SPEAKS * told.max(axis=1, keepdims=True), told, 0.0)
        shares: Floats = above / np.maximum(above.sum(axis=1, keepdims=True), 1e-9)
        return shares

    def at_first_sight(self, texts: Sequence[str]) -> Any:
        """Texts × ``codes``, sparse: how much the words of each stood under a heading before, the rarer the more."""
        terms, rarity, shares = self._by_word
        bags = bags_of(texts, read=word_terms_of)
        place = np.minimum(np.searchsorted(terms, bags.term), len(terms) - 1)
        known = terms[place] == bags.term
        words = (rarity[place[known]], (bags.row[known], place[known]))
        return sparse.csr_array(words, shape=(bags.texts, len(terms))) @ shares

    def declared_like(self, texts: Sequence[str]) -> Ints:
        """Texts × ``codes``: how many declarations were like each, by heading.

        Words that nobody declared before make a text less like all others.
        """
        bags = bags_of(texts)
        near = (self.words.vectors(bags) @ self.known.T).tocsr()
        least = np.repeat(LIKE / np.maximum(self.words.covered(bags), 1e-9), np.diff(near.indptr))
        near.data = (near.data >= least).astype(np.float64)
        counted: Ints = np.rint((near @ self._of_heading(self.times)).toarray()).astype(np.int64)
        return counted

    def places(self, declared: Sequence[str | None]) -> Ints:
        """The place of each heading in ``codes``; -1 where it has none."""
        places = {code: place for place, code in enumerate(self.codes)}
        return np.array([places.get(code or "", -1) for code in declared], dtype=np.int64)

    @cached_property
    def _by_word(self) -> tuple[npt.NDArray[np.uint32], Floats, Any]:
        """The terms of words, how rare each is, and how what was declared with it is shared out over headings."""
        of_words = np.flatnonzero(self.words.terms >= OF_WORDS)
        there = self.known[:, of_words].tocsr()
        there.data = np.ones_like(there.data)
        counted = (there.T @ self._of_heading(np.maximum(self.times, OF_A_BOOK_TEXT))).tocsr()
        in_all = np.maximum(np.asarray(counted.sum(axis=1)).ravel(), OF_A_BOOK_TEXT)
        shares = sparse.csr_array(counted.multiply((1.0 / in_all)[:, None]))
        return self.words.terms[of_words], self.words.rarity[of_words], shares

    def _of_heading(self, counted: npt.NDArray[Any]) -> Any:
        """Known texts × ``codes``, sparse: a number of each text at its heading."""
        places = (np.arange(len(counted)), self.heading)
        return sparse.csr_array((counted.astype(np.float64), places), shape=(len(counted), len(self.codes)))

    def _near(self, texts: Sequence[str]) -> Any:
        return (self.words.vectors(bags_of(texts)) @ self.known.T).tocsr()

    def _shares(self, near: Any) -> Floats:
        told = self._told(near)
        shares: Floats = told / told.sum(axis=1, keepdims=True)
        return shares

    def _told(self, near: Any) -> Floats:
        added = np.asarray(near.astype(np.float32) @ self.adds, dtype=np.float64)
        chapter = np.unique([code[:2] for code in self.codes], return_inverse=True)[1]
        order = np.argsort(chapter, kind="stable")
        starts = np.searchsorted(chapter[order], np.arange(chapter.max() + 1))
        of_chapter = np.add.reduceat(added[:, order], starts, axis=1)[:, chapter]
        told: Floats = np.maximum(added + _LEAST, 1e-4) * np.maximum(of_chapter + _LEAST, 1e-4) ** OF_CHAPTER
        return told


@dataclass(frozen=True)
class Vague:
    """Descriptions refused as too vague, beside ordinary ones: what each adds to ``start``, the share of refused."""

    words: Vocabulary
    known: Any
    adds: npt.NDArray[np.float32]
    start: float

    def of(self, texts: Sequence[str]) -> Floats:
        """How much each is like those refused: about 1 like them, about 0 like ordinary ones."""
        return self.start + np.asarray(self.words.vectors(bags_of(texts, read=runs_of)) @ self._of_terms)

    @cached_property
    def _of_terms(self) -> Floats:
        """What each term adds: nearness to all known texts is one product of the terms."""
        return np.asarray(self.known.T @ self.adds.astype(np.float64))


def learn_headings(declared: pl.DataFrame, *, vague: pl.Series | None = None, until: str = "") -> Headings:
    """What ``declared`` (``description, heading``; one row a declaration) and the Harmonized System tell.

    ``vague`` are descriptions that were refused as too vague. Raises ``model.headings_few`` below fifty different ones.
    """
    told = declared.drop_nulls().filter(pl.col("heading").str.contains(r"^\d{4}$"))
    words = told.with_columns(letters_alone(pl.col("description"))).filter(pl.col("description") != "")
    first = ["len", "description", "heading"]
    pairs = words.group_by("description", "heading").len().sort(first, descending=[True, False, False])
    if pairs.height < LEAST_KNOWN:
        raise refuse("model.headings_few", count=pairs.height, least=LEAST_KNOWN)
    pairs = pairs.head(MOST_KNOWN)
    texts, book = pairs["description"].to_list(), _book()
    bags = bags_of([*texts, *(text for _, text in book)])
    terms = Vocabulary.of(bags)
    known = terms.vectors(bags)
    named = [*pairs["heading"].to_list(), *(code for code, _ in book)]
    codes, heading = np.unique(named, return_inverse=True)
    times = np.concatenate([pairs["len"].to_numpy(), np.zeros(len(book))]).astype(np.int64)
    doubt = np.where(times > 0, DOUBT / (1 + np.log(np.maximum(times, 1))), DOUBT_OF_BOOK)
    wanted = np.zeros((len(named), len(codes)))
    wanted[np.arange(len(named)), heading] = 1.0
    return Headings(
        codes=tuple(codes.tolist()),
        words=terms,
        known=known,
        heading=heading.astype(np.int64),
        times=times,
        adds=_solved(known, doubt, wanted),
        vague=None if vague is None else learn_vague(vague, _by_frequency(told["description"])),
        until=until,
        rows=told.height,
    )


def _by_frequency(texts: pl.Series) -> pl.Series:
    counted = texts.alias("text").to_frame().group_by("text").len()
    return counted.sort(["len", "text"], descending=[True, False])["text"]


def learn_vague(vague: pl.Series, ordinary: pl.Series) -> Vague:
    """What tells descriptions that were refused from ordinary ones; those among both tell nothing and are left out."""
    refused, usual = (each.drop_nulls().unique(maintain_order=True) for each in (vague, ordinary))
    both = refused.filter(refused.is_in(usual.implode())).implode()
    refused, usual = refused.filter(~refused.is_in(both)), usual.filter(~usual.is_in(both))
    if not len(refused) or not len(usual):
        raise refuse("model.vague_few", refused=len(refused), ordinary=len(usual))
    texts = [*refused.head(MOST_VAGUE).to_list(), *usual.head(MOST_VAGUE).to_list()]
    bags = bags_of(texts, read=runs_of)
    words = Vocabulary.of(bags)
    known = words.vectors(bags)
    wanted = (np.arange(bags.texts) < min(len(refused), MOST_VAGUE)).astype(np.float64)
    start = float(wanted.mean())
    doubt = np.full(bags.texts, DOUBT_OF_VAGUE)
    return Vague(words, known, _solved(known, doubt, (wanted - start)[:, None])[:, 0], start)


def heading_of(codes: pl.Series) -> pl.Series:
    """The first four digits of codes."""
    return codes.str.slice(0, _HEADING_DIGITS)


def _solved(known: Any, doubt: Floats, wanted: Floats) -> npt.NDArray[np.float32]:
    from scipy.linalg import cho_factor, cho_solve

    near = (known @ known.T).toarray()
    near[np.diag_indices_from(near)] += doubt
    factor = cho_factor(near, lower=True, overwrite_a=True, check_finite=False)
    return np.asarray(cho_solve(factor, wanted, check_finite=False), dtype=np.float16).astype(np.float32)


@cache
def _book() -> tuple[tuple[str, str], ...]:
    """The texts of the Harmonized System, those of each heading together."""
    text = (resources.files("pratique") / "data" / "codes" / "hs2022.csv").read_text("utf-8")
    told: dict[str, list[str]] = {}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        if len(row["code"]) >= _HEADING_DIGITS:
            told.setdefault(row["code"][:_HEADING_DIGITS], []).append(row["description"])
    return tuple((code, " ".join(texts)) for code, texts in sorted(told.items()))
