"""Doctor sees every row that was written behind the node's back, and an end of the journal that was cut off."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from nodes import ANNA, BEN, new_node, open_node, write_manifest, write_own_list
from pratique.node.archive.restoring import restore
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.backups import TakeBackup
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.journal import ReadJournal
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.profiles import ActivateProfile, AddProfile, AdoptShippedProfiles, RetireProfile
from pratique.node.handlers.settings import ChangeSetting

PROFILE = """
id: own.heavy
sentence: "The bill weighs {gross_mass_g:kilograms}."
rule: |-
  gross_mass_g > 900000
owner: anna
legal_basis: "own instruction 7"
risk_type: security
points: 3
control: documents
valid_from: 2026-01-01
source: "a test"
"""


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node in use: a list with a hit, two runs, a setting, a profile that was drafted, activated and retired."""
    folder = tmp_path_factory.mktemp("used")
    with new_node(folder / "node") as node:
        node.execute(LoadList("own", (write_own_list(folder / "own.csv", "NORTHWIND EXPORT 1"),)), actor=ANNA)
        node.execute(AssessMessages((write_manifest(folder / "a.csv", bills=3),)), actor=ANNA)
        node.execute(AssessMessages((write_manifest(folder / "b.csv", bills=2, reference="R9"),)), actor=ANNA)
        draft = node.execute(AddProfile(PROFILE), actor=ANNA)
        node.execute(ActivateProfile(draft.id, draft.version), actor=BEN)
        node.execute(RetireProfile(draft.id), actor=ANNA)
        second = node.execute(AddProfile(PROFILE.replace("900000", "800000")), actor=ANNA)
        node.execute(ActivateProfile(second.id, second.version), actor=BEN)
        node.execute(AdoptShippedProfiles(), actor=ANNA)
        node.execute(ChangeSetting("late_hours", "12"), actor=ANNA)
        node.execute(ChangeSetting("high_line", "61"), actor=ANNA)
    return folder / "node"


@pytest.fixture
def node_folder(used: Path, tmp_path: Path) -> Path:
    """A copy of that node to do harm to."""
    return shutil.copytree(used, tmp_path / "node")


def faults(folder: Path) -> dict[str, str]:
    with open_node(folder) as node:
        return {check.name: check.told for check in node.ask(Doctor(), actor=ANNA) if check.state == "fail"}


def write(folder: Path, *statements: str) -> None:
    """What somebody with the file in their hands can do."""
    with sqlite3.connect(folder / "pratique.db") as connection:
        connection.executescript(";\n".join(statements))


def test_nothing_is_said_of_a_node_that_only_commands_wrote_to(used: Path) -> None:
    assert faults(used) == {}


@pytest.mark.parametrize("table", ["consignment", "hit", "decision", "run_message"])
def test_row_of_a_run_that_was_deleted_or_added_is_named(node_folder: Path, table: str) -> None:
    write(node_folder, f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})")
    assert f"{table} of run" in faults(node_folder)["run_rows"]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("decision", "channel = 'green'"),
        ("decision", "control = 'none'"),
        ("decision", "score = score - 1"),
        ("decision", "score = 'high'"),
        ("decision", "unplaced = 1 - unplaced"),
        ("hit", "listed_name = 'SOMEBODY ELSE'"),
        ("hit", "score_permille = NULL"),
        ("hit", "retention_class = 'for-ever'"),
        ("consignment", "bill = 'OTHER' || bill"),
        ("consignment", "sender_id = ''"),
        ("consignment", "cancelled = 1"),
    ],
)
def test_row_of_a_run_that_was_edited_is_named(node_folder: Path, table: str, change: str) -> None:
    write(node_folder, f"UPDATE {table} SET {change}")
    assert f"{table} of run" in faults(node_folder)["run_rows"]


@pytest.mark.parametrize("change", ["hit_count = 0", "chosen_count = 0", "at = '2020'", "actor = 'x'", "seq = seq + 9"])
def test_run_that_was_edited_is_named(node_folder: Path, change: str) -> None:
    write(node_folder, f"UPDATE run SET {change} WHERE seq = 3")
    assert "runs" in faults(node_folder)


