"""The gate over the API: the register, a preview, a decision that is kept and made again, facts that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from agreement_cases import SINCE
from api_client import Client, Served, join, served
from nodes import ANNA, BEN
from pratique.node.handlers.agreements import AdoptAgreement, AdoptParty, ProposeAgreement, ProposeParty
from pratique.partners.agreements import Party, shipped_text

FACTS = {
    "at": "2026-10-05",
    "sender": "xa-customs",
    "sender_state": "xa",
    "recipient": "xb-customs",
    "recipient_state": "xb",
    "categories": ["cargo", "company"],
}
DECIDED = {"agreement": "customs-bilateral", "clause": "spontaneous", "facts": FACTS}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A node with the model agreement in force between xa and xb."""
    with served(tmp_path_factory.mktemp("gate") / "node") as found:
        found.node.execute(ProposeAgreement(shipped_text("customs-bilateral") or ""), actor=ANNA)
        found.node.execute(AdoptAgreement("customs-bilateral", 1), actor=BEN)
        for state in ("xa", "xb"):
            told = found.node.execute(ProposeParty("customs-bilateral", Party(state, since=SINCE)), actor=ANNA)
            found.node.execute(AdoptParty(told.seq), actor=BEN)
        join(found.node, "leo", ("liaison",))
        yield found


@pytest.fixture(scope="module")
def client(at: Served) -> Client:
    return at.client("agreements:read", *(f"agreements_decided:{each}" for each in ("read", "write")), login="leo")


def test_the_register_and_a_card_are_shown(client: Client) -> None:
    register = client.get("/agreements").json()
    assert [(each["id"], each["state"], each["verified"]) for each in register["agreements"]] == [
        ("customs-bilateral", "adopted", False)
    ]
    assert len(register["shipped"]) == 8
    card = client.get("/agreements/customs-bilateral").json()
    assert {each["party"] for each in card["parties"]} == {"xa", "xb"}
    assert "Art. 8(1)" in {each["article"] for each in card["clauses"]}
    assert client.get("/agreements/nothing").status_code == 404


def test_a_preview_says_field_by_field_what_would_leave(client: Client) -> None:
    fields = [{"name": "goods", "category": "cargo"}, {"name": "director", "category": "person_identity"}]
    told = client.post("/agreements/preview", json=DECIDED | {"fields": fields}).json()
    assert told["decision"]["verdict"] == "permitted"
    assert told["sent"] == ["goods"]
    assert [(each["name"], each["cited"]["article"]) for each in told["withheld"]] == [("director", "Art. 17(2)")]


def test_every_agreement_is_asked(client: Client) -> None:
    told = client.post("/disclosures/who-may", json={"facts": FACTS | {"categories": ["cargo", "financial"]}}).json()
    assert told[0]["permitted_by"] == []
    assert "leave out: financial" in told[0]["way_out"]


def test_a_decision_is_kept_and_made_again(client: Client) -> None:
    answer = client.post("/disclosures/decide", json=DECIDED, key="decide-1")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["verdict"], made["article"], made["verified"]) == ("permitted", "Art. 8(1)", False)
    kept = client.get("/decisions").json()["items"]
    assert [each["id"] for each in kept] == [made["decision"]]
    assert client.get(f"/decisions/{made['decision']}/again").json()["same"]


@pytest.mark.parametrize(
    "changed",
    [
        {"purpose": "curiosity"},
        {"categories": ["gold"]},
        {"tlp": "purple"},
        {"at": "yesterday"},
        {"sender": "XA Customs"},
        {"surprise": 1},
        {"caveats": [{"onward": "never"}]},
    ],
)
def test_facts_that_say_something_unknown_are_refused(client: Client, changed: dict[str, Any]) -> None:
    answer = client.post("/disclosures/who-may", json={"facts": FACTS | changed})
    assert answer.status_code == 422
    assert answer.json()["code"] == "api.invalid"


def test_a_scope_is_needed(at: Served) -> None:
    narrow = at.client("queue:read")
    assert narrow.get("/agreements").status_code == 403
    assert narrow.post("/disclosures/who-may", json={"facts": FACTS}).status_code == 403
