"""Commands in groups: one transaction and one sync, and yet each authorised, journalled and refused alone."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nodes import ANNA, BEN, new_node
from pratique.node import Node
from pratique.node.access import Actor
from pratique.node.group_commit import GroupCommit
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.settings import ChangeSetting, ListSettings
from pratique.vocabulary.errors import Category, PratiqueError


def value(node: Node, name: str) -> str:
    return next(each.value for each in node.ask(ListSettings(), actor=ANNA) if each.name == name)


def test_group_is_as_good_as_one_by_one(tmp_path: Path) -> None:
    commands = [ChangeSetting("high_line", str(points)) for points in range(30, 94)]
    with new_node(tmp_path / "together") as together, new_node(tmp_path / "alone") as alone:
        group = together.execute_all(commands, actor=ANNA)
        assert group == [alone.execute(command, actor=ANNA) for command in commands]
        assert together.ask(ReadJournal(100), actor=ANNA) == alone.ask(ReadJournal(100), actor=ANNA)
        assert {check.name for check in together.ask(Doctor(), actor=ANNA) if check.state == "fail"} == set()


def test_refused_command_leaves_nothing_and_holds_up_no_other(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        before = len(node.ask(ReadJournal(100), actor=ANNA))
        answers = node.execute_all(
            [ChangeSetting("high_line", "41"), ChangeSetting("high_line", "many"), ChangeSetting("language", "fr")],
            actor=ANNA,
        )
        assert isinstance(answers[1], PratiqueError)
        assert answers[1].code == "settings.unfit"
        assert (value(node, "high_line"), value(node, "language")) == ("41", "fr")
        assert len(node.ask(ReadJournal(100), actor=ANNA)) == before + 2
    with sqlite3.connect(tmp_path / "node" / "pratique.db") as connection:
        assert connection.execute("SELECT count(*) FROM ledger_leaf").fetchone()[0] == before + 2


def test_who_may_not_is_refused_alone(tmp_path: Path) -> None:
    reader = Actor("officer:rita", frozenset({"inspection"}))
    with new_node(tmp_path / "node") as node:
        command = ChangeSetting("high_line", "41")
        told = node.execute_group([(command, reader), (command, BEN)])
        assert isinstance(told[0], PratiqueError)
        assert told[0].category is Category.DENIED
        assert [entry.actor for entry in node.ask(ReadJournal(1), actor=ANNA)] == ["local:ben"]


def test_fault_in_one_undoes_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pratique.node.handlers import settings

    whole = settings.change_setting

    def broken(command: ChangeSetting, work: object) -> object:
        act = whole(command, work)  # type: ignore[arg-type]

        def breaks(connection: object) -> object:
            if command.value == "42":
                raise ZeroDivisionError
            return act(connection)  # type: ignore[arg-type]

        return breaks

    monkeypatch.setattr(settings, "change_setting", broken)
    with new_node(tmp_path / "node") as node:
        with pytest.raises(ZeroDivisionError):
            node.execute_all([ChangeSetting("high_line", "41"), ChangeSetting("high_line", "42")], actor=ANNA)
        assert value(node, "high_line") == "60"


def test_group_of_two_stores_is_refused(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node, pytest.raises(PratiqueError, match="different stores"):
        node.execute_all([ChangeSetting("high_line", "41"), MakeKeys("customs.example")], actor=ANNA)


def test_threads_share_a_commit_and_each_gets_its_own_answer(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node, GroupCommit(node) as group, ThreadPoolExecutor(16) as pool:

        def change(number: int) -> str:
            wanted = "many" if number % 5 == 0 else str(100 + number)
            try:
                return group.execute(ChangeSetting("high_line", wanted), actor=ANNA).value
            except PratiqueError as error:
                return error.code

        told = list(pool.map(change, range(40)))
    assert told == ["settings.unfit" if number % 5 == 0 else str(100 + number) for number in range(40)]


def test_closed_collector_takes_nothing_more(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        group = GroupCommit(node)
        group.close()
        with pytest.raises(RuntimeError, match="closed"):
            group.execute(ChangeSetting("high_line", "41"), actor=ANNA)
