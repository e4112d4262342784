"""The two doors of a node: what they let in, what they leave behind."""

import importlib
import json
import pkgutil
import re
import sqlite3
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from nodes import ANNA, BEN, NOON, at, new_node, open_node
from pratique import node as node_package
from pratique.node import Actor, Node, handlers, local_operator
from pratique.node.acts import Command, Query
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.settings import ChangeSetting, ListSettings
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.sentences import known_codes


def test_new_node_is_closed_to_others_and_says_who_founded_it(tmp_path: Path) -> None:
    with Node.create(tmp_path / "node", actor=ANNA, clock=at()) as node:
        (entry,) = node.ask(ReadJournal(), actor=ANNA)
    assert (entry.seq, entry.entry, entry.actor, entry.at) == (
        1,
        "node.founded",
        "local:anna",
        "2026-10-05T12:00:00.000000Z",
    )
    assert stat.S_IMODE((tmp_path / "node").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "node").rglob("*") if path.is_file()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["node"]


def test_folder_that_is_no_node_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PratiqueError) as refused:
        Node.open(tmp_path)
    assert refused.value.category is Category.NOT_FOUND
    assert "pratique init" in refused.value.todo


def test_node_is_not_made_over_another_nor_over_files_of_others(tmp_path: Path) -> None:
    new_node(tmp_path / "node").close()
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear")
    for name, code in (("node", "node.exists"), ("letters", "node.folder_in_use")):
        with pytest.raises(PratiqueError) as refused:
            Node.create(tmp_path / name, actor=ANNA)
        assert (refused.value.code, refused.value.category) == (code, Category.CONFLICT)
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["letter.txt"]


def test_node_of_newer_code_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    new_node(tmp_path / "node").close()
    with sqlite3.connect(tmp_path / "node" / "pratique.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(PratiqueError) as refused:
        Node.open(tmp_path / "node")
    assert refused.value.category is Category.MISCONFIGURED
    assert "9999" in refused.value.happened


def test_command_leaves_one_entry_chained_to_the_one_before(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(ChangeSetting("high_line", "70"), actor=BEN)
        first, second = node.ask(ReadJournal(), actor=ANNA)
    assert (second.actor, second.entry) == ("local:ben", "settings.changed")
    assert json.loads(second.command) == {"name": "high_line", "value": "70", "before": "60"}
    assert second.previous_sha256 == first.own_sha256


def test_command_that_fails_leaves_neither_state_nor_entry(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        with pytest.raises(PratiqueError) as refused:
            node.execute(ChangeSetting("high_line", "many"), actor=ANNA)
        assert refused.value.code == "settings.unfit"
        assert len(node.ask(ReadJournal(), actor=ANNA)) == 1
        values = {setting.name: setting.value for setting in node.ask(ListSettings(), actor=ANNA)}
    assert values["high_line"] == "60"


def test_actor_who_is_not_the_local_operator_is_denied(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        with pytest.raises(PratiqueError) as refused:
            node.ask(ReadJournal(), actor=Actor("remote:mallory"))
        assert refused.value.category is Category.DENIED


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 200])
def test_actor_without_a_printable_name_is_refused(name: str) -> None:
    with pytest.raises(PratiqueError):
        Actor(name)


def test_login_of_the_local_operator_is_in_the_name() -> None:
    assert local_operator("anna").name == "local:anna"


@dataclass(frozen=True, slots=True)
class _Foreign(Command[None]):
    entry: ClassVar[str] = "foreign.done"


def test_request_from_outside_the_handlers_is_not_carried_out(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node, pytest.raises(PratiqueError) as refused:
        node.execute(_Foreign(), actor=ANNA)
    assert refused.value.code == "node.unknown_request"


def test_writers_queue_for_one_another(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as one, open_node(tmp_path / "node") as other:
        for number in range(61, 66):
            one.execute(ChangeSetting("high_line", str(number)), actor=ANNA)
            other.execute(ChangeSetting("late_hours", str(number)), actor=BEN)
        entries = one.ask(ReadJournal(), actor=ANNA)
    assert [entry.seq for entry in entries] == list(range(1, 12))


def test_opening_a_node_loads_neither_frames_nor_migrations(tmp_path: Path) -> None:
    new_node(tmp_path / "node").close()
    code = (
        "import sys; from pratique.node import Node\n"
        f"Node.open({str(tmp_path / 'node')!r}).close()\n"
        "print([name for name in ('polars', 'alembic', 'lxml', 'yaml') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_request_has_the_function_of_the_same_words_and_every_command_its_entry() -> None:
    for module in pkgutil.iter_modules(handlers.__path__, handlers.__name__ + "."):
        importlib.import_module(module.name)
    kinds = [kind for kind in (*Command.__subclasses__(), *Query.__subclasses__()) if kind.__module__ != __name__]
    assert len(kinds) >= 30
    for kind in kinds:
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()
        assert callable(getattr(sys.modules[kind.__module__], words, None)), kind
        if issubclass(kind, Command):
            assert re.fullmatch(r"[a-z]+\.[a-z_]+", kind.entry), kind


def test_every_error_and_finding_of_the_node_has_its_sentence() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(node_package.__file__).parent.rglob("*.py")]
    coded = {code for text in sources for code in re.findall(r'(?:refuse|Finding)\(\s*(?:rule=)?"([a-z_.]+)"', text)}
    assert len(coded) > 40
    assert coded - known_codes() == set()


def test_moment_of_the_clock_is_the_moment_of_the_entry(tmp_path: Path) -> None:
    with new_node(tmp_path / "node", moment=NOON.replace(year=2031)) as node:
        assert node.ask(ReadJournal(), actor=ANNA)[0].at.startswith("2031-10-05T12:00:00")
