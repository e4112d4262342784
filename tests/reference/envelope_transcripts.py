"""Makes the recorded envelopes again: ``python -m reference.envelope_transcripts FILE`` in ``tests``.

Each is put together from the published description alone (``docs/exchange.md``): the JSON is written by ``json``, the
signature made by joserfc, the seal by :mod:`reference.hybrid_hpke`. Nothing of ``pratique.partners.exchange`` is used.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey

from reference import hybrid_hpke

CREATED, EXPIRES = "2026-11-28T08:00:00Z", "2026-12-12T08:00:00Z"


def drawn(*parts: object, length: int = 32) -> bytes:
    return hashlib.shake_256("/".join(map(str, ("transcript", *parts))).encode()).digest(length)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def written(said: object) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def named(algorithm: str, public: bytes) -> str:
    return hashlib.sha256(algorithm.encode() + b"\x00" + public).hexdigest()[:32]


class Side:
    """An administration with its keys."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sign = OKPKey.generate_key("Ed25519", private=True)
        self.seed, self.scalar = drawn(name, "lattice", length=64), drawn(name, "curve")
        self.seal_public = hybrid_hpke.public_key(self.seed, self.scalar)
        self.sign_public = base64.urlsafe_b64decode(self.sign.as_dict()["x"] + "=")

    def signed(self, payload: bytes, kind: str) -> str:
        header = {"alg": "Ed25519", "kid": named("ed25519", self.sign_public), "typ": kind}
        return jws.serialize_compact(header, payload, self.sign, algorithms=["Ed25519"])

    def descriptor(self) -> bytes:
        lines = [
            {"use": "sign", "algorithm": "ed25519", "public": self.sign_public},
            {"use": "seal", "algorithm": "mlkem768-x25519", "public": self.seal_public},
        ]
        keys = [
            line
            | {"id": named(line["algorithm"], line["public"]), "public": b64(line["public"])}
            | {"valid_from": "2026-01-01T00:00:00Z", "valid_until": "2028-01-01T00:00:00Z"}
            for line in lines
        ]
        said = {
            "v": 1,
            "id": self.name,
            "name": f"Customs of {self.name}",
            "country": self.name[:2].upper(),
            "authority": "customs",
            "version": 1,
            "valid_from": "2026-01-01T00:00:00Z",
            "valid_until": "2028-01-01T00:00:00Z",
            "keys": keys,
        }
        return written({"v": 1, "signatures": [self.signed(written(said), "pratique-descriptor")]})


def transcript(sender: Side, recipient: Side, number: int, fields: dict[str, tuple[Any, str, bool]]) -> dict[str, Any]:
    openings = [
        written({"s": b64(drawn(number, name, length=16)), "n": name, "v": value, "c": category, "p": personal})
        for name, (value, category, personal) in fields.items()
    ]
    openings.sort(key=lambda opening: hashlib.sha256(opening).digest())
    message = f"019ad{number:03x}-0000-7000-8000-{number:012x}"
    inner = {
        "v": 1,
        "id": message,
        "sender": sender.name,
        "recipient": recipient.name,
        "type": "alert/1",
        "created": CREATED,
        "agreement": {"id": "xa-xb-customs", "version": "2024", "digest": b64(hashlib.sha256(b"text").digest())},
        "clauses": ["12.6.1(b)"],
        "purpose": "risk_analysis",
        "categories": sorted({category for _, category, _ in fields.values()}),
        "handling": {"tlp": "amber_strict", "codes": ["h1"], "grade": "B2"},
        "origins": [{"partner": sender.name, "agreement": "xa-xb-customs"}],
        "duties": {"onward": "with_consent", "evidence_with_consent": True, "retain_until": "2027-11-28"},
        "personal": {"present": any(personal for _, _, personal in fields.values())},
        "fields": [b64(hashlib.sha256(opening).digest()) for opening in openings],
    }
    token = sender.signed(written(inner), "pratique-inner")
    content = written({"inner": token, "fields": [b64(opening) for opening in openings], "keys": {}})
    size = next(4096 << step for step in range(9) if len(content) + 4 <= 4096 << step)
    header = {
        "v": 1,
        "id": message,
        "sender": sender.name,
        "recipient": recipient.name,
        "stream": "main",
        "sequence": number,
        "previous": b64(drawn("before", number)),
        "recipient_key": named("mlkem768-x25519", recipient.seal_public),
        "descriptor": 1,
        "created": CREATED,
        "expires": EXPIRES,
        "size": size,
    }
    clear = written(header)
    info = b"pratique/envelope/1 " + hashlib.sha256(clear).digest()
    padded = (len(content).to_bytes(4, "big") + content).ljust(size, b"\x00")
    sealed = hybrid_hpke.sealed_for(recipient.seal_public, padded, info, drawn("seal", number, length=64))
    envelope = b"PRATIQUE-ENVELOPE 1\n" + len(clear).to_bytes(4, "big") + clear + sealed
    return {"envelope": b64(envelope), "header": header, "inner": inner, "fields": {n: v[0] for n, v in fields.items()}}


def transcripts() -> dict[str, Any]:
    sender, recipient = Side("xa.example"), Side("xb.example")
    plain = {"reference": ("XA 2026-114", "procedure", False), "urgency": ("urgent", "procedure", False)}
    person = plain | {"persons": ([{"key": "p1", "name": "Ḥasan Exámple"}], "person_identity", True)}
    long = plain | {"summary": ("What is known. " * 600, "intelligence", False)}
    return {
        "sender_descriptor": sender.descriptor().decode(),
        "recipient": {"id": recipient.name, "private": b64(recipient.seed + recipient.scalar)},
        "cases": [transcript(sender, recipient, at, fields) for at, fields in enumerate((plain, person, long), 1)],
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(transcripts(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
