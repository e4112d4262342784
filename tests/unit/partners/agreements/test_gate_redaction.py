"""Redaction and explanation: what stays here and why, what is near, and the smallest lawful change."""

from dataclasses import replace

import pytest

from agreement_cases import alert, answer, gate
from pratique.partners.agreements import (
    Caveat,
    Explanation,
    Field,
    Verdict,
    Why,
    decide,
    explain,
    facts_of,
    redact,
    told,
    told_withheld,
    ways_for_withheld,
)
from pratique.partners.agreements.changes import Do

MESSAGE = (
    Field("consignor", "company"),
    Field("goods", "cargo"),
    Field("ship", "transport"),
    Field("director", "person_identity"),
    Field("director_phone", "person_contact"),
    Field("passport", "identity_document"),
    Field("account", "financial"),
    Field("remark", "cargo", personal=True),
)


def explained(facts, clause) -> Explanation:
    return explain(facts, decide(facts, gate=gate(), clause=clause), gate=gate())


def test_fields_that_the_clause_does_not_cover_stay_with_the_article():
    made = redact(MESSAGE, alert(), gate=gate(), clause="spontaneous")
    assert made.decision.permitted
    assert [each.name for each in made.sent] == ["consignor", "goods", "ship"]
    assert {each.field.name: (each.why, each.cited.article) for each in made.withheld} == {
        "director": (Why.FORBIDDEN, "Art. 17(2)"),
        "director_phone": (Why.FORBIDDEN, "Art. 17(2)"),
        "passport": (Why.FORBIDDEN, "Art. 17(4)"),
        "account": (Why.NOT_COVERED, "Art. 8(1)"),
        "remark": (Why.FORBIDDEN, "Art. 17(2)"),
    }
    assert made.facts.categories == {"company", "cargo", "transport"}
    assert not made.facts.about_persons
    assert told_withheld(made.withheld[0]).text() == "Art. 17(2) forbids it."


def test_what_remains_is_decided_again():
    """What forbids everything still forbids what remains."""
    made = redact(MESSAGE, alert(objections=frozenset({"security"})), gate=gate(), clause="spontaneous")
    assert made.decision.verdict is Verdict.FORBIDDEN
    assert made.sent


def test_where_nothing_remains_nothing_is_permitted():
    made = redact(MESSAGE[3:6], alert(), gate=gate(), clause="spontaneous")
    assert made.sent == ()
    assert len(made.withheld) == 3
    assert not made.decision.permitted


def test_a_clause_that_permits_nothing_lets_no_field_go():
    made = redact(MESSAGE, alert(), gate=gate(), clause="refusal")
    assert not made.decision.permitted
    assert made.withheld == ()


def test_a_field_of_no_known_category_is_refused():
    with pytest.raises(ValueError, match="secret"):
        redact((Field("x", "secret"),), alert(), gate=gate(), clause="spontaneous")


def test_for_what_stays_the_way_that_would_let_it_go_is_told():
    made = redact(MESSAGE[:6], alert(adequacy="safeguards"), gate=gate(), clause="spontaneous")
    (persons, way), (papers, none) = ways_for_withheld(made, gate=gate())
    assert [each.name for each in persons] == ["director", "director_phone"]
    assert way.cited.article == "Art. 9(3)"
    assert [each.do for each in way.changes] == [Do.INVITE_REQUEST]
    assert [each.name for each in papers] == ["passport"]
    assert none is None


def test_a_near_miss_names_the_clause_and_the_condition_that_fails():
    facts = answer(purpose="valuation", request=replace(answer().request, purpose="verification"))
    made = explained(facts, "on-request")
    miss = made.near_misses[0]
    assert miss.cited.article == "Art. 9(3)"
    assert [each.condition for each in miss.failing] == ["purpose_as_requested"]
    assert [each.do for each in made.way_out.changes] == [Do.KEEP_TO_PURPOSE]
    text = [each.text() for each in told(made, facts, gate=gate())]
    assert "the purpose valuation is not that of request 2026-114: verifying a declaration" in text
    assert "No lawyer has compared Art. 9(3) with the authentic text yet." in text


def test_the_smallest_change_is_the_one_with_the_least_to_do():
    made = explained(alert(categories=frozenset({"cargo", "financial"})), "spontaneous")
    assert [(each.do, each.words) for each in made.way_out.changes] == [(Do.WITHHOLD, ("financial",))]


@pytest.mark.parametrize(
    ("changed", "does"),
    [
        ({"channel": "oral"}, [Do.USE_CHANNEL]),
        ({"recipient_authority": "police"}, [Do.ADDRESS_TO]),
        ({"caveats": (Caveat(by="xc-customs"),)}, [Do.ASK_ORIGINATOR]),
        (
            {"caveats": (Caveat(by="xc-customs", purposes=frozenset({"statistics"})),)},
            [Do.ASK_ORIGINATOR, Do.WIDEN_CAVEAT],
        ),
    ],
)
def test_a_refused_alert_says_what_would_do(changed, does):
    made = explained(alert(**changed), "spontaneous")
    assert [each.do for each in made.way_out.changes] == does


@pytest.mark.parametrize(
    "changed",
    [
        {"barred": True},
        {"objections": frozenset({"security"})},
        {"purpose": "statistics", "mode": "spontaneous"},
    ],
)
def test_no_change_is_told_where_none_would_be_lawful(changed):
    assert explained(alert(**changed), "spontaneous").way_out is None


def test_the_clause_that_would_do_is_told_and_not_used():
    made = explained(alert(), "on-request")
    assert [each.article for each in made.would_do] == ["Art. 8(1)"]
    assert not made.decision.permitted


def test_every_explanation_is_whole_in_every_language():
    cases = [(alert(), "spontaneous"), (alert(barred=True), "spontaneous"), (facts_of(MESSAGE, alert()), "spontaneous")]
    cases += [(answer(purpose="valuation"), "on-request"), (alert(), "nothing")]
    for facts, clause in cases:
        for language in ("en", "fr", "es", "ar"):
            lines = [each.text(language) for each in told(explained(facts, clause), facts, gate=gate())]
            assert lines
            assert not any("{" in each or "gate." in each for each in lines)
