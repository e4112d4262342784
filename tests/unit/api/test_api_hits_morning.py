"""The hits morning for programs: names screened, a list that changes, the hit it raises, and its answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from api_client import Client, Served, served
from nodes import ANNA, OWN_HEADINGS, write_manifest
from pratique.node.handlers.assessments import AssessMessages

pytestmark = pytest.mark.long

ENTRY = "4,NORTHWIND EXPORT 4,organisation,,,,,TEST,,B2,Report 9\n"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hits")
    with served(folder / "node", work=True) as found:
        found.node.execute(AssessMessages((write_manifest(folder / "a.csv"),)), actor=ANNA)
        yield found


@pytest.fixture(scope="module")
def ida(at: Served) -> Client:
    return at.client()


@pytest.fixture(scope="module")
def loaded(ida: Client) -> dict[str, Any]:
    """A list loaded after the assessment."""
    content = f"{OWN_HEADINGS},grade,report\n{ENTRY}".encode()
    answer = ida.post("/lists/own", files=[("file", ("own.csv", content))])
    return ida.ended(answer)["result"]  # type: ignore[no-any-return]


def test_load_says_what_it_changed_and_raised(ida: Client, loaded: dict[str, Any]) -> None:
    change = ida.get(f"/list_changes/{loaded['change']}").json()["change"]
    assert loaded["raised"] == 1
    assert change["counts"] == {"added": 1, "changed": 0, "removed": 0}
    assert change["raised_count"] == 1
    assert [each["number"] for each in ida.get("/list_changes?list_id=own").json()["items"]] == [change["number"]]
    shown = ida.get(f"/list_changes/{change['number']}").json()
    assert [(each["change"], each["name"]) for each in shown["entries"]] == [("added", "NORTHWIND EXPORT 4")]
    assert [hit["screened_value"] for hit in shown["raised"]] == ["NORTHWIND EXPORT 4"]
    assert ida.get("/list_changes/99999").status_code == 404


def test_raised_hit_is_listed_explained_and_answered(ida: Client, loaded: dict[str, Any]) -> None:
    found = ida.get("/hits?view=raised").json()
    (hit,) = found["hits"]
    assert (hit["raised_by"], hit["source_grade"], found["counts"]["raised"]) == (loaded["change"], "B", 1)
    shown = ida.get(f"/runs/{hit['run_id']}/hits/{hit['number']}").json()
    assert (shown["entry"]["report"], shown["alert_line"]["minutes_per_hit"]) == ("Report 9", 4)
    explained = ida.get(f"/consignments/{hit['consignment_id']}/explanation").json()
    assert [each["raised_by"] for each in explained["hits"]] == [hit["raised_by"]]
    said = {"answer": "same", "reason": "details_agree"}
    answer = ida.post(f"/runs/{hit['run_id']}/hits/{hit['number']}/dispose", json=said)
    assert (answer.status_code, answer.json()["stands"]) == (200, True)
    assert ida.get("/hits?view=raised").json()["total"] == 0


def test_names_are_screened_with_the_line_of_each_list(ida: Client, loaded: dict[str, Any]) -> None:
    names = [
        {"id": "a", "name": "Northwind Export 4", "kind": "organisation"},
        {"id": "b", "name": "X", "kind": "party"},
    ]
    told = ida.post("/screening/names", json={"names": names}).json()
    assert [(hit["id"], hit["list_id"]) for hit in told["hits"]] == [("a", "own")]
    assert told["hits"][0]["score_permille"] >= told["lists"][0]["alert_line"]["threshold_permille"]
    assert told["hits"][0]["reasons"][0]["code"].startswith("screening.aligned.")
    assert told["lists"][0]["list_version"] == loaded["version"]
    assert told["lists"][0]["alert_line"]["budget_per_1000"] == 10


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"names": [{"id": "a", "kind": "nobody"}]}, "names.cell"),
        ({"names": [{"id": "a", "kind": "party"}], "lists": ["nowhere"]}, "names.unknown_list"),
        ({"names": []}, None),
        ({"names": [{"id": "a", "kind": "party"}], "budget": 5000}, None),
    ],
)
def test_names_that_cannot_be_screened_are_refused(
    ida: Client, loaded: dict[str, Any], said: dict[str, Any], code: str | None
) -> None:
    refused = ida.post("/screening/names", json=said)
    assert refused.status_code in (404, 422)
    assert code is None or refused.json()["code"] == code


def test_person_data_needs_a_purpose(at: Served, loaded: dict[str, Any]) -> None:
    nobody = at.client(purpose=None)
    assert nobody.get("/list_changes").status_code == 200  # names nobody
    assert nobody.get(f"/list_changes/{loaded['change']}").status_code == 403
    assert nobody.post("/screening/names", json={"names": [{"id": "a", "kind": "party"}]}).status_code == 403
