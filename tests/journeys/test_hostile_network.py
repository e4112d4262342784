"""A real server over TLS, and what comes from a network: broken framing, paths that climb, secrets in odd places."""

from __future__ import annotations

import datetime as dt
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pratique.node import Node, local_operator

pytestmark = pytest.mark.server

PRATIQUE = Path(sys.executable).with_name("pratique")
STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
MARK = "MARKED-amina-okafor"


@dataclass(frozen=True)
class Served:
    """Where a node is served, and the file that holds all its server says."""

    port: int
    said: Path

    def say(self, raw: bytes, *, context: ssl.SSLContext | None = None) -> bytes:
        """Everything that comes back until the server closes or falls silent."""
        with (
            socket.create_connection(("localhost", self.port), timeout=20) as plain,
            (context or trusting()).wrap_socket(plain, server_hostname="localhost") as line,
        ):
            line.sendall(raw)
            line.settimeout(3)
            came = b""
            with suppress(TimeoutError, ssl.SSLError, ConnectionError):
                while piece := line.recv(65536):
                    came += piece
            return came

    def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
        """One whole request, after which the connection closes."""
        length = [f"Content-Length: {len(body)}"] if body else []
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, *length]
        return self.say("\r\n".join([*lines, "", ""]).encode() + body)


def trusting() -> ssl.SSLContext:
    """Speaks with whatever certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of this computer and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(1)
    )
    certificate, private = folder / "chain.pem", folder / "key.pem"
    certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("network")
    Node.create(folder / "node", actor=local_operator("anna"), demonstration=True).close()
    certificate, key = write_certificate(folder)
    said = folder / "said.log"
    words = ["serve", "--node", folder / "node", "--port", "0", "--certificate", certificate, "--key", key]
    with said.open("wb") as sink:
        process = subprocess.Popen([PRATIQUE, *words], stdout=sink, stderr=subprocess.STDOUT)
    try:
        yield Served(port_of(process, said), said)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def port_of(process: subprocess.Popen[bytes], said: Path) -> int:
    for _ in range(600):
        found = re.search(r"https://localhost:(\d+)/", said.read_text())
        if found:
            return int(found[1])
        assert process.poll() is None, said.read_text()
        time.sleep(0.1)
    raise AssertionError("the server never said where it is")


def status(answer: bytes) -> int:
    found = STATUS.match(answer)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2fnode/node.py",
        "/static/vendor/../../../__init__.py",
        "/static//etc/passwd",
        "/static/%00/etc/passwd",
        "/static/..\\..\\app.py",
        "/../../../../etc/passwd",
        "/place/..%2f..%2fnode.key",
        "/consignment/..%2f..%2f..%2fetc%2fpasswd",
        "/static",
        "/static/",
        "/static/vendor/",
        "/.git/config",
        "/api/../node.key",
    ],
)
def test_no_path_leads_to_a_file_that_is_not_shipped_or_to_a_listing(served: Served, path: str) -> None:
    answer = served.ask("GET", path)
    assert status(answer) in (303, 307, 400, 404), answer[:300]
    assert not any(word in answer for word in (b"root:", b"from __future__", b"Index of", b"repositoryformat", b'"k":'))


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: 4", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Content-Length: 4"],
        ["Content-Length: 4", "Content-Length: 60"],
        ["Content-Length: +4"],
        ["Content-Length : 4"],
        ["Transfer-Encoding: xchunked"],
    ],
)
def test_a_body_whose_end_is_in_doubt_hides_no_second_request(served: Served, headers: list[str]) -> None:
    hidden = b"0\r\n\r\nGET /static/tokens.css HTTP/1.1\r\nHost: localhost\r\nX: x\r\n\r\n"
    start = "\r\n".join(["POST /sign-in HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()
    answers = STATUS.findall(served.say(start + hidden))
    assert b"200" not in answers, answers
    assert len(answers) <= 1, answers


def test_headers_without_end_are_refused(served: Served) -> None:
    answer = served.say(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Long: " + b"x" * 2_000_000)
    assert status(answer) == 400, answer[:200]
    assert b"X-Content-Type-Options: nosniff" in answer
    assert b"frame-ancestors 'none'" in answer


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PROPFIND", "FROBNICATE"])
def test_methods_that_no_page_knows_are_refused_and_echo_nothing(served: Served, method: str) -> None:
    answer = served.ask(method, "/sign-in", f"X-Echo: {MARK}")
    assert status(answer) in (400, 405), answer[:200]
    assert MARK.encode() not in answer


def test_no_connection_becomes_a_web_socket(served: Served) -> None:
    wanted = ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    answer = served.say(
        "\r\n".join(["GET /live HTTP/1.1", "Host: localhost", "Connection: Upgrade", *wanted, "", ""]).encode()
    )
    assert status(answer) not in (0, 101)


def test_only_modern_tls_is_spoken(served: Served) -> None:
    ask = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    for suite in ("ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA"):
        old = trusting()
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        old.set_ciphers(f"{suite}:@SECLEVEL=0")
        with pytest.raises((ssl.SSLError, ConnectionError)):
            served.say(ask, context=old)
    good = trusting()
    good.maximum_version = ssl.TLSVersion.TLSv1_2
    good.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")
    assert status(served.say(ask, context=good)) == 200
    newest = trusting()
    newest.minimum_version = ssl.TLSVersion.TLSv1_3
    assert status(served.say(ask, context=newest)) == 200
    with socket.create_connection(("localhost", served.port), timeout=20) as plain:
        plain.sendall(ask)
        plain.settimeout(3)
        came = b""
        with suppress(TimeoutError, ConnectionError):
            came = plain.recv(1000)
    assert b"HTTP" not in came


def test_what_the_server_says_holds_no_secret_and_no_name(served: Served) -> None:
    form = f"csrf={MARK}&login={MARK}&password={MARK}&code={MARK}&next=/{MARK}".encode()
    marked = [
        f"Cookie: __Host-pratique={MARK}; __Host-visitor={MARK}",
        f"User-Agent: {MARK}",
        f"Referer: https://{MARK}/",
    ]
    kind = "Content-Type: application/x-www-form-urlencoded"
    served.ask("GET", f"/search?q={MARK}", *marked)
    served.ask("POST", "/search", *marked, kind, body=f"csrf={MARK}&q={MARK}".encode())
    served.ask("GET", f"/{MARK}/{MARK}", *marked)
    served.ask("GET", f"/invitation?{MARK}", *marked)
    served.ask("GET", f"/sign-in/back?code={MARK}&state={MARK}", *marked, f"Cookie: __Host-provider={MARK}")
    served.ask("POST", "/sign-in", *marked, kind, body=form)
    served.ask("POST", f"/sign-in/as/{MARK}", *marked, kind, body=form)
    served.ask("POST", "/sign-in", *marked, "Content-Type: multipart/form-data; boundary=x", body=f"--x{MARK}".encode())
    served.ask("GET", f"/api/search?text={MARK}", f"Authorization: Bearer {MARK}", *marked)
    served.ask("POST", "/api/messages", f"Authorization: Bearer {MARK}", f"File-Name: {MARK}.edi", body=MARK.encode())
    served.say(f"{MARK} {MARK} HTTP/9.9\r\nHost: {MARK}\r\n\r\n".encode())
    served.say(f"GET / HTTP/1.1\r\nHost: {MARK}\r\nConnection: close\r\n\r\n".encode())
    said = served.said.read_text()
    assert said.count("/search") >= 1
    assert "POST /sign-in 401" in said
    assert MARK.lower() not in said.lower()
    assert all(line.isprintable() for line in said.splitlines())
