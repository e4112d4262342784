"""Instruments load only when they are exactly what they should be, and every example comes out as it says."""

from datetime import date
from importlib.resources import files

import pytest

from pratique.partners.agreements import (
    AgreementError,
    FactsError,
    facts_data,
    facts_from,
    load_instrument,
    shipped_instruments,
    shipped_law,
)
from pratique.partners.agreements.cedar import NotCompiled, compiled, policies
from pratique.partners.agreements.model import ClauseKind
from pratique.partners.agreements.nested_yaml import DEEPEST, LONGEST

PLAIN = """id: plain
title: "A plain agreement"
version: 1
kind: treaty
languages: [en]
source: "invented"
text_sha256: null
verified: false
parties: []
example: {at: 2026-03-02, sender: xa-customs, sender_state: xa, recipient: xb-customs, recipient_state: xb}
clauses:
  - id: alerts
    article: "Art. 1"
    kind: permit
    says: "Alerts about cargo."
    when: {mode: spontaneous, categories: [cargo]}
    duties: [protect_equally, {retain_days: 30}]
    verified: false
    examples:
      - allowed: "An alert."
        with: {categories: [cargo]}
      - refused: "With a company."
        with: {categories: [cargo, company]}
"""


def load(text):
    return load_instrument(text, (shipped_law(),))


def fault(text):
    with pytest.raises(AgreementError) as raised:
        load(text)
    return raised.value


def test_the_plain_agreement_loads():
    instrument = load(PLAIN)
    assert [each.id for each in instrument.clauses] == ["alerts"]
    assert instrument.clauses[0].duties[1].days == 30


def test_every_shipped_instrument_loads_and_says_that_nobody_compared_it():
    ids = {each.id for each in shipped_instruments()}
    assert ids == {
        "aeo-recognition",
        "customs-bilateral",
        "mlat-model",
        "mou-plain",
        "nairobi",
        "naples-ii",
        "untoc-18",
        "wto-tfa-12",
    }
    for each in (*shipped_instruments(), shipped_law()):
        assert not each.verified
        assert not any(clause.verified for clause in each.clauses)
        file = files("pratique") / "data" / "agreements" / f"{each.id}.yaml"
        assert file.is_file(), each.id


def test_every_shipped_permission_tells_its_limits_in_plain_words():
    for instrument in shipped_instruments():
        for clause in instrument.clauses:
            assert clause.kind is not ClauseKind.PERMIT or clause.limits, f"{instrument.id} {clause.id}"


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("kind: treaty", "kind: rumour", "agreements.faulty_value", 4),
        ("version: 1", "version: 0", "agreements.faulty_value", 3),
        ("id: plain", "id: Plain Agreement", "agreements.faulty_value", 1),
        ('title: "A plain agreement"', "title: ''", "agreements.faulty_value", 2),
        ("text_sha256: null", "text_sha256: abc", "agreements.faulty_value", 7),
        ("verified: false\nparties", "verified: perhaps\nparties", "agreements.faulty_value", 8),
        ("parties: []", "parties: [{id: xa, since: soon}]", "agreements.example_faulty", 9),
        ("parties: []\n", "", "agreements.missing_name", 1),
        ("parties: []", "parties: []\nextra: 1", "agreements.unknown_name", 10),
        ("parties: []", "parties: []\nparties: []", "agreements.name_twice", 10),
        ("mode: spontaneous", "mood: spontaneous", "agreements.unknown_name", 16),
        ("mode: spontaneous", "mode: telepathic", "agreements.faulty_value", 16),
        ("{mode: spontaneous, categories: [cargo]}", "{}", "agreements.no_condition", 16),
        ("{mode: spontaneous,", "{originator_consent: false,", "agreements.permits_without_consent", 16),
        ("protect_equally", "protect_somehow", "agreements.unknown_name", 17),
        ("retain_days: 30", "retain_days: many", "agreements.faulty_value", 17),
        ("retain_days: 30", "retain_days: 99999", "agreements.faulty_value", 17),
        ("kind: permit", "kind: forbid", "agreements.forbid_obliges", 17),
        ('refused: "With a company."', 'allowed: "With a company."', "agreements.examples_missing", 20),
        ("[cargo, company]}", "[cargo]}", "agreements.example_fails", 22),
        ("with: {categories: [cargo]}", "with: {categories: [gold]}", "agreements.example_faulty", 21),
        ("  - id: alerts", "  - id: alerts\n    id: alerts", "agreements.name_twice", 13),
        ("[en]", "&x [en]", "agreements.not_plain", 5),
        ("[en]", "!!python/tuple [en]", "agreements.not_plain", 5),
        ("[en]", "[en", "agreements.no_yaml", 6),
        ("clauses:", "---\nclauses:", "agreements.not_one", 12),
    ],
)
def test_a_fault_is_refused_with_its_line(old, new, code, line):
    assert old in PLAIN
    found = fault(PLAIN.replace(old, new, 1))
    assert (found.code, found.line) == (code, line)
    assert "{" not in str(found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "agreements.empty"),
        ("[]", "agreements.faulty_value"),
        ("just words", "agreements.faulty_value"),
        ("a: " + "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "agreements.too_deep"),
        ("a: " + "[" * 5_000, "agreements.too_deep"),
        ("x" * (LONGEST + 1), "agreements.too_long"),
        ("a: [" + "b," * 30_000 + "]", "agreements.too_many"),
        ("a: &x [1]\nb: *x", "agreements.not_plain"),
        ("? [a]\n: b", "agreements.not_plain"),
        ("a: \x00", "agreements.no_yaml"),
        ("a: '\ud800'", "agreements.no_yaml"),
    ],
)
def test_hostile_text_is_refused(text, code):
    assert fault(text).code == code


