"""Writes of the API: done once under a key, whole files taken in safely, and nothing left of what was refused."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from jsonschema import Draft202012Validator

from api_client import ROLES, Client, Served, join, served
from nodes import ANNA, HEADINGS, write_manifest, write_own_list
from pratique.api import Limits
from pratique.flow.intake.document import document_schema
from pratique.node.handlers.journal import ReadJournal
from pratique.node.jobs.job import DOCUMENT
from pratique.node.profiles.texts import shipped_texts

pytestmark = pytest.mark.long

PROFILE = shipped_texts()["amendments.late"]
NONSENSE = b"\x00\x01\x02 nothing of the kind"
SMALL = Limits(json_bytes=80_000, read_bytes=50_000, load_bytes=50_000, assess_bytes=200_000, files=3)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("writes") / "node", limits=SMALL) as found:
        yield found


@pytest.fixture(scope="module")
def ida(at: Served) -> Client:
    return at.client()


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A node whose jobs are done."""
    with served(tmp_path_factory.mktemp("working") / "node", work=True) as found:
        yield found


@pytest.fixture(scope="module")
def ada(working: Served) -> Client:
    return working.client()


class Counted:
    """How often a command was carried out since."""

    def __init__(self, at: Served) -> None:
        self._at = at
        self._before = at.node.changes

    def __call__(self, entry: str) -> int:
        since = self._at.node.ask(ReadJournal(limit=1000, after=self._before), actor=ANNA)
        return [each.entry for each in since].count(entry)


@pytest.fixture
def done(at: Served) -> Counted:
    return Counted(at)


def incoming(at: Served) -> list[Path]:
    """What lies where files come in, but for the documents of what was read."""
    files = (path for path in (at.node.folder.root / "incoming").rglob("*") if path.is_file())
    return [path for path in files if path.name != DOCUMENT]


def test_write_without_a_key_is_refused(ida: Client, done: Counted) -> None:
    answer = ida.send("POST", "/profiles", json={"text": PROFILE})
    assert (answer.status_code, answer.json()["code"]) == (400, "api.key_missing")
    assert done("profiles.drafted") == 0


