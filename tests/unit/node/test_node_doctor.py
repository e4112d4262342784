"""Doctor: finds what is wrong with a node and names it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from nodes import ANNA, copied, new_node, open_node, write_manifest, write_own_list
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.settings import ChangeSetting
from pratique.vocabulary.sentences import known_codes


def in_use(folder: Path) -> None:
    """A node in use: a list, a run, a few journal entries."""
    with new_node(folder / "node") as node:
        node.execute(LoadList("own", (write_own_list(folder / "own.csv", "EASTBANK"),)), actor=ANNA)
        node.execute(AssessMessages((write_manifest(folder / "manifest.csv", bills=2),)), actor=ANNA)
        node.execute(ChangeSetting("high_line", "61"), actor=ANNA)
        node.execute(ChangeSetting("high_line", "62"), actor=ANNA)


@pytest.fixture
def node_folder(tmp_path: Path) -> Path:
    return copied(in_use, tmp_path) / "node"


def faults(folder: Path) -> dict[str, str]:
    with open_node(folder) as node:
        checks = node.ask(Doctor(), actor=ANNA)
    assert all(check.todo for check in checks if check.state != "ok")
    return {check.name: f"{check.state}: {check.told}" for check in checks if check.state != "ok"}


def without_guards(folder: Path, statement: str) -> None:
    """What somebody with the file in their hands can do."""
    with sqlite3.connect(folder / "pratique.db") as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for _, sql in guards:
            connection.execute(sql)


def test_node_in_use_has_no_fault_but_rates_that_were_never_loaded(node_folder: Path) -> None:
    assert list(faults(node_folder)) == ["rates"]


@pytest.mark.parametrize("statement", ["UPDATE journal SET actor = 'x'", "DELETE FROM journal"])
def test_store_refuses_to_change_the_journal(node_folder: Path, statement: str) -> None:
    with sqlite3.connect(node_folder / "pratique.db") as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE journal SET actor = 'local:nobody' WHERE seq = 3", "entry 3 changed"),
        ("UPDATE journal SET command = '{}' WHERE seq = 5", "entry 5 changed"),
        ("DELETE FROM journal WHERE seq = 2", "entry 2 missing"),
        ("DELETE FROM journal WHERE seq >= 3", "entry 3 cut"),
    ],
)
def test_journal_that_was_tampered_with_is_found_with_the_entry(node_folder: Path, statement: str, named: str) -> None:
    without_guards(node_folder, statement)
    assert named in faults(node_folder)["journal"]


def test_missing_guard_of_the_journal_is_found(node_folder: Path) -> None:
    with sqlite3.connect(node_folder / "pratique.db") as connection:
        connection.execute("DROP TRIGGER journal_keeps_text")
    assert "journal_keeps_text" in faults(node_folder)["journal"]


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("part", ["blobs", "lake", "lists"])
@pytest.mark.parametrize(("harm", "word"), [(_flip, "changed"), (Path.unlink, "missing")])
def test_file_that_is_changed_or_gone_is_named(
    node_folder: Path, part: str, harm: Callable[[Path], None], word: str
) -> None:
    path = next(path for path in sorted((node_folder / part).rglob("*")) if path.is_file())
    harm(path)
    assert f"{path.relative_to(node_folder).as_posix()} {word}" in faults(node_folder)["files"]


def test_file_that_nothing_names_is_told(node_folder: Path) -> None:
    (node_folder / "lake" / "stranger.parquet").write_bytes(b"?")
    assert "lake/stranger.parquet" in faults(node_folder)["strays"]


def test_folder_that_others_can_look_into_is_told(node_folder: Path) -> None:
    node_folder.chmod(0o755)
    assert "access" in faults(node_folder)


def test_new_node_is_told_that_nothing_is_screened(tmp_path: Path) -> None:
    new_node(tmp_path / "fresh").close()
    assert "lists" in faults(tmp_path / "fresh")


def test_every_check_has_its_sentences() -> None:
    from pratique.node.checking.checks import ALL_CHECKS

    names = {"journal" if check.__name__ == "journal_entries" else check.__name__ for check in ALL_CHECKS}
    codes = known_codes()
    assert {f"doctor.{name}.{kind}" for name in names for kind in ("ok", "todo")} <= codes
