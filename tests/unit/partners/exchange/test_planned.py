"""A planned rotation changes keys to sign and to seal, and nothing by which a partner, its roots or log are known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pratique.partners.exchange.descriptor import Contact, Descriptor, DescriptorKey, SignedDescriptor, make_key, read
from pratique.partners.exchange.descriptor import sign as signed
from pratique.partners.exchange.jws import KeyInMemory
from pratique.partners.exchange.keys import public_of_opening, signer
from pratique.partners.exchange.partner import (
    OVERLAP,
    Partner,
    Revocation,
    confirm,
    restarted,
    revocation,
    revoked,
    rotated,
)
from pratique.partners.exchange.planned import Waits, judged
from pratique.vocabulary.errors import PratiqueError

START = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
LATER = START + timedelta(days=60)
END = START + timedelta(days=700)


def public(key: KeyInMemory) -> bytes:
    return key.private.public_key().public_bytes_raw()


def line(use: str, key: KeyInMemory, start: datetime = START) -> DescriptorKey:
    return make_key(use, public(key), valid_from=start, valid_until=END)


FIRST, NEXT, LOG, *ROOTS = (signer(Ed25519PrivateKey.generate()) for _ in range(5))
SEAL = make_key(
    "seal",
    public_of_opening(
        MLKEM768PrivateKey.generate().private_bytes_raw() + X25519PrivateKey.generate().private_bytes_raw()
    ),
    valid_from=START,
    valid_until=END,
)
SAID: dict[str, Any] = {
    "v": 1, "id": "xa-customs", "name": "Customs", "country": "XA", "authority": "customs", "version": 1,
    "valid_from": START, "valid_until": END, "endpoint": "https://xa.example/partner/v1",
    "keys": (line("sign", FIRST), SEAL, line("log", LOG), *(line("root", each) for each in ROOTS)),
    "roots_needed": 2, "contacts": (Contact(office="Duty desk", purpose="any", telephone="+1 555 0100"),),
}  # fmt: skip
ONE = Descriptor(**SAID)


def known() -> Partner:
    found = read(signed(ONE, FIRST))
    return confirm(found, found.digest)


def following(*also: KeyInMemory, **changes: Any) -> SignedDescriptor:
    """The next version with another signing key, signed with it and with those of ``also``."""
    keys = (line("sign", NEXT, LATER), *ONE.keys[1:])
    new = {**SAID, "version": 2, "replaces": known().digest, "valid_from": LATER, "keys": keys, **changes}
    return read(signed(Descriptor(**new), NEXT, also=also or (FIRST,)))


def waits(found: SignedDescriptor, *, since: datetime = START) -> Waits | None:
    return judged(known(), found, since=since, now=LATER).waits


CHANGES: dict[Waits, dict[str, Any]] = {
    Waits.IDENTITY: {"name": "Customs and more"},
    Waits.ENDPOINT: {"endpoint": None},
    Waits.CONTACTS: {"contacts": ()},
    Waits.LOG: {"keys": (line("sign", NEXT, LATER), SEAL, *ONE.keys[3:])},
    Waits.AHEAD: {"valid_from": LATER + timedelta(days=1)},
    Waits.SHORT: {"valid_until": LATER + timedelta(days=29)},
}


def test_keys_to_sign_and_to_seal_alone_make_a_planned_rotation() -> None:
    assert waits(following()) is None


@pytest.mark.parametrize("why", CHANGES)
def test_anything_else_waits_for_a_person(why: Waits) -> None:
    assert waits(following(**CHANGES[why])) is why


def test_once_in_the_time_of_an_overlap() -> None:
    assert waits(following(), since=LATER - OVERLAP) is None
    assert waits(following(), since=LATER - OVERLAP + timedelta(seconds=1)) is Waits.SOON


def test_other_roots_and_a_new_beginning_wait_even_as_the_roots_have_signed() -> None:
    fewer = {"keys": (line("sign", NEXT, LATER), *ONE.keys[1:4]), "roots_needed": 1}
    assert waits(following(FIRST, *ROOTS, **fewer)) is Waits.ROOTS
    assert waits(following(*ROOTS)) is Waits.ANEW
    assert judged(known(), following(*ROOTS, version=100), since=START, now=LATER).anew
    with pytest.raises(PratiqueError, match="the roots changed without the roots"):
        waits(following(FIRST, ROOTS[0], **fewer))


def test_a_revoked_key_lets_nothing_follow() -> None:
    (key,) = ONE.of_use("sign")
    said = Revocation(v=1, partner="xa-customs", number=1, keys=(key.id,), since=START, reason="stolen")
    ended = revoked(known(), revocation(said, ROOTS))
    anew = restarted(ended, following(*ROOTS, version=100))
    for partner in (ended, anew):
        with pytest.raises(PratiqueError) as caught:
            judged(partner, following(), since=START, now=LATER)
        assert caught.value.code == "exchange.key_revoked"


def test_what_was_replaced_is_older_and_a_second_of_a_number_a_fork() -> None:
    after = rotated(known(), following(), now=LATER)
    with pytest.raises(PratiqueError) as older:
        judged(after, read(signed(ONE, FIRST)), since=LATER, now=LATER)
    assert older.value.code == "exchange.descriptor_older"
    with pytest.raises(PratiqueError) as fork:
        judged(after, following(contacts=()), since=LATER, now=LATER)
    assert fork.value.code == "exchange.descriptor_fork"
    with pytest.raises(PratiqueError) as words:  # without the key of before it is a stranger's, and no alarm
        judged(after, following(ROOTS[0], contacts=()), since=LATER, now=LATER)
    assert words.value.code == "exchange.rotation"
