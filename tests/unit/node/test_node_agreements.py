"""Agreements on a node: two persons, who is bound, decisions that are kept and made again, laws that stand behind."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agreement_cases import ALERT, SINCE
from nodes import ANNA, BEN, new_node, open_node
from pratique.node import Node
from pratique.node.handlers.agreements import (
    AdoptAgreement,
    AdoptParty,
    ListAgreements,
    ProposeAgreement,
    ProposeParty,
    ShowAgreement,
    WithdrawAgreement,
)
from pratique.node.handlers.agreements_decided import (
    DecideDisclosure,
    ListDecisions,
    PreviewDisclosure,
    ReplayDecision,
    WhoMay,
)
from pratique.node.handlers.journal import ReadJournal
from pratique.partners.agreements import Field, Party, PartyStatus, shipped_text
from pratique.vocabulary.errors import Category, PratiqueError

TEXT = shipped_text("customs-bilateral") or ""
LAW = """id: own-law
title: "Law of this state"
version: 1
kind: law
languages: [en]
source: invented
text_sha256: null
verified: false
parties: []
example: {at: 2026-03-02, sender: xa-customs, sender_state: xa, recipient: xb-customs, recipient_state: xb}
clauses:
  - id: no-companies
    article: "Section 12"
    kind: forbid
    says: "Names of companies stay here."
    when: {any_category: company}
    verified: false
    examples:
      - refused: "A company."
        with: {categories: [company]}
      - allowed: "Cargo."
        with: {categories: [cargo]}
"""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A node with the model agreement in force between xa and xb."""
    with new_node(tmp_path / "node") as found:
        found.execute(ProposeAgreement(TEXT), actor=ANNA)
        found.execute(AdoptAgreement("customs-bilateral", 1), actor=BEN)
        for state in ("xa", "xb"):
            bind(found, Party(state, since=SINCE))
        yield found


def bind(node: Node, party: Party) -> None:
    proposed = node.execute(ProposeParty("customs-bilateral", party), actor=ANNA)
    node.execute(AdoptParty(proposed.seq), actor=BEN)


def decided(node: Node, clause: str = "spontaneous") -> str:
    return node.execute(DecideDisclosure("customs-bilateral", clause, ALERT), actor=ANNA).stored.verdict


def refusal(node: Node, command, actor=ANNA) -> PratiqueError:
    with pytest.raises(PratiqueError) as raised:
        node.execute(command, actor=actor)
    return raised.value


