"""Ctrl-C ends a command with one sentence and 130, from the first moment on, and leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

import pytest
from run import pratique

from nodes import write_manifest

pytestmark = pytest.mark.long

SENTENCE = "Stopped. What was not finished left nothing behind.\n"
# Sends itself the interrupt at the moment when the module named first is about to be loaded.
INTERRUPTED = """
import os, signal, sys

class Presses:
    def find_spec(self, name, path=None, target=None):
        if name == moment:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

moment, *sys.argv[1:] = sys.argv[1:]
sys.meta_path.insert(0, Presses())
from pratique.cli.start import main
main()
"""


def interrupted(moment: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", INTERRUPTED, moment, *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("moment", ["pratique.cli.main", "typer", "pratique.cli.compare", "pratique.cli.world"])
def test_interrupt_while_the_program_is_being_loaded_ends_it_with_one_sentence(moment: str, tmp_path: Path) -> None:
    ended = interrupted(moment, "runs", cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", SENTENCE)


@pytest.mark.parametrize("moment", ["pratique.node", "sqlalchemy", "polars", "pratique.flow.assess"])
def test_interrupt_while_a_command_loads_what_it_needs_leaves_no_node(moment: str, tmp_path: Path) -> None:
    write_manifest(tmp_path / "manifest.csv", bills=2)
    ended = interrupted(moment, "assess", "manifest.csv", cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (130, "")
    assert ended.stderr.endswith(SENTENCE)
    assert "Traceback" not in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.csv"]


@pytest.mark.parametrize(
    "moment", ["pratique.flow.intake.formats.table", "pratique.flow.intake.formats.table.assemble"]
)
def test_interrupt_in_the_middle_of_an_assessment_leaves_the_node_as_it_was(moment: str, tmp_path: Path) -> None:
    write_manifest(tmp_path / "manifest.csv", bills=2)
    pratique("init", cwd=tmp_path)
    ended = interrupted(moment, "assess", "manifest.csv", cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", SENTENCE)
    assert pratique("runs", "--json", cwd=tmp_path).json["runs"] == []
    assert list((tmp_path / "pratique-node" / "tmp").iterdir()) == []
    states = {check["name"]: check["state"] for check in pratique("doctor", "--json", cwd=tmp_path).json["checks"]}
    assert states["strays"] == states["journal"] == "ok"
