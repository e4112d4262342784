"""The partner descriptor: what an administration says of itself, signed with its own key, counted only when confirmed.

A descriptor proves by its signature that whoever wrote it holds its key; it does not prove who that is. So nothing
trusts one at first sight: a person reads the fingerprint over the telephone to the partner's contact point (or compares
it on paper at the signing of the agreement), and only then does :func:`confirm` make a partner of it
(:mod:`pratique.partners.exchange.partner`). No central directory is needed, and none is asked.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from pratique.partners.exchange import jws, strict_json
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.keys import LENGTHS, USES, key_id, sealing_key, verifying_key
from pratique.partners.exchange.signatures import read_together, sign_together
from pratique.partners.exchange.wire import (
    Bytes,
    Code,
    Hash,
    Line,
    ListOf,
    Moment,
    Number,
    PartnerId,
    Wire,
    record,
)

KIND: Final = "pratique-descriptor"
LARGEST: Final = 64 * 1024
LONGEST_LIFE: Final = timedelta(days=3 * 366)
SPOKEN: Final = {
    "0": "ZERO", "1": "ONE", "2": "TWO", "3": "THREE", "4": "FOUR", "5": "FIVE", "6": "SIX", "7": "SEVEN",
    "8": "EIGHT", "9": "NINE", "A": "ALFA", "B": "BRAVO", "C": "CHARLIE", "D": "DELTA", "E": "ECHO", "F": "FOXTROT",
}  # fmt: skip
"""The spelling alphabet of ICAO and the International Code of Signals, which ports share in any language."""

AuthorityType = Literal[
    "customs", "tax", "police", "border_guard", "coast_guard", "port_state", "prosecution", "court",
    "central_authority", "financial_intelligence", "market_surveillance", "international_body",
]  # fmt: skip


class DescriptorKey(Wire):
    """A public key with what it is for (``sign``, ``seal``, ``log``, ``witness``, ``root``) and its time."""

    id: Code
    use: Literal["sign", "seal", "log", "witness", "root"]
    algorithm: Literal["ed25519", "mlkem768-x25519"]
    public: Bytes
    valid_from: Moment
    valid_until: Moment

    def in_force(self, at: datetime) -> bool:
        """``at`` lies in the key's time."""
        return self.valid_from <= at < self.valid_until


class Contact(Wire):
    """A notified contact point: an office and how to reach it, no name of a person."""

    office: Line
    purpose: Code
    telephone: Annotated[str, StringConstraints(pattern=r"^\+[0-9 ()\-]{5,30}$")] | None = None
    mail: Annotated[str, StringConstraints(pattern=r"^[^@\s\x00-\x1f]{1,100}@[^@\s\x00-\x1f]{1,150}$")] | None = None
    hours: Line | None = None
    languages: Annotated[
        tuple[Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")], ...], Field(max_length=20), ListOf
    ] = ()


class Descriptor(Wire):
    """What an administration says of itself. ``endpoint`` is ``None`` for a partner that cannot be called.

    ``roots_needed`` of the ``root`` keys, which officers keep offline, together revoke keys and start again after a
    compromise. ``replaces`` is the digest of the descriptor before this one, ``None`` for the first.
    """

    v: Literal[1]
    id: PartnerId
    name: Line
    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    authority: AuthorityType
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    valid_from: Moment
    valid_until: Moment
    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,300}$")] | None = None
    keys: Annotated[tuple[DescriptorKey, ...], Field(min_length=2, max_length=40), ListOf]
    roots_needed: Annotated[Number, Field(le=20)] = 0
    contacts: Annotated[tuple[Contact, ...], Field(max_length=20), ListOf] = ()
    replaces: Hash | None = None

    def of_use(self, use: str) -> tuple[DescriptorKey, ...]:
        """The keys for that use, in the order written."""
        return tuple(key for key in self.keys if key.use == use)

    def key(self, use: str, wanted: str) -> DescriptorKey | None:
        """The key of that use and id, or nothing."""
        return next((key for key in self.keys if key.use == use and key.id == wanted), None)

    def newest(self, use: str, at: datetime) -> DescriptorKey:
        """The key of that use in force at ``at`` that came last. Raises ``exchange.no_key``."""
        found = [key for key in self.of_use(use) if key.in_force(at)]
        if not found:
            raise refuse("exchange.no_key", partner=self.id, use=use)
        return max(found, key=lambda key: key.valid_from)