def test_two_persons_stand_behind_an_agreement(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(ProposeAgreement(TEXT), actor=ANNA)
        assert (
            refusal(node, DecideDisclosure("customs-bilateral", "spontaneous", ALERT)).code == "agreements.not_adopted"
        )
        own = refusal(node, AdoptAgreement("customs-bilateral", 1))
        assert (own.code, own.category) == ("agreements.second_person", Category.DENIED)
        assert node.execute(AdoptAgreement("customs-bilateral", 1), actor=BEN).state == "adopted"
        assert refusal(node, AdoptAgreement("customs-bilateral", 1), BEN).code == "agreements.not_proposed"


def test_two_persons_stand_behind_who_is_bound(tmp_path: Path) -> None:
    with new_node(tmp_path / "node") as node:
        node.execute(ProposeAgreement(TEXT), actor=ANNA)
        node.execute(AdoptAgreement("customs-bilateral", 1), actor=BEN)
        for state in ("xa", "xb"):
            proposed = node.execute(ProposeParty("customs-bilateral", Party(state, since=SINCE)), actor=ANNA)
            assert decided(node) == "not_permitted"
            assert refusal(node, AdoptParty(proposed.seq)).code == "agreements.second_person"
            node.execute(AdoptParty(proposed.seq), actor=BEN)
            assert refusal(node, AdoptParty(proposed.seq), BEN).code == "agreements.party_adopted"
        assert decided(node) == "permitted"


def test_the_newest_adopted_word_about_a_side_counts(node: Node) -> None:
    assert decided(node) == "permitted"
    bind(node, Party("xb", status=PartyStatus.WITHDRAWN, since=SINCE, until=date(2026, 10, 4)))
    assert decided(node) == "not_permitted"
    bind(node, Party("xb", since=date(2026, 10, 5)))
    assert decided(node) == "permitted"


@pytest.mark.parametrize(
    ("party", "code"),
    [
        (Party("xb", since=SINCE, until=date(2018, 1, 1)), "agreements.ends_before_start"),
        (Party("xb", since=SINCE, excludes=frozenset({"nothing"})), "agreements.unknown_part"),
        (Party("xb", since=SINCE, accepts=frozenset({"i"})), "agreements.unknown_part"),
    ],
)
def test_a_side_that_fits_no_part_of_the_agreement_is_refused(node: Node, party: Party, code: str) -> None:
    assert refusal(node, ProposeParty("customs-bilateral", party)).code == code


def test_a_newer_version_follows_and_the_older_stays_to_be_seen(node: Node) -> None:
    assert refusal(node, ProposeAgreement(TEXT)).code == "agreements.version_taken"
    newer = TEXT.replace("version: 1", "version: 2", 1)
    node.execute(ProposeAgreement(newer), actor=BEN)
    assert node.ask(ShowAgreement("customs-bilateral"), actor=ANNA).stored.version == 1
    node.execute(AdoptAgreement("customs-bilateral", 2), actor=ANNA)
    card = node.ask(ShowAgreement("customs-bilateral"), actor=ANNA)
    assert [(each.version, each.state) for each in card.versions] == [(1, "ended"), (2, "adopted")]
    assert card.text == newer
    assert decided(node) == "permitted"


def test_withdrawing_holds_at_once(node: Node) -> None:
    assert refusal(node, WithdrawAgreement("customs-bilateral", " ")).code == "agreements.reason_needed"
    node.execute(WithdrawAgreement("customs-bilateral", "suspended by the minister"), actor=ANNA)
    assert refusal(node, DecideDisclosure("customs-bilateral", "spontaneous", ALERT)).code == "agreements.not_adopted"


def test_what_is_not_there_is_not_found(node: Node) -> None:
    for command in (AdoptAgreement("nothing", 1), AdoptAgreement("customs-bilateral", 9), AdoptParty(10_000)):
        assert refusal(node, command, BEN).category is Category.NOT_FOUND
    with pytest.raises(PratiqueError):
        node.ask(ReplayDecision("1.1"), actor=ANNA)


def test_a_law_of_the_own_side_stands_behind_every_agreement(node: Node) -> None:
    node.execute(ProposeAgreement(LAW), actor=ANNA)
    assert decided(node) == "permitted"
    node.execute(AdoptAgreement("own-law", 1), actor=BEN)
    made = node.execute(DecideDisclosure("customs-bilateral", "spontaneous", ALERT), actor=ANNA)
    assert [each.article for each in made.explanation.decision.determining] == ["Section 12"]
    assert refusal(node, DecideDisclosure("own-law", "no-companies", ALERT)).code == "agreements.law_is_no_agreement"
    assert refusal(node, ProposeParty("own-law", Party("xb"))).code == "agreements.law_has_no_parties"


def test_the_shipped_law_cannot_be_taken_over(node: Node) -> None:
    changed = (shipped_text("always") or "").replace("version: 1", "version: 2", 1)
    assert refusal(node, ProposeAgreement(changed)).code == "agreements.law_is_shipped"


def test_decisions_are_kept_with_the_journal_and_made_again(node: Node, tmp_path: Path) -> None:
    for clause in ("spontaneous", "on-request"):
        decided(node, clause)
    kept = node.ask(ListDecisions(), actor=ANNA)
    assert [(each.clause, each.verdict) for each in kept] == [
        ("on-request", "not_permitted"),
        ("spontaneous", "permitted"),
    ]
    assert all(node.ask(ReplayDecision(each.id), actor=ANNA).same for each in kept)
    node.execute(WithdrawAgreement("customs-bilateral", "over"), actor=ANNA)
    node.close()
    with open_node(tmp_path / "node", moment=datetime(2031, 1, 1, tzinfo=UTC)) as later:
        assert all(later.ask(ReplayDecision(each.id), actor=ANNA).same for each in kept)
        entries = [each for each in later.ask(ReadJournal(), actor=ANNA) if each.entry == "agreements.decided"]
        assert [json.loads(each.command)["clause"] for each in entries] == ["spontaneous", "on-request"]


def test_the_day_of_a_decision_is_that_of_the_command(node: Node) -> None:
    """A date in the facts cannot bring an agreement back that does not bind today."""
    bind(node, Party("xb", status=PartyStatus.WITHDRAWN, since=SINCE, until=date(2026, 10, 4)))
    earlier = replace(ALERT, at=date(2026, 9, 1))
    made = node.execute(DecideDisclosure("customs-bilateral", "spontaneous", earlier), actor=ANNA)
    assert made.stored.verdict == "not_permitted"
    assert json.loads(made.stored.record)["facts"]["at"] == "2026-10-05"


def test_a_record_that_was_edited_is_found(node: Node, tmp_path: Path) -> None:
    decided(node, "on-request")
    kept = node.ask(ListDecisions(), actor=ANNA)[0]
    with sqlite3.connect(tmp_path / "node" / "pratique.db") as database:
        database.execute("update gate_decision set record = replace(record, 'not_permitted', 'permitted')")
    with pytest.raises(PratiqueError) as raised:
        node.ask(ReplayDecision(kept.id), actor=ANNA)
    assert raised.value.code == "agreements.record_changed"


def test_a_preview_keeps_nothing(node: Node) -> None:
    before = node.changes
    fields = (Field("goods", "cargo"), Field("director", "person_identity"))
    made = node.ask(PreviewDisclosure("customs-bilateral", "spontaneous", ALERT, fields), actor=ANNA)
    assert [each.name for each in made.disclosure.sent] == ["goods"]
    assert [each.clause for each in made.elsewhere] == ["spontaneous"]
    assert made.relied is not None
    assert (node.changes, node.ask(ListDecisions(), actor=ANNA)) == (before, [])


def test_every_agreement_is_asked_and_none_is_chosen(node: Node) -> None:
    node.execute(ProposeAgreement(shipped_text("mou-plain") or ""), actor=ANNA)
    node.execute(AdoptAgreement("mou-plain", 1), actor=BEN)
    for state in ("xa", "xb"):
        told = node.execute(ProposeParty("mou-plain", Party(state, since=SINCE)), actor=ANNA)
        node.execute(AdoptParty(told.seq), actor=BEN)
    found = {each.agreement: each for each in node.ask(WhoMay(ALERT), actor=ANNA)}
    assert [each.clause for each in found["customs-bilateral"].permitted_by] == ["spontaneous"]
    assert found["mou-plain"].permitted_by == ()
    assert [each.words for each in found["mou-plain"].way_out.changes] == [("company",)]


def test_the_register_shows_all(node: Node) -> None:
    register = node.ask(ListAgreements(), actor=ANNA)
    assert [each.id for each in register.agreements] == ["customs-bilateral"]
    assert register.law.id == "always"
    assert len(register.shipped) == 8
