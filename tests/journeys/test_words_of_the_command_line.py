"""What the command line answers when something is wrong: which exit code, what happened, what to do."""

import json
from pathlib import Path

import pytest
from run import pratique

pytestmark = pytest.mark.long


def test_what_cannot_be_read_ends_with_65_is_kept_and_waits_in_quarantine(tmp_path: Path) -> None:
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 40)
    ended = pratique("read", "noise.bin", "--json", cwd=tmp_path, code=65)
    error = json.loads(ended.err.splitlines()[-1])["error"]
    assert error["code"].startswith("intake.")
    assert "kept" in error["kept"]
    waiting = pratique("quarantine", "list", "--json", cwd=tmp_path).json["quarantine"]
    assert [part["file_name"] for part in waiting] == ["noise.bin"]
    assert pratique("quarantine", "show", waiting[0]["id"], cwd=tmp_path).out
    pratique("quarantine", "reread", waiting[0]["id"], cwd=tmp_path, code=65)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("queue",), 66),
        (("explain", "NOBODY"), 66),
        (("read", "missing.edi"), 66),
        (("assess",), 2),
        (("nonsense",), 2),
        (("restore", "missing.tar"), 66),
        (("export", "list.docx"), 65),
    ],
)
def test_exit_codes_mean_something(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    ended = pratique(*words, cwd=tmp_path, code=code)
    assert ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("words", [("read", "missing.edi"), ("assess", "missing.edi"), ("read", "folder")])
def test_what_is_not_there_makes_no_node(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "folder").mkdir()
    pratique(*words, cwd=tmp_path, code=65 if "folder" in words else 66)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_file_named_for_a_folder_is_told_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    told = pratique("world", "write", "--out", "taken", cwd=tmp_path, code=65).err
    assert "taken is a file: name a folder, or what does not exist yet." in told
    (tmp_path / "folder").mkdir()
    told = pratique("model", "card", "--node", "folder", cwd=tmp_path, code=66).err
    assert "folder" in told


def test_a_second_person_activates_a_profile(tmp_path: Path) -> None:
    pratique("init", cwd=tmp_path, actor="boss")
    shown = pratique("profiles", "list", "--json", cwd=tmp_path).json["profiles"]
    assert len(shown) >= 40
    draft = tmp_path / "own.yaml"
    draft.write_text(
        "id: own.heavy\nsentence: Very heavy.\nowner: anna\nlegal_basis: own order 1\nrisk_type: data_quality\n"
        "points: 5\nvalid_from: 2026-01-01\nvalid_to: 2030-01-01\ncontrol: documents\nmandatory: false\n"
        "source: own judgement\nrule: gross_mass_g > 30000000\n"
    )
    added = pratique("profiles", "add", "own.yaml", "--json", cwd=tmp_path, actor="anna").json
    refused = pratique("profiles", "activate", "own.heavy", str(added["version"]), cwd=tmp_path, actor="anna", code=77)
    assert "another person must activate it" in refused.err
    pratique("profiles", "activate", "own.heavy", str(added["version"]), cwd=tmp_path, actor="bert")
    draft.write_text(draft.read_text().replace("gross_mass_g > 30000000", "gros_mass_g > 3"))
    faulty = pratique("profiles", "add", "own.yaml", cwd=tmp_path, actor="anna", code=65)
    assert "gross_mass_g" in faulty.err


def test_a_broken_list_leaves_the_old_version_in_force(tmp_path: Path) -> None:
    pratique("init", cwd=tmp_path)
    headings = "id,name,kind,aliases,country,birth_date,identifiers,programme,remarks"
    (tmp_path / "good.csv").write_text(f"{headings}\n1,ZAHRA MARINE LTD,organisation,,,,,TEST,\n")
    (tmp_path / "half.csv").write_text("id,name\n1,A\n")
    first = pratique("lists", "load", "own", "good.csv", "--json", cwd=tmp_path).json["version"]["digest"]
    refused = pratique("lists", "load", "own", "half.csv", cwd=tmp_path, code=65)
    assert "kind" in refused.err
    shown = pratique("lists", "show", "--json", cwd=tmp_path).json["lists"]
    assert [item["version"]["digest"] for item in shown if item["in_force"]] == [first]


def test_names_with_paths_in_them_stay_names(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "..;rm -rf ~;.csv").write_text(
        "bill_number,consignee_name,description,gross_weight_kg,packages,container_number\nB1,../../etc,X,1,1,MSCU1111113\n"
    )
    ended = pratique("read", folder / "..;rm -rf ~;.csv", "--json", cwd=tmp_path)
    assert ended.json["message"]["file_name"] == "..;rm -rf ~;.csv"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "pratique-node"]