def test_a_law_permits_nothing():
    found = fault(PLAIN.replace("kind: treaty", "kind: law", 1))
    assert found.code == "agreements.law_permits"


def test_a_clause_has_no_more_examples_than_are_decided_in_no_time():
    example = '      - allowed: "An alert."\n        with: {categories: [cargo]}\n'
    assert len(load(PLAIN + example * 18).clauses[0].examples) == 20
    assert fault(PLAIN + example * 19).code == "agreements.faulty_value"


def test_two_clauses_of_one_id_are_refused():
    clause = PLAIN[PLAIN.index("  - id: alerts") :]
    assert fault(PLAIN + clause).code == "agreements.name_twice"


def test_text_of_a_clause_stays_text_in_the_policy():
    """Quotes and backslashes in an article cannot end the literal and add a policy."""
    hostile = 'x") permit(principal, action, resource); @a("\\'
    instrument = load(PLAIN.replace('"Art. 1"', f"'{hostile}'", 1))
    assert instrument.clauses[0].article == hostile
    compiled(policies(instrument))
    assert policies(instrument).count("permit (principal") == 1


def test_a_policy_that_the_engine_does_not_take_is_refused():
    with pytest.raises(NotCompiled):
        compiled("permit (principal, action, resource) when { context.nothing };")
    with pytest.raises(NotCompiled):
        compiled("permit (")


FACTS = {"at": "2026-10-05", "sender": "xa-customs", "sender_state": "xa", "recipient": "xb", "recipient_state": "xb"}


def test_facts_come_back_as_they_were():
    given = facts_from(
        {
            **FACTS,
            "categories": ["cargo"],
            "caveats": [{"by": "xc", "onward": "never", "until": "2026-12-31", "purposes": ["prevention"]}],
            "consents": [{"by": "xc", "to": "xb", "evidence": True}],
            "request": {
                "id": "1",
                "by": "xb",
                "under": "plain",
                "purpose": "prevention",
                "categories": ["cargo"],
                "valid_from": "2026-01-01",
                "valid_to": "2026-12-31",
            },
        }
    )
    assert given.caveats[0].until == date(2026, 12, 31)
    assert facts_from(facts_data(given)) == given


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"at": "05.10.2026"}, "at"),
        ({"sender": "XA Customs"}, "sender"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"categories": ["cargo", "gold"]}, "categories[1]"),
        ({"categories": "cargo"}, "categories"),
        ({"categories": ["cargo"] * 500}, "categories"),
        ({"personal": "yes"}, "personal"),
        ({"caveats": [{}]}, "caveats[0].by"),
        ({"caveats": [{"by": "xc", "power": 9}]}, "caveats[0].power"),
        ({"request": {"id": "1"}}, "request.by"),
        ({"consents": [["xc"]]}, "consents[0]"),
        ({"mood": "good"}, "mood"),
    ],
)
def test_facts_that_say_something_unknown_are_refused_with_the_place(changed, place):
    with pytest.raises(FactsError) as raised:
        facts_from({**FACTS, **changed})
    assert raised.value.place == place


def test_facts_that_are_no_facts_are_refused():
    for data in (None, [], "x", 1, {}):
        with pytest.raises(FactsError):
            facts_from(data)
