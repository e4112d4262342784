"""The gate: permitted by the named clause, forbidden, not permitted, or refused because the engine failed."""

import json
from dataclasses import replace
from datetime import date

import cedarpy
import pytest

from agreement_cases import ASKED, BOTH, DAY, SINCE, alert, answer, gate
from pratique.partners.agreements import (
    Caveat,
    Consent,
    Onward,
    Party,
    PartyStatus,
    Verdict,
    decide,
    replay,
    shipped_law,
    shipped_text,
)
from pratique.partners.agreements.engine_facts import context, schema


def verdict(facts, clause, which=None):
    return decide(facts, gate=which or gate(), clause=clause).verdict


def test_the_named_clause_permits_and_says_on_which_facts():
    decision = decide(alert(), gate=gate(), clause="spontaneous")
    assert decision.permitted
    assert decision.article == "Art. 8(1)"
    assert {each.condition: each.found for each in decision.met}["categories"] == ("cargo", "company")
    assert [each.article for each in decision.determining] == ["Art. 8(1)"]
    assert decision.verified is False


def test_a_wider_clause_is_never_used_in_silence():
    facts = answer(purpose="investigation", request=replace(ASKED, purpose="investigation"), as_evidence=True)
    assert verdict(facts, "evidence") is Verdict.PERMITTED
    assert verdict(facts, "spontaneous") is Verdict.NOT_PERMITTED


def test_a_prohibition_of_the_agreement_wins_over_its_permission():
    decision = decide(alert(objections=frozenset({"commercial_secrecy"})), gate=gate(), clause="spontaneous")
    assert decision.verdict is Verdict.FORBIDDEN
    assert [each.article for each in decision.determining] == ["Art. 19(1)"]


def test_a_duty_or_a_prohibition_cannot_be_relied_on():
    for clause in ("use-and-confidence", "refusal", "no-such-clause", ""):
        assert verdict(alert(), clause) is Verdict.NOT_PERMITTED


def test_a_category_about_persons_is_personal_whatever_the_sender_says():
    facts = alert(categories=frozenset({"cargo", "person_identity"}), personal=False, adequacy="safeguards")
    decision = decide(facts, gate=gate(), clause="spontaneous")
    assert {each.clause for each in decision.determining} == {"persons-spontaneous"}


@pytest.mark.parametrize(
    ("parties", "bound"),
    [
        (BOTH, True),
        (BOTH[:1], False),
        ((BOTH[0], Party("xb", since=date(2026, 10, 6))), False),
        ((BOTH[0], Party("xb", since=DAY)), True),
        ((BOTH[0], Party("xb", since=SINCE, until=date(2026, 10, 4))), False),
        ((BOTH[0], Party("xb", status=PartyStatus.SIGNED, since=SINCE)), False),
        ((BOTH[0], Party("xb", status=PartyStatus.RATIFIED, since=SINCE)), False),
        ((BOTH[0], Party("xb", status=PartyStatus.PROVISIONAL, since=SINCE)), True),
        ((BOTH[0], Party("xb", status=PartyStatus.WITHDRAWN, since=SINCE, until=DAY)), True),
        ((BOTH[0], Party("xb-customs", since=SINCE)), True),
        ((BOTH[0], Party("xb", since=SINCE, excludes=frozenset({"spontaneous"}))), False),
    ],
)
def test_only_what_binds_both_sides_on_the_day_permits(parties, bound):
    decision = decide(alert(), gate=gate(parties=parties), clause="spontaneous")
    assert decision.permitted is bound


def test_an_annex_counts_only_where_both_took_it_on():
    one = (Party("xa", since=SINCE, accepts=frozenset({"i"})), Party("xb", since=SINCE))
    both = (one[0], Party("xb", since=SINCE, accepts=frozenset({"i", "x"})))
    assert verdict(alert(), "annex-i", gate("nairobi", one)) is Verdict.NOT_PERMITTED
    assert verdict(alert(), "annex-i", gate("nairobi", both)) is Verdict.PERMITTED
    assert verdict(alert(offence="drugs"), "annex-x", gate("nairobi", both)) is Verdict.NOT_PERMITTED


@pytest.mark.parametrize(
    "request_made",
    [
        None,
        replace(ASKED, by="xc-customs"),
        replace(ASKED, under="wto-tfa-12"),
        replace(ASKED, purpose="valuation"),
        replace(ASKED, categories=frozenset({"cargo"})),
        replace(ASKED, valid_to=date(2026, 10, 4)),
        replace(ASKED, valid_from=date(2026, 10, 6)),
        replace(ASKED, written=False),
        replace(ASKED, complete=False),
    ],
)
def test_an_answer_needs_the_request_that_it_answers(request_made):
    assert verdict(answer(), "on-request") is Verdict.PERMITTED
    assert verdict(answer(request=request_made), "on-request") is Verdict.NOT_PERMITTED


THEIRS = Caveat(by="xc-customs")


@pytest.mark.parametrize(
    ("changed", "article"),
    [
        ({"caveats": (THEIRS,)}, "Third-party rule"),
        (
            {"caveats": (replace(THEIRS, tlp="clear", onward=Onward.NEVER),)},
            "Caveat of the originator: never passed on",
        ),
        ({"caveats": (replace(THEIRS, handling=frozenset({"h2"})),)}, "Handling code H2"),
        (
            {"caveats": (replace(THEIRS, recipients=frozenset({"xd-customs"})),)},
            "Caveat of the originator: recipients named",
        ),
        ({"caveats": (replace(THEIRS, purposes=frozenset({"statistics"})),)}, "Caveat of the originator: use limited"),
        ({"caveats": (replace(THEIRS, until=date(2026, 10, 4)),)}, "Retention of the originator"),
        ({"barred": True}, "Measures of the own state against the recipient"),
        ({"objections": frozenset({"domestic_law"})}, "Own law"),
    ],
)
def test_what_is_always_forbidden_no_agreement_permits(changed, article):
    decision = decide(alert(**changed), gate=gate(), clause="spontaneous")
    assert decision.verdict is Verdict.FORBIDDEN
    assert article in [each.article for each in decision.determining]


