"""The disk fills up while a message is assessed: the officer is told, and the node is as it was."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nodes import ANNA, new_node, open_node, write_manifest
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.runs import ListRuns
from pratique.vocabulary.errors import Category, PratiqueError

pytestmark = pytest.mark.long

CHILD = """
import resource, signal, sys
from pathlib import Path
from nodes import ANNA, open_node
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.backups import TakeBackup
from pratique.vocabulary.errors import PratiqueError

command, folder, target, limit = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_node(folder) as node:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        node.execute(AssessMessages((target,)) if command == "assess" else TakeBackup(target), actor=ANNA)
    except PratiqueError as error:
        print(error.code, error.category.name)
"""


def limited(command: str, folder: Path, target: Path, limit: int) -> str:
    """Carries out a command in a process whose files may not grow beyond ``limit`` bytes."""
    run = subprocess.run(
        [sys.executable, "-c", CHILD, command, str(folder), str(target), str(limit)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def as_it_was(folder: Path) -> None:
    with open_node(folder) as node:
        assert node.ask(ListRuns(), actor=ANNA) == []
        assert len(node.ask(ReadJournal(), actor=ANNA)) == 1
        states = {check.name: check.state for check in node.ask(Doctor(), actor=ANNA)}
        assert {name for name, state in states.items() if state != "ok"} - {"space"} == {"lists", "rates"}


@pytest.mark.parametrize("limit", [0, 1_000, 4_000, 12_000, 40_000])
def test_assessment_that_finds_no_room_changes_nothing(tmp_path: Path, limit: int) -> None:
    message = write_manifest(tmp_path / "manifest.csv", bills=300)
    new_node(tmp_path / "node").close()
    assert limited("assess", tmp_path / "node", message, limit) == "node.disk_full UNAVAILABLE"
    as_it_was(tmp_path / "node")
    with open_node(tmp_path / "node") as node:
        assert node.execute(AssessMessages((message,)), actor=ANNA).run.consignment_count == 300


def test_backup_that_finds_no_room_leaves_no_archive(tmp_path: Path) -> None:
    new_node(tmp_path / "node").close()
    assert limited("backup", tmp_path / "node", tmp_path / "b.tar", 100_000) == "node.disk_full UNAVAILABLE"
    assert [path.name for path in tmp_path.iterdir()] == ["node"]
    as_it_was(tmp_path / "node")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 2 MiB, where this process may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if mount.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {mount.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as sink:
        while sink.write(b"0" * 4096) == 4096:
            pass


def test_full_disk_is_told_and_room_made_is_enough_to_go_on(tmp_path: Path, small_disk: Path) -> None:
    message = write_manifest(tmp_path / "manifest.csv", bills=300)
    new_node(small_disk / "node").close()
    with open_node(small_disk / "node") as node:
        with pytest.raises(OSError, match="No space left"):
            fill(small_disk / "ballast")
        with pytest.raises(PratiqueError) as told:
            node.execute(AssessMessages((message,)), actor=ANNA)
        assert told.value.category is Category.UNAVAILABLE
        assert node.ask(ListRuns(), actor=ANNA) == []
    (small_disk / "ballast").unlink()
    as_it_was(small_disk / "node")
    with open_node(small_disk / "node") as node:
        assert node.execute(AssessMessages((message,)), actor=ANNA).run.consignment_count == 300
