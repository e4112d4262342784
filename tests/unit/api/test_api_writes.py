"""Writes of the API: done once under a key, whole files taken in safely, and nothing left of what was refused."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from api_client import Client, Served, served
from nodes import ANNA, HEADINGS, write_manifest, write_own_list
from pratique.api import Limits
from pratique.node.handlers.journal import ReadJournal
from pratique.node.profile_texts import shipped_texts

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
    return [path for path in (at.node.folder.root / "incoming").rglob("*") if path.is_file()]


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


def test_message_is_kept_read_and_answered_as_the_published_document(at: Served, ida: Client, tmp_path: Path) -> None:
    path = write_manifest(tmp_path / "manifest.csv", bills=3)
    answer = ida.post("/messages", content=path.read_bytes(), headers={"File-Name": "manifest.csv"})
    told = answer.json()
    assert (answer.status_code, told["file_name"], len(told["document"]["consignments"])) == (200, "manifest.csv", 3)
    kept = at.node.folder.root / "blobs" / told["raw_sha256"][:2] / told["raw_sha256"][2:]
    assert kept.read_bytes() == path.read_bytes()
    assert incoming(at) == []


def test_parquet_is_taken_like_any_message(ida: Client, tmp_path: Path) -> None:
    pl.read_csv(write_manifest(tmp_path / "manifest.csv", bills=3)).write_parquet(tmp_path / "manifest.parquet")
    answer = ida.post("/messages", content=(tmp_path / "manifest.parquet").read_bytes())
    assert len(answer.json()["document"]["consignments"]) == 3


def test_message_that_cannot_be_read_is_quarantined_and_refused(ida: Client) -> None:
    answer = ida.post("/messages", content=NONSENSE)
    assert (answer.status_code, answer.json()["kept"]) == (422, "The file is kept as received.")
    parts = ida.get("/quarantine").json()["items"]
    (part,) = [each for each in parts if each["raw_sha256"] == hashlib.sha256(NONSENSE).hexdigest()]
    shown = ida.get(f"/quarantine/{part['id']}").json()
    assert shown["content_base64"] == "AAECIG5vdGhpbmcgb2YgdGhlIGtpbmQ="


def test_form_brings_a_table_with_its_mapping(ida: Client) -> None:
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
    answer = ida.post("/messages", files=form)
    assert answer.json()["document"]["goods_items"][0]["description"] == "SCHRAUBEN"


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
    assert answer.json()["file_name"] == kept
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
            b"--b\r\nContent-Disposition: form-data; name=file\r\n\r\ncut",
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


def test_watchlist_is_loaded_and_listed(ida: Client, tmp_path: Path) -> None:
    path = write_own_list(tmp_path / "own.csv", "EASTBANK TRADING")
    loaded = ida.post("/lists/own?list_id=port-bans", content=path.read_bytes(), headers={"File-Name": "own.csv"})
    assert loaded.json()["version"]["list_id"] == "port-bans"
    (shown,) = ida.get("/lists?only_in_force=true").json()["items"]
    assert (shown["in_force"], shown["version"]["counts"]["rows"]) == (True, 1)


def test_repeated_upload_is_answered_from_the_key_and_leaves_no_file(
    at: Served, ida: Client, done: Counted, tmp_path: Path
) -> None:
    content = write_manifest(tmp_path / "manifest.csv", bills=2).read_bytes()
    first, second = (ida.post("/messages", key="the-same-upload", content=content) for _ in range(2))
    assert first.json() == second.json()
    assert done("messages.read") == 1
    assert incoming(at) == []