def test_same_request_with_the_same_key_is_done_once_and_answered_twice(ida: Client, done: Counted) -> None:
    first, second = (ida.post("/profiles", key="once-and-once-only", json={"text": PROFILE}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert done("profiles.drafted") == 1


def test_key_of_another_request_is_refused(ida: Client) -> None:
    ida.post("/profiles", key="used-for-this-one", json={"text": PROFILE})
    other = ida.post("/profiles", key="used-for-this-one", json={"text": PROFILE + "\n"})
    assert (other.status_code, other.json()["code"]) == (422, "api.key_of_another_request")


def test_keys_belong_to_the_token(at: Served, ida: Client) -> None:
    first = ida.post("/profiles", key="the-very-same-key", json={"text": PROFILE})
    second = at.client().post("/profiles", key="the-very-same-key", json={"text": PROFILE})
    assert second.json()["version"] == first.json()["version"] + 1


def test_refusal_changes_nothing_and_leaves_the_key_free(ida: Client) -> None:
    refused = ida.post("/profiles", key="tried-and-tried-again", json={"text": "no profile"})
    assert refused.status_code == 422
    assert ida.post("/profiles", key="tried-and-tried-again", json={"text": PROFILE}).status_code == 201


def test_requests_at_once_with_the_same_key_are_done_once(ida: Client, done: Counted) -> None:
    answers: list[int] = []

    def ask() -> None:
        answers.append(ida.post("/profiles", key="eight-at-the-same-time", json={"text": PROFILE}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {201, 409}
    assert done("profiles.drafted") == 1


def test_message_is_kept_read_and_answered_as_the_published_document(
    working: Served, ada: Client, tmp_path: Path
) -> None:
    path = write_manifest(tmp_path / "manifest.csv", bills=3)
    answer = ada.post("/messages", content=path.read_bytes(), headers={"File-Name": "manifest.csv"})
    told = ada.ended(answer)["result"]
    assert (told["file_name"], told["consignments"], told["quarantined"]) == ("manifest.csv", 3, 0)
    document = ada.read(answer)
    assert (document["message"]["file_name"], len(document["consignments"])) == ("manifest.csv", 3)
    validator = Draft202012Validator(document_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert list(validator.iter_errors(document)) == []
    kept = working.node.folder.root / "blobs" / told["raw_sha256"][:2] / told["raw_sha256"][2:]
    assert kept.read_bytes() == path.read_bytes()
    assert incoming(working) == []


def test_document_is_for_who_asked_with_a_purpose_and_a_scope_that_reads(
    working: Served, ada: Client, tmp_path: Path
) -> None:
    read = ada.ended(ada.post("/messages", content=write_manifest(tmp_path / "manifest.csv", bills=1).read_bytes()))
    loaded = ada.ended(ada.post("/lists/own", content=write_own_list(tmp_path / "own.csv", "A B").read_bytes()))
    path = f"/jobs/{read['id']}/document"
    join(working.node, "ben", ROLES)
    assert ada.get(f"/jobs/{loaded['id']}/document").json()["code"] == "jobs.no_document"
    assert working.client(login="ben").get(path).json()["code"] == "jobs.not_found"
    assert working.client(purpose=None).get(path).json()["code"] == "access.no_purpose"
    lists_alone = working.client("lists:write")
    assert lists_alone.get(path).json()["code"] == "api.scope_missing"
    assert lists_alone.get(f"/jobs/{read['id']}").json()["code"] == "jobs.not_found"
    assert [each["kind"] for each in lists_alone.get("/jobs").json()["items"]] == ["load_list"]


def test_parquet_is_taken_like_any_message(ada: Client, tmp_path: Path) -> None:
    pl.read_csv(write_manifest(tmp_path / "manifest.csv", bills=3)).write_parquet(tmp_path / "manifest.parquet")
    answer = ada.post("/messages", content=(tmp_path / "manifest.parquet").read_bytes())
    assert len(ada.read(answer)["consignments"]) == 3


def test_message_that_cannot_be_read_is_quarantined_and_its_job_says_why(ada: Client) -> None:
    job = ada.ended(ada.post("/messages", content=NONSENSE))
    assert (job["state"], job["error"]["kept"]) == ("failed", "The file is kept as received.")
    assert ada.get(f"/jobs/{job['id']}/document").json()["code"] == "jobs.no_document"
    parts = ada.get("/quarantine").json()["items"]
    (part,) = [each for each in parts if each["raw_sha256"] == hashlib.sha256(NONSENSE).hexdigest()]
    shown = ada.get(f"/quarantine/{part['id']}").json()
    assert shown["content_base64"] == "AAECIG5vdGhpbmcgb2YgdGhlIGtpbmQ="
    again = ada.ended(ada.post(f"/quarantine/{part['id']}/reread", json={}))
    assert (again["kind"], again["state"], again["error"]) == ("reread_quarantined", "failed", job["error"])
    assert ada.post("/quarantine/NOTHING1/reread", json={}).status_code == 404


def test_form_brings_a_table_with_its_mapping(ada: Client) -> None:
    mapping = json.dumps(
        {
            "id": "test-de",
            "title": "Test",
            "message_type": "MANIFEST",
            "keys": {"message": [], "consignment": ["Konnossement"], "goods_item": ["Ware"]},
            "required": ["Konnossement", "Ware"],
            "columns": {
                "Konnossement": {"to": "consignment.transport_contract_document_id"},
                "Ware": {"to": "goods_item.description"},
            },
        }
    )
    form = {"file": ("tabelle.csv", "Konnossement,Ware\nB1,SCHRAUBEN\n"), "mapping": (None, mapping)}
    answer = ada.post("/messages", files=form)
    assert ada.read(answer)["goods_items"][0]["description"] == "SCHRAUBEN"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..%2f..%2fetc%2fpasswd", "passwd"),
        ("C:\\temp\\manifest.csv", "manifest.csv"),
        ("..", "message"),
        ("", "message"),
        ("job.json", "message-job.json"),
        ("%00", "message"),
        ("a%0d%0aX-Evil: 1.csv", "a\ufffd\ufffdX-Evil: 1.csv"),
        ("%F0%9F%9A%A2" * 90, "\N{SHIP}" * 30),
        ("%ED%A0%80.csv", "\ufffd\ufffd\ufffd.csv"),
    ],
)
def test_name_of_a_file_is_only_a_name(at: Served, ida: Client, name: str, kept: str) -> None:
    content = (HEADINGS + "\nB1,PARTS,847330,1,1,,A,B,CNSHA,KEMBA,L,V,R,original\n").encode()
    answer = ida.post("/messages", content=content, headers={"File-Name": name})
    job = answer.json()
    assert job["files"] == [kept]
    assert ida.post(f"/jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    assert incoming(at) == []


def test_body_beyond_the_bound_is_refused_while_it_streams_and_nothing_is_left(at: Served, ida: Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(1000):
            yield b"x" * 10_000

    for how in ({"content": b"x" * 60_000}, {"content": endless()}, {"files": {"file": ("a", b"x" * 60_000)}}):
        answer = ida.post("/messages", **how)
        assert (answer.status_code, answer.json()["code"]) == (413, "api.body_too_large")
    assert incoming(at) == []


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", "application/octet-stream", "api.no_file"),
        (b"a=b", "application/x-www-form-urlencoded", "api.not_a_file"),
        (b"x", "multipart/mixed; boundary=x", "api.not_a_file"),
        (b"x", "multipart/form-data", "api.not_multipart"),
        (b"x", "multipart/form-data; boundary=" + "b" * 300, "api.not_multipart"),
        (b"--b\r\nnothing", "multipart/form-data; boundary=b", "api.not_multipart"),
        (
            b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\ncut",
            "multipart/form-data; boundary=b",
            "api.not_multipart",
        ),
        (
            b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\ny\r\n--b--",
            "multipart/form-data; boundary=b",
            "api.unknown_part",
        ),
        (b"--b\r\n" + b"X: y\r\n" * 50 + b"\r\nz\r\n--b--", "multipart/form-data; boundary=b", "api.not_multipart"),
        (b"--b--\r\n", "multipart/form-data; boundary=b", "api.no_file"),
        (
            b"--b\r\nContent-Disposition: form-data; name=file\r\n\r\nid\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
            "api.no_file",
        ),
    ],
)
def test_broken_form_is_refused_by_name(at: Served, ida: Client, body: bytes, kind: str, code: str) -> None:
    answer = ida.post("/messages", content=body, headers={"Content-Type": kind})
    assert answer.json()["code"] == code
    assert incoming(at) == []


def test_more_files_than_are_taken_are_refused(at: Served, ida: Client) -> None:
    answer = ida.post("/assessments", files=[("file", (f"{n}.csv", b"x")) for n in range(4)])
    assert (answer.status_code, answer.json()["code"]) == (422, "api.too_many_files")
    assert incoming(at) == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": "a", "text": "b"}',
        b'{"text": "\\ud800"}',
        b'{"text": NaN}',
        b'{"text": 1e999}',
        b'{"text": ' + b"9" * 5000 + b"}",
        b'{"text": 9223372036854775808}',
        b"[" * 30_000,
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'\xef\xbb\xbf{"text": "a"}',
        b'{"text": "\xff"}',
        '{"text": "a"}'.encode("utf-16"),
        b'{"text": "a"} trailing',
        b"{",
    ],
)
def test_json_that_two_readers_could_understand_differently_is_refused(ida: Client, body: bytes) -> None:
    answer = ida.post("/profiles", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "api.not_json")


def test_nul_in_a_text_is_refused_by_who_reads_the_text(ida: Client) -> None:
    answer = ida.post("/profiles", json={"text": "id: a\0b"})
    assert (answer.status_code, answer.json()["code"]) == (422, "profiles.no_yaml")


def test_body_of_another_type_and_a_large_one_are_refused(ida: Client) -> None:
    other = ida.post("/profiles", content=b"<a/>", headers={"Content-Type": "application/xml"})
    assert (other.status_code, other.json()["code"]) == (415, "api.not_json_type")
    large = ida.post("/profiles", json={"text": "x" * 90_000})
    assert (large.status_code, large.json()["code"]) == (413, "api.body_too_large")


def test_body_packed_for_the_way_is_refused(at: Served, ida: Client) -> None:
    for path in ("/profiles", "/messages"):
        answer = ida.post(path, content=b"x", headers={"Content-Encoding": "gzip"})
        assert (answer.status_code, answer.json()["code"]) == (415, "api.packed")
    assert incoming(at) == []


def test_unknown_field_is_refused_with_its_name(ida: Client) -> None:
    told = ida.post("/profiles", json={"text": PROFILE, "txet": 1}).json()
    assert [(each["field"], told["code"]) for each in told["errors"]] == [("body.txet", "api.invalid")]


def test_body_that_never_ends_is_refused_after_its_time(tmp_path: Path) -> None:
    with served(tmp_path / "node", limits=Limits(json_seconds=0.05)) as at:
        head = (
            "POST /api/profiles HTTP/1.1", "Host: localhost", f"Authorization: Bearer {at.client().token}",
            "Idempotency-Key: never-ending", "Content-Type: application/json", "Content-Length: 10", "", "{",
        )  # fmt: skip
        with socket.create_connection((at.http.base_url.host, at.http.base_url.port)) as line:
            line.sendall("\r\n".join(head).encode())
            told = b"".join(iter(lambda: line.recv(4096), b""))
    assert told.startswith(b"HTTP/1.1 408")
    assert b"api.too_slow" in told


def test_watchlist_is_loaded_and_listed(ada: Client, tmp_path: Path) -> None:
    path = write_own_list(tmp_path / "own.csv", "EASTBANK TRADING")
    loaded = ada.post("/lists/own?list_id=port-bans", content=path.read_bytes(), headers={"File-Name": "own.csv"})
    result = ada.ended(loaded)["result"]
    assert (result["list_id"], result["rows"], result["findings"]) == ("port-bans", 1, [])
    shown = {each["version"]["list_id"]: each for each in ada.get("/lists?only_in_force=true").json()["items"]}
    assert (shown["port-bans"]["in_force"], shown["port-bans"]["version"]["counts"]["rows"]) == (True, 1)
    assert shown["port-bans"]["change"] == result["change"]


def test_broken_list_fails_its_job_and_what_is_no_list_is_refused_at_once(ada: Client, tmp_path: Path) -> None:
    content = write_own_list(tmp_path / "own.csv", "EASTBANK TRADING").read_bytes().replace(b"organisation", b"planet")
    failed = ada.ended(ada.post("/lists/own?list_id=broken", content=content))
    assert (failed["state"], failed["error"]["code"]) == ("failed", "lists.broken")
    assert failed["error"]["kept"] == "The version in force stays in force."
    unknown = ada.post("/lists/nobody", content=content)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "lists.no_source")


def test_repeated_upload_is_answered_from_the_key_and_leaves_no_file(at: Served, ida: Client, tmp_path: Path) -> None:
    content = write_manifest(tmp_path / "manifest.csv", bills=2).read_bytes()
    first, second = (ida.post("/messages", key="the-same-upload", content=content) for _ in range(2))
    assert first.json() == second.json()
    assert [job["id"] for job in ida.get("/jobs").json()["items"]].count(first.json()["id"]) == 1
    assert len(incoming(at)) == 2  # the message and the note of its one job
