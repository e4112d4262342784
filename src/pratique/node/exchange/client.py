"""Calling a partner: requests are signed, answers bounded, no redirect followed, nothing unsigned believed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx

from pratique.node.errors import told
from pratique.partners.exchange.carry import Piece
from pratique.partners.exchange.envelope import MEDIA_TYPE
from pratique.vocabulary.errors import Category, PratiqueError

TIMEOUT_SECONDS: Final = 20.0
LARGEST_ANSWER: Final = 16 * 1024 * 1024
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
RECEIPT_TYPE: Final = "application/vnd.pratique.receipt"
ERROR_TYPE: Final = "application/vnd.pratique.error"
PIECE_TYPE: Final = "application/vnd.pratique.piece"

Sign = Callable[[str, str, bytes], Mapping[str, str]]
"""The fields that sign a request: method, whole address, body."""


class LineFault(PratiqueError):
    """The partner was not reached, or what answered is no partner's door. ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code, told(code, {}), category=Category.UNAVAILABLE)
        self.params = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the kind that it says it is, and its bytes; the caller checks the signature inside."""

    status: int
    kind: str
    body: bytes


class PartnerLine:
    """The line to one partner's door; its certificate is checked with the authorities of the system."""

    def __init__(self, endpoint: str, sign: Sign, *, transport: httpx.BaseTransport | None = None) -> None:
        parts = urlsplit(endpoint)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise LineFault("line.not_secret")
        self._endpoint = endpoint.rstrip("/")
        self._sign = sign
        self._client = httpx.Client(
            timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False, transport=transport
        )

    def deliver(self, envelope: bytes) -> Answer:
        """Hands an envelope over. Raises :class:`LineFault`."""
        return self._call("POST", "/inbox", envelope, MEDIA_TYPE)

    def fetch(self, stream: str, after: int) -> list[bytes]:
        """The envelopes that the partner has for us behind a number. Raises :class:`LineFault`."""
        return _listed(
            self._call("GET", f"/outbox?stream={quote(stream, safe='')}&after={after}", b"", ""), "envelopes"
        )

    def fetch_streams(self) -> list[str]:
        """The names of the partner's streams to us. Raises :class:`LineFault`."""
        return [each.decode("utf-8", "replace") for each in _listed(self._call("GET", "/streams", b"", ""), "streams")]

    def fetch_descriptors(self, after: int) -> list[bytes]:
        """What the partner said of itself after a version, oldest first. Raises :class:`LineFault`."""
        return _listed(self._call("GET", f"/descriptors?after={after}", b"", ""), "descriptors")

    def known_version(self) -> int:
        """The version of the own descriptor that counts at the partner. Raises :class:`LineFault`."""
        version = self._answered("GET", "/descriptors/known", b"", "version")
        if not isinstance(version, int):
            raise LineFault("line.no_door")
        return version

    def announce(self, descriptors: tuple[bytes, ...]) -> dict[int, str]:
        """Says which versions of the own descriptor there are; what became of each there, as it says unsigned."""
        said = {"descriptors": [base64.b64encode(each).decode("ascii") for each in descriptors]}
        courses = self._answered("POST", "/descriptors", json.dumps(said).encode(), "courses")
        try:
            return {int(version): str(course) for version, course in courses}
        except (ValueError, TypeError) as error:
            raise LineFault("line.no_door") from error

    def hand_receipts(self, answers: list[tuple[str, str, bytes]]) -> None:
        """Gives the answers to what was fetched: message, ``receipt`` or ``error``, bytes; raises as the others."""
        said = [
            {"message": message, kind: base64.b64encode(answer).decode("ascii")} for message, kind, answer in answers
        ]
        answer = self._call("POST", "/receipts", json.dumps({"answers": said}).encode(), "application/json")
        if answer.status != httpx.codes.OK:
            raise LineFault("line.refused")

    def put_piece(self, piece: Piece) -> Answer:
        """Hands a piece of an attachment over. Raises :class:`LineFault`."""
        return self._call("PUT", _address(piece), piece.data, PIECE_TYPE)

    def fetch_piece(self, piece: Piece) -> bytes:
        """The sealed chunks behind those of ``piece``, which has no bytes; none where the partner has no more."""
        answer = self._call("GET", _address(piece), b"", "")
        if answer.status != httpx.codes.OK or answer.kind != PIECE_TYPE:
            raise LineFault("line.refused")
        return answer.body

    def ask(self, path: str, body: bytes, kind: str) -> Answer:
        """Another call of the door. Raises :class:`LineFault`."""
        return self._call("POST" if body else "GET", path, body, kind)

    def close(self) -> None:
        """Gives back the connection."""
        self._client.close()

    def _answered(self, method: str, path: str, body: bytes, name: str) -> Any:
        """What an answer in JSON says under that name."""
        answer = self._call(method, path, body, "application/json" if body else "")
        if answer.status != httpx.codes.OK:
            raise LineFault("line.refused")
        try:
            return json.loads(answer.body)[name]
        except (ValueError, KeyError, TypeError) as error:
            raise LineFault("line.no_door") from error

    def _call(self, method: str, path: str, body: bytes, kind: str) -> Answer:
        uri = self._endpoint + path
        fields = dict(self._sign(method, uri, body)) | ({"Content-Type": kind} if kind else {})
        try:
            with self._client.stream(method, uri, content=body, headers=fields) as answer:
                return Answer(answer.status_code, answer.headers.get("content-type", ""), _bounded(answer))
        except httpx.TimeoutException as error:
            raise LineFault("line.slow") from error
        except httpx.HTTPError as error:
            raise LineFault("line.not_reached") from error


def _address(piece: Piece) -> str:
    return f"/attachments/{piece.sealed_sha256}?message={piece.message}&after={piece.after}"


def _bounded(answer: httpx.Response) -> bytes:
    """The body, as long as it is no longer than any honest answer."""
    found = bytearray()
    for piece in answer.iter_bytes():
        found += piece
        if len(found) > LARGEST_ANSWER:
            raise LineFault("line.oversized")
    return bytes(found)


def _listed(answer: Answer, name: str) -> list[bytes]:
    """The list of base64 texts that the answer is."""
    if answer.status != httpx.codes.OK:
        raise LineFault("line.refused")
    try:
        said: Any = json.loads(answer.body)
        return [base64.b64decode(each, validate=True) for each in said[name]]
    except (ValueError, KeyError, TypeError) as error:
        raise LineFault("line.no_door") from error
