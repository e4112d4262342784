"""HS headings out of parcel descriptions, and which of these are too vague: ours beside two usual ways, same texts.

Five seeded splits: a fifth is held out, of which the parcel texts are told; four fifths of both kinds are learned from.
The peers read letters (3 to 5) and words with scikit-learn's TF-IDF: a vote of the forty nearest, each by the cube of
its nearness, and a linear support vector classifier as it comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from pratique.flow.learning.headings import heading_of, learn_headings, learn_vague
from pratique.flow.learning.measuring import auc

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "hs"
NEIGHBOURS = 40
STUDENT = 2.776  # 95 % of five splits, four degrees of freedom
Floats = npt.NDArray[np.float64]


def headings(seeds: Sequence[int]) -> None:
    """Prints the mean of the splits with its interval (95 %, Student), and how often ours is above the better peer."""
    if not (FOLDER / "text_references.csv").is_file():
        print(f"HS headings: no texts here ({FOLDER})")
        return
    told = pl.read_csv(FOLDER / "text_references.csv", infer_schema=False)
    told = told.select("description", heading=heading_of(pl.col("hs")), parcel=pl.col("kind") == "parcel")  # type: ignore[arg-type]
    vague = pl.read_csv(FOLDER / "vague_descriptions.csv", infer_schema=False)["description"]
    splits = [_split(told, vague, seed) for seed in seeds]
    print(f"HS headings of parcel texts, {len(splits)} splits of {told.height:,} texts, a fifth held out:")
    for name in splits[0]:
        values = np.array([each[name] for each in splits])
        half = STUDENT * values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
        print(f"    {name:28} {values.mean():.3f} ± {half:.3f}")


def _split(told: pl.DataFrame, vague: pl.Series, seed: int) -> Mapping[str, float]:
    order = np.random.default_rng(seed).permutation(told.height)
    held = told[order[: told.height // 5]].filter("parcel")
    early = told[order[told.height // 5 :]]
    texts, truth = held["description"].to_list(), held["heading"].to_numpy()
    ours = learn_headings(early.select("description", "heading"))
    peers, codes = _peers(early, texts)
    arms = {"ours": (ours.shares(texts), np.array(ours.codes))} | {name: (each, codes) for name, each in peers.items()}
    figures = {
        f"{name}, top {many}": _within(scores, names, truth, many)
        for name, (scores, names) in arms.items()
        for many in (1, 5)
    }
    return {**figures, **_too_vague(early, held, vague, seed)}


def _within(scores: Floats, codes: npt.NDArray[Any], truth: npt.NDArray[Any], many: int) -> float:
    first = codes[np.argsort(-scores, axis=1, kind="stable")[:, :many]]
    return float((first == truth[:, None]).any(axis=1).mean())


def _peers(early: pl.DataFrame, texts: Sequence[str]) -> tuple[Mapping[str, Floats], npt.NDArray[Any]]:
    readers = (
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
        TfidfVectorizer(analyzer="word", token_pattern=r"[^\W_]+", ngram_range=(1, 2), sublinear_tf=True),
    )
    known = sparse.hstack([each.fit_transform(early["description"].to_list()) for each in readers]).tocsr() / np.sqrt(2)
    asked = sparse.hstack([each.transform(texts) for each in readers]).tocsr() / np.sqrt(2)
    codes, place = np.unique(early["heading"].to_numpy(), return_inverse=True)
    near = (asked @ known.T).toarray()
    vote = np.zeros((len(texts), len(codes)))
    for row, nearest in enumerate(np.argpartition(-near, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]):
        np.add.at(vote[row], place[nearest], near[row, nearest] ** 3)
    machine = LinearSVC().fit(known, place)
    return {"nearest-text vote": vote, "linear SVC": machine.decision_function(asked)}, codes


def _too_vague(early: pl.DataFrame, held: pl.DataFrame, vague: pl.Series, seed: int) -> Mapping[str, float]:
    """All held-out texts, and those of which only one of the two lists has the words: of the others nobody can tell."""
    order = np.random.default_rng(seed).permutation(len(vague))
    away, usual = len(vague) // 5, pl.concat([early, held]).filter("parcel")["description"]
    learned = learn_vague(vague.gather(order[away:]), early.filter("parcel")["description"])
    asked = pl.concat([vague.gather(order[:away]), held["description"]])
    score = learned.of(asked.to_list())
    refused = (np.arange(len(asked)) < away).astype(np.float64)
    once = ~(asked.is_in(vague.implode()) & asked.is_in(usual.implode())).to_numpy()
    return {"too vague, AUC": auc(score[once], refused[once]), "too vague, AUC, of all": auc(score, refused)}
