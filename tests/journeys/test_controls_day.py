"""An inspection officer's day at the command line: from an approved list to a reconciliation with nothing open."""

from pathlib import Path

import pytest
from run import pratique

from control_lists import write_ships
from nodes import write_own_list
from pratique.flow.controls.catalogue import catalogue

pytestmark = pytest.mark.long

PHOTO = b"\xff\xd8\xff\xe0 a seal"
FINDING = "narcotics concealment=cooling_unit quantity=214:KGM value=1200.50:EUR mass=214 seized"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a node whose two ships are assessed and approved."""
    folder = tmp_path_factory.mktemp("controls")
    write_own_list(folder / "own.csv", "NORTHWIND EXPORT 1", "NORTHWIND EXPORT 4")
    write_ships(folder / "ships.csv")
    pratique("init", cwd=folder)
    pratique("lists", "load", "own", "own.csv", cwd=folder)
    pratique("assess", "ships.csv", "--capacity", "open=2,scan=2,documents=3", "--seed", "1", cwd=folder)
    for row in pratique("queue", "--channel", "all", "--limit", "0", "--json", cwd=folder).json["rows"]:
        if row["unplaced"]:
            pratique("waive", row["consignment_id"], "--reason", "controlled_before", cwd=folder)
    for call in pratique("arrivals", "--all", "--json", cwd=folder).json["calls"]:
        pratique("approve", call["call"]["id"], "--list", call["list_sha256"], cwd=folder)
    return folder


def test_a_day_ends_with_one_outcome_each_and_a_dossier(day: Path) -> None:
    assert pratique("controls", "reconcile", cwd=day, code=1).out.count("no outcome yet") > 1
    shift = ("--shift", "early=00:00-23:59x9", "--cost", "30:120:EUR")
    pratique("resources", "put", "team-a", "--kind", "opening_team", "--name", "Team A", *shift, cwd=day)
    assert pratique("resources", "slots", "early", cwd=day).out.strip() == "open=9,scan=0,documents=0"
    orders = pratique("controls", "list", "--json", cwd=day).json["orders"]
    for number, order in enumerate(sorted(orders, key=lambda each: each["control"] != "open")):
        ref = order["id"]
        if order["control"] == "open":
            pratique("controls", "assign", ref, "--resource", "team-a", "--shift", "early", cwd=day)
        pratique("controls", "start", ref, cwd=day)
        steps = [f"{step.code}=done:seen" for step in catalogue().types[order["control"]].steps]
        pratique("controls", "steps", ref, *steps, cwd=day)
        if number:
            pratique("controls", "record", ref, "conform", cwd=day)
            continue
        (day / "seal.jpg").write_bytes(PHOTO)
        pratique("controls", "attach", ref, "seal.jpg", "--step", "seal_read", cwd=day)
        basis = ("--legal-basis", "Customs Act, s. 85")
        pratique("controls", "record", ref, "seizure", "--finding", FINDING, *basis, cwd=day)
        seized = ref
    whole = pratique("controls", "reconcile", "--json", cwd=day).json["proof"]
    assert (whole["open"], whole["outcomes"]["seizure"]) == ([], 1)
    assert sum(whole["outcomes"].values()) == whole["selected"]
    dossier = pratique("controls", "dossier", seized, "--json", cwd=day).json
    assert dossier["order"]["records"][0]["findings"][0]["value_minor"] == 120_050
    assert dossier["declared"]["bill"].startswith("BILL")
    assert [len(each["own_sha256"]) for each in dossier["entries"]] == [64, 64]
    assert "214 kg" in pratique("controls", "dossier", seized, cwd=day).out
    results = pratique("controls", "results", "--json", cwd=day).json["results"]
    assert [each["found"] for each in results].count(True) == 1
    assert pratique("controls", "record", seized, "conform", cwd=day, code=1).err.count("already") == 1
    assert pratique("doctor", "--json", cwd=day).json
    assert "team-a" in pratique("resources", "list", cwd=day).out


def test_what_is_mistyped_is_told(day: Path) -> None:
    order = pratique("controls", "list", "--json", cwd=day).json["orders"][0]["id"]
    for typed in ("mass=heavy", "value=1.001:EUR", "colour=red"):
        told = pratique(
            "controls", "record", order, "discrepancy", "--finding", f"narcotics {typed}", cwd=day, code=65
        ).err
        assert typed.split("=")[1].split(":")[0] in told or typed.split("=")[0] in told
    shift = ("resources", "put", "x", "--kind", "scanner", "--name", "X", "--shift", "all day")
    assert "all day" in pratique(*shift, cwd=day, code=65).err
    soon = ("controls", "assign", order, "--resource", "x", "--shift", "a", "--day", "soon")
    assert "soon" in pratique(*soon, cwd=day, code=65).err
