"""A second process that reads and screens: the same run, and where it is gone, the same run from this one."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from nodes import ANNA, NOON, at, new_node, write_manifest, write_own_list
from pratique.cli.start import SECOND
from pratique.flow.intake.format import Quarantined, ReadContext, Reading
from pratique.flow.intake.handing_over import hand_over, taken_over
from pratique.flow.intake.read import read_as_written
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages, MessagesAssessed
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.runs import ReplayRun
from pratique.node.runs.beside import Beside
from pratique.vocabulary.findings import Finding
from pratique.vocabulary.frames import SCHEMAS, Manifest, frame

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
    process = second(*SECOND, str(manifest))
    there = assessed(manifest, process)
    assert there.assessment.hits["listed_name"].to_list() == ["NORTHWIND EXPORT 7"]
    assert process.returncode is not None
    assert assessed(manifest).assessment.hits.equals(there.assessment.hits)


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit",
        "import sys; sys.stdin.buffer.readline(); print('rubbish', flush=True)",
        "import sys; sys.stdin.buffer.readline(); print(1, '[]', sep='\\n', flush=True)",
        "import sys; sys.stdin.buffer.read(10); print(99, 'x' * 99, sep='\\n', flush=True)",
    ],
)
def test_second_process_that_gives_no_answer_loses_no_hit(program: str, manifest: Path) -> None:
    found = assessed(manifest, second("-c", program))
    assert found.assessment.hits["listed_name"].to_list() == ["NORTHWIND EXPORT 7"]


def test_reading_of_other_bytes_or_under_another_name_is_none(manifest: Path) -> None:
    raw = hashlib.sha256(manifest.read_bytes()).hexdigest()
    beside = Beside(second(*SECOND, str(manifest)))
    try:
        assert beside.reading("0" * 64, manifest.name) is None
        assert beside.reading(raw, "other.csv") is None
        there = beside.reading(raw, manifest.name)
    finally:
        beside.close()
    with manifest.open("rb") as stream:
        here = read_as_written(stream, context=ReadContext(manifest.name, raw))
    assert there is not None
    assert all(getattr(there.manifest, name).equals(getattr(here.manifest, name)) for name in SCHEMAS)


def test_reading_is_handed_over_with_what_could_not_be_read() -> None:
    reason = Finding("cuscar.bill_broken", "segment 7", "error", 0, 3, {"why": "é", "count": 2})
    empty = Manifest(**{name: frame(schema) for name, schema in SCHEMAS.items()})
    reading = Reading(empty, (Quarantined(reason, 5, None, "CNI"),))
    sink = io.BytesIO()
    hand_over(reading, sink)
    sink.seek(0)
    assert taken_over(sink).quarantined == reading.quarantined


def test_large_file_is_read_and_screened_beside_and_replays_to_the_same_hash(manifest: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, "assess", manifest, "--node", manifest.with_name("node"), "--json"],
        capture_output=True,
        check=True,
    )
    assert done.stderr.decode().split() == ["read", "screened"]
    run = json.loads(done.stdout)
    assert run["hits"] > 0
    with Node.open(manifest.with_name("node"), clock=at(NOON)) as node:
        assert node.ask(ReplayRun(run["run"]), actor=ANNA).same_output


# The program as people start it, which tells what the second process gave.
WATCHED = """
import sys
from pratique.cli import start
from pratique.node.runs.beside import Beside
def told(name, word):
    give = getattr(Beside, name)
    def giving(*asked):
        given = give(*asked)
        print(word if given is not None else "nothing", file=sys.stderr)
        return given
    setattr(Beside, name, giving)
told("reading", "read")
told("hits", "screened")
start.LARGE, start._processors = 1, lambda: 2
start.main()
"""


def test_rows_are_written_from_a_frame_that_nobody_else_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks at a frame that another thread writes waits for it, and holds what the writing waits for."""
    written: list[pl.DataFrame] = []

    def write(frame: pl.DataFrame, _: object) -> None:
        written.append(frame)

    monkeypatch.setattr(pl.DataFrame, "write_ipc_stream", write)
    rows = pl.DataFrame({"id": ["1"]})
    beside = Beside(second("-c", "raise SystemExit"))
    beside.ask_ahead([Path("list")], rows)
    beside.close()
    assert [each is rows for each in written] == [False]
