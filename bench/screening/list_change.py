"""A list that changes a little, on a node that knows many parties: loading it, beside screening those parties anew."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from bench.processes import PRATIQUE, timed
from bench.screening.known_node import BENCH, known_node, names_of_parties
from pratique.flow.screening import Screener, screen_manifest
from pratique.node import Node
from pratique.node.folder import NodeFolder
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.hits.raised import raised_frame
from pratique.node.runs.at_hand import RunAtHand, taken_at_hand
from pratique.node.storage import runs
from pratique.node.storage.list_changes import raised_hits_of_run
from pratique.node.storage.store import Connection
from pratique.node.stores import open_stores
from pratique.vocabulary.frames import SCHEMAS, Manifest

LISTED: Final = 50_000
CHANGED: Final = 100
OF_EACH_RUN: Final = 20_000
PARTIES_OF_EACH_RUN: Final = 4_000  # new ones; most of a run's parties are in others too
ANEW: Final = 3
EVER: Final = "3650"  # days; the ships of the bench are long there
HEADINGS: Final = ("id", "name", "kind", "aliases", "country", "birth_date", "identifiers", "programme", "remarks")


@dataclass(frozen=True, slots=True)
class ListChanged:
    """Seconds of processor of the whole load and of screening all runs anew, megabytes at the peak, hits of both.

    ``anew_hits`` and ``same_hits`` are those of the runs that were screened anew: found on the changed entries, and
    raised by the load.
    """

    parties: int
    runs: int
    load_seconds: float
    anew_seconds: float
    memory_mb: float
    raised: int
    anew_hits: int
    same_hits: int

    @property
    def ratio(self) -> float:
        """How many times more it takes to screen the parties anew."""
        return self.anew_seconds / self.load_seconds


def change_list(listed: pl.DataFrame, folder: Path, *, parties: int, seed: int) -> ListChanged:
    """Loads a list of 50,000 names with 100 entries more than before, in a fresh process; screens some runs anew."""
    folder.mkdir(parents=True)
    shuffled = listed.sample(fraction=1.0, seed=seed, shuffle=True)
    before = _own_list(folder / "before.csv", shuffled.head(LISTED))
    after = _own_list(folder / "after.csv", shuffled.head(LISTED + CHANGED))
    count = max(ANEW, parties // PARTIES_OF_EACH_RUN)

    def prepare(node: Node) -> None:
        node.execute(ChangeSetting("list_change_days", EVER), actor=BENCH)
        node.execute(LoadList("own", (before,)), actor=BENCH)

    names = names_of_parties(parties, seed=seed)
    known_node(folder / "node", names, runs_wanted=count, of_each=OF_EACH_RUN, seed=seed, prepare=prepare)
    job = timed([str(PRATIQUE), "lists", "load", "own", str(after), "--json", "--node", str(folder / "node")])
    seconds, found, same = _anew(NodeFolder(folder / "node"), job.answer, seed=seed)
    told = ListChanged(
        parties, count, job.cpu, seconds * count / ANEW, job.peak_mb, job.answer["change"]["raised_count"], found, same
    )
    _show(told)
    return told


def _own_list(path: Path, listed: pl.DataFrame) -> Path:
    rows = listed.select(id=pl.col("listing_id"), name="name", kind="kind", programme=pl.lit("BENCH"))
    rows.select(pl.col(name) if name in rows.columns else pl.lit("").alias(name) for name in HEADINGS).write_csv(path)
    return path


def _anew(folder: NodeFolder, loaded: dict[str, Any], *, seed: int) -> tuple[float, int, int]:
    """Seconds to screen some runs against the whole list, hits on its new entries, and how many of them were raised."""
    whole = Screener.open(folder.path(f"lists/{loaded['version']['digest']}"))
    version = loaded["change"]["before"]
    old = pl.read_parquet(folder.path(f"lists/{version}/listings.parquet"), columns=["entity_id"])["entity_id"]
    stores, seconds, found, same = open_stores(folder), 0.0, 0, 0
    with stores.main.reading() as connection:
        for run in random.Random(seed).sample(runs.runs(connection), ANEW):
            at_hand = taken_at_hand(connection, folder, run)
            manifest = _manifest(at_hand)
            start = time.process_time()
            hits = screen_manifest(manifest, {"own": whole})
            seconds += time.process_time() - start
            of_new = hits.filter(~pl.col("entity_id").is_in(old.implode()), pl.col("consignment").is_not_null())
            found += of_new.height
            same += len(_told(of_new) & _raised(connection, run.seq))
    stores.close()
    return seconds, found, same


def _manifest(at_hand: RunAtHand) -> Manifest:
    return Manifest(**{name: at_hand.frames[name].select(list(schema)) for name, schema in SCHEMAS.items()})


def _told(hits: pl.DataFrame) -> set[tuple[Any, ...]]:
    return set(hits.select("consignment", "role_code", "screened_value", "listing_id", "score_permille").rows())


def _raised(connection: Connection, run_seq: int) -> set[tuple[Any, ...]]:
    return _told(raised_frame(raised_hits_of_run(connection, run_seq)))


def _show(told: ListChanged) -> None:
    print(
        f"\nA list of {LISTED:,} names changes in {CHANGED} entries; {told.parties:,} parties known from {told.runs} "
        f"runs of {OF_EACH_RUN:,} consignments: the load takes {told.load_seconds:.0f} s of processor in all, indexing "
        f"included, and {told.memory_mb:,.0f} MB; {told.raised:,} hits raised. Screening all runs anew would take "
        f"{told.anew_seconds:,.0f} s ({ANEW} of them were screened): {told.ratio:.1f} times as long; of "
        f"{told.anew_hits} hits on the new entries there, the load raised {told.same_hits}."
    )
