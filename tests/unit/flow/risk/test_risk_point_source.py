"""Where the points of a profile come from."""

from dataclasses import replace

import pytest

from pratique.flow.risk import parse_profile
from pratique.flow.risk.point_source import PointSource, source_of
from pratique.flow.risk.profiles import RiskProfile, shipped_profiles

TEXT = """id: test.profile
sentence: "A sentence."
rule: {rule}
owner: test
legal_basis: test
risk_type: security
points: 10
valid_from: 2026-01-01
control: scan
"""


def profile(rule: str) -> RiskProfile:
    return parse_profile(TEXT.replace("{rule}", rule))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("gross_mass_g > 5", PointSource.RULES),
        ('hits.exists(h, h.basis == "name") && gross_mass_g > 5', PointSource.LIST),
        ("consignee_seen_before == 0", PointSource.HISTORY),
        ("late && gross_mass_g > 5", PointSource.HISTORY),
        ("equipment.exists(e, e.open_elsewhere)", PointSource.HISTORY),
    ],
)
def test_what_a_rule_looks_at_says_whose_points_they_are(rule: str, source: PointSource) -> None:
    assert source_of(profile(rule)) is source


def test_points_taken_off_are_trust_and_a_model_says_so_itself() -> None:
    assert source_of(replace(profile("gross_mass_g > 5"), points=-5)) is PointSource.TRUST
    assert source_of(replace(profile("gross_mass_g > 5"), id="model.trees")) is PointSource.MODEL


def test_the_shipped_profiles_have_lists_rules_and_history() -> None:
    found = {source_of(each) for each in shipped_profiles()}
    assert found == {PointSource.LIST, PointSource.RULES, PointSource.HISTORY}
    assert {source_of(each) for each in shipped_profiles() if each.id.startswith("lists.")} == {PointSource.LIST}
