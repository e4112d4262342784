"""Risk profiles as people write them: read, refused with the line, in force on a day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pratique.flow import risk
from pratique.flow.risk import ProfileError, in_force, parse_profile, shipped_profiles
from pratique.flow.risk.render import named_in, render
from pratique.vocabulary.reasons import Control, RiskType
from pratique.vocabulary.sentences import known_codes, sentence

GOOD = """\
id: seals.missing
sentence: "Container {equipment.equipment_id} of {gross_mass_g} has no seal."
rule: |-
  equipment.exists(e, e.seal_count == 0)
  && gross_mass_g > 1000000
owner: team north
legal_basis: customs act, section 12
risk_type: security
points: 15
valid_from: 2026-01-01
valid_to: 2026-12-31
control: scan
"""
CODE = re.compile(r'"((?:rules|profiles)\.[a-z_]+)"')
RULE = "equipment.exists(e, e.seal_count == 0)"


def test_a_profile_is_read_with_its_rule_and_fields() -> None:
    profile = parse_profile(GOOD)
    assert (profile.id, profile.points, profile.version, profile.mandatory) == ("seals.missing", 15, 1, False)
    assert (profile.risk_type, profile.control) == (RiskType.SECURITY, Control.SCAN)
    assert (profile.valid_from, profile.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert profile.shown_fields == ("equipment.seal_count", "gross_mass_g", "equipment.equipment_id")
    assert profile.cautions == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "told"),
    [
        ("points: 15", "points: 15.5", "profiles.faulty_value", 9, "0 to 100"),
        ("points: 15", "points: 101", "profiles.faulty_value", 9, "0 to 100"),
        ("points: 15", "points: -1", "profiles.faulty_value", 9, "0 to 100"),
        ("points: 15", "points: ١٥", "profiles.faulty_value", 9, "0 to 100"),
        ("points: 15\n", "", "profiles.missing_name", 1, "points"),
        ("points: 15", "points: 15\npoints: 20", "profiles.name_twice", 10, "points"),
        ("points: 15", "points: 15\nscore: 20", "profiles.unknown_name", 10, "score"),
        ("points: 15", "points: 15\nprogram: x", "profiles.unknown_name", 10, "program"),
        ("points: 15", "points: [15]", "profiles.not_plain", 9, "plain"),
        ("points: 15", "points: &a 15", "profiles.not_plain", 9, "plain"),
        ("points: 15", "points: !!python/object/apply:os.system x", "profiles.not_plain", 9, "plain"),
        ("points: 15", "points: 'x", "profiles.no_yaml", 13, "YAML"),
        ("2026-01-01", "01.01.2026", "profiles.faulty_value", 10, "2026-01-31"),
        ("2026-01-01", "2026-02-30", "profiles.faulty_value", 10, "2026-01-31"),
        ("2026-12-31", "2025-12-31", "profiles.ends_before_start", 11, "2025-12-31"),
        ("control: scan", "control: shoot", "profiles.faulty_value", 12, "open or scan"),
        ("control: scan", "control: scan\nmandatory: yes", "profiles.faulty_value", 13, "true or false"),
        ("control: scan", "control: none\nmandatory: true", "profiles.mandatory_without_control", 13, "control"),
        ("risk_type: security", "risk_type: bad_luck", "profiles.faulty_value", 8, "undervaluation or"),
        ("id: seals.missing", "id: ../etc", "profiles.faulty_value", 1, "small letters"),
        ("owner: team north", 'owner: ""', "profiles.faulty_value", 6, "printable"),
        ("owner: team north", 'owner: "a\\x1bb"', "profiles.faulty_value", 6, "printable"),
        ("{gross_mass_g}", "{gross_mass}", "profiles.faulty_value", 2, "gross_mass"),
        ("gross_mass_g >", "gros_mass_g >", "profiles.rule_faulty", 3, "Line 2, column 4"),
        ("e.seal_count == 0", "e.religion == 0", "profiles.rule_faulty", 3, "religion or belief"),
        (GOOD, "", "profiles.not_one", 1, "0 profiles"),
        (GOOD, GOOD + "---\n" + GOOD, "profiles.not_one", 1, "2 profiles"),
        (GOOD, "- a\n- b", "profiles.not_a_mapping", 1, "series of lines"),
        (GOOD, "{" * 20_000, "profiles.not_plain", 1, "plain"),
        (GOOD, "x" * 300_000, "profiles.too_long", 1, "200000"),
        (GOOD, "a: \x00", "profiles.no_yaml", 1, "YAML"),
        (GOOD, "a: \ud800", "profiles.no_yaml", 1, "YAML"),
    ],
)
def test_a_faulty_profile_is_refused_with_its_line_and_what_was_expected(
    old: str, new: str, code: str, line: int, told: str
) -> None:
    with pytest.raises(ProfileError) as refusal:
        parse_profile(GOOD.replace(old, new))
    assert (refusal.value.code, refusal.value.line) == (code, line)
    assert told in refusal.value.happened


def test_a_rule_that_names_no_field_is_refused() -> None:
    with pytest.raises(ProfileError, match="names no field"):
        parse_profile(GOOD.replace("&& gross_mass_g > 1000000", "").replace(RULE, "true"))


@pytest.mark.parametrize(
    "rule",
    [
        "ethnic_origin == 'x'",
        "raza == 'x'",
        "parties.exists(p, p.religion == 'x')",
        "goods.exists(croyance, croyance.vague)",
        "consignee_name.contains('Muslim')",
        "consignee_name.contains('musulmán')",
        "consignor_name == 'ethnie'",
        "consignor_name.contains('opinion politique')",
        "political_opinion == 1",
        "consignor_name.startsWith('Syndicat ')",
        "trade_union == true",
        "health == 1",
        "consignor_name == 'HIV positive'",
        "sex_life == 1",
        "consignor_name.contains('orientación sexual')",
        "goods.exists(g, g.description == 'religion')",
        "goods.exists(g, g.description == 'RELIGIONS')",
        "goods.exists(g, g.description in ['shoes', 'Religion'])",
        "consignee_name.contains('ｍｕｓｌｉｍ')",
        "consignee_name.contains('𝐦𝐮𝐬𝐥𝐢𝐦')",
        "consignee_name.contains('muѕlim')",  # with a Cyrillic letter
        "consignee_name.contains('mus-lim')",
        "consignee_name.contains('m u s l i m')",
        "consignee_name.contains('r.e.l.i.g.i.o.n')",
        "consignee_name.contains('musl1m')",
        "consignee_name.contains('mu5l1m5')",
        "consignee_name.contains('Sikhs')",
        "consignee_name.contains('мусульманин')",
        "consignee_name == 'Islam'",
    ],
)
def test_a_rule_that_names_what_must_never_decide_is_refused_by_its_own_code(rule: str) -> None:
    text = GOOD.replace(RULE, rule)
    with pytest.raises(ProfileError) as refusal:
        parse_profile(text)
    assert refusal.value.params["rule_code"] == "rules.prohibited_attribute"


@pytest.mark.parametrize(
    "goods",
    [
        "HEALTH FOOD",
        "RACE CAR",
        "UNION FLAGS",
        "CHRISTMAS TREES",
        "SIKHOTE",
        "SEXTANT",
        "CHRISTIAN DIOR",
        "ISLAMABAD RUGS",
        "GAS 1 4",
        "FAITHFUL TOYS",
        "DISCREED",
    ],
)
def test_goods_that_only_sound_like_it_can_be_named(goods: str) -> None:
    rule = f"goods.exists(g, g.description.contains('{goods}'))"
    assert parse_profile(GOOD.replace(RULE, rule)).rule.startswith(rule)


def test_a_rule_on_nothing_but_a_country_of_a_party_carries_a_caution() -> None:
    alone = GOOD.replace("&& gross_mass_g > 1000000", "")
    assert parse_profile(alone.replace(RULE, "consignee_country == 'XX'")).cautions == ("profiles.country_alone",)
    assert parse_profile(alone.replace(RULE, "consignee_country == 'XX' && late")).cautions == ()


def test_a_profile_counts_from_its_first_to_its_last_day() -> None:
    profile = parse_profile(GOOD)
    endless = replace(profile, id="endless", valid_to=None)

    def on(*day: int) -> list[str]:
        return [one.id for one in in_force([profile, endless], datetime(*day, tzinfo=UTC))]

    assert on(2025, 12, 31, 23, 59) == []
    assert on(2026, 1, 1) == ["seals.missing", "endless"]
    assert on(2026, 12, 31, 23, 59) == ["seals.missing", "endless"]
    assert on(2027, 1, 1) == ["endless"]


def test_a_sentence_shows_masses_money_ratios_and_what_is_missing() -> None:
    told = render(
        "{gross_mass_g}; {value_usd_minor}; {customs_value_minor}; {mass_difference_permille}; {volume_dm3}; {late}; "
        "{transit_countries}; {hours_before_arrival}; {goods.description}; {__class__}; {x}",
        {
            "gross_mass_g": 12_345_600,
            "value_usd_minor": 123_450,
            "customs_value_minor": 5_000,
            "customs_value_currency": "JPY",
            "mass_difference_permille": 25,
            "volume_dm3": 1_500,
            "late": True,
            "transit_countries": ["ES", "DE"],
            "hours_before_arrival": -3,
        },
    )
    assert told == (
        "12,345.6 kg; 1,234.50 USD; 5,000 JPY; 2.5 %; 1.500 m³; yes; ES, DE; -3 h; "
        "(not stated); (not stated); (not stated)"
    )


def test_every_shipped_profile_stands_under_its_own_id_with_a_source_and_a_telling_sentence() -> None:
    profiles = shipped_profiles()
    assert len({profile.id for profile in profiles}) == len(profiles) >= 40
    assert all(profile.owner == "shipped" and profile.source and profile.legal_basis for profile in profiles)
    assert all(profile.cautions == () for profile in profiles)
    assert {profile.risk_type for profile in profiles} == set(RiskType)
    assert [profile.id for profile in profiles if profile.mandatory] == ["lists.identifier", "lists.name_strong"]
    about_itself = {"description.missing", "parties.consignee_missing", "value.freight_in_cash"}
    assert {profile.id for profile in profiles if not named_in(profile.sentence)} == about_itself


def test_every_code_that_a_refusal_can_carry_has_a_sentence_without_holes() -> None:
    source = Path(risk.__file__).parent
    written = {code for file in source.rglob("*.py") for code in CODE.findall(file.read_text("utf-8"))}
    assert {"rules.prohibited_attribute", "profiles.rule_faulty", "profiles.country_alone"} <= written
    params = dict.fromkeys(("line", "column", "found", "expected", "most", "hint", "attribute", "fault", "name"), "x")
    assert not [code for code in written if "{" in sentence(code, params)]
    assert not written - known_codes()
