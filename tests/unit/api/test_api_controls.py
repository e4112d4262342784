"""A day of controls over the API: from an approved list to the proof that nothing is open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api_client import Served, served
from control_days import approve_all
from control_lists import assessed
from pratique.flow.controls.catalogue import catalogue

PHOTO = b"\xff\xd8\xff\xe0 a seal"
SEIZURE = {
    "outcome": "seizure",
    "legal_basis": "Customs Act, s. 85",
    "findings": [{"threat": "narcotics", "concealment": "cooling_unit", "mass_g": 214_000, "seized": True}],
}


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "node") as found:
        assessed(found.node, tmp_path)
        approve_all(found.node)
        yield found


def test_a_program_takes_an_order_to_its_outcome(at: Served) -> None:
    client = at.client()
    orders = client.get("/orders").json()["orders"]
    order = next(each for each in orders if each["control"] == "open")
    path = f"/orders/{order['id']}"
    shifts = {"kind": "opening_team", "name": "Team A", "shifts": ["early=00:00-23:59x3"]}
    assert client.send("PUT", "/resources/team-a", key="put-a-team-once", json=shifts).status_code == 200
    day = {"resource": "team-a", "day": order["at"][:10], "shift": "early"}
    assert client.post(f"{path}/assign", json=day).json()["state"] == "assigned"
    assert client.post(f"{path}/outcome", json=SEIZURE).json()["code"] == "controls.not_now"
    assert client.post(f"{path}/start").json()["state"] == "started"
    steps = [{"step": step.code, "answer": "done", "text": "seen"} for step in catalogue().types["open"].steps]
    assert client.post(f"{path}/steps", json={"answers": steps}).json()["steps_done"] == len(steps)
    kept = client.post(f"{path}/evidence", content=PHOTO, headers={"File-Name": "seal.jpg"})
    assert (kept.status_code, kept.json()["media_type"], kept.json()["file_name"]) == (200, "image/jpeg", "seal.jpg")
    assert client.get(f"{path}/evidence/{kept.json()['sha256']}").status_code == 200
    assert client.post(f"{path}/outcome", json=SEIZURE).json()["outcome"] == "seizure"
    again = client.post(f"{path}/outcome", json=SEIZURE)
    assert (again.status_code, again.json()["code"]) == (409, "controls.second_outcome")
    assert client.post(f"{path}/correct", json=SEIZURE | {"why": "wrong_entry"}).status_code == 403
    dossier = client.get(f"{path}/dossier").json()
    assert dossier["order"]["records"][0]["findings"][0]["mass_g"] == 214_000
    proof = client.get("/reconciliation").json()
    assert (proof["is_whole"], proof["outcomes"]["seizure"]) == (False, 1)
    assert sum(proof["outcomes"].values()) + len(proof["open"]) == proof["selected"]
    (row,) = client.get("/control_results").json()
    assert (row["found"], row["finding_kind"], row["consignment"]) == (True, "narcotics", order["consignment_id"])
    assert client.get("/resources").json()["resources"][0]["shifts"][0]["assigned"] == 1
    assert client.get("/second_looks").json()["agreement"]["disagreement_permille"] is None


def test_only_one_photo_at_a_time_and_nothing_that_is_none(at: Served) -> None:
    client = at.client()
    path = f"/orders/{client.get('/orders').json()['orders'][0]['id']}/evidence"
    two = [("file", ("a.jpg", PHOTO)), ("file", ("b.jpg", PHOTO + b"b"))]
    assert client.post(path, files=two).json()["code"] == "controls.one_file"
    assert client.post(path, content=b"MZ not a photo").json()["code"] == "controls.evidence_type"
