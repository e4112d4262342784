"""How many of the hits that comparing everything with everything gives the index keeps, and what screening costs.

Run as ``python bench/screening_recall.py --listings FILE.parquet [--names 300]`` with rows of schema ``LISTING``;
without ``--listings`` a list of ``--size`` invented names is used. Prints the share of hits kept and CPU seconds.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
import time
from pathlib import Path

import polars as pl

from pratique.flow.intake.format import ReadContext
from pratique.flow.intake.read import read
from pratique.flow.screening import ListFile, Screener
from pratique.flow.screening.normalise import kind_of, normalise
from pratique.flow.screening.sources.own import OwnList
from pratique.vocabulary.codes import shipped_tables

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "reference"))
reference = importlib.import_module("screening_exhaustive")

SYLLABLES = ("KA", "LO", "MI", "RA", "TEN", "SHU", "VAR", "BEL", "DOR", "IN", "AL", "ZHA", "PET", "OV", "SKI", "MAN")
TRADES = ("TRADING", "LOGISTICS", "TEXTILES", "FOODS", "MARINE", "STEEL")


def invented_names(size: int, drawn: random.Random) -> list[tuple[str, str]]:
    """Pairs (name, kind) of invented syllables; words repeat as they do on real lists."""
    words = ["".join(drawn.choices(SYLLABLES, k=drawn.choice((2, 2, 3)))) for _ in range(max(50, size // 4))]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    names = []
    for _ in range(size):
        chosen = drawn.choices(words, weights, k=drawn.choice((2, 2, 3)))
        if drawn.random() < 0.4:
            names.append((" ".join([*chosen, drawn.choice(TRADES), "CO LTD"]), "organisation"))
        else:
            names.append((" ".join(chosen), "person"))
    return names


def noisy(name: str, drawn: random.Random) -> str:
    """The name as a manifest might spell it: typing errors, order, joined, missing or further words, a short field."""
    words = name.replace(",", " ").split()
    for _ in range(drawn.choice((0, 1, 1, 2))):
        at = drawn.randrange(len(words))
        letters = list(words[at])
        place = drawn.randrange(len(letters))
        what = drawn.choice("dist")
        if what == "d" and len(letters) > 2:
            del letters[place]
        elif what == "i":
            letters.insert(place, drawn.choice("AEIORST"))
        elif what == "s":
            letters[place] = drawn.choice("AEIORST")
        elif place + 1 < len(letters):
            letters[place : place + 2] = letters[place + 1], letters[place]
        words[at] = "".join(letters)
    change = drawn.random()
    if change < 0.2:
        drawn.shuffle(words)
    elif change < 0.3 and len(words) > 2:
        del words[drawn.randrange(len(words))]
    elif change < 0.4 and len(words) > 1:
        at = drawn.randrange(len(words) - 1)
        words[at : at + 2] = [words[at] + words[at + 1]]
    elif change < 0.5:
        words.insert(0, drawn.choice(("MR", "NEW", "J", "C/O")))
    elif change < 0.6:
        words[0] = words[0][0]
    text = " ".join(words)
    return text[:35] if len(text) > 35 and drawn.random() < 0.5 else text


def measure(listed: list[tuple[str, str]], asked: list[tuple[str, str]]) -> tuple[int, int, float, float, int]:
    """Hits of the exhaustive comparison, hits kept, CPU seconds of each, and hits that only the index gives."""
    rows = {"name": [name for name, _ in listed], "kind": [kind for _, kind in listed]}
    ids = [str(number) for number in range(len(listed))]
    screener = Screener.build(pl.DataFrame({"listing_id": ids, "entity_id": ids, **rows}))
    threshold = round(1000 * screener.threshold)
    started = time.process_time()
    scored = screener.scored_pairs([normalise(name, kind) for name, kind in asked], [kind for _, kind in asked])
    fast = time.process_time() - started
    kept = {(pair.declared, pair.listed, pair.permille) for pair in scored}
    exhaustive = reference.Exhaustive(listed)
    started = time.process_time()
    wanted = {
        (number, *hit) for number, (name, kind) in enumerate(asked) for hit in exhaustive.hits(name, kind, threshold)
    }
    return len(wanted), len(wanted & kept), fast, time.process_time() - started, len(kept - wanted)


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
    wanted, kept, *_ = measure(listed, asked)
    return kept, wanted, len(asked)


def _load(watchlist: Path) -> pl.DataFrame:
    return OwnList().load([ListFile(watchlist.name, watchlist.read_bytes())]).listings


def main() -> None:
    """Reads the arguments, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=Path)
    parser.add_argument("--size", type=int, default=5000)
    parser.add_argument("--names", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    drawn = random.Random(told.seed)
    if told.listings:
        rows = pl.read_parquet(told.listings, columns=["name", "kind"])
        listed = [(name, kind_of(kind)) for name, kind in rows.iter_rows()]
    else:
        listed = invented_names(told.size, drawn)
    named = [(name, kind) for name, kind in listed if kind in reference.COMPARED and normalise(name, kind).tokens]
    asked = []
    for name, kind in drawn.sample(named, min(told.names, len(named))):
        asked.append(
            (noisy(name, drawn), drawn.choice((kind, "party")) if kind in ("person", "organisation") else kind)
        )
    wanted, kept, fast, slow, more = measure(listed, asked)
    share = 100 * kept / wanted if wanted else 100.0
    print(f"listed names {len(listed)}, names asked {len(asked)}, hits by exhaustive comparison {wanted}")
    print(f"hits kept {kept} ({share:.3f} %), hits that only the index gives {more}")
    print(f"CPU seconds: index {fast:.3f}, exhaustive {slow:.1f}, ratio {slow / max(fast, 1e-6):.0f}")


if __name__ == "__main__":
    main()
