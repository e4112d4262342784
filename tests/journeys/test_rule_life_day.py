"""An analyst tries a rule on the past, the night scores it, and a person decides on what is proposed."""

from pathlib import Path

import pytest
from run import pratique

from nodes import write_manifest
from pratique.cli.nightly import STEPS

PROFILE = """id: own.heavy
sentence: "The bill weighs {gross_mass_g}."
rule: gross_mass_g > 905000
owner: north
legal_basis: "own instruction 7"
risk_type: security
points: 70
valid_from: 2026-01-01
control: scan
"""


@pytest.mark.long
def test_a_rule_is_tried_put_in_force_scored_and_kept(tmp_path: Path) -> None:
    pratique("init", cwd=tmp_path)
    write_manifest(tmp_path / "manifest.csv", bills=12)
    pratique("assess", "manifest.csv", "--capacity", "open=1,scan=2,documents=2", cwd=tmp_path)
    (tmp_path / "heavy.yaml").write_text(PROFILE, encoding="utf-8")
    tried = pratique("profiles", "backtest", "heavy.yaml", "--json", cwd=tmp_path).json
    assert (tried["runs"], tried["card"]["consignments"], tried["card"]["fires"]) == (1, 12, 6)
    assert tried["effect"]["fires"] == 6
    assert "It fires on 6" in pratique("profiles", "backtest", "heavy.yaml", cwd=tmp_path).out
    pratique("profiles", "add", "heavy.yaml", cwd=tmp_path, actor="anna")
    assert pratique("profiles", "backtest", "own.heavy", "--json", cwd=tmp_path).json["card"] == tried["card"]
    pratique("profiles", "activate", "own.heavy", "1", cwd=tmp_path, actor="ben")
    pratique("assess", "manifest.csv", cwd=tmp_path)
    night = pratique("nightly", "--json", cwd=tmp_path).json
    assert set(night) == set(STEPS)
    assert night["shared"].startswith("0 received messages")
    assert night["ledger"].startswith("no keys yet")
    pratique("ledger", "keys", "make", "customs.example", cwd=tmp_path)
    assert "signed and checked" in pratique("nightly", cwd=tmp_path).out
    again = pratique("profiles", "scorecard", "--json", cwd=tmp_path).json
    assert again["made"] == 0
    mine = next(each for each in again["rules"] if each["profile_id"] == "own.heavy")
    assert mine["card"]["fires"] == 6
    assert "own.heavy" in pratique("profiles", "scorecard", cwd=tmp_path).out
    assert "No rule is proposed" in pratique("profiles", "proposals", cwd=tmp_path).out
    refused = pratique("profiles", "review", "own.heavy", "--reason", "because", cwd=tmp_path, code=65)
    assert "still_right" in refused.err
    assert "stays" in pratique("profiles", "review", "own.heavy", "--reason", "still_right", cwd=tmp_path).out
    told = pratique("report", "drift", cwd=tmp_path).out
    assert "12 consignments" in told
    assert "nothing to compare with yet" in told
    assert "The node has no model" in told


def test_the_night_tells_what_failed_and_does_the_rest(tmp_path: Path) -> None:
    pratique("init", cwd=tmp_path)
    pratique("settings", "set", "retention_advance_cargo_days", "30", cwd=tmp_path)
    write_manifest(tmp_path / "manifest.csv", bills=4)
    pratique("assess", "manifest.csv", cwd=tmp_path)
    (damaged,) = (tmp_path / "pratique-node" / "lake").rglob("reasons-*")
    damaged.write_bytes(b"damaged")
    told = pratique("nightly", cwd=tmp_path, code=70)
    assert "scorecards: failed: node.file_broken" in told.out
    assert "cargo data: 0 runs" in told.out
    assert "access log: 0 lines" in told.out
