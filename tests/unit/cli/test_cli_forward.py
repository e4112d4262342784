"""The logs of a node in the hands of a system outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nodes import ANNA, write_manifest
from pratique.cli.forward import forward
from pratique.node import Node
from pratique.node.access import VISITOR
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.settings import ChangeSetting
from pratique.node.handlers.sign_in import SignInByPassword
from pratique.node.sign_in.sessions import Caller
from pratique.vocabulary.errors import PratiqueError


def forwarded(node: Path, mark: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    forward(mark, node=node, actor="anna")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_is_new_in_every_log_is_handed_on_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place, mark = tmp_path / "node", tmp_path / "mark"
    with Node.create(place, actor=ANNA) as node:
        node.execute(AssessMessages((write_manifest(tmp_path / "manifest.csv"),)), actor=ANNA)
        node.ask(ListQueue(), actor=ANNA)
        node.note_bypass("limits.too_often", actor=VISITOR, request="GET /", address="192.0.2.1")
        with pytest.raises(PratiqueError):
            node.execute(SignInByPassword("amina", "a password", "000000", Caller("192.0.2.1")), actor=VISITOR)
    first = forwarded(place, mark, capsys)
    assert {line["log"] for line in first} == {"journal", "access_journal", "refusal", "reading", "sign_in"}
    assert [line["at"] for line in first] == sorted(line["at"] for line in first)
    chain = [line for line in first if line["log"] == "journal"]
    assert [line["previous_sha256"] for line in chain[1:]] == [line["own_sha256"] for line in chain[:-1]]
    assert "amina" not in json.dumps(first)
    assert forwarded(place, mark, capsys) == []
    with Node.open(place) as node:
        for number in range(1, 3):
            node.execute(ChangeSetting("high_line", str(60 + number)), actor=ANNA)
    assert [line["entry"] for line in forwarded(place, mark, capsys)] == ["settings.changed"] * 2


def test_more_than_is_read_at_once_comes_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Node.create(tmp_path / "node", actor=ANNA) as node:
        before = node.changes
        with node._stores.access.writing() as connection:
            rows = [(f"2026-10-05T12:00:00.{number:06}Z", "key", "192.0.2.1") for number in range(2500)]
            connection.exec_driver_sql(
                "INSERT INTO attempt (at, login_key, address, succeeded) VALUES (?, ?, ?, 0)",
                rows,
            )
    lines = forwarded(tmp_path / "node", tmp_path / "mark", capsys)
    assert len([line for line in lines if line["log"] == "sign_in"]) == 2500
    assert len([line for line in lines if line["log"] == "journal"]) == before


def test_mark_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "mark").write_text("no mark")
    with pytest.raises(PratiqueError, match="how far"):
        forward(tmp_path / "mark", node=tmp_path, actor="anna")
