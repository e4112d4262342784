"""Where a node may be served."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from nodes import ANNA
from pratique.cli.serve import require_proxy, require_secure
from pratique.node import Node
from pratique.server.certificates import require_strong_certificate
from pratique.server.running import Address, believed, run
from pratique.vocabulary.errors import PratiqueError


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "desk.customs.example"])
def test_nothing_is_served_in_the_clear_to_other_machines(host: str) -> None:
    with pytest.raises(PratiqueError) as refused:
        require_secure(host, None)
    assert refused.value.code == "serve.not_secure"
    require_secure(host, Path("chain.pem"))
    require_secure("localhost", None)


def test_a_demonstration_is_served_on_this_computer_only(tmp_path: Path) -> None:
    with Node.create(tmp_path / "node", actor=ANNA, demonstration=True) as node:
        with pytest.raises(PratiqueError) as refused:
            run(node, address=Address("0.0.0.0", 0), zone="UTC", actor=ANNA, tell=print)
        assert refused.value.code == "serve.demonstration"


@pytest.mark.parametrize("behind", ["*", "", "proxy.customs.example", "10.0.0.0/8", "127.0.0.1,*"])
def test_forwarded_headers_are_believed_of_named_addresses_only(behind: str) -> None:
    with pytest.raises(PratiqueError) as refused:
        require_proxy(behind)
    assert refused.value.code == "serve.no_proxy"


def test_addresses_of_proxies_are_taken() -> None:
    for behind in (None, "127.0.0.1", "::1", "192.0.2.7, 192.0.2.8"):
        require_proxy(behind)


def certificate(file: Path, key: Any) -> Path:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    )
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return file


def test_a_certificate_whose_key_is_short_is_not_served(tmp_path: Path) -> None:
    short = certificate(tmp_path / "short.pem", rsa.generate_private_key(65537, 2048))
    with Node.create(tmp_path / "node", actor=ANNA) as node, pytest.raises(PratiqueError) as refused:
        run(node, address=Address("0.0.0.0", 0, certificate=short), zone="UTC", actor=ANNA, tell=print)
    assert refused.value.code == "serve.short_key"
    require_strong_certificate(certificate(tmp_path / "curve.pem", ec.generate_private_key(ec.SECP256R1())))
    require_strong_certificate(certificate(tmp_path / "long.pem", rsa.generate_private_key(65537, 3072)))


def test_a_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "chain.pem").write_text("no certificate")
    with pytest.raises(PratiqueError, match=r"chain\.pem"):
        require_strong_certificate(tmp_path / "chain.pem")


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("198.51.100.9", "10.1.1.1", "198.51.100.9"),
        ("127.0.0.1", "10.1.1.1", "10.1.1.1"),
        ("127.0.0.1", "1.2.3.4, 10.1.1.1", "10.1.1.1"),
    ],
)
def test_behind_a_proxy_only_what_the_proxy_added_is_believed(peer: str, forwarded: str, seen: str) -> None:
    addresses: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        addresses.append(scope["client"][0])

    config = uvicorn.Config(app, log_config=None, **believed(Address("localhost", 0, behind="127.0.0.1")))
    config.load()
    scope = {
        "type": "http",
        "client": (peer, 1),
        "scheme": "http",
        "headers": [(b"x-forwarded-for", forwarded.encode())],
    }
    anyio.run(config.loaded_app, scope, None, None)
    assert addresses == [seen]
