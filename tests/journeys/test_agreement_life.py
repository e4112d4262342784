"""A liaison officer's path through the gate on the command line: propose, adopt, ask, decide, replay, withdraw."""

import json
from pathlib import Path

import pytest
from run import pratique

pytestmark = pytest.mark.long
FACTS = {
    "sender": "xa-customs",
    "sender_state": "xa",
    "recipient": "xb-customs",
    "recipient_state": "xb",
    "categories": ["cargo", "company"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node with the model agreement between xa and xb in force."""
    at = tmp_path_factory.mktemp("gate")
    pratique("init", cwd=at)
    pratique("agreements", "propose", "customs-bilateral", cwd=at)
    pratique("agreements", "adopt", "customs-bilateral", "1", cwd=at, actor="anna", code=77)
    pratique("agreements", "adopt", "customs-bilateral", "1", cwd=at, actor="ben")
    for state in ("xa", "xb"):
        said = pratique("agreements", "party", "customs-bilateral", state, "--since", "2019-03-01", "--json", cwd=at)
        pratique("agreements", "adopt-party", str(said.json["seq"]), cwd=at, actor="ben")
    (at / "facts.json").write_text(json.dumps(FACTS))
    (at / "person.json").write_text(json.dumps(FACTS | {"categories": ["cargo", "person_identity"]}))
    return at


def decide(folder: Path, facts: str, clause: str, *more: str):
    return pratique(
        "agreements", "decide", facts, "--agreement", "customs-bilateral", "--clause", clause, *more, cwd=folder
    )


def test_a_disclosure_is_decided_explained_and_made_again(folder: Path) -> None:
    made = decide(folder, "facts.json", "spontaneous", "--json").json
    assert (made["verdict"], made["article"], made["verified"]) == ("permitted", "Art. 8(1)", False)
    assert "No passing on without our consent." in made["lines"]
    listed = pratique("agreements", "decisions", "--json", cwd=folder).json["decisions"]
    assert made["decision"] in [each["id"] for each in listed]
    again = pratique("agreements", "replay", made["decision"], "--json", cwd=folder).json
    assert again["same"]


def test_a_refusal_says_what_is_near_and_what_would_do(folder: Path) -> None:
    told = decide(folder, "person.json", "spontaneous").out
    assert "Forbidden by Art. 17(2)" in told
    assert "leave out: person" in told
    assert "No lawyer has compared Art. 17(2)" in told
    before = len(pratique("agreements", "decisions", "--json", cwd=folder).json["decisions"])
    decide(folder, "person.json", "spontaneous", "--try")
    assert len(pratique("agreements", "decisions", "--json", cwd=folder).json["decisions"]) == before


def test_the_explanation_follows_the_language_of_the_node(folder: Path) -> None:
    pratique("settings", "set", "language", "fr", cwd=folder)
    told = decide(folder, "person.json", "spontaneous", "--try").out
    pratique("settings", "set", "language", "en", cwd=folder)
    assert "Interdit par Art. 17(2)" in told


def test_every_agreement_is_asked(folder: Path) -> None:
    found = pratique("agreements", "who-may", "facts.json", "--json", cwd=folder).json["agreements"]
    assert [[one["clause"] for one in each["clauses"]] for each in found] == [["spontaneous"]]
    assert "Art. 8(1)" in pratique("agreements", "who-may", "facts.json", cwd=folder).out


def test_the_register_and_a_card_are_shown(folder: Path) -> None:
    assert "wto-tfa-12" in pratique("agreements", "list", cwd=folder).out
    told = pratique("agreements", "show", "customs-bilateral", cwd=folder).out
    assert "Art. 17(2)" in told
    assert "No lawyer has compared" in told


def test_files_and_facts_that_are_wrong_are_refused_with_the_place(folder: Path) -> None:
    (folder / "wrong.yaml").write_text("id: x\nid: y\n")
    assert "Line 2" in pratique("agreements", "check", "wrong.yaml", cwd=folder, code=65).err
    (folder / "wrong.json").write_text(json.dumps(FACTS | {"purpose": "curiosity"}))
    assert "purpose is curiosity" in pratique("agreements", "who-may", "wrong.json", cwd=folder, code=65).err
    (folder / "no.json").write_text("[")
    assert "is not JSON" in pratique("agreements", "who-may", "no.json", cwd=folder, code=65).err


def test_who_may_act_where_needs_no_node(tmp_path: Path) -> None:
    told = pratique("agreements", "competence", "customs", "arrest", "partner_territory", cwd=tmp_path).out
    assert told.startswith("No. ")
    pratique("agreements", "competence", "customs", "arrest", "the_moon", cwd=tmp_path, code=65)
    assert "Vienna Convention" in pratique("agreements", "bases", cwd=tmp_path).out
    pratique("init", cwd=tmp_path)
    pratique("settings", "set", "language", "fr", cwd=tmp_path)
    told = pratique("agreements", "competence", "customs", "arrest", "partner_territory", cwd=tmp_path).out
    assert told.startswith("Non. ")
    assert "Aucun juriste" in told
    assert "Convention de Vienne" in pratique("agreements", "bases", cwd=tmp_path).out


def test_after_withdrawal_nothing_is_permitted(folder: Path) -> None:
    pratique("agreements", "withdraw", "customs-bilateral", "--reason", "suspended", cwd=folder)
    refused = pratique(
        "agreements", "decide", "facts.json", "--agreement", "customs-bilateral", "--clause", "spontaneous",
        cwd=folder, code=1,
    )  # fmt: skip
    assert "No version of agreement customs-bilateral is in force here" in refused.err
