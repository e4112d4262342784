"""What somebody with bad luck or bad intentions does to a node: told by name, and never the end of everything else."""

import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from nodes import ANNA, HEADINGS, new_node, open_node, write_manifest, write_own_list
from pratique.node import local_operator
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.doctor import Doctor
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.messages import ReadMessage
from pratique.node.handlers.profiles import ActivateProfile, AddProfile, RetireProfile
from pratique.node.handlers.queue import ListQueue
from pratique.node.handlers.runs import CompareRuns, ReplayRun, ShowRun
from pratique.node.profiles.texts import shipped_texts
from pratique.vocabulary.errors import PratiqueError

pytestmark = pytest.mark.long

PROFILE = "amendments.late"


def changed(folder: Path, statement: str, *values: str) -> None:
    """What somebody with the database in their hands can do."""
    with sqlite3.connect(folder / "pratique.db") as connection:
        connection.execute(statement, values)


def failed(folder: Path) -> dict[str, str]:
    with open_node(folder) as node:
        return {check.name: check.told for check in node.ask(Doctor(), actor=ANNA) if check.state == "fail"}


def test_same_file_twice_in_one_run_is_assessed_once_said_and_replayed(tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "manifest.csv", bills=3)
    other = tmp_path / "copy.csv"
    shutil.copy(path, other)
    with new_node(tmp_path / "node") as node:
        done = node.execute(AssessMessages((path, other)), actor=ANNA)
        assert done.run.consignment_count == 3
        told = [warning for warning in done.warnings if warning.rule == "messages.given_twice"]
        assert [warning.params for warning in told] == [{"file_name": "copy.csv", "first": "manifest.csv"}]
        assert node.ask(ReplayRun(done.run.id), actor=ANNA).same_output


def test_masses_beyond_counting_have_no_sum_and_are_told(tmp_path: Path) -> None:
    rows = [f"B{number},PARTS,847330,1,9000000000000000,,A,B,CNSHA,KEMBA,LINE,V,R,original" for number in (1, 2)]
    path = tmp_path / "heavy.csv"
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    with new_node(tmp_path / "node") as node:
        manifest = node.execute(ReadMessage(path), actor=ANNA).manifest
        assert manifest.consignments["gross_mass_g"].to_list() == [9 * 10**18] * 2
        assert manifest.computed["gross_mass_g"].to_list() == [None]
        assert "totals.gross_mass_beyond_counting" in manifest.findings["rule"].to_list()


def test_list_that_lost_most_of_its_rows_is_loaded_with_a_warning(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        whole = write_own_list(tmp_path / "whole.csv", *(f"EASTBANK {number}" for number in range(9)))
        half = write_own_list(tmp_path / "half.csv", *(f"EASTBANK {number}" for number in range(5)))
        cut = write_own_list(tmp_path / "cut.csv", "EASTBANK 0")
        rules = [
            [finding.rule for finding in node.execute(LoadList("own", (path,)), actor=ANNA).findings]
            for path in (whole, half, cut)
        ]
        assert [("lists.shrunk" in told) for told in rules] == [False, False, True]


@pytest.mark.parametrize("name", ["anna ", " ANNA", "Anna"])
def test_another_spelling_of_the_author_is_no_second_person(tmp_path: Path, name: str) -> None:
    with new_node(tmp_path / "node") as node:
        draft = node.execute(AddProfile(shipped_texts()[PROFILE]), actor=ANNA)
        with pytest.raises(PratiqueError) as refused:
            node.execute(ActivateProfile(draft.id, draft.version), actor=local_operator(name))
        assert refused.value.code == "profiles.second_person"


def test_changed_text_of_a_profile_decides_nothing_and_is_named(tmp_path: Path) -> None:
    path, folder = write_manifest(tmp_path / "manifest.csv", bills=1), tmp_path / "node"
    with new_node(folder) as node:
        run = node.execute(AssessMessages((path,)), actor=ANNA).run.id
    changed(folder, "UPDATE profile SET text = replace(text, 'points: 8', 'points: 0') WHERE id = ?", PROFILE)
    assert PROFILE in failed(folder)["profile_texts"]
    with open_node(folder) as node:
        for act in (
            lambda: node.execute(AssessMessages((path,)), actor=ANNA),
            lambda: node.ask(ReplayRun(run), actor=ANNA),
        ):
            with pytest.raises(PratiqueError, match=PROFILE) as refused:
                act()
            assert refused.value.code == "profiles.text_changed"


def test_profile_that_this_program_cannot_read_is_set_aside_and_said_loudly(tmp_path: Path) -> None:
    path, folder = write_manifest(tmp_path / "manifest.csv", bills=1), tmp_path / "node"
    text = shipped_texts()[PROFILE].replace("&& late", "&& field_of_later_code")
    with new_node(folder) as node:
        whole = node.execute(AssessMessages((path,)), actor=ANNA).run
    digest = hashlib.sha256(text.encode()).hexdigest()
    changed(folder, "UPDATE profile SET text = ?, sha256 = ? WHERE id = ?", text, digest, PROFILE)
    assert PROFILE in failed(folder)["profile_texts"]
    with open_node(folder) as node:
        found = node.execute(AssessMessages((path,)), actor=ANNA)
        [told] = [each for each in found.warnings if each.rule == "profiles.set_aside"]
        assert (told.severity, told.params["profile"], told.params["version"]) == ("error", PROFILE, 1)
        assert "field_of_later_code" in str(told.params["why"])
        manifest = node.ask(ShowRun(found.run.id), actor=ANNA).manifest
        assert PROFILE not in manifest["profiles"]
        assert manifest["profiles_set_aside"][PROFILE]["sha256"] == digest
        assert node.ask(ReplayRun(found.run.id), actor=ANNA).same_output
        changes = {each.name for each in node.ask(CompareRuns(whole.id, found.run.id), actor=ANNA).inputs}
        assert {f"profile {PROFILE}", f"profile {PROFILE} set aside"} <= changes
        node.execute(RetireProfile(PROFILE), actor=ANNA)
        assert node.execute(AssessMessages((path,)), actor=ANNA).warnings == ()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE run SET manifest = '{}'", "runs.manifest_changed"),
        ("UPDATE run SET output_sha256 = '00'", None),
        ("UPDATE run SET chosen_count = 0", None),
    ],
)
def test_run_that_is_not_what_the_journal_says_is_found(tmp_path: Path, statement: str, code: str | None) -> None:
    folder = tmp_path / "node"
    with new_node(folder) as node:
        run = node.execute(AssessMessages((write_manifest(tmp_path / "manifest.csv", bills=2),)), actor=ANNA).run.id
    changed(folder, statement)
    assert run in failed(folder)["runs"]
    if code is not None:
        with open_node(folder) as node, pytest.raises(PratiqueError) as refused:
            node.ask(ListQueue(), actor=ANNA)
        assert refused.value.code == code


def test_missing_table_is_found(tmp_path: Path) -> None:
    with new_node(tmp_path / "node"):
        pass
    changed(tmp_path / "node", "DROP TABLE decision")
    assert "decision" in failed(tmp_path / "node")["database"]


def test_folders_that_somebody_tidied_away_come_back(tmp_path: Path) -> None:
    folder, listed = tmp_path / "node", write_own_list(tmp_path / "own.csv", "EASTBANK")
    with new_node(folder) as node:
        node.execute(LoadList("own", (listed,)), actor=ANNA)
    for name in ("lists", "tmp", "blobs"):
        shutil.rmtree(folder / name)
    with open_node(folder) as node:
        node.execute(LoadList("own", (listed,)), actor=ANNA)
    assert failed(folder) == {}
