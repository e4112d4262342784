"""The gate on random facts: two evaluators agree, and what must never widen a permission never does."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreement_cases import ALERT, BOTH, DAY, gate
from pratique.partners.agreements import (
    Caveat,
    Consent,
    Facts,
    Field,
    Gate,
    Onward,
    Party,
    Request,
    decide,
    explain,
    facts_data,
    facts_from,
    gate_of,
    redact,
    shipped_instruments,
    shipped_law,
)
from pratique.partners.agreements.cedar import asked
from pratique.partners.agreements.interpret import applies
from pratique.partners.agreements.model import Clause, ClauseKind, Condition
from pratique.partners.agreements.terms import CONDITIONS, EUROPOL, TLP

pytestmark = pytest.mark.long

IDS = tuple(each.id for each in shipped_instruments())
ANNEXES = frozenset({"i", "ii", "iii", "x"})
EVERYTHING = tuple(replace(each, accepts=ANNEXES) for each in BOTH)
OTHERS = ("xc-customs", "xd-police", "xb-customs", "xa-customs")
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
days = st.integers(-400, 400).map(lambda each: DAY + timedelta(days=each))


def word(condition):
    return st.sampled_from([str(each) for each in CONDITIONS[condition].words])


def words(condition, most=4):
    return st.frozensets(word(condition), max_size=most)


caveats = st.builds(
    Caveat,
    by=st.sampled_from(OTHERS),
    onward=st.sampled_from(Onward),
    evidence_with_consent=st.booleans(),
    purposes=st.none() | words("purpose"),
    recipients=st.none() | st.frozensets(st.sampled_from(("xb-customs", "xz-customs"))),
    until=st.none() | days,
    tlp=st.sampled_from(TLP),
    handling=st.frozensets(st.sampled_from(EUROPOL), max_size=2),
)
consents = st.builds(
    Consent,
    by=st.sampled_from(OTHERS),
    to=st.none() | st.sampled_from(("xb-customs", "xz-customs")),
    purposes=st.none() | words("purpose"),
    evidence=st.booleans(),
    until=st.none() | days,
)
requests = st.builds(
    Request,
    id=st.just("2026-114"),
    by=st.sampled_from(("xb-customs", "xb-customs", "xc-customs")),
    under=st.sampled_from(IDS),
    purpose=word("purpose"),
    categories=words("categories", 18),
    valid_from=days,
    valid_to=days,
    written=st.booleans(),
    complete=st.booleans(),
)


@st.composite
def facts(draw) -> Facts:
    """Random facts; half the time a few facts of an ordinary alert are changed, so that permissions are met too."""
    parts = {
        "purpose": word("purpose"),
        "mode": word("mode"),
        "sender_authority": word("sender_authority"),
        "recipient_authority": word("recipient_authority"),
        "channel": word("channel"),
        "categories": words("categories"),
        "personal": st.booleans(),
        "tlp": st.sampled_from(TLP),
        "handling": st.frozensets(st.sampled_from(EUROPOL), max_size=2),
        "source_grade": word("source_grade"),
        "information_grade": word("information_grade"),
        "offence": word("offence"),
        "dual_criminality": word("dual_criminality"),
        "adequacy": word("adequacy"),
        "urgent": st.booleans(),
        "as_evidence": st.booleans(),
        "barred": st.booleans(),
        "request": st.none() | requests,
        "caveats": st.lists(caveats, max_size=2).map(tuple),
        "consents": st.lists(consents, max_size=2).map(tuple),
        "objections": words("any_objection", 2),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(parts)), max_size=6, unique=True)) if draw(st.booleans()) else parts
    return replace(ALERT, **{name: draw(parts[name]) for name in chosen})


def second_opinion(given: Facts, which: Gate) -> tuple[bool, set[str]]:
    """The verdict of the plain evaluator over the whole policy set: allowed, and the clauses that determine it."""
    forbid, permit = set(), set()
    for instrument in (which.instrument, *which.always):
        for clause in instrument.clauses:
            name = f"{instrument.id}/{clause.id}"
            if clause.kind is ClauseKind.FORBID and applies(clause, given, instrument):
                forbid.add(name)
            if (
                clause.kind is ClauseKind.PERMIT
                and instrument is which.instrument
                and applies(clause, given, instrument)
            ):
                permit.add(name)
    return (True, permit) if permit and not forbid else (False, forbid)


@pytest.mark.parametrize("instrument_id", IDS)
@few
@given(given=facts())
def test_the_engine_and_the_plain_evaluator_agree(instrument_id, given):
    which = gate(instrument_id, EVERYTHING)
    answer = asked(given, which.instrument, which.policy_set)
    assert answer.errors == ()
    assert (answer.allowed, set(answer.determining)) == second_opinion(given, which)


def _words_of(name):
    """One word for a truth, some words for the others; the false consents only where a prohibition holds them."""
    if CONDITIONS[name].words == ("true", "false"):
        return word(name).map(lambda each: (each,))
    return st.lists(word(name), min_size=1, max_size=4, unique=True).map(tuple)


conditions = st.sampled_from(sorted(CONDITIONS)).flatmap(
    lambda name: _words_of(name).map(lambda chosen: Condition(name, chosen))
)
clauses = st.builds(
    Clause,
    id=st.sampled_from(("made-one", "made-two")),
    article=st.just("Art. 99"),
    kind=st.sampled_from((ClauseKind.PERMIT, ClauseKind.FORBID)),
    says=st.just("Made up."),
    when=st.lists(conditions, min_size=1, max_size=3, unique_by=lambda each: each.name).map(tuple),
    duties=st.just(()),
    examples=st.just(()),
    verified=st.just(False),
)


@pytest.mark.long
@settings(few, max_examples=300)
@given(given=facts(), made=clauses)
def test_they_agree_on_clauses_nobody_wrote(given, made):
    instrument = replace(gate().instrument, clauses=(made,))
    which = gate_of(instrument, (shipped_law(),))
    answer = asked(given, instrument, which.policy_set)
    assert answer.errors == ()
    assert (answer.allowed, set(answer.determining)) == second_opinion(given, which)


@settings(few, max_examples=40)
@given(given=facts(), made=clauses)
def test_adding_a_prohibition_never_permits(given, made):
    before = gate()
    added = replace(made, id="made", kind=ClauseKind.FORBID)
    after = gate_of(replace(before.instrument, clauses=(*before.instrument.clauses, added)), before.always)
    for clause in ("spontaneous", "on-request", "evidence"):
        permitted_after = decide(given, gate=after, clause=clause).permitted
        assert not permitted_after or decide(given, gate=before, clause=clause).permitted


@pytest.mark.parametrize("instrument_id", IDS)
@settings(few, max_examples=25)
@given(given=facts())
def test_removing_consent_never_permits(instrument_id, given):
    which = gate(instrument_id, EVERYTHING)
    without = replace(given, consents=())
    for clause in which.instrument.clauses:
        if decide(without, gate=which, clause=clause.id).permitted:
            assert decide(given, gate=which, clause=clause.id).permitted


@pytest.mark.long
@few
@given(given=facts(), other=facts())
def test_changing_a_fact_changes_the_verdict_only_where_the_explanation_changes(given, other):
    """The record names what decided; two records with other verdicts never name the same clauses and conditions."""
    for name in ("purpose", "mode", "categories", "channel", "objections", "caveats", "consents", "adequacy"):
        changed = replace(given, **{name: getattr(other, name)})
        first = decide(given, gate=gate(), clause="spontaneous")
        second = decide(changed, gate=gate(), clause="spontaneous")
        if first.verdict is not second.verdict:
            assert reasons(first, given) != reasons(second, changed)


def reasons(decision, given):
    made = explain(given, decision, gate=gate())
    misses = {(each.cited.clause, tuple(one.condition for one in each.failing)) for each in made.near_misses}
    return decision.determining, decision.met, frozenset(misses)


UNCHANGEABLE = ("at", "sender", "recipient", "urgent", "tlp", "handling", "offence", "barred", "objections")


@pytest.mark.parametrize("instrument_id", IDS)
@few
@given(given=facts())
def test_the_way_out_is_permitted_and_changes_nothing_that_nobody_can_change(instrument_id, given):
    which = gate(instrument_id, EVERYTHING)
    clause = next(each.id for each in which.instrument.clauses if each.kind is ClauseKind.PERMIT)
    made = explain(given, decide(given, gate=which, clause=clause), gate=which)
    if made.decision.permitted:
        assert (made.way_out, made.near_misses) == (None, ())
    if made.way_out is not None:
        then = made.way_out.then
        assert decide(then, gate=which, clause=made.way_out.cited.clause).permitted
        assert all(getattr(then, name) == getattr(given, name) for name in UNCHANGEABLE)
        assert then.categories <= given.categories
        assert then.categories or not given.categories


FIELDS = st.lists(
    st.builds(Field, name=st.uuids().map(str), category=word("categories"), personal=st.booleans()),
    max_size=6,
    unique_by=lambda each: each.name,
)


@pytest.mark.parametrize("instrument_id", IDS)
@few
@given(given=facts(), fields=FIELDS)
def test_redaction_splits_the_fields_and_decides_on_what_is_sent(instrument_id, given, fields):
    which = gate(instrument_id, EVERYTHING)
    clause = next(each.id for each in which.instrument.clauses if each.kind is ClauseKind.PERMIT)
    made = redact(fields, given, gate=which, clause=clause)
    names = [each.name for each in made.sent] + [each.field.name for each in made.withheld]
    assert sorted(names) == sorted(each.name for each in fields)
    if made.decision.permitted and made.sent:
        assert made.facts.categories == {each.category for each in made.sent}
        assert decide(made.facts, gate=which, clause=clause).permitted


@few
@given(given=facts())
def test_facts_survive_being_written_down(given):
    assert facts_from(facts_data(given)) == given


@few
@given(since=days, until=days, at=days)
def test_nobody_is_bound_outside_the_days(since, until, at):
    party = Party("xb", since=since, until=until)
    assert party.bound(at) is (since <= at <= until)
    bound = decide(replace(ALERT, at=at), gate=gate(parties=(Party("xa", since=date.min), party)), clause="spontaneous")
    assert bound.permitted is (since <= at <= until)
