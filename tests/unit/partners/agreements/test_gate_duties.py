"""Duties: all of them together, the strictest where they conflict, and what they mean at the other end."""

from dataclasses import replace
from datetime import date

import pytest

from agreement_cases import DAY, alert, answer, gate
from pratique.partners.agreements import (
    Caveat,
    Consent,
    FactsError,
    Onward,
    Use,
    UseFault,
    Verdict,
    decide,
    decide_onward,
    inherited_caveat,
    use_faults,
)


def duties(facts, clause="spontaneous", which=None):
    made = decide(facts, gate=which or gate(), clause=clause).duties
    assert made is not None
    return made


def test_duties_come_from_the_clause_the_agreement_and_the_rules_behind_it():
    made = duties(answer(categories=frozenset({"person_identity"})), "on-request")
    assert made.retain_until == date(2031, 10, 4)
    assert made.use == {"verification"}
    assert made.onward is Onward.WITH_CONSENT
    assert made.evidence_with_consent
    assert {"report_outcome", "protect_equally", "give_reasons", "need_to_know", "correct_errors"} <= set(made.acts)
    assert {each.article for each in made.sources} >= {"Art. 9(3)", "Art. 16", "Convention 108+, Articles 5, 7 and 9"}


def test_a_refusal_carries_no_duties():
    assert decide(alert(barred=True), gate=gate(), clause="spontaneous").duties is None


def test_the_shortest_retention_the_narrowest_use_and_the_strictest_marking_win():
    theirs = Caveat(
        by="xc-customs",
        onward=Onward.NEVER,
        purposes=frozenset({"prevention", "statistics"}),
        until=date(2026, 11, 1),
        tlp="red",
        handling=frozenset({"h1"}),
    )
    facts = alert(caveats=(theirs,), consents=(Consent("xc-customs"),))
    made = duties(facts)
    assert made.retain_until == date(2026, 11, 1)
    assert made.use == {"prevention"}
    assert made.onward is Onward.NEVER
    assert made.tlp == "red"
    assert made.handling == {"h1"}
    assert made.sources[-1].duty == "caveat"


def test_h2_and_h1_bind_whoever_gets_own_information_so_marked():
    made = duties(alert(handling=frozenset({"h1", "h2"})))
    assert made.onward is Onward.WITH_CONSENT
    assert made.evidence_with_consent


def test_an_answer_is_due_within_the_days_of_the_agreement():
    facts = answer(request=replace(answer().request, under="wto-tfa-12"), categories=frozenset({"cargo"}))
    made = duties(facts, "declaration", gate("wto-tfa-12"))
    assert (made.answer_by - DAY).days == 90


def test_duties_travel_as_data_and_come_back_as_a_caveat():
    made = duties(alert(handling=frozenset({"h2"})))
    caveat = inherited_caveat(made.as_data(), by="xa-customs", under="customs-bilateral/spontaneous")
    assert caveat == made.as_caveat("xa-customs", under="customs-bilateral/spontaneous")


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {"onward": "free"},
        {"tlp": "purple"},
        {"retain_until": "soon"},
        {"use": ["everything"]},
        {"handling": ["h9"]},
        {"evidence_with_consent": "no"},
        {"onward": "sometimes"},
        {"surprise": 1},
    ],
)
def test_duties_that_are_not_understood_are_refused(broken):
    data = duties(alert()).as_data()
    told = {**data, **broken} if isinstance(broken, dict) and broken and broken != {"onward": "free"} else broken
    with pytest.raises(FactsError):
        inherited_caveat(told, by="xa-customs")


def test_passing_on_is_decided_by_the_new_agreement_and_by_what_was_inherited():
    """B got an alert from A and would pass it on to C under an agreement that permits it to B's own information."""
    caveat = inherited_caveat(duties(alert()).as_data(), by="xa-customs", under="customs-bilateral/spontaneous")
    onward_facts = alert(sender="xb-customs", sender_state="xb", recipient="xc-customs", recipient_state="xc")
    between = gate(
        parties=tuple(
            replace(each, id=name) for each, name in zip(gate().instrument.parties, ("xb", "xc"), strict=True)
        )
    )
    assert decide(onward_facts, gate=between, clause="spontaneous").permitted
    blocked = decide_onward(onward_facts, (caveat,), gate=between, clause="spontaneous")
    assert blocked.verdict is Verdict.FORBIDDEN
    assert "Third-party rule" in [each.article for each in blocked.determining]
    agreed = replace(onward_facts, consents=(Consent("xa-customs", "xc-customs"),))
    assert decide_onward(agreed, (caveat,), gate=between, clause="spontaneous").permitted


def test_use_at_the_recipient_keeps_to_what_was_inherited():
    caveat = Caveat(by="xa-customs", purposes=frozenset({"prevention"}), until=date(2026, 12, 31))
    assert use_faults(Use("prevention", DAY), (caveat,)) == ()
    assert use_faults(Use("prosecution", DAY, as_evidence=True), (caveat,)) == (
        UseFault.OTHER_PURPOSE,
        UseFault.NOT_AS_EVIDENCE,
    )
    assert use_faults(Use("prevention", date(2027, 1, 1)), (caveat,)) == (UseFault.TIME_OVER,)
    consent = Consent("xa-customs", purposes=frozenset({"prosecution"}), evidence=True)
    assert use_faults(Use("prosecution", DAY, as_evidence=True), (caveat,), (consent,)) == ()
    foreign = replace(consent, by="xz-customs")
    assert use_faults(Use("prosecution", DAY), (caveat,), (foreign,)) == (UseFault.OTHER_PURPOSE,)
