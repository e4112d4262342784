"""Who may act where, and the catalogue of legal bases: every value with its article, and none verified by us."""

import pytest

from pratique.partners.agreements.competence import Answer, competence, competence_rules, known, legal_bases
from pratique.partners.agreements.terms import Authority


@pytest.mark.parametrize(
    ("authority", "act", "place", "answer", "article"),
    [
        ("customs", "control_goods", "own_territory", Answer.MAY, "Standard 6.1"),
        ("customs", "search_means", "contiguous_zone", Answer.ON_CONDITIONS, "Article 33"),
        ("coast_guard", "search_means", "high_seas", Answer.WITH_CONSENT, "Article 110"),
        ("customs", "pursue", "partner_territory", Answer.ON_CONDITIONS, "Article 20"),
        ("customs", "arrest", "partner_territory", Answer.MAY_NOT, "Sovereignty"),
        ("customs", "open_diplomatic_bag", "own_territory", Answer.MAY_NOT, "Article 27(3)"),
        ("customs", "search_diplomatic_baggage", "own_territory", Answer.ON_CONDITIONS, "Article 36(2)"),
        ("customs", "ask_judicial", "partner_territory", Answer.MAY_NOT, "Article 18(13)"),
        ("prosecution", "ask_judicial", "partner_territory", Answer.ON_CONDITIONS, "Article 18(13)"),
        ("market_surveillance", "arrest", "own_territory", Answer.NO_RULE, ""),
        ("customs", "teleport", "high_seas", Answer.NO_RULE, ""),
    ],
)
def test_who_may_act_where(authority, act, place, answer, article):
    rule = competence(authority, act, place)
    assert rule.answer is answer
    assert article in rule.article


def test_rules_name_known_authorities_and_no_two_have_one_id():
    ids = [each.id for each in competence_rules()]
    assert len(set(ids)) == len(ids)
    assert set(known("authorities")) <= set(Authority)
    assert not any(each.verified for each in competence_rules())


def test_every_basis_says_what_it_lets_one_do_and_where_it_ends():
    ids = [each.id for each in legal_bases()]
    assert ids == sorted(set(ids))
    assert all(each.says and each.limits and each.article for each in legal_bases())