@dataclass(frozen=True, slots=True)
class SignedDescriptor:
    """A descriptor as it came, signed with one of its own keys; nobody has said yet that it is the partner's.

    ``digest`` is the SHA-256 of the descriptor's exact bytes: what is confirmed, and what the next version names.
    """

    descriptor: Descriptor
    digest: bytes
    signed_by: str
    more_signatures: tuple[bytes, ...] = ()


def make_key(use: str, public: bytes, *, valid_from: datetime, valid_until: datetime) -> DescriptorKey:
    """The descriptor's line for a raw public key."""
    return DescriptorKey(
        id=key_id(USES[use], public),
        use=use,  # type: ignore[arg-type]  # checked by the record itself
        algorithm=USES[use],  # type: ignore[arg-type]
        public=public,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def sign(descriptor: Descriptor, signer: jws.Signer, *, also: tuple[jws.Signer, ...] = ()) -> bytes:
    """The descriptor as it is handed over: signed with its own key, and ``also`` with the key of the version before
    (rotation) or with root keys (a new start). Raises what :func:`read` would raise for it."""
    data = sign_together(strict_json.write(descriptor.dump()), (signer, *also), kind=KIND)
    read(data)
    return data


def read(data: bytes) -> SignedDescriptor:
    """A descriptor from outside, whole and signed with a key of its own; confirmed by nobody.

    Raises ``exchange.oversized``, ``exchange.not_json``, ``exchange.descriptor_invalid``, ``exchange.signature_form``
    and ``exchange.signature_broken``.
    """
    signed = read_together(data, what="descriptor", at_most=2 * LARGEST)
    apart = jws.taken_apart(signed.tokens[0], kind=KIND)
    said = strict_json.read(signed.payload, what="descriptor", at_most=LARGEST)
    descriptor = record(Descriptor, said, code="exchange.descriptor_invalid", what="descriptor")
    _require_sound(descriptor)
    own = descriptor.key("sign", apart.key_id)
    if own is None:
        raise _invalid("it is not signed with a signing key of its own")
    apart.verify(verifying_key(own.public))
    return SignedDescriptor(descriptor, hashlib.sha256(signed.payload).digest(), apart.key_id, signed.tokens[1:])


def fingerprint(digest: bytes) -> str:
    """The whole digest for comparing by eye: 16 groups of four hexadecimal digits."""
    text = digest.hex().upper()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def spoken(digest: bytes) -> tuple[str, ...]:
    """The same for reading over the telephone, a line for each group, in the ICAO spelling alphabet."""
    return tuple(" ".join(SPOKEN[letter] for letter in group) for group in fingerprint(digest).split())


def from_fingerprint(text: str) -> bytes:
    """The digest an officer typed, whatever the spaces. Raises ``exchange.fingerprint`` unless it is whole."""
    plain = re.sub(r"[\s:\-]", "", text)
    if re.fullmatch("[0-9A-Fa-f]{64}", plain) is None:
        raise refuse("exchange.fingerprint", length=len(plain))
    return bytes.fromhex(plain)


def _require_sound(descriptor: Descriptor) -> None:
    """What the shape alone does not hold."""
    if not descriptor.valid_from < descriptor.valid_until <= descriptor.valid_from + LONGEST_LIFE:
        raise _invalid("its validity is empty or longer than three years")
    for key in descriptor.keys:
        if key.algorithm != USES[key.use] or len(key.public) != LENGTHS[key.algorithm]:
            raise _invalid(f"key {key.id} is not what a {key.use} key is")
        if key.id != key_id(key.algorithm, key.public):
            raise _invalid(f"the id {key.id} does not follow from its key")
        if key.use == "seal":
            _require_sealing(key)
    if len({key.public for key in descriptor.keys}) != len(descriptor.keys):
        raise _invalid("a key stands in it twice")
    if not descriptor.of_use("sign") or not descriptor.of_use("seal"):
        raise _invalid("it needs a key to sign and one to seal for")
    if descriptor.roots_needed > len(descriptor.of_use("root")):
        raise _invalid("it needs more roots than it has")
    if bool(descriptor.roots_needed) != bool(descriptor.of_use("root")):
        raise _invalid("root keys and roots_needed come together")
    if (descriptor.version == 1) != (descriptor.replaces is None):
        raise _invalid("the first version replaces nothing, each later one names what it replaces")


def _require_sealing(key: DescriptorKey) -> None:
    try:
        sealing_key(key.public)
    except ValueError as fault:
        raise _invalid(f"key {key.id}: {fault}") from None


def _invalid(fault: str) -> Exception:
    return refuse("exchange.descriptor_invalid", what="descriptor", faults=fault)