def test_run_that_was_deleted_with_all_its_rows_is_named(node_folder: Path) -> None:
    write(
        node_folder,
        "DELETE FROM run WHERE seq = 3",
        *(f"DELETE FROM {t} WHERE run_seq = 3" for t in ("hit", "decision")),
    )
    assert "missing" in faults(node_folder)["runs"]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE setting SET value = '9000' WHERE name = 'high_line'", "high_line changed"),
        ("UPDATE setting SET changed_by = 'local:nobody' WHERE name = 'high_line'", "high_line changed"),
        ("DELETE FROM setting WHERE name = 'late_hours'", "late_hours missing"),
        ("INSERT INTO setting VALUES ('capacity.open', '0', 'now', 'x')", "capacity.open not in the journal"),
        ("UPDATE node_fact SET value = 'X' WHERE name = 'node_id'", "node_id changed"),
    ],
)
def test_setting_that_no_command_gave_is_named(node_folder: Path, statement: str, named: str) -> None:
    write(node_folder, statement)
    assert named in faults(node_folder)["settings"]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE profile SET retired_at = '2026' WHERE id = 'own.heavy' AND version = 2",
            "own.heavy version 2 changed",
        ),
        ("UPDATE profile SET retired_at = NULL WHERE id = 'own.heavy' AND version = 1", "own.heavy version 1 changed"),
        ("UPDATE profile SET author = 'local:ben' WHERE id = 'own.heavy'", "own.heavy version 1 changed"),
        ("DELETE FROM profile WHERE id = 'own.heavy' AND version = 2", "own.heavy version 2 missing"),
        (
            "INSERT INTO profile SELECT id, 3, text, sha256, author, drafted_at, activated_by, activated_at, NULL, NULL"
            " FROM profile WHERE id = 'own.heavy' AND version = 2",
            "own.heavy version 3 not in the journal",
        ),
    ],
)
def test_profile_whose_state_no_command_gave_is_named(node_folder: Path, statement: str, named: str) -> None:
    write(node_folder, statement)
    assert named in faults(node_folder)["profile_states"]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM list_version", "list 1 missing"),
        ("UPDATE list_version SET list_date = '2030-01-01'", "list 1 changed"),
        ("INSERT INTO table_version VALUES (1, 'rates', 'x', '{}', '{}', 'now', 'x')", "table 1 not in the journal"),
    ],
)
def test_version_of_a_list_that_no_command_loaded_is_named(node_folder: Path, statement: str, named: str) -> None:
    write(node_folder, statement)
    assert named in faults(node_folder)["versions"]


def _cut(folder: Path, seq: int) -> None:
    with sqlite3.connect(folder / "pratique.db") as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        statements = [f"DROP TRIGGER {name}" for name, _ in guards]
        connection.executescript(
            ";\n".join([*statements, f"DELETE FROM journal WHERE seq >= {seq}", *(s for _, s in guards)])
        )


def test_deleted_last_entry_is_seen_even_where_what_it_did_was_undone(node_folder: Path) -> None:
    with open_node(node_folder) as node:
        node.execute(ChangeSetting("high_line", "99"), actor=ANNA)
        [entry] = [each.seq for each in node.ask(ReadJournal(limit=1), actor=ANNA)]
    write(node_folder, "UPDATE setting SET value = '61' WHERE name = 'high_line'")
    _cut(node_folder, entry)
    assert f"entry {entry} cut (the last one noted was {entry})" in faults(node_folder)["journal"]


def test_older_copy_of_the_store_in_the_place_of_the_newer_is_seen(node_folder: Path) -> None:
    older = (node_folder / "pratique.db").read_bytes()
    with open_node(node_folder) as node:
        node.execute(ChangeSetting("high_line", "99"), actor=ANNA)
    (node_folder / "pratique.db").write_bytes(older)
    assert "cut" in faults(node_folder)["journal"]


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"seq": 11, "sha256": "0"}\n', b'{"seq": "x"}'])
def test_note_of_the_newest_entry_that_is_gone_or_wrong_is_told(node_folder: Path, content: bytes | None) -> None:
    head = node_folder / "journal.head"
    head.unlink() if content is None else head.write_bytes(content)
    assert "journal" in faults(node_folder)


def test_note_that_lags_behind_a_command_that_was_killed_is_no_fault_and_catches_up(node_folder: Path) -> None:
    head = node_folder / "journal.head"
    before = head.read_bytes()
    with open_node(node_folder) as node:
        node.execute(ChangeSetting("high_line", "99"), actor=ANNA)
    head.write_bytes(before)
    assert faults(node_folder) == {}
    with open_node(node_folder) as node:
        node.execute(ChangeSetting("high_line", "98"), actor=ANNA)
    assert head.read_bytes() != before
    assert (head.stat().st_mode & 0o777, list((node_folder / "tmp").iterdir())) == (0o600, [])


def test_restored_node_notes_the_newest_entry_of_its_archive(node_folder: Path, tmp_path: Path) -> None:
    with open_node(node_folder) as node:
        node.execute(TakeBackup(tmp_path / "node.tar"), actor=ANNA)
    restore(tmp_path / "node.tar", tmp_path / "again")
    assert faults(tmp_path / "again") == {}
    _cut(tmp_path / "again", 11)
    assert "entry 11 cut" in faults(tmp_path / "again")["journal"]


def test_journal_whose_entries_say_too_little_leaves_doctor_standing(node_folder: Path) -> None:
    with sqlite3.connect(node_folder / "pratique.db") as connection:
        connection.execute("DROP TRIGGER journal_keeps_text")
        connection.execute("UPDATE journal SET command = '{}'")
    found = faults(node_folder)
    assert "entry 1 changed" in found["journal"]
    assert {"settings", "profile_states", "versions"} <= found.keys()


def test_check_that_stumbles_over_what_somebody_wrote_fails_and_the_others_go_on(node_folder: Path) -> None:
    write(node_folder, "UPDATE list_version SET loaded_at = 'soon', list_date = 'never'")
    found = faults(node_folder)
    assert "lists" in found["lists"]
    assert "versions" in found
