"""A risk profile from draft to retirement: two persons stand behind it, and none that fails is overlooked."""

import hashlib
import sqlite3
from pathlib import Path

import pytest
from run import pratique

from nodes import write_manifest

pytestmark = pytest.mark.long

PROFILE = """id: own.heavy
sentence: "The bill weighs {gross_mass_g}."
rule: gross_mass_g > 1000
owner: north
legal_basis: "own instruction 7"
risk_type: security
points: 9
valid_from: 2026-01-01
control: scan
"""


def states(folder: Path) -> list[tuple[int, str]]:
    found = pratique("profiles", "list", "--json", cwd=folder).json["profiles"]
    return [(each["version"], each["state"]) for each in found if each["id"] == "own.heavy"]


def test_a_second_person_puts_a_profile_in_force_and_it_decides_until_it_is_retired(tmp_path: Path) -> None:
    pratique("init", cwd=tmp_path)
    (tmp_path / "heavy.yaml").write_text(PROFILE, encoding="utf-8")
    pratique("profiles", "check", "heavy.yaml", cwd=tmp_path)
    pratique("profiles", "add", "heavy.yaml", cwd=tmp_path, actor="anna")
    refused = pratique("profiles", "activate", "own.heavy", "1", cwd=tmp_path, actor="anna", code=77)
    assert "another person must activate it" in refused.err
    assert states(tmp_path) == [(1, "draft")]
    pratique("profiles", "activate", "own.heavy", "1", cwd=tmp_path, actor="ben")
    assert states(tmp_path) == [(1, "active")]
    write_manifest(tmp_path / "manifest.csv", bills=2)
    pratique("assess", "manifest.csv", cwd=tmp_path)
    rows = pratique("queue", "--channel", "all", "--json", cwd=tmp_path).json["rows"]
    assert all("own.heavy" in {reason["profile_id"] for reason in row["reasons"]} for row in rows)
    pratique("profiles", "add", "heavy.yaml", cwd=tmp_path, actor="ben")
    pratique("profiles", "activate", "own.heavy", "2", cwd=tmp_path, actor="anna")
    assert states(tmp_path) == [(1, "retired"), (2, "active")]
    pratique("profiles", "retire", "own.heavy", cwd=tmp_path)
    assert states(tmp_path) == [(1, "retired"), (2, "retired")]


def test_profile_that_names_what_must_never_decide_is_refused_before_it_is_kept(tmp_path: Path) -> None:
    pratique("init", cwd=tmp_path)
    for number, rule in enumerate(('consignee_name == "RELIGION"', 'consignee_name.contains("mus-lim")')):
        text = PROFILE.replace("gross_mass_g > 1000", rule)
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
        refused = pratique("profiles", "add", f"{number}.yaml", cwd=tmp_path, code=65)
        assert "religion or belief" in refused.err
    assert states(tmp_path) == []


def test_profile_that_the_program_cannot_read_is_said_before_everything_else(tmp_path: Path) -> None:
    pratique("init", cwd=tmp_path)
    (tmp_path / "heavy.yaml").write_text(PROFILE, encoding="utf-8")
    pratique("profiles", "add", "heavy.yaml", cwd=tmp_path, actor="anna")
    pratique("profiles", "activate", "own.heavy", "1", cwd=tmp_path, actor="ben")
    other = PROFILE.replace("gross_mass_g > 1000", "field_of_other_code > 1000")
    with sqlite3.connect(tmp_path / "pratique-node" / "pratique.db") as connection:
        digest = hashlib.sha256(other.encode()).hexdigest()
        connection.execute("UPDATE profile SET text = ?, sha256 = ? WHERE id = 'own.heavy'", (other, digest))
    write_manifest(tmp_path / "manifest.csv", bills=2)
    told = pratique("assess", "manifest.csv", cwd=tmp_path).out
    assert told.lstrip().startswith("error    profiles.set_aside: The risk profile own.heavy (version 1)")
    warnings = pratique("assess", "manifest.csv", "--json", cwd=tmp_path).json["warnings"]
    assert [each["profile"] for each in warnings if each["rule"] == "profiles.set_aside"] == ["own.heavy"]
