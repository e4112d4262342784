"""An integrator's morning over the API: messages in, a job followed, the list read, acted on, explained."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from api_client import Client, Served, join, served
from nodes import write_manifest
from pratique.node.profiles.texts import shipped_texts

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("morning") / "node", work=True) as found:
        yield found


@pytest.fixture(scope="module")
def ida(at: Served) -> Client:
    return at.client()


@pytest.fixture(scope="module")
def job(ida: Client, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The job of two messages in one form, ended."""
    folder = tmp_path_factory.mktemp("messages")
    paths = [write_manifest(folder / f"{n}.csv", bills=5 + n, reference=f"R{n}") for n in (1, 2)]
    form = [("file", (path.name, path.read_bytes())) for path in paths]
    answer = ida.post("/assessments?capacity=open=1,scan=2,documents=3&seed=7", files=form)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    return followed(ida, answer.headers["Location"])


def followed(client: Client, location: str) -> dict[str, Any]:
    """The job as it is once it has ended."""
    while (shown := client.get(location).json())["state"] in ("waiting", "running"):
        time.sleep(0.05)
    return shown  # type: ignore[no-any-return]


def test_job_names_its_run_and_the_stages_it_went_through(job: dict[str, Any]) -> None:
    assert (job["state"], job["error"], job["files"]) == ("done", None, ["1.csv", "2.csv"])
    assert job["result"]["consignments"] == 13
    assert job["stages"][0] == "keeping"


def test_run_and_its_list_are_there_with_reasons_that_add_up(ida: Client, job: dict[str, Any]) -> None:
    run = ida.get(f"/runs/{job['result']['run']}").json()
    assert run["manifest"]["capacity"] == {"open": 1, "scan": 2, "documents": 3}
    queue = ida.get(f"/runs/{job['result']['run']}/queue?channel=all").json()
    assert (queue["total"], [line["rank"] for line in queue["items"]]) == (13, list(range(1, 14)))
    for line in queue["items"]:
        assert sum(reason["points"] for reason in line["reasons"]) == line["score"]
        assert all(reason["sentence"] for reason in line["reasons"])


def test_consignment_is_shown_and_explained_by_id_and_by_bill(ida: Client, job: dict[str, Any]) -> None:
    line = ida.get("/queue?limit=1").json()["items"][0]
    shown = ida.get(f"/consignments/{line['consignment_id']}").json()
    assert shown["consignment"]["transport_contract_document_id"] == line["bill"]
    assert {party["role_code"] for party in shown["parties"]} == {"CZ", "CN"}
    explained = ida.get(f"/consignments/{line['consignment_id']}/explanation").json()
    assert explained["score"]["score"] == line["score"]
    assert all(each["evidence"] for each in explained["reasons"])
    found = ida.get("/consignments", params={"ref": line["bill"]}).json()
    assert line["consignment_id"] in {found["chosen"]["id"], *(other["id"] for other in found["others"])}


def test_act_is_seen_on_the_page_and_can_be_undone(ida: Client, job: dict[str, Any]) -> None:
    run, bill = job["result"]["run"], "BILL0006"
    said = {"run": run, "consignment": bill, "control": "open"}
    act = ida.post("/control_list/select", json=said).json()
    assert (act["control"], act["act"]["kind"]) == ("open", "selected")
    page = ida.post("/queue_page/find", json={"run": run, "text": bill}).json()
    assert [row["control"] for row in page["rows"]] == ["open"]
    assert ida.post(f"/acts/{act['act']['seq']}/undo").json()["kind"] == "selected"
    assert ida.get("/control_list/acts").json()["counts"] == []


def test_profile_is_tried_on_the_run_without_a_key(ida: Client, job: dict[str, Any]) -> None:
    text = shipped_texts()["description.vague"]
    tried = ida.send("POST", "/projections", json={"text": text, "run": job["result"]["run"]}).json()
    assert (tried["profile_id"], tried["fires"]) == ("description.vague", 13)


def test_another_officer_does_not_see_the_job(at: Served, job: dict[str, Any]) -> None:
    join(at.node, "ben", ("targeting",))
    ben = at.client("assessments:write", login="ben")
    assert ben.get(f"/jobs/{job['id']}").json()["code"] == "jobs.not_found"
    assert ben.get("/jobs").json()["items"] == []


def test_who_may_not_assess_is_refused_before_a_job_begins(at: Served) -> None:
    join(at.node, "tom", ("trader_desk",))
    answer = at.client("assessments:write", login="tom", purpose=None).post("/assessments", content=b"x")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.no_role")


def test_message_that_cannot_be_read_fails_its_job_with_the_reason(ida: Client) -> None:
    answer = ida.post("/assessments", content=b"\x00\x01\x02 nothing of the kind")
    ended = followed(ida, answer.headers["Location"])
    assert (ended["state"], ended["result"]) == ("failed", None)
    assert ended["error"]["kept"] == "The file is kept as received."
    refused = ida.post(f"/jobs/{ended['id']}/cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "jobs.ended")
