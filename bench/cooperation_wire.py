"""``python -m bench.cooperation_wire``: envelopes sealed and opened per second of one processor, beside the primitives.

The bare primitives are what no envelope can do without, on bytes of the same length in the same run: one Ed25519
signature and one HPKE seal out, one HPKE open and one signature check in. What the envelope adds is the strict JSON,
the records, the commitments of the fields and every check.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.partners.exchange import blind
from pratique.partners.exchange.descriptor import Descriptor, make_key, read
from pratique.partners.exchange.descriptor import sign as sign_descriptor
from pratique.partners.exchange.envelope import SUITE, Content, KeysInMemory, Place, Sealed, open_envelope, seal
from pratique.partners.exchange.fields import committed
from pratique.partners.exchange.header import stream_start
from pratique.partners.exchange.http_signature import Request, sign, verify
from pratique.partners.exchange.inner import AgreementRef, Duties, Handling, Inner, Origin, PersonalData
from pratique.partners.exchange.keys import HYBRID, key_id, opening_key, public_of_opening, sealing_key, signer
from pratique.partners.exchange.messages.registry import read_message, received_message
from pratique.partners.exchange.partner import Partner, confirm

ROUNDS = 1_000
HELD = 2_000
AT = datetime(2026, 11, 28, 8, tzinfo=UTC)
GOODS = {"description": "CERAMIC TILES", "commodity": "690721", "gross_mass_g": 9_800_000}
ALERT = {
    "reference": "XA 2026-114",
    "urgency": "urgent",
    "summary": "Two boxes declared as tiles weigh half of what tiles weigh, and their seals were changed on the way.",
    "reasons": [
        {"code": f"rule.{number}", "sentence": "Lighter than such goods are.", "points": 20} for number in range(6)
    ],
    "goods": [GOODS] * 4,
    "equipment": [{"id": "QZHU4820166", "size_type": "22G1", "seals": ["XA-4471"]}] * 2,
    "companies": [{"name": "HARBOUR TILES LTD", "role": "consignee", "country": "XB"}] * 3,
    "persons": [{"key": "p1", "name": "A. Example", "role": "driver"}],
}


def main() -> None:
    """Prints every figure; see the module."""
    signing, private = signer(Ed25519PrivateKey.generate()), os.urandom(96)
    public = public_of_opening(private)
    partner = described(signing.private, public)
    me = KeysInMemory("xa.example", {key_id(HYBRID, public): opening_key(private)})
    fields = read_message("alert/1", ALERT).fields()

    def sealed() -> Sealed:
        openings = committed(fields, salt=lambda: os.urandom(16))
        inner = terms(tuple(opening.commitment for opening in openings))
        key = partner.sealing_key(AT)
        return seal(Content(inner, openings, {}), place(), signer=signing, recipient_key=key)

    def opened() -> None:
        found = open_envelope(one.data, me, {partner.id: partner}, now=AT)
        received_message("alert/1", found.fields)

    one = sealed()
    print(f"An alert of {len(fields)} fields; {one.header.size:,} bytes sealed, {len(one.data):,} on the line")
    out, bare_out = rate(sealed), rate(lambda: bare_seal(signing.private, public, one.header.size))
    told("sealed", out, bare_out)
    data, signature = SUITE.encrypt(bytes(one.header.size), sealing_key(public), info=b"x"), signing.sign(bytes(2000))
    checking = signing.private.public_key()

    def bare_open() -> None:
        SUITE.decrypt(data, me.keys[key_id(HYBRID, public)], info=b"x")
        checking.verify(signature, bytes(2000))

    told("opened", rate(opened), rate(bare_open))
    requests(signing.private, partner, one.data)
    questions()


def bare_seal(private: Ed25519PrivateKey, public: bytes, size: int) -> None:
    """What no envelope can be made without."""
    private.sign(bytes(2000))
    SUITE.encrypt(bytes(size), sealing_key(public), info=b"x")


def requests(private: Ed25519PrivateKey, partner: Partner, body: bytes) -> None:
    """The signature on the hop."""
    by, checking = signer(private), private.public_key()
    plain = Request("POST", "https://xb.example/partner/v1/inbox", body, {})

    def signed() -> dict[str, str]:
        return sign(plain, own_id=partner.id, signer=by, created=AT, nonce="a-nonce-of-twenty-four-b")

    fields = {name.lower(): value for name, value in signed().items()}
    request = Request(plain.method, plain.uri, body, fields)
    signature = private.sign(bytes(300))
    told("requests signed", rate(signed), rate(lambda: private.sign(hashlib.sha256(body).digest())))

    def bare_check() -> None:
        hashlib.sha256(body).digest()
        checking.verify(signature, bytes(300))

    told("requests checked", rate(lambda: verify(request, {partner.id: partner}, now=AT)), rate(bare_check))


def questions() -> None:
    """Blind queries: one asked, one answered, and what a set costs to make."""
    key = os.urandom(32)
    held = [blind.identifier("container", f"QZHU{number:07}") for number in range(HELD)]
    started = time.process_time()
    tokens = frozenset(blind.tokens(held, key=key))
    print(f"blind queries: a set of {HELD:,} made in {time.process_time() - started:.2f} s, {len(tokens) * 16:,} bytes")
    asked = blind.blinded(held[0], secret=os.urandom(32))
    (answer,) = blind.evaluated([asked.element], key=key)
    print(f"  asked {rate(lambda: blind.blinded(held[0], secret=os.urandom(32))):,.0f}/s", end=", ")
    print(f"answered {rate(lambda: blind.evaluated([asked.element], key=key)):,.0f}/s", end=", ")
    print(f"looked up {rate(lambda: blind.is_known(asked, answer, tokens)):,.0f}/s")


def described(private: Ed25519PrivateKey, seal_public: bytes) -> Partner:
    """An administration that writes to itself, which keeps the bench to one set of keys."""
    until = AT + timedelta(days=700)
    own = private.public_key().public_bytes_raw()
    keys = tuple(
        make_key(use, raw, valid_from=AT, valid_until=until) for use, raw in (("sign", own), ("seal", seal_public))
    )
    said = {"v": 1, "id": "xa.example", "name": "Customs", "country": "XA", "authority": "customs", "version": 1}
    descriptor = Descriptor.model_validate(said | {"valid_from": AT, "valid_until": until, "keys": keys})
    found = read(sign_descriptor(descriptor, signer(private)))
    return confirm(found, found.digest)


def terms(commitments: tuple[bytes, ...]) -> Inner:
    """The signed terms of the alert."""
    agreement = AgreementRef(id="xa-xa", version="2024", digest=bytes(32))
    return Inner(
        v=1,
        id="019ad001-0000-7000-8000-000000000001",
        sender="xa.example",
        recipient="xa.example",
        type="alert/1",
        created=AT,
        agreement=agreement,
        clauses=("12.6.1(b)",),
        purpose="risk_analysis",
        categories=("cargo", "company", "person_identity", "risk"),
        handling=Handling(tlp="amber", codes=("h1",), grade="B2"),
        origins=(Origin(partner="xa.example", agreement=agreement.id),),
        duties=Duties(onward="with_consent", evidence_with_consent=True),
        personal=PersonalData(present=True),
        fields=commitments,
    )


def place() -> Place:
    """The beginning of a stream."""
    start = stream_start(sender="xa.example", recipient="xa.example", stream="main")
    return Place("main", 1, start, 1, AT + timedelta(days=14))


def rate(act: Callable[[], object]) -> float:
    """How often a second of one processor does it."""
    started = time.process_time()
    for _ in range(ROUNDS):
        act()
    return ROUNDS / (time.process_time() - started)


def told(what: str, ours: float, bare: float) -> None:
    """A line: ours, the bare primitives, and the share of them that ours reaches."""
    print(f"{what}: {ours:,.0f}/s; the bare primitives {bare:,.0f}/s; {ours / bare:.0%} of them")


if __name__ == "__main__":
    main()