def test_the_consent_of_every_originator_is_needed_for_this_recipient_and_purpose():
    facts = alert(caveats=(THEIRS, Caveat(by="xd-customs")))
    agreed = (Consent("xc-customs", "xb-customs"), Consent("xd-customs", None, frozenset({"prevention"})))
    assert verdict(replace(facts, consents=agreed), "spontaneous") is Verdict.PERMITTED
    for short in (
        agreed[:1],
        (agreed[0], Consent("xd-customs", "xz-customs")),
        (agreed[0], Consent("xd-customs", None, frozenset({"statistics"}))),
        (agreed[0], Consent("xd-customs", until=date(2026, 10, 4))),
    ):
        assert verdict(replace(facts, consents=short), "spontaneous") is Verdict.FORBIDDEN


def test_what_is_the_recipients_own_goes_back_without_asking():
    assert verdict(alert(caveats=(Caveat(by="xb-customs", onward=Onward.NEVER),)), "spontaneous") is Verdict.PERMITTED


def test_a_fault_of_the_engine_refuses_even_where_it_said_yes(monkeypatch):
    told = {"decision": "Allow", "diagnostics": {"reason": ["policy0"], "errors": ["policy3 failed"]}}
    monkeypatch.setattr(cedarpy, "is_authorized", lambda *_: cedarpy.AuthzResult(told))
    decision = decide(alert(), gate=gate(), clause="spontaneous")
    assert decision.verdict is Verdict.REFUSED_ON_ERROR
    assert decision.errors == ("policy3 failed",)


def test_an_engine_that_breaks_down_refuses(monkeypatch):
    def fail(*_):
        raise RuntimeError("gone")

    monkeypatch.setattr(cedarpy, "is_authorized", fail)
    assert verdict(alert(), "spontaneous") is Verdict.REFUSED_ON_ERROR


def test_facts_of_no_known_word_refuse():
    assert verdict(alert(tlp="purple"), "spontaneous") is Verdict.REFUSED_ON_ERROR
    assert verdict(alert(purpose="curiosity"), "spontaneous") is Verdict.NOT_PERMITTED


OF_ANOTHER_KIND = (7, "seven", True, ["seven"], [7], {}, None)


def spoiled():
    """The context of an answer with one value of another kind, one missing, or one more; each once for every place."""
    whole = json.loads(json.dumps(context(answer(), gate().instrument)))
    for record in (None, "request", "caveats"):
        inside = whole if record is None else whole[record]
        right = {name: type(value) for name, value in inside.items()}
        changed = [{**inside, "more": 1}, *({k: v for k, v in inside.items() if k != name} for name in inside)]
        for name, kind in right.items():
            changed += [{**inside, name: value} for value in OF_ANOTHER_KIND if type(value) is not kind or value == [7]]
        yield from changed if record is None else ({**whole, record: each} for each in changed)


def test_facts_of_another_shape_refuse_as_the_engines_own_schema_would(monkeypatch):
    asking = {
        "principal": {"type": "Administration", "id": "xa-customs"},
        "action": {"type": "Action", "id": "disclose"},
        "resource": {"type": "Disclosure", "id": "disclosure"},
    }
    for each in spoiled():
        told = cedarpy.is_authorized({**asking, "context": each}, gate().policy_set, "[]", schema())
        assert told.diagnostics.errors, each
        monkeypatch.setattr("pratique.partners.agreements.cedar.context", lambda *_, spoilt=each: spoilt)
        assert verdict(answer(), "on-request") is Verdict.REFUSED_ON_ERROR, each


def test_a_decision_replays_to_the_same_bytes():
    texts = {gate().instrument.sha256: shipped_text("customs-bilateral"), shipped_law().sha256: shipped_text("always")}
    for facts, clause in ((alert(), "spontaneous"), (answer(caveats=(THEIRS,)), "on-request"), (alert(), "none")):
        decision = decide(facts, gate=gate(), clause=clause)
        again = replay(decision.record, texts.__getitem__)
        assert again.same
        assert again.record == decision.record


@pytest.mark.parametrize(
    ("name", "value"),
    [("verdict", "permitted"), ("policies", "0" * 64), ("duties", {})],
)
def test_a_record_that_was_changed_does_not_replay(name, value):
    texts = {gate().instrument.sha256: shipped_text("customs-bilateral"), shipped_law().sha256: shipped_text("always")}
    decision = decide(alert(barred=True), gate=gate(), clause="on-request")
    kept = json.loads(decision.record) | {name: value}
    changed = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert not replay(changed, texts.__getitem__).same


def test_a_record_under_another_engine_says_so_and_is_compared_by_its_result():
    texts = {gate().instrument.sha256: shipped_text("customs-bilateral"), shipped_law().sha256: shipped_text("always")}
    decision = decide(alert(), gate=gate(), clause="spontaneous")
    older = decision.record.replace(decision.engine.encode(), b"cedarpy 4.0.0")
    again = replay(older, texts.__getitem__)
    assert again.same
    assert again.engine_then == "cedarpy 4.0.0"
    assert again.engine_now == decision.engine
