"""Points add up, evidence points into the message, and nothing depends on order or threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pratique.flow.risk import RiskProfile, fired, parse_profile, score, shipped_profiles, summed, with_hits
from pratique.vocabulary.frames import empty_manifest, frame
from pratique.vocabulary.reasons import ASSESSED_HIT, REASON, SCORE, RiskType
from risk_manifests import facts, manifest, random_manifest

DIGEST = """
import hashlib
from risk_manifests import facts, random_manifest
from pratique.flow.risk import score, shipped_profiles
found = score(facts(random_manifest(400, seed=5)), shipped_profiles())
print(hashlib.sha256((found.reasons.write_csv() + found.scores.write_csv()).encode()).hexdigest(), found.reasons.height)
"""


def profile(rule: str, **more: object) -> RiskProfile:
    given = {
        "id": "test.one",
        "sentence": '"Told {goods.description}."',
        "rule": json.dumps(rule),
        "owner": "test",
        "legal_basis": "test",
        "risk_type": "security",
        "points": 10,
        "valid_from": "2026-01-01",
        "control": "scan",
    } | more
    return parse_profile("\n".join(f"{name}: {value}" for name, value in given.items()))


def test_points_per_risk_type_add_up_to_the_score_and_to_the_reasons() -> None:
    found = score(facts(random_manifest(300, seed=3)), shipped_profiles())
    assert found.reasons.schema == pl.Schema(REASON)
    assert found.scores.schema == pl.Schema(SCORE)
    kinds = [f"points_{kind.value}" for kind in RiskType]
    assert (found.scores.select(pl.sum_horizontal(kinds)).to_series() == found.scores["score"]).all()
    by_reason = found.reasons.group_by("consignment").agg(pl.col("points").sum())
    joined = found.scores.join(by_reason, on="consignment", how="left").with_columns(pl.col("points").fill_null(0))
    assert (joined["score"] == joined["points"]).all()
    assert found.scores["score"].max() > 60


def test_what_asks_for_no_hits_finds_the_same_before_they_are_known() -> None:
    hit = {"consignment": 7, "subject": "party", "basis": "name", "score_permille": 990, "place": "CNI 8"}
    whole = facts(random_manifest(100, seed=6), hits=[hit])
    before = with_hits(whole, frame(ASSESSED_HIT))
    profiles = shipped_profiles()
    late = fired(whole, [each for each in profiles if each.asks_for_hits])
    early = fired(before, [each for each in profiles if not each.asks_for_hits])
    assert late
    assert early
    together, at_once = summed(whole, [*late, *early]), score(whole, profiles)
    assert together.reasons.equals(at_once.reasons)
    assert together.scores.equals(at_once.scores)


def test_reasons_stand_in_the_order_of_consignments_and_then_of_profile_ids_whatever_the_order_given() -> None:
    gathered = facts(random_manifest(100, seed=4))
    found = score(gathered, shipped_profiles())
    again = score(gathered, tuple(reversed(shipped_profiles())))
    assert found.reasons.equals(again.reasons)
    assert found.scores.equals(again.scores)
    keys = found.reasons.select("consignment", "profile_id").rows()
    assert keys == sorted(keys)


def test_the_same_input_gives_the_same_bytes_with_one_thread_and_with_two() -> None:
    told = {threads: digest_with(threads) for threads in (1, 2)}
    assert told[1] == told[2]
    assert int(told[1].split()[1]) > 500


def digest_with(threads: int) -> str:
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads), "PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.run(
        [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_a_reason_carries_the_fields_of_its_rule_and_sentence_with_their_places() -> None:
    read = manifest(goods=[{"place": "segment 14"}, {"goods_item": 1, "place": "segment 20", "description": "Bolts"}])
    reason = score(facts(read), [profile("gross_mass_g > 0 && goods.exists(g, g.word_count == 1)")]).reasons
    assert json.loads(reason["params"].item()) == {
        "gross_mass_g": 12_345_000,
        "goods.word_count": 1,
        "goods.description": "BOLTS",
    }
    assert json.loads(reason["evidence"].item()) == [
        {"field": "gross_mass_g", "value": 12_345_000, "place": "segment 9"},
        {"field": "goods.word_count", "value": 1, "place": "segment 20"},
        {"field": "goods.description", "value": "BOLTS", "place": "segment 20"},
    ]


def test_at_most_three_rows_bear_witness() -> None:
    read = manifest(goods=[{"goods_item": n, "place": f"segment {n}"} for n in range(7)])
    reason = score(facts(read), [profile("goods.exists(g, g.word_count > 0)")]).reasons
    places = [one["place"] for one in json.loads(reason["evidence"].item())]
    assert list(dict.fromkeys(places)) == ["segment 0", "segment 1", "segment 2"]


def test_a_denied_exists_shows_the_rows_none_of_which_answered() -> None:
    rule = "gross_mass_g > 0 && !goods.exists(g, g.word_count > 99)"
    reason = score(facts(manifest()), [profile(rule, sentence='"x"')]).reasons
    assert json.loads(reason["params"].item()) == {"gross_mass_g": 12_345_000, "goods.word_count": 3}
    assert [one["field"] for one in json.loads(reason["evidence"].item())] == ["gross_mass_g", "goods.word_count"]


def test_a_question_that_was_not_needed_shows_nothing() -> None:
    rule = "gross_mass_g > 0 || goods.exists(g, g.word_count > 99)"
    reason = score(facts(manifest()), [profile(rule, sentence='"x"')]).reasons
    assert json.loads(reason["params"].item()) == {"gross_mass_g": 12_345_000, "goods.word_count": None}
    assert [one["field"] for one in json.loads(reason["evidence"].item())] == ["gross_mass_g"]


def test_text_of_the_sender_cannot_break_out_of_the_evidence() -> None:
    nasty = 'Tiles","value":1}] \\ " \n \u2028 {goods.chapter}'
    reason = score(
        facts(manifest(goods=[{"description": nasty}])), [profile("goods.exists(g, g.word_count > 0)")]
    ).reasons
    assert json.loads(reason["params"].item())["goods.description"] == nasty.upper()
    assert json.loads(reason["evidence"].item())[1]["value"] == nasty.upper()


def test_an_amount_travels_with_its_currency() -> None:
    reason = score(facts(manifest()), [profile("customs_value_minor > 0", sentence='"x"')]).reasons
    assert json.loads(reason["params"].item()) == {"customs_value_minor": 9_500_000, "customs_value_currency": "USD"}


def test_the_strongest_control_counts_and_one_mandatory_reason_is_enough() -> None:
    profiles = [
        profile("gross_mass_g > 0", id="a", control="documents", points=0, mandatory="true"),
        profile("gross_mass_g > 0", id="b", control="open", points=3, risk_type="identity"),
        profile("gross_mass_g < 0", id="c", control="open", points=50),
    ]
    row = score(facts(manifest()), profiles).scores.row(0, named=True)
    assert (row["score"], row["points_identity"], row["points_security"]) == (3, 3, 0)
    assert (row["mandatory"], row["control"]) == (True, "open")


def test_without_profiles_and_without_consignments_there_are_no_reasons() -> None:
    plain = score(facts(manifest()), [])
    assert (plain.reasons.height, plain.scores["score"].to_list()) == (0, [0])
    assert plain.scores["control"].to_list() == ["none"]
    nothing = score(facts(empty_manifest()), shipped_profiles())
    assert (nothing.reasons.height, nothing.scores.height) == (0, 0)


def test_two_profiles_may_not_share_an_id() -> None:
    with pytest.raises(ValueError, match=r"test\.one"):
        score(facts(manifest()), [profile("gross_mass_g > 0"), profile("gross_mass_g > 1")])
