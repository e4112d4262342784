"""Long work in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import kept_worker
import nodes
from pratique.node import Node
from pratique.node.handlers.lists import ListLists
from pratique.node.handlers.quarantine import ListQuarantine
from pratique.node.handlers.runs import ListRuns
from pratique.node.jobs import Job, JobBoard
from pratique.node.jobs.job import error_told
from pratique.node.jobs.memory import bounded_memory, resident_bytes
from pratique.node.jobs.worker import POLITE
from pratique.vocabulary.errors import PratiqueError

pytestmark = pytest.mark.long

WORKER = [sys.executable, "-P", "-m", "pratique.node.jobs.worker"]
SLEEP = "import json,sys,time; print(json.dumps({'stage': 'reading'}), flush=True); time.sleep(600)"


@contextmanager
def board_of(folder: Path, *, command: list[str] | None = None) -> Iterator[JobBoard]:
    board = JobBoard(folder, clock=nodes.at(), command=command or kept_worker.command())
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


def hand_in(board: JobBoard, name: str, content: bytes, *, kind: str = "assess", **what: Any) -> Job:
    place = board.place(name)
    place.write_bytes(content)
    return board.start(kind, actor=nodes.ANNA, files=[place], **what)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with nodes.new_node(tmp_path / "node") as at:
        yield at


def test_a_job_assesses_what_was_handed_in_and_tells_its_stages(node: Node, tmp_path: Path) -> None:
    manifest = nodes.write_manifest(tmp_path / "manifest.csv")
    with board_of(node.folder.root, command=WORKER) as board:
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


def test_a_list_is_loaded_by_a_job_that_names_what_changed(node: Node, tmp_path: Path) -> None:
    own = nodes.write_own_list(tmp_path / "own.csv", "EASTBANK TRADING")
    with board_of(node.folder.root) as board:
        job = hand_in(board, "own.csv", own.read_bytes(), kind="load_list", source="own", list_id="port-bans")
        done = wait_for(board, job, lambda each: each.ended)
    assert done.state == "done", done.error
    assert done.stages[:4] == ("keeping", "reading", "indexing", "comparing")
    (shown,) = node.ask(ListLists(), actor=nodes.ANNA)
    assert (done.result or {})["change"] == shown.change
    assert (shown.version.list_id, (done.result or {})["rows"]) == ("port-bans", 1)
    assert not list((node.folder.root / "incoming").iterdir())


def test_a_broken_list_leaves_the_one_in_force_and_says_where_it_breaks(node: Node, tmp_path: Path) -> None:
    own = nodes.write_own_list(tmp_path / "own.csv", "EASTBANK TRADING").read_text()
    with board_of(node.folder.root) as board:
        before = hand_in(board, "own.csv", own.encode(), kind="load_list", source="own")
        assert wait_for(board, before, lambda each: each.ended).state == "done"
        broken = hand_in(
            board, "own.csv", own.replace("organisation", "planet").encode(), kind="load_list", source="own"
        )
        failed = wait_for(board, broken, lambda each: each.ended)
    assert failed.state == "failed"
    error = error_told(failed.error or {})
    assert (error.code, error.category.http_status) == ("lists.broken", 422)
    assert "own.csv" in error.happened
    assert error.kept == "The version in force stays in force."
    assert len(node.ask(ListLists(), actor=nodes.ANNA)) == 1


def test_a_reading_leaves_its_document_as_long_as_the_job_is_remembered(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = nodes.write_manifest(tmp_path / "manifest.csv", bills=3).read_bytes()
    with board_of(node.folder.root) as board:
        read = [hand_in(board, "document.json", content, kind="read_message") for _ in range(2)]
        first, second = (wait_for(board, job, lambda each: each.ended) for job in read)
        assert [job.state for job in (first, second)] == ["done", "done"]
        document = json.loads(board.document(first.id).read_text())
        assert [len(document["consignments"]), (first.result or {})["consignments"]] == [3, 3]
        assert document["message"]["file_name"] == "message-document.json"
        assert [path.name for path in board.document(first.id).parent.iterdir()] == ["document.json"]
        monkeypatch.setattr("pratique.node.jobs.board.MOST_DOCUMENT_BYTES", board.document(second.id).stat().st_size)
        wait_for(board, hand_in(board, "photo.bin", b"\0", kind="read_message"), lambda each: each.ended)
        board.document(second.id)
        with pytest.raises(PratiqueError, match="has it no longer"):
            board.document(first.id)
    with board_of(node.folder.root):
        assert not list((node.folder.root / "incoming").iterdir())


def test_waiting_ends_with_the_job_or_with_the_time(node: Node, tmp_path: Path) -> None:
    own = nodes.write_own_list(tmp_path / "own.csv", "EASTBANK TRADING")
    with board_of(node.folder.root) as board:
        job = hand_in(board, "own.csv", own.read_bytes(), kind="load_list", source="own")
        assert board.wait(job.id, seconds=60).state == "done"
    with board_of(node.folder.root, command=[sys.executable, "-c", SLEEP]) as board:
        job = hand_in(board, "own.csv", own.read_bytes(), kind="load_list", source="own")
        assert not board.wait(job.id, seconds=0.01).ended


def test_a_process_at_hand_has_the_program_loaded_before_there_is_work(node: Node, tmp_path: Path) -> None:
    script = (
        "import json, os, sys; from pathlib import Path\n"
        "Path(sys.argv[1], '..', f'loaded-{os.getpid()}').touch()\n"
        "if sys.stdin.readline(): print(json.dumps({'result': {'by': os.getpid()}}), flush=True)"
    )

    def at_hand(before: set[int]) -> int:
        for _ in range(1200):
            if found := {int(path.name.removeprefix("loaded-")) for path in tmp_path.glob("loaded-*")} - before:
                return found.pop()
            time.sleep(0.05)
        raise AssertionError("no process was loaded within a minute")

    board = JobBoard(node.folder.root, clock=nodes.at(), command=[sys.executable, "-c", script], at_hand=True)
    board.open()
    try:
        first = at_hand(set())
        done = wait_for(board, hand_in(board, "any", b"any"), lambda each: each.ended)
        assert done.result == {"by": first}
        next_one = at_hand({first})
    finally:
        board.close()
    with pytest.raises(ProcessLookupError):
        os.kill(next_one, 0)


def test_work_gives_way_to_pages_and_ends_with_its_server(node: Node) -> None:
    worker = subprocess.Popen([*WORKER, str(node.folder.root)], stdin=subprocess.PIPE)
    own = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        for _ in range(1200):
            if os.getpriority(os.PRIO_PROCESS, worker.pid) == min(own + POLITE, 19):
                break
            time.sleep(0.05)
        else:
            raise AssertionError("it did not give way within a minute")
        worker.communicate(timeout=60)  # a server that is gone has closed the line
        assert worker.returncode == 0
    finally:
        worker.kill()


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
        "import json, sys; from pathlib import Path; from pratique.node.jobs import worker\n"
        "def broken(*given): raise ValueError('amina okafor')\n"
        "worker.KINDS['assess'] = broken\n"
        "worker.main(Path(sys.argv[1]), Path(json.loads(sys.stdin.readline())), say=worker._say)"
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
