"""Makes the conformance kit again: ``python -m reference.envelope_transcripts FILE`` in ``tests``.

Each is put together from the published description alone (``docs/exchange.md``): the JSON is written by ``json``, the
signature made by joserfc, the seal by :mod:`reference.hybrid_hpke`. Nothing of ``pratique.partners.exchange`` is used.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
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


Fields = dict[str, tuple[Any, str, bool]]
PLAIN: Fields = {"reference": ("XA 2026-114", "procedure", False), "urgency": ("urgent", "procedure", False)}
PERSON: Fields = PLAIN | {"persons": ([{"key": "p1", "name": "Ḥasan Exámple"}], "person_identity", True)}
LONG: Fields = PLAIN | {"summary": ("What is known. " * 600, "intelligence", False)}


class Envelope:
    """An envelope in its making: each part can be changed before the next is made from it."""

    def __init__(self, sender: Side, recipient: Side, number: int, fields: Fields = PLAIN) -> None:
        self.sender, self.recipient, self.number, self.fields = sender, recipient, number, fields
        self.openings = [
            written({"s": b64(drawn(number, name, length=16)), "n": name, "v": value, "c": category, "p": personal})
            for name, (value, category, personal) in fields.items()
        ]
        self.openings.sort(key=lambda opening: hashlib.sha256(opening).digest())
        self.message = f"019ad{number:03x}-0000-7000-8000-{number:012x}"
        self.inner: dict[str, Any] = {
            "v": 1,
            "id": self.message,
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
            "fields": [b64(hashlib.sha256(opening).digest()) for opening in self.openings],
        }
        self.header: dict[str, Any] = {
            "v": 1,
            "id": self.message,
            "sender": sender.name,
            "recipient": recipient.name,
            "stream": "main",
            "sequence": number,
            "previous": b64(drawn("before", number)),
            "recipient_key": named("mlkem768-x25519", recipient.seal_public),
            "descriptor": 1,
            "created": CREATED,
            "expires": EXPIRES,
        }

    def token(self, kind: str = "pratique-inner") -> str:
        return self.sender.signed(written(self.inner), kind)

    def content(self, token: str | None = None, **changes: Any) -> bytes:
        said = {"inner": token or self.token(), "fields": [b64(each) for each in self.openings], "keys": {}}
        return written(said | changes)

    def sealed(self, content: bytes | None = None, *, filling: bytes = b"\x00", clear: bytes | None = None) -> bytes:
        """``clear``: another header than the one that is sealed with."""
        content = content or self.content()
        self.header["size"] = next(4096 << step for step in range(9) if len(content) + 4 <= 4096 << step)
        own = written(self.header)
        info = b"pratique/envelope/1 " + hashlib.sha256(own).digest()
        padded = (len(content).to_bytes(4, "big") + content).ljust(self.header["size"], filling)
        sealed = hybrid_hpke.sealed_for(self.recipient.seal_public, padded, info, drawn("seal", self.number, length=64))
        clear = clear or own
        return FIRST_LINE + len(clear).to_bytes(4, "big") + clear + sealed


FIRST_LINE = b"PRATIQUE-ENVELOPE 1\n"


def honest(sender: Side, recipient: Side) -> Iterator[tuple[str, str, bytes, dict[str, Any]]]:
    for number, (name, fields) in enumerate({"plain": PLAIN, "person": PERSON, "long": LONG}.items(), 1):
        made = Envelope(sender, recipient, number, fields)
        data = made.sealed()
        shown = {"header": made.header, "inner": made.inner, "fields": {n: v[0] for n, v in fields.items()}}
        yield name, "", data, shown


def refused(sender: Side, recipient: Side) -> Iterator[tuple[str, str, bytes]]:
    """What must not be taken in, each with the code of its fault."""
    stranger = Side("xz.example")

    def new(**header: Any) -> Envelope:
        made = Envelope(sender, recipient, 9)
        made.header |= header
        return made

    good = new().sealed()
    yield "another version", "exchange.version_unknown", good.replace(b"ENVELOPE 1", b"ENVELOPE 2", 1)
    yield "no envelope", "exchange.not_an_envelope", b"%PDF-1.7\n" + good
    yield "cut off", "exchange.size_differs", good[:-1]
    yield "one bit changed", "exchange.seal_broken", good[:-1] + bytes([good[-1] ^ 1])
    yield "for another node", "exchange.wrong_recipient", Envelope(sender, stranger, 9).sealed()
    yield "from a stranger", "exchange.sender_unknown", Envelope(stranger, recipient, 9).sealed()
    yield "for a key nobody has", "exchange.recipient_key_unknown", new(recipient_key="0" * 32).sealed()
    yield (
        "past its time",
        "exchange.expired",
        new(created="2026-09-01T08:00:00Z", expires="2026-10-01T08:00:00Z").sealed(),
    )
    yield "of tomorrow", "exchange.not_yet_valid", new(created="2026-11-30T08:00:00Z").sealed()
    yield "living too long", "exchange.lifetime", new(expires="2027-11-28T08:00:00Z").sealed()
    yield "a member more in the header", "exchange.header_invalid", new(case="114").sealed()
    yield "another header over it", "exchange.seal_broken", _readdressed(new())
    yield "a key twice", "exchange.key_twice", new().sealed(clear=b'{"v":1,"v":1}')
    yield "a fraction", "exchange.number", new().sealed(clear=b'{"v":1.0}')
    yield "filled with ones", "exchange.padding_broken", new().sealed(filling=b"\x01")
    yield "an unknown descriptor", "exchange.descriptor_unknown", new(descriptor=7).sealed()
    yield "content of another form", "exchange.content_invalid", _with(new(), fields={})
    yield (
        "a signature of another kind",
        "exchange.signature_form",
        _tokened(new(), lambda one: one.token("pratique-receipt")),
    )
    yield "no signature", "exchange.signature_form", _tokened(new(), _unsigned)
    yield (
        "signed by another",
        "exchange.key_unknown",
        _tokened(new(), lambda one: stranger.signed(written(one.inner), "pratique-inner")),
    )
    yield "changed after signing", "exchange.signature_broken", _tokened(new(), _changed)
    yield "terms that are none", "exchange.inner_invalid", _said(new(), handling={"tlp": "pink"})
    yield "signed for somebody else", "exchange.disagrees", _said(new(), recipient="xz.example")
    yield "another message inside", "exchange.disagrees", _said(new(), id="019ad00a-0000-7000-8000-00000000000a")
    yield "a field not signed", "exchange.fields_disagree", _said(new(), fields=[])
    yield (
        "a field of no category",
        "exchange.field_invalid",
        Envelope(sender, recipient, 9, {"reference": ("x", "gossip", False)}).sealed(),
    )
    yield (
        "a field of a wrong category",
        "exchange.field_mislabelled",
        Envelope(sender, recipient, 9, PLAIN | {"persons": ([{"key": "p1", "name": "A"}], "cargo", True)}).sealed(),
    )
    yield (
        "a message that does not fit",
        "exchange.message_invalid",
        Envelope(sender, recipient, 9, PLAIN | {"urgency": ("soon", "procedure", False)}).sealed(),
    )


def _readdressed(made: Envelope) -> bytes:
    size = next(4096 << step for step in range(9) if len(made.content()) + 4 <= 4096 << step)
    return made.sealed(clear=written(made.header | {"sequence": 10, "size": size}))


def _with(made: Envelope, **changes: Any) -> bytes:
    return made.sealed(made.content(**changes))


def _tokened(made: Envelope, token: Callable[[Envelope], str]) -> bytes:
    return made.sealed(made.content(token(made)))


def _said(made: Envelope, **changes: Any) -> bytes:
    made.inner |= changes
    return made.sealed()


def _unsigned(made: Envelope) -> str:
    return f"{b64(written({'alg': 'none', 'kid': 'x', 'typ': 'pratique-inner'}))}.{b64(written(made.inner))}."


def _changed(made: Envelope) -> str:
    head, _, signature = made.token().split(".")
    return f"{head}.{b64(written(made.inner | {'purpose': 'training'}))}.{signature}"


def kit() -> dict[str, Any]:
    """The whole kit. ``expect`` is empty for what must open, else the code of the fault."""
    sender, recipient = Side("xa.example"), Side("xb.example")
    opening = [
        {"name": name, "expect": expect, "envelope": b64(data), "says": shown}
        for name, expect, data, shown in honest(sender, recipient)
    ]
    refusing = [
        {"name": name, "expect": expect, "envelope": b64(data)} for name, expect, data in refused(sender, recipient)
    ]
    return {
        "v": 1,
        "about": "Made from docs/exchange.md alone. The keys are for this and nothing else.",
        "now": CREATED,
        "sender_descriptor": sender.descriptor().decode(),
        "recipient": {"id": recipient.name, "private": b64(recipient.seed + recipient.scalar)},
        "cases": [*opening, *refusing],
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(kit(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
