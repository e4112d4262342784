"""What the command line does where its surroundings are hostile: an exit code that means something, never a trace."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from run import PRATIQUE, pratique

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("profiles", "check", "pipe"), 65),
        (("profiles", "check", "none.yaml"), 66),
        (("world", "write", "--out", "file"), 65),
        (("restore", "file", "--node", "file/node"), 65),
        (("assess", "file", "--capacity", "open=" + "9" * 5000), 65),
        (("assess", "file", "--mapping", "none.yaml"), 66),
        (("export", "list.csv", "--node", "file"), 66),
    ],
)
def test_what_the_system_refuses_is_told_with_its_name(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    ended = pratique(*words, cwd=tmp_path, code=code)
    assert "Traceback" not in ended.err
    assert "program.fault" not in ended.err


def test_an_answer_that_cannot_be_written_is_no_success(tmp_path: Path) -> None:
    pratique("init", cwd=tmp_path)
    for ending in (">/dev/full", ">&-"):
        run = subprocess.run(["sh", "-c", f'"$0" runs --json {ending}', PRATIQUE], cwd=tmp_path, capture_output=True)
        assert b"Traceback" not in run.stderr
        assert (run.returncode == 75) == (ending == ">/dev/full")


def test_a_terminal_that_knows_only_ascii_gets_whole_json_and_no_fault(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PRATIQUE_ACTOR": "anna"}
    for words in (["init", "--node", "nøde", "--json"], ["profiles", "list", "--node", "nøde"]):
        run = subprocess.run([PRATIQUE, *words], cwd=tmp_path, capture_output=True, env=environment)
        assert run.returncode == 0, run.stderr
        if "--json" in words:
            assert json.loads(run.stdout)["node"].endswith("nøde")
