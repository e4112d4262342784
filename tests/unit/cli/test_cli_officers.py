"""Officers and access on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nodes import new_node
from pratique.cli.main import run


def told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], node: Path, *words: str
) -> tuple[int, str]:
    """The exit code of the command and what it printed."""
    monkeypatch.setattr("sys.argv", ["pratique", *words, "--node", str(node)])
    code = run()
    shown = capsys.readouterr()
    return code, shown.out + shown.err


@pytest.fixture
def node(tmp_path: Path) -> Path:
    new_node(tmp_path / "node").close()
    return tmp_path / "node"


def test_an_officer_is_invited_changed_suspended_and_reset(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], node: Path
) -> None:
    code, out = told(monkeypatch, capsys, node, "officers", "office", "KEMBA-1", "Mombasa", "--place", "KEMBA")
    assert (code, "KEMBA-1" in out) == (0, True)
    add = ("officers", "add", "ines", "Ines Valmar", "--role", "targeting", "--office", "KEMBA-1")
    code, out = told(monkeypatch, capsys, node, *add)
    assert code == 0
    assert "/invitation#" in out
    code, out = told(monkeypatch, capsys, node, *add)
    assert (code, "officers.taken" in out) == (1, True)
    assert (
        told(monkeypatch, capsys, node, "officers", "role", "ines", "--role", "analyst")[1].strip() == "ines: analyst"
    )
    assert told(monkeypatch, capsys, node, "officers", "suspend", "ines")[0] == 0
    assert "/invitation#" in told(monkeypatch, capsys, node, "officers", "reset", "ines")[1]
    code, out = told(monkeypatch, capsys, node, "officers", "list", "--json")
    (officer,) = json.loads(out)["officers"]
    assert (officer["roles"], officer["state"], officer["office"]) == (["analyst"], "invited", "KEMBA-1")


def test_what_was_read_refused_and_made_is_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], node: Path
) -> None:
    for words in (("access", "log"), ("access", "misuse"), ("access", "tokens"), ("access", "sweep")):
        assert told(monkeypatch, capsys, node, *words)[0] == 0, words
    assert json.loads(told(monkeypatch, capsys, node, "access", "log", "--json")[1])["reads"] == 0


def test_matrix_needs_no_node(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["pratique", "access", "matrix"])
    assert run() == 0
    assert "ListQueue" in capsys.readouterr().out
