"""The pages of agreements: what waits for a second person, clauses in plain words, decisions made again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from agreement_cases import ALERT
from desk_visits import Whole, whole_server
from nodes import ANNA, BEN
from pratique.node.handlers.agreements import AdoptAgreement, AdoptParty, ProposeAgreement, ProposeParty
from pratique.node.handlers.agreements_decided import DecideDisclosure
from pratique.partners.agreements import Party, shipped_text

SINCE = date(2019, 3, 1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A node with one agreement between two states, one that waits, and two decisions."""
    with whole_server(tmp_path_factory.mktemp("agreements") / "node") as found:
        node = found.node
        node.execute(ProposeAgreement(shipped_text("customs-bilateral") or ""), actor=ANNA)
        node.execute(AdoptAgreement("customs-bilateral", 1), actor=BEN)
        for state in ("xa", "xb"):
            told = node.execute(ProposeParty("customs-bilateral", Party(state, since=SINCE)), actor=ANNA)
            node.execute(AdoptParty(told.seq), actor=BEN)
        node.execute(ProposeAgreement(shipped_text("nairobi") or ""), actor=ANNA)
        node.execute(ProposeParty("nairobi", Party("xb", since=SINCE, accepts=frozenset({"i"}))), actor=ANNA)
        for clause in ("spontaneous", "on-request"):
            node.execute(DecideDisclosure("customs-bilateral", clause, ALERT), actor=ANNA)
        yield found


def page(whole: Whole, path: str, persona: str = "tomas.erlund") -> str:
    browser, _ = whole.signed_in(persona)
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text[:2000]
    return answer.text


def test_the_register_says_who_is_bound_and_that_nobody_compared_it(whole: Whole) -> None:
    told = page(whole, "/agreements")
    assert "Model bilateral agreement" in told
    assert "xa, xb" in told
    assert "not yet" in told
    assert "Waiting for a second person" in told
    assert "Third-party rule" in told
    assert "Model arrangement on mutual recognition" in told  # ships, and can be proposed


def test_who_may_not_adopt_is_not_offered_it(whole: Whole) -> None:
    assert "/agreements/nairobi/adopt" not in page(whole, "/agreements")
    assert "/agreements/nairobi/adopt" in page(whole, "/agreements", "victor.amani")


def test_the_card_shows_every_clause_with_its_limits(whole: Whole) -> None:
    told = page(whole, "/agreements/customs-bilateral")
    assert "No lawyer has compared these clauses" in told
    for words in ("Art. 8(1)", "No data on persons in a spontaneous alert.", "no person is named without a request"):
        assert words in told
    assert "id: customs-bilateral" in told


def test_a_card_of_an_agreement_with_annexes_offers_them(whole: Whole) -> None:
    told = page(whole, "/agreements/nairobi")
    assert 'name="accepts" value="iii"' in told
    assert "annexes: i" in told


def test_an_agreement_that_is_not_there_says_so(whole: Whole) -> None:
    browser, _ = whole.signed_in("tomas.erlund")
    assert browser.get("/agreements/nothing").status_code == 404


def test_decisions_are_listed_and_made_again(whole: Whole) -> None:
    told = page(whole, "/agreements/decisions")
    assert "not permitted" in told
    number = told.split("again=")[1].split('"')[0]
    assert "made again, to the same bytes" in page(whole, f"/agreements/decisions?again={number}")


def test_who_may_act_where_is_answered_with_the_article(whole: Whole) -> None:
    told = page(whole, "/agreements/legal-bases?authority=customs&act=arrest&place=partner_territory")
    assert "An officer has no powers on the territory of another state" in told
    assert "Revised Kyoto Convention" in told


def test_other_roles_see_the_register_but_not_the_decisions(whole: Whole) -> None:
    assert "/agreements/decisions" not in page(whole, "/agreements", "jonas.adeyemi")
    browser, _ = whole.signed_in("jonas.adeyemi")
    assert browser.get("/agreements/decisions").status_code == 403


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_the_pages_are_whole_in_every_language(whole: Whole, language: str) -> None:
    for path in ("/agreements", "/agreements/nairobi", "/agreements/decisions", "/agreements/legal-bases"):
        told = page(whole, f"{path}?lang={language}")
        assert "Who is bound" not in told
        assert "Revised Kyoto Convention" not in told
        assert "value." not in told
