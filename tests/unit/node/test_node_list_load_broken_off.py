"""A load of a list that is broken off while it compares what is known, and is given again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from control_lists import CAPACITY, HEADINGS
from nodes import ANNA, NOON, OWN_HEADINGS, copied, new_node, open_node
from pratique.flow.screening.known import Compared, Difference
from pratique.node import Node
from pratique.node.acts import Progress
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.clearing import ClearExpired
from pratique.node.handlers.hits import ListHits
from pratique.node.handlers.list_changes import ListListChanges
from pratique.node.handlers.lists import ListLists, ListLoaded, LoadList
from pratique.node.stages import Stage, Step
from pratique.vocabulary.frames import Manifest

pytestmark = pytest.mark.long

RUNS = 4
DONE = 2
BROKEN_AT = Step("comparing", DONE, RUNS, "run")
LOADS = """
import os, signal, sys
from pathlib import Path
from nodes import ANNA, open_node
from pratique.node.handlers.lists import LoadList
from pratique.node.stages import Step

def tell(stage):
    if stage == Step("comparing", *map(int, sys.argv[3:]), "run"):
        os.kill(os.getpid(), signal.SIGKILL)

open_node(Path(sys.argv[1])).execute(LoadList("own", (Path(sys.argv[2]),)), actor=ANNA, progress=tell)
"""


def four_runs(folder: Path) -> None:
    """Four ships in a run each; the same consignor is on every one, and one of its own."""
    with new_node(folder / "node") as node:
        for run in range(RUNS):
            rows = [
                f"BILL{run}{at},MACHINE PARTS {at},847330,10,900,MSKU0000011,full,import,{name},SOUTHGATE IMPORT {run},"
                f"1 HARBOUR ROAD,MOMBASA,CNSHA,KEMBA,LINE,SHIP {run},,231W,KEMBA,2026-10-06T08:00,CNSHA,R{run},original"
                for at, name in enumerate(("QUILLABAMBA TRADING", f"NORTHWIND EXPORT {run}"))
            ]
            path = folder / f"{run}.csv"
            path.write_text("\n".join((HEADINGS, *rows)) + "\n", encoding="utf-8")
            node.execute(AssessMessages((path,), capacity=CAPACITY), actor=ANNA)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The node's folder; the list stands beside it."""
    names = ("QUILLABAMBA TRADING", "NORTHWIND EXPORT 2")
    rows = [f"{number},{name},organisation,,,,,TEST," for number, name in enumerate(names)]
    (tmp_path / "own.csv").write_text("\n".join((OWN_HEADINGS, *rows)) + "\n", encoding="utf-8")
    return copied(four_runs, tmp_path) / "node"


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many names each run brought that were compared, of those runs that were."""
    counts: list[int] = []
    compare: Callable[[Difference, Manifest], Compared] = Difference.compare

    def counting(difference: Difference, manifest: Manifest) -> Compared:
        counts.append((found := compare(difference, manifest)).names.height)
        return found

    monkeypatch.setattr(Difference, "compare", counting)
    return counts


def load(node: Node, progress: Progress | None = None) -> ListLoaded:
    return node.execute(LoadList("own", (node.folder.root.parent / "own.csv",)), actor=ANNA, progress=progress)


def raised(node: Node) -> list[tuple[str, str]]:
    """Bill and entry of every hit that a load raised."""
    return sorted((str(hit.bill), hit.entity_id) for hit in node.ask(ListHits(view="raised"), actor=ANNA).hits)


def broken_off(node: Node) -> None:
    """A load that is stopped when it comes to the third run."""

    def interrupt(stage: Stage) -> None:
        if stage == BROKEN_AT:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(node, interrupt)


ALL_RAISED = [("BILL00", "0"), ("BILL10", "0"), ("BILL20", "0"), ("BILL21", "1"), ("BILL30", "0")]


def test_a_load_that_was_killed_shows_nothing_and_goes_on_where_it_stopped(
    folder: Path, tmp_path: Path, compared: list[int]
) -> None:
    told = [sys.executable, "-c", LOADS, str(folder), str(tmp_path / "own.csv"), str(DONE), str(RUNS)]
    killed = subprocess.run(told, check=False, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert killed.returncode == -signal.SIGKILL
    with open_node(folder) as node:
        assert node.ask(ListListChanges(), actor=ANNA) == []
        assert node.ask(ListLists(), actor=ANNA) == []
        assert raised(node) == []
        loaded = load(node)
        assert compared == [3, 3]  # two runs were left, each with a consignor, a consignee and a ship of its own
        assert (loaded.change.screened_count, loaded.change.raised_count) == (2 * RUNS, len(ALL_RAISED))
        assert raised(node) == ALL_RAISED


def test_a_load_that_nobody_breaks_off_compares_each_name_once_and_leaves_nothing_aside(
    folder: Path, compared: list[int]
) -> None:
    with open_node(folder) as node:
        load(node)
        assert compared == [5, 3, 3, 3]  # the first brings a consignor and an address more, which all have
        assert raised(node) == ALL_RAISED
        assert not list(node.folder.unfinished.glob("compared-*"))


def test_what_was_compared_is_kept_for_the_same_change_alone(folder: Path, compared: list[int]) -> None:
    with open_node(folder) as node:
        broken_off(node)
        with (folder.parent / "own.csv").open("a", encoding="utf-8") as own:
            own.write("9,NORTHWIND EXPORT 3,organisation,,,,,TEST,\n")
        compared.clear()
        load(node)
        assert len(compared) == RUNS
        assert raised(node) == [*ALL_RAISED, ("BILL31", "9")]


def test_a_damaged_piece_of_what_was_compared_counts_as_none(folder: Path, compared: list[int]) -> None:
    with open_node(folder) as node:
        broken_off(node)
        (piece, *_) = node.folder.unfinished.glob("compared-*/*.hits.*")
        piece.write_bytes(piece.read_bytes()[:-1])
        compared.clear()
        load(node)
        assert len(compared) == RUNS - 1
        assert raised(node) == ALL_RAISED


def test_what_was_compared_waits_a_day_for_the_load_to_be_given_again(folder: Path) -> None:
    with open_node(folder) as node:
        broken_off(node)
        (aside,) = node.folder.unfinished.iterdir()
    for hours, there in ((23, True), (25, False)):
        os.utime(aside, (time.time() - 3600 * hours,) * 2)
        open_node(folder).close()
        assert aside.exists() is there


def test_what_is_erased_is_not_kept_beside(folder: Path) -> None:
    with open_node(folder) as node:
        broken_off(node)
    with open_node(folder, moment=NOON + timedelta(days=3000)) as node:
        node.execute(ClearExpired(), actor=ANNA)
        assert not list(node.folder.unfinished.iterdir())
