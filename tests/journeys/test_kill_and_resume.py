"""An officer's computer dies in the middle of an assessment: there is the whole run afterwards, or none."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nodes import ANNA, new_node, open_node, write_manifest
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.runs import ListRuns

pytestmark = pytest.mark.long

CHILD = """
import os, signal, sys
from pathlib import Path
from nodes import ANNA, open_node
from pratique.node import files
from pratique.node.runs import store as run_store
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.storage import journal, kept_files

moment, folder, message = sys.argv[1:]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def die_after(module, name):
    real = getattr(module, name)
    def deadly(*given, **named):
        real(*given, **named)
        die()
    setattr(module, name, deadly)

if moment == "first file aside":
    files._settle = die
elif moment == "first file in place":
    die_after(files, "_settle_folder")
elif moment == "past half told":
    die_after(run_store, "remember")
elif moment == "journal written":
    die_after(journal, "append")
with open_node(Path(folder)) as node:
    tell = lambda stage: die() if stage == moment else None
    node.execute(AssessMessages((Path(message),), seed=7), actor=ANNA, progress=tell)
    if moment == "committed":
        die()
"""

BEFORE_THE_END = (
    "first file aside",
    "first file in place",
    "reading",
    "scoring",
    "storing",
    "past half told",
    "journal written",
)


def assess_until(moment: str, folder: Path, message: Path) -> None:
    tests = str(Path(__file__).parents[1])
    run = subprocess.run(
        [sys.executable, "-c", CHILD, moment, str(folder), str(message)],
        env={**os.environ, "PYTHONPATH": tests},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr


def make_old(folder: Path) -> None:
    """As if the computer came back two hours later."""
    then = time.time() - 7200
    for path in (*folder.joinpath("tmp").iterdir(), *folder.rglob("*")):
        if path.is_file() and path.parent.name != folder.name:
            os.utime(path, (then, then))


@pytest.mark.parametrize("moment", BEFORE_THE_END)
def test_assessment_killed_before_its_end_left_nothing_and_starts_over(tmp_path: Path, moment: str) -> None:
    message = write_manifest(tmp_path / "manifest.csv")
    new_node(tmp_path / "node").close()
    assess_until(moment, tmp_path / "node", message)
    with open_node(tmp_path / "node") as node:
        assert node.ask(ListRuns(), actor=ANNA) == []
        assert len(node.ask(ReadJournal(), actor=ANNA)) == 1
        done = node.execute(AssessMessages((message,), seed=7), actor=ANNA)
        assert done.run.consignment_count == 12
    make_old(tmp_path / "node")
    with open_node(tmp_path / "node") as node:
        states = {check.name: check.state for check in node.ask(Doctor(), actor=ANNA)}
        assert {name for name, state in states.items() if state != "ok"} == {"lists", "rates"}
        assert list((tmp_path / "node" / "tmp").iterdir()) == []
        assert [run.id for run in node.ask(ListRuns(), actor=ANNA)] == [done.run.id]


def test_assessment_killed_right_after_its_commit_is_whole(tmp_path: Path) -> None:
    message = write_manifest(tmp_path / "manifest.csv")
    new_node(tmp_path / "node").close()
    assess_until("committed", tmp_path / "node", message)
    with open_node(tmp_path / "node") as node:
        (run,) = node.ask(ListRuns(), actor=ANNA)
        assert len(node.ask(ListQueue(channel="all"), actor=ANNA).rows) == run.consignment_count == 12
        assert [entry.entry for entry in node.ask(ReadJournal(), actor=ANNA)] == ["node.founded", "messages.assessed"]
