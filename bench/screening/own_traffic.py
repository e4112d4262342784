"""What a table of the node's own traffic brings on the public lists: ``python -m bench.screening.own_traffic LISTS``.

Alerts of ordinary names that no list holds, and listed names found that went through one typing error, some with a word
left out or in another order; both at the lines as calibrated, without a table and with tables of other ordinary names.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import polars as pl

from bench.screening.lists import public_listings
from bench.screening.traffic import ordinary_traffic
from pratique.flow.screening import Screener
from pratique.flow.screening.traffic import Traffic, counted

COUNTED = (2_500, 10_000, 20_000)
ORDINARY, LISTED = 6_000, 4_000


def main() -> None:
    """Prints a line for each table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path, help="folder with the public lists")
    parser.add_argument("--seed", type=int, default=202)
    given = parser.parse_args()
    found = public_listings(given.lists)
    if found is None:
        parser.error(f"no public list lies in {given.lists}")
    listings = found.filter(pl.col("name_quality") != "weak")
    asked = damaged(listings, given.seed)
    ordinary = ordinary_traffic(ORDINARY, seed=given.seed, listed=[]).with_columns(kind=pl.lit("party"))
    plain = Screener.build(listings)
    told("no table", plain, ordinary, asked)
    for count in COUNTED:
        counts, parties, words = counted(ordinary_traffic(count, seed=given.seed + 1, listed=[])["name"])
        table = Traffic(counts, parties=parties, words=words)
        told(f"table of {count:,} names", plain.weighing(table), ordinary, asked)


def damaged(listings: pl.DataFrame, seed: int) -> pl.DataFrame:
    """``id, name, kind`` of listed persons and companies as somebody may have typed them, and the ``entity`` meant."""
    drawn = random.Random(seed)
    chosen = listings.filter(pl.col("kind").is_in(["person", "organisation"])).sample(LISTED, seed=seed)
    names = [_typed(name, drawn) for name in chosen["name"]]
    return pl.DataFrame({"id": chosen["listing_id"], "name": names, "entity": chosen["entity_id"]}).with_columns(
        kind=pl.lit("party")
    )


def _typed(name: str, drawn: random.Random) -> str:
    words = name.replace(",", " ").split()
    if len(words) > 2 and drawn.random() < 0.3:
        words.pop(drawn.randrange(len(words)))
    at = drawn.randrange(len(words))
    if len(words[at]) > 3:
        place = drawn.randrange(1, len(words[at]) - 1)
        words[at] = words[at][:place] + drawn.choice("AEIORSTN") + words[at][place + 1 :]
    if drawn.random() < 0.3:
        drawn.shuffle(words)
    return " ".join(words)


def told(label: str, screener: Screener, ordinary: pl.DataFrame, asked: pl.DataFrame) -> None:
    """Prints the alerts in 1,000 ordinary names and the share of damaged names whose own entity is found."""
    alerts = 1000 * screener.hits(ordinary)["id"].n_unique() / ordinary.height
    hits = screener.hits(asked.drop("entity")).join(asked.select("id", "entity"), on="id")
    found = hits.filter(pl.col("entity_id") == pl.col("entity"))["id"].n_unique() / asked.height
    print(
        f"{label}: {alerts:.1f} alerts in 1,000 ordinary names, {found:.1%} of damaged listed names found", flush=True
    )


if __name__ == "__main__":
    main()
