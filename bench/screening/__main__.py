"""``make bench-screening``: quality, alert budget, speed and size of screening, beside its peers on the same input.

On names of one's own (Parquet files)::

    python -m bench.screening --listings LIST.parquet    # rows of schema LISTING; the labelled set is built from them
    python -m bench.screening --pairs PAIRS.parquet      # one's own labelled set: left, right, kind, label, category
    python -m bench.screening --traffic NAMES.parquet    # one's own ordinary names: name, kind

``--save FOLDER`` keeps the labelled set and what was asked, ``--json FILE`` every figure. ``--lists`` (or the variable
PRATIQUE_BENCH_LISTS) says where the public lists are; without them names are invented, and that is said.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.screening import parts
from bench.screening.growth import grown
from bench.screening.inputs import Given, Inputs, gathered
from bench.screening.list_change import CHANGED, LISTED, ListChanged, change_list
from bench.screening.quality import Quality
from bench.screening.table import Row, best_of, table

LISTS: Final = Path(__file__).parents[3] / "shared" / "data" / "watchlists"
LARGE: Final = 50_000
MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything measured; ``None`` where a part was left out."""

    pairs: Mapping[str, Quality]
    small: parts.Ended
    sample: Mapping[str, parts.Ended]
    kept: float
    kept_near: float
    large: parts.Ended
    single: Mapping[str, float]
    million: parts.Ended | None
    million_kept: float | None
    changed: ListChanged | None


def measured(inputs: Inputs, told: argparse.Namespace, work: Path) -> Figures:
    """Every part, in an order in which the quick ones come first."""
    seed = told.seed
    pairs = parts.label_pairs(inputs, with_peers=told.peers)
    small = parts.screen_small(inputs, work / "small")
    sample = parts.screen_beside_peers(inputs, work / "sample", seed=seed)
    kept = parts.share_kept(inputs.small, inputs.asked, names=told.kept, whole=True, seed=seed)
    kept_near = parts.share_kept(inputs.small, inputs.asked, names=told.kept_near, whole=False, seed=seed)
    large = parts.screen_large(grown(inputs.without_asked(), LARGE, seed=seed), inputs.asked, work / "large")
    single = parts.single_names(inputs, work / "large", seed=seed)
    million = million_kept = None
    if told.million:
        listed = grown(inputs.without_asked(), MILLION, seed=seed)
        few = inputs.asked.sample(min(parts.NAMES_OF_A_MILLION, len(inputs.asked)), seed=seed)
        million = parts.screen_large(listed, few, work / "million")
        if told.kept_million:
            index = work / "million" / "index"
            million_kept = parts.share_kept_of_saved(index, inputs.asked, names=told.kept_million, seed=seed)
    changed = None
    if told.parties:
        listed = grown(inputs.listings, LISTED + CHANGED, seed=seed)
        changed = change_list(listed, work / "changed", parties=told.parties, seed=seed)
    return Figures(pairs, small, sample, kept, kept_near, large, single, million, million_kept, changed)


def rows(told: Figures) -> list[Row]:
    """The table that was asked for: pairs as ``compare`` scores them, the rest as one configuration of a screener."""
    peers = {name: each for name, each in told.pairs.items() if not name.startswith("ours")}
    mine = told.pairs[parts.BARE]
    logic_v2 = told.sample.get(parts.LOGIC_V2)
    whose = parts.LOGIC_V2 if logic_v2 else ""
    has_arabic = "arabic_listed" in mine.found

    def pair_row(what: str, target: float, of: Callable[[Quality], float]) -> Row:
        return Row(what, of(mine), target, *best_of(peers, of))

    million = told.million
    return [
        pair_row("recall at precision 0.95, labelled pairs", 0.85, lambda each: each.recall_at[0.95]),
        pair_row("best F1", 0.90, lambda each: each.f1),
        pair_row("average precision", 0.965, lambda each: each.average_precision),
        Row("recall at 10 alerts per 1,000 ordinary names", told.small.told.recall[10], 0.90),
        Row(
            "the same, on the sample the peer is asked",
            told.sample["ours"].told.recall[10],
            0.90,
            logic_v2.told.recall[10] if logic_v2 else None,
            whose,
        ),
        pair_row("recall at precision 0.99", 0.66, lambda each: each.recall_at[0.99]),
        pair_row("Arabic-script spellings of the lists found", 0.60, lambda each: each.found["arabic_listed"])
        if has_arabic
        else Row("Arabic-script spellings of the lists found", None, 0.60),
        Row("one core, 7.6 k list", told.small.rate, 6000, logic_v2.rate if logic_v2 else None, whose, unit="names/s"),
        Row("two cores, 50 k list", told.large.rate, 5000, unit="names/s"),
        Row("two cores, 1 M list", million.rate if million else None, 1500, unit="names/s"),
        Row("building 1 M", million.build_seconds if million else None, 120, at_most=True, unit="s"),
        Row("memory at 1 M", million.memory_mb if million else None, 3000, at_most=True, unit="MB"),
        Row("one name, warm, 50 k list, p99 of processor", told.single["processor_p99_ms"], 5, at_most=True, unit="ms"),
        Row("hits kept of exhaustive comparison, 7.6 k", told.kept, 0.999, unit="%"),
        Row("the same, many names with the nearest", told.kept_near, 0.999, unit="%"),
        Row("the same, 1 M", told.million_kept, 0.999, unit="%"),
        Row("a list changes: times as fast as screening anew", told.changed.ratio if told.changed else None, 5),
        Row("memory of that", told.changed.memory_mb if told.changed else None, 2000, at_most=True, unit="MB"),
    ]


def main() -> None:
    """Reads the arguments, measures, prints the table and keeps the figures."""
    told = _arguments()
    inputs = gathered(Given(told.lists, told.listings, told.pairs, told.traffic), seed=told.seed)
    print(f"List: {inputs.source}. Seed {told.seed}.")
    if told.save:
        inputs.save(told.save)
    with tempfile.TemporaryDirectory(prefix="bench-screening-") as work:
        figures = measured(inputs, told, Path(work))
    asked = rows(figures)
    print(f"\n{table(asked)}")
    if told.json:
        kept = {"seed": told.seed, "source": inputs.source, "rows": [asdict(row) for row in asked], **asdict(figures)}
        told.json.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.screening", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    lists = Path(os.environ.get("PRATIQUE_BENCH_LISTS", LISTS))
    parser.add_argument("--lists", type=Path, default=lists, help="folder of the public lists")
    parser.add_argument("--listings", type=Path, help="a list of one's own")
    parser.add_argument("--pairs", type=Path, help="a labelled set of one's own")
    parser.add_argument("--traffic", type=Path, help="ordinary names of one's own")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=int, default=parts.KEPT_NAMES, help="names compared with the whole list")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="leave logic-v2 out")
    parser.add_argument("--no-million", dest="million", action="store_false", help="leave the list of a million out")
    parser.add_argument(
        "--parties", type=int, default=MILLION, help="parties known where a list changes; 0 leaves that out"
    )
    parser.add_argument("--kept-near", type=int, default=parts.NEAR_NAMES, help="with the nearest by brute force")
    parser.add_argument(
        "--kept-million",
        type=int,
        default=parts.KEPT_OF_A_MILLION,
        help="names compared with every name of the list of a million; 0 for none",
    )
    parser.add_argument("--save", type=Path, help="folder for the labelled set and what is asked")
    parser.add_argument("--json", type=Path, help="file for every figure")
    return parser.parse_args()


if __name__ == "__main__":
    main()
