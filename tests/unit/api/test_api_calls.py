"""Calls of the API: who may, what for, in which form refusals come, and what a path can do."""

from collections.abc import Iterator

import pytest

from api_client import Client, Served, join, served
from nodes import ANNA, write_manifest
from pratique.node.access.scopes import all_scopes
from pratique.node.handlers.assessments import AssessMessages


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("api")
    with served(folder / "node") as found:
        found.node.execute(AssessMessages((write_manifest(folder / "manifest.csv"),)), actor=ANNA)
        yield found


@pytest.fixture(scope="module")
def ida(at: Served) -> Client:
    return at.client()


def test_without_a_token_the_way_to_give_one_is_named(at: Served) -> None:
    answer = at.http.get("/api/runs")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="pratique"')
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "api.token_missing"


@pytest.mark.parametrize(
    "given", ["Bearer", "Bearer x", "Basic aWRhOnB3", "Bearer " + "a" * 43, "Bearer a b", "Bearer é" * 9]
)
def test_what_is_no_valid_token_is_refused_without_a_hint(at: Served, given: str) -> None:
    answer = at.http.get("/api/runs", headers={"Authorization": given.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "api.token_not_valid")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_missing_scope_is_named(at: Served) -> None:
    answer = at.client("lists:read").get("/runs")
    assert (answer.status_code, answer.json()["code"]) == (403, "api.scope_missing")
    assert "runs:read" in answer.json()["detail"]
    assert 'scope="runs:read"' in answer.headers["WWW-Authenticate"]


def test_every_scope_of_the_document_is_one_that_a_token_can_have(at: Served) -> None:
    operations = [each for path in at.api.openapi()["paths"].values() for each in path.values()]
    asked = {scope for each in operations for one in each["security"] for scope in one["token"]}
    assert asked <= all_scopes()


def test_person_data_needs_a_purpose_and_the_refusal_says_so(at: Served) -> None:
    plain = at.client(purpose=None)
    refused = plain.get("/queue")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.no_purpose")
    assert plain.get("/queue", headers={"Purpose": "cargo_risk_analysis"}).status_code == 200
    assert plain.get("/queue", headers={"Purpose": "trader_service"}).json()["code"] == "access.not_your_purpose"
    unknown = plain.get("/queue", headers={"Purpose": "curiosity"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "access.no_such_purpose")


def test_refusal_of_the_node_keeps_its_code_and_what_to_do(ida: Client) -> None:
    answer = ida.get("/runs/NOTHING1")
    told = answer.json()
    assert (answer.status_code, told["code"], told["status"]) == (404, "runs.not_found", 404)
    assert told["type"] == "urn:pratique:problem:runs.not_found"
    assert told["todo"]


def test_unfit_request_names_the_field_and_what_was_expected_and_repeats_nothing(ida: Client) -> None:
    answer = ida.get("/runs?limit=secret-value")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "api.invalid")
    assert [error["field"] for error in told["errors"]] == ["query.limit"]
    assert "secret-value" not in answer.text


@pytest.mark.parametrize("query", ["chanel=red", "limit=1&limit=2", "channel=red&channel=all"])
def test_misspelt_or_repeated_parameter_is_refused_not_ignored(ida: Client, query: str) -> None:
    assert ida.get(f"/queue?{query}").json()["code"] == "api.unknown_parameter"


PREVIEW = "/agreements/preview"  # not the agreement of that id
METHODS_THAT_ARE_NOT = [("DELETE", "/runs"), ("TRACE", "/runs"), ("PATCH", "/profiles"), ("GET", PREVIEW)]
ALLOWED = {"/runs": "GET, HEAD, OPTIONS", "/profiles": "GET, POST, HEAD, OPTIONS", PREVIEW: "POST, OPTIONS"}


@pytest.mark.parametrize(("method", "path"), METHODS_THAT_ARE_NOT)
def test_method_that_is_not_there_is_refused_with_those_that_are(ida: Client, method: str, path: str) -> None:
    answer = ida.send(method, path)
    assert (answer.status_code, answer.json()["code"]) == (405, "api.no_such_method")
    assert answer.headers["Allow"] == ALLOWED[path]


def test_options_says_what_a_path_can_do(at: Served) -> None:
    answer = at.http.options("/api/messages")
    assert (answer.status_code, answer.headers["Allow"], answer.content) == (204, "POST, OPTIONS", b"")
    assert "access-control-allow-origin" not in answer.headers


def test_head_is_get_without_its_body(ida: Client) -> None:
    full, head = ida.get("/runs"), ida.send("HEAD", "/runs")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]
    assert ida.send("HEAD", "/openapi.json").status_code == 200


def test_path_that_is_not_there_is_a_problem_too(ida: Client) -> None:
    answer = ida.get("/no/such/path")
    assert (answer.status_code, answer.json()["code"]) == (404, "api.no_such_path")


def test_run_is_told_by_its_tag_to_be_the_same(at: Served, ida: Client) -> None:
    run = ida.get("/runs").json()["items"][0]["id"]
    for path in (f"/runs/{run}", f"/runs/{run}/queue"):
        first = ida.get(path)
        again = ida.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        other = at.client().get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert other.status_code == 200


def test_fault_inside_tells_nothing_of_the_inside(
    ida: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(query: object, view: object) -> None:
        raise ValueError("NORTHWIND EXPORT 0 is what a message said")

    monkeypatch.setattr("pratique.node.handlers.runs.list_runs", broken)
    answer = ida.get("/runs")
    assert (answer.status_code, answer.json()["code"]) == (500, "api.fault")
    assert "NORTHWIND" not in answer.text + caplog.text
    assert "ValueError in broken" in caplog.text


def test_what_was_read_over_the_api_is_in_the_log_of_access(at: Served, ida: Client) -> None:
    join(at.node, "dora", ("data_protection",))
    ida.get("/queue")
    dora = at.client("access_log:read", "misuse:read", login="dora", purpose=None)
    log = dora.get("/access_log?actor=officer:ida").json()
    assert log["by_purpose"]["cargo_risk_analysis"] > 0
    assert log["newest_reads"][0]["request"] == "ListQueue"
    assert dora.get("/misuse").json()["reads"] >= 0


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "2026-10-05"])
def test_moments_at_the_end_of_time_are_no_fault(at: Served, since: str) -> None:
    dora = at.client("access_log:read", login="dora", purpose=None)
    assert dora.get(f"/access_log?since={since}").status_code in (200, 422)


@pytest.mark.parametrize("query", ["since=0", "until=1764288000", "since=0.5"])
def test_number_is_no_day(ida: Client, query: str) -> None:
    answer = ida.get(f"/effectiveness?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, f"query.{query.split('=')[0]}")


def test_whole_number_is_no_truth_value(ida: Client) -> None:
    sent = {"instrument": "wto-tfa-12", "types": ["documents"], "items": [], "contents": {}, "urgent": 0}
    answer = ida.send("POST", "/requests/check", json=sent)
    assert answer.json()["errors"][0]["field"] == "body.urgent", answer.json()
