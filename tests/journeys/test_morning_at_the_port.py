"""A targeting officer's morning: three vessels, one list, reasons, and the same list again."""

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from run import pratique

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample port and a node that has the watchlist and one run over the three vessels."""
    folder = tmp_path_factory.mktemp("morning")
    pratique("world", "write", "--seed", "7", "--out", "port", cwd=folder)
    pratique("init", cwd=folder)
    pratique("lists", "load", "own", "port/watchlist.csv", cwd=folder)
    vessels = ["port/vessel-1.edi", "port/vessel-2.xml", "port/vessel-3.csv"]
    run = pratique("assess", *vessels, "--seed", "7", "--json", cwd=folder)
    (folder / "run.json").write_text(run.out)
    return folder


def run_of(folder: Path) -> dict[str, object]:
    return json.loads((folder / "run.json").read_text())  # type: ignore[no-any-return]


def test_nothing_of_the_files_is_lost(morning: Path) -> None:
    port = json.loads((morning / "port" / "port.json").read_text())
    for vessel in port["vessels"]:
        read = pratique("read", f"port/{vessel['file']}", "--json", cwd=morning).json
        written = vessel["written"]
        assert read["computed"]["equipment_count"] == written["containers"]
        assert read["computed"]["gross_mass_g"] == written["gross_kg"] * 1000
        assert read["computed"]["package_count"] == written["packages"]
        assert len(read["consignments"]) == written["consignments"]


def test_every_slot_of_the_capacity_is_given_and_the_rest_is_released(morning: Path) -> None:
    run = run_of(morning)
    queue = pratique("queue", "--channel", "all", "--limit", "0", "--json", cwd=morning).json
    slots = [row["control"] for row in queue["rows"] if not row["unplaced"]]
    assert (slots.count("open"), slots.count("scan"), slots.count("documents")) == (12, 60, 200)
    assert queue["total"] == run["consignments"]
    assert [row["rank"] for row in queue["rows"]] == list(range(1, queue["total"] + 1))


def test_the_points_of_every_line_add_up_to_its_score(morning: Path) -> None:
    queue = pratique("queue", "--channel", "all", "--limit", "0", "--json", cwd=morning).json
    assert all(sum(reason["points"] for reason in row["reasons"]) == row["score"] for row in queue["rows"])
    assert sum(bool(row["reasons"]) for row in queue["rows"]) > 500


def test_random_controls_say_so_with_their_chance(morning: Path) -> None:
    queue = pratique("queue", "--limit", "0", "--json", cwd=morning).json
    random = [row for row in queue["rows"] if row["basis"] == "random"]
    assert len(random) == 2 + 6 + 20
    assert all(0 < row[f"probability_{row['control']}"] < 1 for row in random)


def test_explain_by_short_id_and_by_bill_says_the_same(morning: Path) -> None:
    first = pratique("queue", "--limit", "1", "--json", cwd=morning).json["rows"][0]
    by_id = pratique("explain", first["consignment_id"], "--json", cwd=morning).json
    by_bill = pratique("explain", first["bill"], "--json", cwd=morning).json
    assert by_id["reasons"] == by_bill["reasons"]
    assert sum(each["reason"]["points"] for each in by_id["reasons"]) == by_id["score"]["score"] == first["score"]
    assert all(each["evidence"] for each in by_id["reasons"])
    shown = pratique("explain", first["consignment_id"], cwd=morning).out
    assert f"Score {first['score']}, the sum of" in shown


def test_the_run_replays_to_the_same_hash(morning: Path) -> None:
    replayed = pratique("replay", str(run_of(morning)["run"]), "--threads", "1", "--json", cwd=morning).json
    assert replayed["same_output"]
    assert replayed["output_sha256"] == run_of(morning)["output_sha256"]


def test_a_changed_capacity_shows_in_the_difference_of_two_runs(morning: Path) -> None:
    before = str(run_of(morning)["run"])
    again = pratique("assess", "port/vessel-2.xml", "--capacity", "open=1,scan=2,documents=3", "--json", cwd=morning)
    compared = pratique("diff", before, again.json["run"], "--json", cwd=morning).json
    changed = {item["name"] for item in compared["inputs"]}
    assert any("capacity" in name for name in changed)
    assert compared["moved"]


def test_exported_text_is_never_a_formula(morning: Path) -> None:
    hostile = morning / "hostile.csv"
    heading = "bill_number,consignee_name,description,gross_weight_kg,packages,container_number\n"
    hostile.write_text(heading + 'B1,=cmd|calc!A1,"@SUM(A1)",10,1,MSCU1111113\nB2,+1+1,-2,10,1,MSCU1111113\n')
    pratique("init", "--node", "hostile", cwd=morning)
    pratique("assess", "hostile.csv", "--node", "hostile", cwd=morning)
    for name in ("list.csv", "list.xlsx", "list.json"):
        pratique("export", name, "--channel", "all", "--node", "hostile", cwd=morning)
    cells = [
        cell for row in csv.reader((morning / "list.csv").read_text(encoding="utf-8-sig").splitlines()) for cell in row
    ]
    assert "'=cmd|calc!A1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    sheet = load_workbook(morning / "list.xlsx").active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}
    assert "=cmd|calc!A1" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_the_node_survives_backup_and_restore_and_replays_there_with_other_threads(morning: Path) -> None:
    pratique("backup", "node.tar.gz", cwd=morning)
    pratique("restore", "node.tar.gz", "--node", "restored", cwd=morning)
    checks = pratique("doctor", "--node", "restored", "--json", cwd=morning).json["checks"]
    assert "fail" not in {check["state"] for check in checks}
    run = str(run_of(morning)["run"])
    replayed = pratique("replay", run, "--node", "restored", "--threads", "2", "--json", cwd=morning).json
    assert replayed["same_output"]


def test_an_amended_bill_is_a_new_version_and_says_what_changed(morning: Path) -> None:
    run = pratique("assess", "port/amendment.edi", "--json", cwd=morning).json
    queue = pratique("queue", "--run", run["run"], "--channel", "all", "--json", cwd=morning).json
    shown = [pratique("explain", row["consignment_id"], "--json", cwd=morning).json for row in queue["rows"]]
    versions = {each["found"]["chosen"]["bill"]: each["version"] for each in shown}
    assert sorted(version["change"] for version in versions.values()) == ["cancelled", "changed", "changed", "changed"]
    assert {version["version"] for version in versions.values()} == {2}
    assert all(version["changed_fields"] for version in versions.values() if version["change"] == "changed")
