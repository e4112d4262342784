"""Lists asked in a second process: the same run, and where that process is gone, the same run from this one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nodes import ANNA, NOON, at, new_node, write_manifest, write_own_list
from pratique.cli.start import SCREENING
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages, MessagesAssessed
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.runs import ReplayRun
from pratique.node.runs.beside import Beside

pytestmark = pytest.mark.long


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    listed = write_own_list(tmp_path / "own.csv", "NORTHWIND EXPORT 7")
    with new_node(tmp_path / "node") as node:
        node.execute(LoadList("own", (listed,)), actor=ANNA)
    return write_manifest(tmp_path / "manifest.csv")


def second(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def assessed(manifest: Path, process: subprocess.Popen[bytes] | None = None) -> MessagesAssessed:
    beside = None if process is None else Beside(process)
    with Node.open(manifest.with_name("node"), clock=at(NOON), beside=beside) as node:
        return node.execute(AssessMessages((manifest,), seed=1), actor=ANNA)


def test_hits_from_beside_are_those_of_this_process_and_the_second_one_ends_with_the_node(manifest: Path) -> None:
    process = second(*SCREENING)
    there = assessed(manifest, process)
    assert there.assessment.hits["listed_name"].to_list() == ["NORTHWIND EXPORT 7"]
    assert process.returncode is not None
    assert assessed(manifest).assessment.hits.equals(there.assessment.hits)


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit",
        "import sys; sys.stdin.buffer.readline(); print('rubbish', flush=True)",
        "import sys; sys.stdin.buffer.read(10); print(99, 'x' * 99, sep='\\n', flush=True)",
    ],
)
def test_second_process_that_gives_no_answer_loses_no_hit(program: str, manifest: Path) -> None:
    found = assessed(manifest, second("-c", program))
    assert found.assessment.hits["listed_name"].to_list() == ["NORTHWIND EXPORT 7"]


def test_large_file_is_screened_beside_and_replays_to_the_same_hash(manifest: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, "assess", manifest, "--node", manifest.with_name("node"), "--json"],
        capture_output=True,
        check=True,
    )
    assert done.stderr.decode().split() == ["second"]
    run = json.loads(done.stdout)
    assert run["hits"] > 0
    with Node.open(manifest.with_name("node"), clock=at(NOON)) as node:
        assert node.ask(ReplayRun(run["run"]), actor=ANNA).same_output


# The program as people start it, which tells of each second process that gave hits.
WATCHED = """
import sys
from pratique.cli import start
from pratique.node.runs.beside import Beside
hits = Beside.hits
def told(self, folder, frame):
    found = hits(self, folder, frame)
    print("second" if found is not None else "alone", file=sys.stderr)
    return found
Beside.hits = told
start.LARGE, start._processors = 1, lambda: 2
start.main()
"""
