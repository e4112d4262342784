"""The parts of the bench, each of which measures, says what it found and hands its figures on."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from bench.screening import kept, ours, peers
from bench.screening.inputs import Inputs
from bench.screening.quality import BUDGETS, EndToEnd, Quality, end_to_end, quality
from bench.screening.table import categories, qualities
from pratique.flow.screening.normalise import kind_of

OURS: Final = "ours, in a list"
BARE: Final = "ours, bare pair"
LOGIC_V2: Final = "logic-v2"
PEER_NAMES: Final = 1_600
KEPT_NAMES: Final = 60
NEAR_NAMES: Final = 2_000
NAMES_OF_A_MILLION: Final = 6_000
KEPT_OF_A_MILLION: Final = 500
SINGLE_NAMES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Ended:
    """One list asked end to end: what alerted, names per processor second of one process, seconds to build, memory."""

    told: EndToEnd
    rate: float
    build_seconds: float
    memory_mb: float | None = None


def label_pairs(inputs: Inputs, *, with_peers: bool) -> dict[str, Quality]:
    """How every matcher orders the labelled pairs; ours first, by ``compare`` and in a screener of all listed names."""
    pairs = inputs.pairs
    bare, rate = ours.compared(pairs)
    told = {BARE: quality(pairs, bare), OURS: quality(pairs, ours.screened(pairs))}
    rates = {BARE: rate}
    for name in peers.SCORERS:
        scores, rates[name] = peers.rapidfuzz_pairs(pairs, name)
        told[name] = quality(pairs, scores)
    if with_peers:
        try:
            scores, rates[LOGIC_V2] = peers.logic_v2_pairs(pairs)
            told[LOGIC_V2] = quality(pairs, scores)
        except peers.NoPeerError as error:
            print(f"logic-v2 was not measured: {error}")
    positives = int(pairs["label"].sum())
    print(f"\nLabelled pairs: {positives:,} true spellings, {len(pairs) - positives:,} other names\n")
    print(qualities(told, rates))
    print("A pair below the lowest threshold of a screener is not told by it and counts as 0 in the second line.")
    counts = pairs.filter(label=1).group_by("category").len().sort("category")
    shown = {name: each for name, each in told.items() if not name.startswith("rapidfuzz W")}
    print(f"\nFound of each category at the best F1 of each\n\n{categories(shown, dict(counts.iter_rows()))}")
    return told


def screen_small(inputs: Inputs, folder: Path) -> Ended:
    """The small list on one core, and the alerts of the threshold that the product calibrates itself."""
    run = ours.run(inputs.small, inputs.asked, folder)
    ended = _ended(run, inputs.asked)
    print(f"\nEnd to end, {_size(inputs.small)}, one core: {_spoken(ended)}")
    print(
        f"calibrated for {ours.BUDGET} alerts per 1,000 ordinary names (threshold {run.build['threshold']:.3f}); "
        f"on this traffic {ended.told.own_alerts:.1f}"
    )
    return ended


def screen_beside_peers(inputs: Inputs, folder: Path, *, seed: int) -> dict[str, Ended]:
    """A sample of what is asked on the small list, one core: ours, logic-v2 behind its blocker, rapidfuzz."""
    asked = inputs.asked.sample(min(PEER_NAMES, len(inputs.asked)), seed=seed)
    found = {"ours": _ended(ours.run(inputs.small, asked, folder), asked)}
    for name, run in ((LOGIC_V2, peers.logic_v2_run), ("rapidfuzz token_sort", peers.rapidfuzz_run)):
        try:
            peer = run(inputs.small, asked)
            found[name] = Ended(end_to_end(peer.hits, asked), peer.rate, peer.build_seconds)
        except peers.NoPeerError as error:
            print(f"{name} was not measured end to end: {error}")
    print(f"\nA sample of {len(asked):,} of them, one core")
    for name, each in found.items():
        print(f"  {name:<21} {_spoken(each)}")
    return found


def screen_large(listed: pl.DataFrame, asked: pl.DataFrame, folder: Path) -> Ended:
    """A large list, two processes that share the saved index."""
    ended = _ended(ours.run(listed, asked, folder, processes=2), asked)
    print(f"\nEnd to end, {_size(listed)}, {len(asked):,} names, two processes: {_spoken(ended)}")
    return ended


def single_names(inputs: Inputs, folder: Path, *, seed: int) -> Mapping[str, float]:
    """One name at a time on the list that was asked last in ``folder``."""
    told = ours.latency(inputs.asked.sample(min(SINGLE_NAMES, len(inputs.asked)), seed=seed), folder)
    print(
        f"one name in a warm process: p50 {told['processor_p50_ms']:.1f} ms, p99 {told['processor_p99_ms']:.1f} ms of "
        f"processor; {told['clock_p50_ms']:.1f} and {told['clock_p99_ms']:.1f} ms on the clock of this machine"
    )
    return told


def share_kept(listed: pl.DataFrame, asked: pl.DataFrame, *, names: int, whole: bool, seed: int) -> float:
    """The share of the hits of exhaustive comparison that the index keeps, on a sample of ``names``."""
    drawn = random.Random(seed)
    rows = [(name, kind_of(kind)) for name, kind in listed.select("name", "kind").iter_rows()]
    spelled = asked.filter(pl.col("entity_id").is_not_null()).select("name", "kind").rows()
    wanted, found = kept.measure(rows, drawn.sample(spelled, min(names, len(spelled))), whole=whole)
    share = found / wanted if wanted else 1.0
    how = "every listed name" if whole else f"the {kept.NEAREST} names nearest by each of two brute-force scorers"
    print(f"hits kept of comparing {names:,} names with {how}: {found:,} of {wanted:,} ({share:.3%})")
    return share


def share_kept_of_saved(index: Path, asked: pl.DataFrame, *, names: int, seed: int) -> float:
    """The same on a list that was saved in ``index``, each name compared with every listed one by the compiled loop."""
    spelled = [(name, kind_of(kind)) for name, kind in asked.select("name", "kind").iter_rows()]
    chosen = random.Random(seed).sample(spelled, min(names, len(spelled)))
    wanted, found = kept.measure_saved(index, chosen)
    share = found / wanted if wanted else 1.0
    print(f"hits kept of comparing {len(chosen):,} names with every one of them: {found:,} of {wanted:,} ({share:.3%})")
    return share


def _ended(run: ours.Run, asked: pl.DataFrame) -> Ended:
    return Ended(end_to_end(run.hits, asked), run.rate, run.build_seconds, run.memory_mb)


def _size(listed: pl.DataFrame) -> str:
    return f"list of {len(listed):,} names"


def _spoken(each: Ended) -> str:
    recall = ", ".join(f"{each.told.recall[budget]:.3f} at {budget}" for budget in BUDGETS)
    memory = "" if each.memory_mb is None else f", {each.memory_mb:,.0f} MB"
    return (
        f"{each.rate:,.0f} names/s, built in {each.build_seconds:.1f} s{memory}; recall {recall} alerts per 1,000; "
        f"right entity on top {each.told.on_top:.3f}, told {each.told.in_hits:.3f}"
    )
