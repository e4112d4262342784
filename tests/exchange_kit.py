"""Two administrations that do not exist, with keys made from seeds, and messages between them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.partners.exchange import descriptor as descriptors
from pratique.partners.exchange.descriptor import Descriptor, make_key
from pratique.partners.exchange.envelope import Content, KeysInMemory, Place, Sealed, seal
from pratique.partners.exchange.fields import MessageField, committed
from pratique.partners.exchange.header import stream_start
from pratique.partners.exchange.inner import AgreementRef, Duties, Handling, Inner, Origin, PersonalData
from pratique.partners.exchange.jws import KeyInMemory
from pratique.partners.exchange.keys import HYBRID, key_id, opening_key, public_of_opening, signer
from pratique.partners.exchange.partner import Partner, confirm
from pratique.vocabulary.data_categories import DataCategory

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
AGREEMENT = AgreementRef(id="xa-xb-customs", version="2024", digest=hashlib.sha256(b"agreement").digest())
FIELDS = (
    MessageField("summary", "Two boxes declared as tiles weigh half of what tiles weigh.", DataCategory.RISK, False),
    MessageField("consignee", {"name": "HARBOUR TILES LTD", "role": "consignee"}, DataCategory.COMPANY, False),
    MessageField("persons", [{"name": "A. Example", "role": "driver"}], DataCategory.PERSON_IDENTITY, True),
)


def seeded(*parts: object, length: int = 32) -> bytes:
    return hashlib.shake_256("/".join(map(str, parts)).encode()).digest(length)


def salts(seed: object = "salt") -> Callable[[], bytes]:
    numbers = count()
    return lambda: seeded(seed, next(numbers), length=16)


def message_id(number: int) -> str:
    return f"019ad{number:03x}-0000-7000-8000-{number:012x}"


@dataclass(frozen=True)
class Administration:
    """A party of a test with everything it keeps."""

    id: str
    signer: KeyInMemory
    seal_private: bytes
    roots: tuple[KeyInMemory, ...]
    document: bytes
    descriptor: Descriptor
    partner: Partner
    recipient: KeysInMemory


def described(who: str, *, generation: int = 1, **changes: Any) -> Descriptor:
    sign, seal_key = signer(sign_private(who, generation)), seal_private(who, generation)
    since, until = NOW - 100 * DAY, NOW + 600 * DAY
    lines = [make_key("sign", sign.private.public_key().public_bytes_raw(), valid_from=since, valid_until=until)]
    lines.append(make_key("seal", public_of_opening(seal_key), valid_from=since, valid_until=until))
    for root in roots_of(who):
        public = root.private.public_key().public_bytes_raw()
        lines.append(make_key("root", public, valid_from=since, valid_until=until))
    said: dict[str, Any] = {
        "v": 1,
        "id": who,
        "name": f"Customs of {who}",
        "country": who[:2].upper(),
        "authority": "customs",
        "version": 1,
        "valid_from": since,
        "valid_until": until,
        "endpoint": f"https://{who}/partner/v1",
        "keys": tuple(lines),
        "roots_needed": 2,
    }
    return Descriptor.model_validate(said | changes)


def sign_private(name: str, generation: int = 1) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seeded(name, "sign", generation))


def seal_private(name: str, generation: int = 1) -> bytes:
    return seeded(name, "seal", generation, length=96)


def roots_of(name: str) -> tuple[KeyInMemory, ...]:
    return tuple(signer(Ed25519PrivateKey.from_private_bytes(seeded(name, "root", each))) for each in range(3))


def administration(name: str) -> Administration:
    own = described(name)
    signing, private = signer(sign_private(name)), seal_private(name)
    document = descriptors.sign(own, signing)
    found = descriptors.read(document)
    keys = {key_id(HYBRID, public_of_opening(private)): opening_key(private)}
    return Administration(
        name, signing, private, roots_of(name), document, own, confirm(found, found.digest), KeysInMemory(name, keys)
    )


def terms(sender: str, recipient: str, *, number: int = 1, **changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "v": 1,
        "id": message_id(number),
        "sender": sender,
        "recipient": recipient,
        "type": "alert/1",
        "created": NOW,
        "agreement": AGREEMENT,
        "clauses": ("12.6.1(b)",),
        "purpose": "risk_analysis",
        "categories": ("company", "person_identity", "risk"),
        "handling": Handling(tlp="amber", codes=("h1",), grade="B2"),
        "origins": (Origin(partner=sender, agreement=AGREEMENT.id),),
        "duties": Duties(onward="with_consent", evidence_with_consent=True, retain_until=date(2027, 11, 28)),
        "personal": PersonalData(present=True),
    }
    return said | changes


def content(sender: str, recipient: str, *, fields: tuple[MessageField, ...] = FIELDS, **changes: Any) -> Content:
    openings = committed(fields, salt=salts())
    said = terms(sender, recipient, **changes) | {"fields": tuple(opening.commitment for opening in openings)}
    return Content(Inner.model_validate(said), openings, {})


def sealed(sender: Administration, recipient: Administration, *, place: Place | None = None, **changes: Any) -> Sealed:
    return seal(
        content(sender.id, recipient.id, **changes),
        place or first_place(sender.id, recipient.id),
        signer=sender.signer,
        recipient_key=recipient.partner.sealing_key(NOW),
    )


def first_place(sender: str, recipient: str, **changes: Any) -> Place:
    previous = stream_start(sender=sender, recipient=recipient, stream="main")
    said = {"stream": "main", "sequence": 1, "previous": previous, "descriptor": 1, "expires": NOW + 14 * DAY}
    return Place(**(said | changes))
