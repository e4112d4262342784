"""The pages of rules and models: what a person sees before deciding, and that deciding takes two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk_visits import Browser, Whole, whole_server
from learning_needs import needs_lightgbm
from learning_tables import lesson
from nodes import ANNA, BEN, local_operator, write_manifest
from pratique.flow.learning.files import keep
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.models import KeepModel
from pratique.node.handlers.profiles import ActivateProfile, AddProfile
from pratique.node.handlers.scorecards import MakeScorecards
from pratique.node.learning.speakers import MODELS

PART = {"hx-request": "true"}
HEAVY = """id: own.heavy
sentence: "The bill weighs {gross_mass_g}."
rule: gross_mass_g > 930000
owner: north
legal_basis: "own instruction 7"
risk_type: security
points: 9
valid_from: 2026-01-01
valid_to: 2099-01-01
control: scan
"""
WIDER = HEAVY.replace("own.heavy", "own.wider").replace("930000", "929000")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A server of a node that has assessed sixty bills with two rules in force, of which one covers the other."""
    folder = tmp_path_factory.mktemp("rules")
    with whole_server(folder / "node") as found:
        for name, written in (("own.heavy", HEAVY), ("own.wider", WIDER)):
            found.node.execute(AddProfile(written), actor=ANNA)
            found.node.execute(ActivateProfile(name, 1), actor=BEN)
        path = write_manifest(folder / "manifest.csv", bills=60)
        found.node.execute(AssessMessages((path,)), actor=ANNA)
        found.node.execute(MakeScorecards(), actor=ANNA)
        yield found


def text(browser: Browser, path: str, **how: object) -> str:
    answer = browser.get(path, **how)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
    return answer.text


def test_a_profile_shows_how_it_does_and_is_tried_on_the_past(whole: Whole) -> None:
    browser, csrf = whole.signed_in("mira.okonedo")
    shown = text(browser, "/profiles/own.heavy")
    assert "<b>29</b> of 60 consignments" in shown
    assert 'hx-get="/profiles/own.heavy/back-test?version=1"' in shown
    part = text(browser, "/profiles/own.heavy/back-test?version=1", headers=PART)
    assert "<b>29</b> of 60 consignments" in part
    assert "<html" not in part
    assert "<html" in text(browser, "/profiles/own.heavy/back-test")
    tried = browser.post("/profiles/back-test", data={"csrf": csrf, "text": HEAVY}, headers=PART)
    assert "<b>29</b> of 60 consignments" in tried.text
    faulty = browser.post("/profiles/back-test", data={"csrf": csrf, "text": "id: x"}, headers=PART)
    assert "lacks" in faulty.text
    assert "<b>29</b>" not in text(browser, "/profiles/own.heavy/back-test?version=7", headers=PART)


def test_drift_is_a_part_of_effectiveness_and_a_page(whole: Whole) -> None:
    browser, _ = whole.signed_in("mira.okonedo")
    assert 'hx-get="/effectiveness/drift"' in text(browser, "/effectiveness")
    part = text(browser, "/effectiveness/drift", headers=PART)
    assert "<b>60</b> consignments now" in part
    assert "The node has no model that tells chances." in part
    assert "<html" in text(browser, "/effectiveness/drift")


def test_without_a_model_the_page_says_so(whole: Whole) -> None:
    browser, _ = whole.signed_in("mira.okonedo")
    assert "No model yet" in text(browser, "/models")
    assert browser.get("/models/abc").status_code == 404


@needs_lightgbm
@pytest.mark.long
def test_a_model_has_its_card_and_whoever_kept_it_does_not_promote_it(whole: Whole) -> None:
    from pratique.flow.learning.training import train

    digest = keep(train(*lesson(1500)), whole.node.folder.root / MODELS)
    whole.node.execute(KeepModel(digest), actor=local_operator("anna"))
    browser, _ = whole.signed_in("mira.okonedo")
    assert digest[:12] in text(browser, "/models")
    card = text(browser, f"/models/{digest}")
    assert "Finds among the first 5%" in card
    assert "a person decides" in card
    assert "Put in force" in card
    assert f"What model {digest[:12]} reads, since its training" in text(browser, "/effectiveness/drift", headers=PART)
    (whole.node.folder.root / MODELS / digest / "card.json").write_text("{}")
    changed = text(browser, f"/models/{digest}")
    assert "not those that were kept" in changed
    assert "Put in force" not in changed


def test_a_rule_that_another_one_covers_is_proposed_until_a_person_keeps_it(whole: Whole) -> None:
    browser, csrf = whole.signed_in("mira.okonedo")
    assert "own.heavy" in text(browser, "/profiles?state=proposed")
    assert "own.wider" not in text(browser, "/profiles?state=proposed")
    shown = text(browser, "/profiles/own.heavy")
    assert "own.wider fires on 1000 in 1,000 of what it fires on." in shown
    assert "Why it stays" in shown
    assert "Why it stays" not in text(browser, "/profiles/own.wider")
    answer = browser.post("/profiles/own.heavy/review", data={"csrf": csrf, "reason": "still_right", "note": ""})
    assert answer.headers["location"] == "/profiles/own.heavy?done=reviewed"
    told = text(browser, answer.headers["location"])
    assert "is answered" in told
    assert "Why it stays" not in told
    assert "own.heavy" not in text(browser, "/profiles?state=proposed")


def test_shipped_sentences_are_in_the_language_of_the_page(whole: Whole) -> None:
    browser, _ = whole.signed_in("mira.okonedo")
    assert "The bill has been sent" in text(browser, "/profiles?lang=en")
    assert "The bill has been sent" not in text(browser, "/profiles?lang=fr")
    assert "The bill weighs" in text(browser, "/profiles?lang=fr")  # as its author wrote it
