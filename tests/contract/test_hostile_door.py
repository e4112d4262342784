"""A stranger at the partner's door learns nothing, whatever is asked; a partner who repeats or floods gets nowhere."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from nodes import ANNA
from partner_lines import served
from partner_nodes import Clock, alert, endpoint_of, two
from pratique.door import app as door
from pratique.door.callers import Callers
from pratique.node import Node
from pratique.node.exchange.client import RECEIPT_TYPE
from pratique.node.exchange.fresh import nonce
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.inbox import ListInbox
from pratique.node.handlers.partner_calls import SignRequest

PATHS = ("/inbox", "/outbox?stream=main&after=0", "/streams", "/descriptor", "/checkpoint", "/openings", "/nothing", "")


@dataclass
class Doors:
    """The door of ``other`` at ``endpoint``; ``one`` is a partner of it."""

    one: Node
    other: Node
    endpoint: str

    def signed(self, method: str, path: str, body: bytes) -> dict[str, str]:
        return self.one.ask(SignRequest(method, self.endpoint + path, body, nonce()), actor=ANNA)


@pytest.fixture
def doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    monkeypatch.setattr(door, "SLOWEST_SECONDS", 1.0)
    one, other = two(tmp_path, Clock())
    endpoint = endpoint_of(tmp_path)
    with one, other, served(other, endpoint):
        yield Doors(one, other, endpoint)


def test_stranger_gets_the_same_empty_answer_whatever_is_asked(doors: Doors) -> None:
    answers = {
        (answer.status_code, answer.content)
        for path in PATHS
        for method in ("GET", "POST", "PUT", "DELETE")
        for answer in [httpx.request(method, doors.endpoint + path)]
    }
    assert answers == {(404, b"")}


def test_signed_request_counts_once_and_only_as_it_was_signed(doors: Doors) -> None:
    fields = doors.signed("GET", "/streams", b"")
    assert httpx.get(doors.endpoint + "/streams", headers=fields).status_code == 200
    assert httpx.get(doors.endpoint + "/streams", headers=fields).status_code == 404, "the nonce is used up"
    other = doors.signed("GET", "/streams", b"")
    assert httpx.get(doors.endpoint + "/descriptor", headers=other).status_code == 404
    body = doors.signed("POST", "/inbox", b"one thing")
    assert httpx.post(doors.endpoint + "/inbox", content=b"another", headers=body).status_code == 404


def test_envelope_too_large_is_cut_off(doors: Doors) -> None:
    body = bytes(2 * 1024 * 1024)
    answer = httpx.post(doors.endpoint + "/inbox", content=body, headers=doors.signed("POST", "/inbox", body))
    assert answer.status_code == 413
    assert doors.other.ask(ListInbox(), actor=ANNA) == []


def test_body_that_comes_too_slowly_is_given_up_and_others_are_served(doors: Doors) -> None:
    host, port = doors.endpoint.split("/")[2].split(":")
    with socket.create_connection((host, int(port))) as slow:
        head = f"POST /partner/v1/inbox HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 1000\r\n\r\n"
        slow.sendall(head.encode() + b"x")
        message = str(doors.one.execute(Disclose(alert()), actor=ANNA).message)
        out = doors.one.ask(ShowDisclosure(message), actor=ANNA).out
        assert out is not None
        fields = doors.signed("POST", "/inbox", out.envelope)
        answer = httpx.post(doors.endpoint + "/inbox", content=out.envelope, headers=fields)
        assert answer.headers["content-type"] == RECEIPT_TYPE
        began = time.monotonic()
        slow.settimeout(20)
        told = slow.recv(4096)
        assert b" 408 " in told.split(b"\r\n")[0]
        assert time.monotonic() - began < 15


def test_partner_that_calls_too_often_waits() -> None:
    moment = [0.0]
    callers = Callers(per_second=1.0, burst=3.0, clock=lambda: moment[0], now=lambda: moment[0])
    assert [callers.admits("xa-customs") for _ in range(4)] == [True, True, True, False]
    assert callers.admits("xb-customs"), "one partner does not use up another's share"
    moment[0] = 1.5
    assert callers.admits("xa-customs")


def test_nonce_is_remembered_until_it_is_past() -> None:
    callers = Callers(now=lambda: 0.0)
    assert callers.fresh("a", until=10.0)
    assert not callers.fresh("a", until=10.0)
