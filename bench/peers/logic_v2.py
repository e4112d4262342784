"""nomenklatura's logic-v2 and its DuckDB blocker, run in an environment of their own: the peer of ``bench.screening``.

It needs other versions of what the product needs, and PyICU, which has no wheel; so it is a program of its own that
reads JSON from standard input and writes JSON to standard output::

    {"task": "pairs", "pairs": [[left, right, kind], ...]}                 -> {"scores": [...], "seconds": s}
    {"task": "screen", "listed": [[id, name, kind], ...], "asked": [...]}  -> {"hits": [[asked, listed, score], ...]}

The second also gives ``build_seconds``, ``seconds`` and ``compared``. Seconds are processor seconds of this process,
after its tables are loaded. Run it with ``NOMENKLATURA_DUCKDB_THREADS=1`` for one core. The left name of a pair is the
listed one.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from followthemoney import Dataset, StatementEntity
from nomenklatura.blocker.index import Index
from nomenklatura.matching import LogicV2
from nomenklatura.resolver import Linker
from nomenklatura.store import SimpleMemoryStore

SCHEMATA = {"person": "Person", "organisation": "Organization", "vessel": "Vessel", "party": "LegalEntity"}
CANDIDATES = 50
"""Candidates that are scored for each name, as its server (yente) does by default."""

Named = tuple[str, str, str]


def entity(dataset: Dataset, identity: str, name: str, kind: str) -> StatementEntity:
    """A name as an entity of the FollowTheMoney model."""
    told = {"id": identity, "schema": SCHEMATA[kind], "properties": {"name": [name]}, "datasets": [dataset.name]}
    return StatementEntity.from_data(dataset, told)


def pairs(rows: list[Named]) -> dict[str, Any]:
    """The score of each pair (listed, declared, kind)."""
    config = LogicV2.default_config()
    dataset = Dataset.make({"name": "asked", "title": "asked"})
    made = [  # its caches go by id: no two entities may have the same
        (entity(dataset, f"declared-{at}", right, kind), entity(dataset, f"listed-{at}", left, kind))
        for at, (left, right, kind) in enumerate(rows)
    ]
    LogicV2.compare(*made[0], config)  # loads its tables
    started = time.process_time()
    scores = [LogicV2.compare(declared, listed, config).score for declared, listed in made]
    return {"scores": scores, "seconds": time.process_time() - started}


def screen(listed: list[Named], asked: list[Named]) -> dict[str, Any]:
    """Every score above nothing of each asked name against the candidates that the blocker gives."""
    config = LogicV2.default_config()
    dataset = Dataset.make({"name": "listed", "title": "listed"})
    store = SimpleMemoryStore(dataset, Linker({}))
    started = time.process_time()
    with store.writer() as writer:
        for row in listed:
            writer.add_entity(entity(dataset, *row))
    with tempfile.TemporaryDirectory() as folder:
        view = store.default_view()
        index = Index(view, Path(folder), options={"max_candidates": CANDIDATES})
        index.build()
        entries = {row[0]: view.get_entity(row[0]) for row in listed}
        built = time.process_time() - started
        LogicV2.compare(entity(dataset, "warm", *asked[0][1:]), next(iter(entries.values())), config)
        started = time.process_time()
        declared = {row[0]: entity(dataset, *row) for row in asked}
        hits, compared = [], 0
        for identity, candidates in index.match_entities(declared.values()):
            for candidate, _ in candidates:
                compared += 1
                score = LogicV2.compare(declared[identity.id], entries[candidate.id], config).score
                if score > 0:
                    hits.append((identity.id, candidate.id, score))
        seconds = time.process_time() - started
        index.close()
    return {"hits": hits, "build_seconds": built, "seconds": seconds, "compared": compared}


def main() -> None:
    """Does the task on standard input."""
    told = json.load(sys.stdin)
    done = pairs(told["pairs"]) if told["task"] == "pairs" else screen(told["listed"], told["asked"])
    json.dump(done, sys.stdout)


if __name__ == "__main__":
    main()
