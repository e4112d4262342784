"""What a person without the rights meets: a sentence and an exit code, never a trace, and nothing is changed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from run import PRATIQUE, pratique

from nodes import write_manifest

pytestmark = pytest.mark.long

RIGHTS = ("--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What to put before a command so that modes of files bind it, also where the tests are run by root."""
    if os.geteuid() != 0:
        return []
    secret = tmp_path_factory.mktemp("secret") / "secret"
    secret.write_text("x", encoding="utf-8")
    secret.chmod(0)
    prefix = [shutil.which("setpriv") or "setpriv", *RIGHTS]
    try:
        probe = subprocess.run([*prefix, "cat", str(secret)], capture_output=True, text=True, check=False)
    except OSError:
        pytest.skip("root cannot lay down its rights here: there is no setpriv")
    if "Permission denied" not in probe.stderr:
        pytest.skip(f"root cannot lay down its rights here: {probe.stderr.strip()}")
    return prefix


def ended(bound: list[str], *words: str, cwd: Path, code: int) -> str:
    """What the command says on standard error; it must end with ``code`` and show no trace."""
    environment = {**os.environ, "PRATIQUE_ACTOR": "anna"}
    command = [*bound, str(PRATIQUE), *words]
    run = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in run.stderr
    assert run.returncode == code, run.stderr
    return run.stderr


@pytest.mark.parametrize("command", ["read", "assess"])
def test_file_that_may_not_be_read_is_named_and_leaves_no_run(command: str, tmp_path: Path, bound: list[str]) -> None:
    pratique("init", cwd=tmp_path)
    write_manifest(tmp_path / "open.csv", bills=1)
    write_manifest(tmp_path / "closed.csv", bills=1).chmod(0)
    files = ["open.csv", "closed.csv"] if command == "assess" else ["closed.csv"]
    told = ended(bound, command, *files, cwd=tmp_path, code=65)
    assert "closed.csv cannot be opened: Permission denied" in told
    assert pratique("runs", "--json", cwd=tmp_path).json["runs"] == []


def test_node_folder_that_may_not_be_written_is_told_and_stays_as_it_is(tmp_path: Path, bound: list[str]) -> None:
    write_manifest(tmp_path / "manifest.csv", bills=1)
    pratique("init", cwd=tmp_path)
    node = tmp_path / "pratique-node"
    inside = sorted(path for path in node.rglob("*"))
    for path in (node, *inside):
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        for words in (["assess", "manifest.csv"], ["settings", "set", "high_line", "61"]):
            assert "cannot be opened for writing" in ended(bound, *words, cwd=tmp_path, code=75)
    finally:
        for path in (node, *inside):
            path.chmod(path.stat().st_mode | 0o700 if path.is_dir() else 0o600)
    assert sorted(path for path in node.rglob("*")) == inside
    assert pratique("runs", "--json", cwd=tmp_path).json["runs"] == []


def test_node_folder_that_may_not_be_looked_into_is_told(tmp_path: Path, bound: list[str]) -> None:
    pratique("init", cwd=tmp_path)
    node = tmp_path / "pratique-node"
    node.chmod(0)
    try:
        assert "Permission denied" in ended(bound, "runs", cwd=tmp_path, code=77)
    finally:
        node.chmod(0o700)


def test_folder_in_which_no_node_may_be_made_is_told(tmp_path: Path, bound: list[str]) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert "Permission denied" in ended(bound, "init", "--node", "closed/node", cwd=tmp_path, code=77)
    assert list(closed.iterdir()) == []


def test_list_that_cannot_be_written_leaves_no_part_of_a_file(tmp_path: Path, bound: list[str]) -> None:
    write_manifest(tmp_path / "manifest.csv", bills=1)
    pratique("assess", "manifest.csv", cwd=tmp_path)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert "Permission denied" in ended(bound, "export", "closed/list.csv", cwd=tmp_path, code=77)
    assert list(closed.iterdir()) == []


@pytest.mark.parametrize("name", ["list.csv", "list.json", "list.xlsx"])
def test_part_of_a_list_goes_where_the_list_cannot_have_its_name_and_where_an_old_part_lies(
    name: str, tmp_path: Path
) -> None:
    write_manifest(tmp_path / "manifest.csv", bills=1)
    pratique("assess", "manifest.csv", cwd=tmp_path)
    (tmp_path / name).mkdir()
    ended([], "export", name, cwd=tmp_path, code=65)
    assert not (tmp_path / f"{name}.part").exists()
    (tmp_path / name).rmdir()
    (tmp_path / f"{name}.part").write_text("what a killed export left", encoding="utf-8")
    pratique("export", name, cwd=tmp_path)
    assert (tmp_path / name).stat().st_size > 0
    assert not (tmp_path / f"{name}.part").exists()
