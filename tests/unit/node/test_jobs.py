"""Long work in processes of its own."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import nodes
from pratique.node import Node
from pratique.node.handlers.quarantine import ListQuarantine
from pratique.node.handlers.runs import ListRuns
from pratique.node.jobs import Job, JobBoard
from pratique.node.jobs.memory import bounded_memory, resident_bytes
from pratique.vocabulary.errors import PratiqueError

SLEEP = "import json,sys,time; print(json.dumps({'stage': 'reading'}), flush=True); time.sleep(600)"


@contextmanager
def board_of(folder: Path, *, command: list[str] | None = None) -> Iterator[JobBoard]:
    board = JobBoard(folder, clock=nodes.at(), command=command)
    board.open()
    try:
        yield board
    finally:
        board.close()


def wait_for(board: JobBoard, job: Job, ready: Callable[[Job], bool]) -> Job:
    for _ in range(1200):
        now = board.show(job.id)
        if ready(now):
            return now
        time.sleep(0.05)
    raise AssertionError(f"{board.show(job.id)} did not come so far within a minute")


def hand_in(board: JobBoard, name: str, content: bytes) -> Job:
    place = board.place(name)
    place.write_bytes(content)
    return board.start("assess", actor=nodes.ANNA, files=[place], seed=7)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with nodes.new_node(tmp_path / "node") as at:
        yield at


def test_a_job_assesses_what_was_handed_in_and_tells_its_stages(node: Node, tmp_path: Path) -> None:
    manifest = nodes.write_manifest(tmp_path / "manifest.csv")
    with board_of(node.folder.root) as board:
        job = hand_in(board, "manifest.csv", manifest.read_bytes())
        done = wait_for(board, job, lambda each: each.ended)
    assert done.state == "done", done.error
    assert done.stages[:2] == ("keeping", "reading")
    assert done.result is not None
    assert [run.id for run in node.ask(ListRuns(), actor=nodes.ANNA)] == [done.result["run"]]
    assert not list((node.folder.root / "incoming").iterdir())


def test_a_file_that_cannot_be_read_ends_as_a_told_error_and_in_quarantine(node: Node) -> None:
    with board_of(node.folder.root) as board:
        done = wait_for(board, hand_in(board, "photo.bin", bytes(range(256))), lambda each: each.ended)
    assert done.state == "failed"
    assert done.error is not None
    assert done.error["code"]
    assert len(node.ask(ListQuarantine(), actor=nodes.ANNA)) == 1


def test_a_cancelled_job_leaves_nothing(node: Node) -> None:
    with board_of(node.folder.root, command=[sys.executable, "-c", SLEEP]) as board:
        job = hand_in(board, "manifest.csv", b"x")
        wait_for(board, job, lambda each: bool(each.stages))
        assert board.cancel(job.id).state == "cancelled"
        with pytest.raises(PratiqueError, match="ended already"):
            board.cancel(job.id)
    assert node.ask(ListRuns(), actor=nodes.ANNA) == []
    assert not list((node.folder.root / "incoming").iterdir())


def test_work_that_a_stopped_server_left_is_done_by_the_next(node: Node, tmp_path: Path) -> None:
    manifest = nodes.write_manifest(tmp_path / "manifest.csv")
    with board_of(node.folder.root, command=[sys.executable, "-c", SLEEP]) as board:
        job = hand_in(board, "manifest.csv", manifest.read_bytes())
        wait_for(board, job, lambda each: bool(each.stages))
    with board_of(node.folder.root) as board:
        assert wait_for(board, job, lambda each: each.ended).state == "done"
    assert len(node.ask(ListRuns(), actor=nodes.ANNA)) == 1


@pytest.mark.parametrize(
    "name", ["é" * 5000, "../../etc/passwd", "..\\..\\boot.ini", "", "...", "a\0b", "x" * 5000, "job.json"]
)
def test_no_name_leads_out_of_the_folder_of_its_job(node: Node, name: str) -> None:
    with board_of(node.folder.root) as board:
        place = board.place(name)
    assert place.parent.parent == node.folder.root / "incoming"
    assert place.name != "job.json"
    assert place.resolve().is_relative_to((node.folder.root / "incoming").resolve())


def test_a_fault_of_a_job_is_noted_by_kind_and_place_and_told_without_its_words(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    script = (
        "import sys; from pathlib import Path; from pratique.node.jobs import worker\n"
        "def broken(*given): raise ValueError('amina okafor')\n"
        "worker.KINDS['assess'] = broken\n"
        "worker.main(Path(sys.argv[1]), Path(sys.argv[2]), say=worker._say)"
    )
    with board_of(node.folder.root, command=[sys.executable, "-c", script]) as board:
        failed = wait_for(board, hand_in(board, "manifest.csv", b"x"), lambda each: each.ended)
    assert failed.state == "failed"
    assert (failed.error or {})["code"] == "jobs.fault"
    assert any("ValueError in broken" in said for said in caplog.messages)
    assert "amina" not in caplog.text + str(failed.error)


def test_a_job_that_takes_too_much_memory_is_stopped_and_told(node: Node) -> None:
    greedy = "import time; held = bytearray(400 * 1024**2); held[:] = b'x' * len(held); time.sleep(600)"
    modest = "import json; print(json.dumps({'result': {'run': None}}), flush=True)"
    for script, state in ((greedy, "failed"), (modest, "done")):
        board = JobBoard(
            node.folder.root, clock=nodes.at(), command=[sys.executable, "-c", script], memory=200 * 1024**2
        )
        board.open()
        try:
            ended = wait_for(board, hand_in(board, "manifest.csv", b"any"), lambda each: each.ended)
        finally:
            board.close()
        assert ended.state == state
        assert (ended.error or {}).get("code") == ("jobs.too_much_memory" if state == "failed" else None)


def test_no_job_may_take_more_than_four_fifths_of_the_machine() -> None:
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert bounded_memory(None) == bounded_memory(10 * machine) == machine * 4 // 5
    assert bounded_memory(1000) == 1000
    assert resident_bytes(os.getpid()) > 1024**2
    assert resident_bytes(-1) == 0
