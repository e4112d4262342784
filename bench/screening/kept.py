"""How many of the hits that comparing everything with everything gives the index keeps.

The exhaustive comparison is the reference implementation of the tests: every declared name against every listed one.
That costs a minute for seventy names against 7,600, so more names are compared with those listed names that two
brute-force scorers of rapidfuzz over the whole list put nearest, which know nothing of the index. On a list of a
million the compiled loop itself compares each name with every listed one.
"""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from bench.screening import noise
from pratique.flow.intake.format import ReadContext
from pratique.flow.intake.read import read
from pratique.flow.screening import ListFile, Screener, list_source
from pratique.flow.screening.normalise import kind_of, normalise
from pratique.vocabulary.codes import shipped_tables

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "reference"))
reference = importlib.import_module("screening_exhaustive")

Named = tuple[str, str]
"""A name and its kind."""

_ACCIDENTS: Final = (
    *(noise.one_typo, noise.two_typos, noise.ocr, noise.joined_tokens, noise.split_token),
    *(noise.reordered, noise.initials, noise.dropped_name, noise.added_name, noise.cut_at_35),
)
NEAREST: Final = 100
"""Listed names that each brute-force scorer gives for a name, where not every one is compared."""


def measure(listed: Sequence[Named], asked: Sequence[Named], *, whole: bool = True) -> tuple[int, int]:
    """Hits of the exhaustive comparison, and those of them that the index keeps with the very same score.

    ``whole`` compares with every listed name, else with the nearest ones by brute force.
    """
    rows = {"name": [name for name, _ in listed], "kind": [kind for _, kind in listed]}
    ids = [str(number) for number in range(len(listed))]
    screener = Screener.build(pl.DataFrame({"listing_id": ids, "entity_id": ids, **rows}))
    line = {kind: screener.calibration.line(kind) for kind in reference.COMPARED}
    scored = screener.scored_pairs([normalise(name, kind) for name, kind in asked], [kind for _, kind in asked])
    kept = {(pair.declared, pair.listed, pair.permille) for pair in scored}
    exhaustive = reference.Exhaustive(listed)
    scores = _all(exhaustive, asked) if whole else _near(exhaustive, asked)
    wanted = {each for each in scores if each[2] >= line[exhaustive.names[each[1]][0]]}
    return len(wanted), len(wanted & kept)


def measure_saved(index: Path, asked: Sequence[Named]) -> tuple[int, int]:
    """Hits of the names on the list saved in ``index`` when each is compared with every listed name, and those kept.

    The words that are alike come from the index, which a test compares with comparing every word with every word; the
    names are compared by the same loop, which passes none by.
    """
    screener = Screener.open(index)
    names, kinds = [normalise(name, kind) for name, kind in asked], [kind for _, kind in asked]
    every, kept = (
        {(pair.declared, pair.listed, pair.permille) for pair in screener.scored_pairs(names, kinds, exhaustive=each)}
        for each in (True, False)
    )
    return len(every), len(every & kept)


def _all(exhaustive: Any, asked: Sequence[Named]) -> Iterator[tuple[int, int, int]]:
    """Number of each asked name, number and thousandths of every listed name that scores at all."""
    for number, (name, kind) in enumerate(asked):
        for at, permille in exhaustive.hits(name, kind, 1):
            yield number, at, permille


def _near(exhaustive: Any, asked: Sequence[Named]) -> Iterator[tuple[int, int, int]]:
    """The same for the listed names that either brute-force scorer puts nearest."""
    listed = [" ".join(sorted(words)) for _, words in exhaustive.names]
    for number, (name, kind) in enumerate(asked):
        told = [" ".join(sorted(normalise(name, kind).tokens))]
        near: set[int] = set()
        for scorer in (fuzz.ratio, fuzz.token_set_ratio):
            scores = process.cdist(told, listed, scorer=scorer, dtype=np.uint8, workers=1)[0].astype(np.int16)
            near.update(np.argpartition(-scores, min(NEAREST, len(listed)) - 1)[:NEAREST].tolist())
        for at, permille in exhaustive.hits(name, kind, 1, among=sorted(near)):
            yield number, at, permille


def listed_names(watchlist: Path) -> list[str]:
    """Every spelling on an own list."""
    return _load(watchlist)["name"].to_list()


def kept_hits(manifest: Path, watchlist: Path, *, names: int = 60, seed: int = 1) -> tuple[int, int, int]:
    """Hits kept, hits of the exhaustive comparison and how many names of a manifest were compared with an own list.

    Half of the names are drawn from the parties of the manifest; the others are listed names as a manifest might spell
    them, because few parties of a manifest are listed.
    """
    drawn = random.Random(seed)
    with manifest.open("rb") as stream:
        context = ReadContext(file_name=manifest.name, raw_sha256="")
        read_manifest = read(stream, context=context, tables=shipped_tables(), profiles=()).manifest
    parties = read_manifest.parties["name"].drop_nulls().unique(maintain_order=True).to_list()
    listed = [(name, kind_of(kind)) for name, kind in _load(watchlist).select("name", "kind").iter_rows()]
    asked = [(name, "party") for name in drawn.sample(parties, min(names // 2, len(parties)))]
    asked += [(noisy(name, drawn), "party") for name, _ in drawn.sample(listed, min(names - len(asked), len(listed)))]
    wanted, kept = measure(listed, asked)
    return kept, wanted, len(asked)


def noisy(name: str, drawn: random.Random) -> str:
    """The name in capitals after one accident that can happen to it."""
    declared = " ".join(name.upper().split())
    damaged = (accident(declared, drawn) for accident in drawn.sample(_ACCIDENTS, len(_ACCIDENTS)))
    return next(filter(None, damaged), declared)


def _load(watchlist: Path) -> pl.DataFrame:
    return list_source("own").load([ListFile(watchlist.name, watchlist.read_bytes())]).listings
