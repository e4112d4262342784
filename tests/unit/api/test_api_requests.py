"""A program drafts a request, is told what it lacks with the article, and answers one of a partner."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api_client import Client, Served, join, served
from nodes import ANNA
from pratique.node.handlers.requests import SendRequest
from pratique.vocabulary.errors import PratiqueError

WANTED = {
    "instrument": "wto-tfa-12",
    "language": "en",
    "types": ["documents"],
    "contents": {
        "requesting_authority": "Customs of Arvenia, valuation office",
        "matter": "Declaration 26/118 of 3 November",
        "reason": "The unit price is a quarter of that of peers.",
        "data_protection_law": "Data Protection Act, sections 4 to 9",
        "declaration_number": "26/118",
    },
    "unknown": {"persons": "Only companies are known"},
    "items": ["Commercial invoice of declaration 26/118"],
}


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "node") as found:
        join(found.node, "lena", ("liaison", "manager"))
        yield found


def liaison(at: Served) -> Client:
    """A program of the liaison officer."""
    return at.client(login="lena", purpose="mutual_assistance")


def test_what_is_missing_is_told_before_and_after_it_is_kept(at: Served) -> None:
    client = liaison(at)
    faults = client.post("/requests/check", json=WANTED).json()
    assert [(each["field"], each["article"]) for each in faults if each["missing"]] == [("purpose", "12.4.1(b)")]
    begun = client.post("/requests", json={"partner": "customs.brisland", "request": WANTED}).json()
    assert (begun["state"], begun["missing"], begun["clock"]) == ("draft", 1, None)
    sent = client.post(f"/requests/{begun['id']}/send", json={})
    assert (sent.status_code, sent.json()["code"]) == (403, "access.step_up")  # a code of the second factor goes along
    with pytest.raises(PratiqueError, match=r"12\.4\.1\(b\)"):
        at.node.execute(SendRequest(begun["id"]), actor=ANNA)
    whole = {**WANTED, "contents": {**WANTED["contents"], "purpose": "Verification of the declared value"}}  # type: ignore[dict-item]
    assert client.post(f"/requests/{begun['id']}/revise", json=whole).json()["version"] == 2
    at.node.execute(SendRequest(begun["id"], "By courier"), actor=ANNA)
    gone = client.get(f"/requests/{begun['id']}").json()["standing"]
    assert (gone["state"], gone["clock"]["days"], gone["clock"]["binding"]) == ("sent", 90, True)
    assert [each["id"] for each in client.get("/requests").json()] == [begun["id"]]
    (panel,) = client.get("/requests/answer_times").json()
    assert (panel["partner"], panel["times"]["open"]) == ("customs.brisland", 1)
    assert client.get(f"/requests/{begun['id']}").json()["verified"] is False


def test_a_partner_is_answered_and_a_part_that_cannot_be_is_named(at: Served) -> None:
    client = liaison(at)
    odd = {"partner": "customs.brisland", "their_id": "B-7", "request": {**WANTED, "contents": {"colour": "red"}}}
    refused = client.post("/requests_asked", json=odd)
    assert (refused.status_code, refused.json()["code"]) == (422, "requests.part")
    asked = client.post("/requests_asked", json={**odd, "request": WANTED}).json()
    assert (asked["side"], asked["state"], asked["missing"]) == ("asked", "received", 1)
    path = f"/requests_asked/{asked['id']}"
    assert client.post(f"{path}/refuse", json={"ground": "security"}).json()["code"] == "access.step_up"
    assert client.post(f"{path}/acknowledge", json={}).json()["state"] == "acknowledged"
    put_off = {"ground": "burden", "until": "2099-01-01", "reason": "Sixty files"}
    assert client.post(f"{path}/postpone", json=put_off).json()["code"] == "requests.consult_first"
    assert client.post(f"{path}/consult", json={"about": "postponement", "note": "Agreed"}).status_code == 200
    assert client.post(f"{path}/postpone", json=put_off).json()["state"] == "postponed"
    assert client.post(f"{path}/return", json={}).status_code == 409
    assert client.get("/requests/R-1900-1").status_code == 404
