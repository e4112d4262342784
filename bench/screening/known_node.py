"""A node that knows many parties: a run that it assessed, and copies of it in which everybody has another name.

Assessing a million parties anew would take the bench an hour. So one message is assessed, and its run is stored again
with other names and another voyage, under the same tables and in files of its own: what a changed list meets of a run.
What only officers open (bills by number, the past of the parties) is not there, so that this node is for this measure.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from bench.screening.traffic import ordinary_traffic
from pratique.node import Node, local_operator
from pratique.node.canonical import canonical, digest
from pratique.node.files import Files
from pratique.node.folder import NodeFolder
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.lake import FrameFacts, keep_frames, read_frame
from pratique.node.storage import runs
from pratique.node.storage.calls import add_calls, calls_of_run
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection
from pratique.node.stores import open_stores
from pratique.vocabulary.ids import short_id
from pratique_world import write_manifest

BENCH: Final = local_operator("bench")
DRAWN_NAMES: Final = 60_000
OF_ITS_OWN: Final = ("parties", "consignments", "goods_items", "decisions", "hits")
"""The frames that a copy has in files of its own; no run shares them with another."""


def names_of_parties(count: int, *, seed: int) -> pl.Series:
    """``count`` distinct ordinary names: the first words of one drawn by the bench, and the last words of another."""
    drawn = ordinary_traffic(min(DRAWN_NAMES, count), seed=seed, listed=())["name"]
    made = pl.DataFrame({"name": drawn})
    chance = np.random.default_rng(seed)
    while made.height < count:
        first, last = (drawn[chance.integers(0, len(drawn), count)] for _ in range(2))
        pairs = pl.DataFrame({"first": first.str.splitn(" ", 2), "last": last.str.splitn(" ", 2)})
        told = pl.concat_str(
            pl.col("first").struct.field("field_0"),
            pl.coalesce(pl.col("last").struct.field("field_1"), pl.col("last").struct.field("field_0")),
            separator=" ",
        )
        made = pl.concat([made, pairs.select(name=told)]).unique(maintain_order=True)
    return made["name"].head(count)


def known_node(
    folder: Path, names: pl.Series, *, runs_wanted: int, of_each: int, seed: int, prepare: Callable[[Node], object]
) -> None:
    """Makes a node whose parties bear the ``names``; ``prepare`` is done to it before the first message is assessed."""
    message = folder.with_suffix(".edi")
    write_manifest(message, consignments=of_each, seed=seed)
    with Node.create(folder, actor=BENCH) as node:
        prepare(node)
        first = node.execute(AssessMessages((message,), seed=seed), actor=BENCH).run
    _copy(NodeFolder(folder), first, names, count=runs_wanted - 1, seed=seed)


def _copy(folder: NodeFolder, first: StoredRun, names: pl.Series, *, count: int, seed: int) -> None:
    facts: dict[str, FrameFacts] = json.loads(first.manifest)["frames"]
    frames = {name: read_frame(folder, facts[name]) for name in OF_ITS_OWN}
    files = Files(folder, token="bench", day="2026-01-01")
    stores = open_stores(folder)
    for number in range(1, count + 1):
        chance = np.random.default_rng([seed, number])
        own = {name: _of_its_own(name, frame, names, number, chance) for name, frame in frames.items()}
        kept, _ = keep_frames(own, files)
        with stores.main.writing() as connection:
            _store(connection, first, {**facts, **kept}, number)
    files.done()
    stores.close()


def _of_its_own(
    name: str, frame: pl.DataFrame, names: pl.Series, number: int, chance: np.random.Generator
) -> pl.DataFrame:
    if name == "parties":
        drawn = (names.len() * chance.random(frame.height) ** 2).astype(np.int64)
        return frame.with_columns(name=pl.when(pl.col("name").is_not_null()).then(names[drawn]))
    if name == "consignments":
        return frame.with_columns(pl.format("{}/{}", "transport_contract_document_id", pl.lit(number)))
    if name == "goods_items":
        return frame.with_columns(pl.format("{} {}", "description", pl.lit(number)))
    return frame.with_columns(pl.lit(number).alias("copy")) if name == "decisions" else frame


def _store(connection: Connection, first: StoredRun, frames: dict[str, FrameFacts], number: int) -> None:
    told: dict[str, Any] = json.loads(first.manifest) | {"frames": frames}
    seq = first.seq + number
    run_id = short_id("run", str(seq), digest(told))
    run = replace(first, id=run_id, seq=seq, manifest=canonical(told), manifest_sha256=digest(told))
    runs.add_run(connection, run)
    runs.add_rows(connection, "consignment", [(run_id, seq, 0, None, None, 1, 0)])
    calls = calls_of_run(connection, first.seq)
    moved = [replace(c, id=short_id("call", run_id, str(c.number)), voyage=f"{c.voyage}/{number}") for c in calls]
    add_calls(connection, seq, moved)
