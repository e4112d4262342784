"""Partners: counted once confirmed, followed through rotations, and cut off when their keys are revoked."""

from dataclasses import replace

import pytest

from exchange_kit import DAY, NOW, administration, described, roots_of, sign_private
from pratique.partners.exchange import descriptor, strict_json
from pratique.partners.exchange.descriptor import fingerprint, from_fingerprint, spoken
from pratique.partners.exchange.inner import AgreementRef
from pratique.partners.exchange.keys import signer
from pratique.partners.exchange.pairing import countersign, pairing, propose, read_pairing
from pratique.partners.exchange.partner import OVERLAP, Revocation, confirm, restarted, revocation, revoked, rotated
from pratique.partners.exchange.wire import b64
from pratique.vocabulary.errors import PratiqueError

A, B = administration("xa.example"), administration("xb.example")
ROOTS = roots_of(A.id)
OLD_KEY, NEW_KEY = A.signer, signer(sign_private(A.id, 2))


def refused(code, act, *args, **how):
    with pytest.raises(PratiqueError) as caught:
        act(*args, **how)
    assert caught.value.code == code, caught.value
    return caught.value


def second(*, also=(OLD_KEY,), **changes):
    """The next version of A's descriptor, with new keys, signed with the new and the old one."""
    said = {"version": 2, "replaces": A.partner.digest, "valid_from": NOW} | changes
    return descriptor.read(descriptor.sign(described(A.id, generation=2, **said), NEW_KEY, also=also))


def cut(number=1, keys=(OLD_KEY.id,), partner=A.id, roots=ROOTS[:2]):
    said = Revocation(v=1, partner=partner, number=number, keys=keys, since=NOW, reason="Laptop stolen")
    return revocation(said, roots)


# No trust at first sight


def test_a_descriptor_counts_only_with_the_digest_that_was_confirmed():
    found = descriptor.read(A.document)
    assert confirm(found, found.digest) == A.partner
    refused("exchange.not_confirmed", confirm, found, bytes(32))
    refused("exchange.not_confirmed", confirm, found, descriptor.read(B.document).digest)


def test_a_fingerprint_is_read_out_whole_and_typed_back_whatever_the_spaces():
    digest = A.partner.digest
    assert from_fingerprint(fingerprint(digest).lower()) == digest
    assert from_fingerprint(fingerprint(digest).replace(" ", "-")) == digest
    assert len(spoken(digest)) == 16
    assert spoken(bytes.fromhex("0a1f") + bytes(30))[0] == "ZERO ALFA ONE FOXTROT"
    refused("exchange.fingerprint", from_fingerprint, fingerprint(digest)[:40])
    refused("exchange.fingerprint", from_fingerprint, "g" * 64)


def test_a_descriptor_is_signed_with_a_key_of_its_own():
    refused("exchange.descriptor_invalid", descriptor.sign, described(A.id), B.signer)
    posing = replace(B.signer, id=A.signer.id)
    refused("exchange.signature_broken", descriptor.sign, described(A.id), posing)


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_until": NOW - 100 * DAY},
        {"valid_until": NOW + 2000 * DAY},
        {"roots_needed": 4},
        {"roots_needed": 0},
        {"replaces": bytes(32)},
        {"version": 2},
        {"keys": described(A.id).keys[:1] * 2},
        {"keys": described(A.id).keys[1:]},
        {"keys": (*described(A.id).keys, described(A.id).keys[0])},
        {"keys": (described(A.id).keys[0].model_copy(update={"id": "0" * 32}), *described(A.id).keys[1:])},
        {"keys": (described(A.id).keys[0].model_copy(update={"public": bytes(31)}), *described(A.id).keys[1:])},
        {"keys": (*described(A.id).keys[:1], described(A.id).keys[1].model_copy(update={"use": "log"}))},
    ],
)
def test_a_descriptor_that_contradicts_itself_is_refused(changes):
    refused("exchange.descriptor_invalid", descriptor.sign, described(A.id).model_copy(update=changes), A.signer)


def test_a_descriptor_of_another_form_is_refused():
    for data in (b"", b"[]", b"{}", b'{"v":1,"signatures":[]}', b'{"v":1,"signatures":["a"],"x":1}', b"\xff" * 10):
        with pytest.raises(PratiqueError):
            descriptor.read(data)
    refused("exchange.oversized", descriptor.read, b" " * 200_000)
    signatures = strict_json.read(A.document, what="", at_most=10**6)["signatures"]
    other = strict_json.read(B.document, what="", at_most=10**6)["signatures"]
    mixed = strict_json.write({"v": 1, "signatures": [*signatures, *other]})
    refused("exchange.signatures", descriptor.read, mixed)


# Rotation


def test_the_next_version_counts_and_the_old_key_goes_on_for_thirty_days():
    after = rotated(A.partner, second(), now=NOW + DAY)
    assert after.current.version == 2
    assert after.signing_key(NEW_KEY.id, version=2, at=NOW + DAY).id == NEW_KEY.id
    end = NOW + DAY + OVERLAP
    assert after.signing_key(OLD_KEY.id, version=1, at=end - DAY).id == OLD_KEY.id
    refused("exchange.descriptor_over", after.signing_key, OLD_KEY.id, version=1, at=end)
    refused("exchange.key_unknown", after.signing_key, OLD_KEY.id, version=2, at=NOW + DAY)
    assert after.any_signing_key(OLD_KEY.id, at=NOW + DAY).id == OLD_KEY.id
    assert after.sealing_key(NOW + DAY).id == described(A.id, generation=2).of_use("seal")[0].id


@pytest.mark.parametrize(
    "changes",
    [
        {"also": ()},
        {"also": (B.signer,)},
        {"version": 3},
        {"replaces": bytes(32)},
        {"country": "XB"},
        {"also": (replace(B.signer, id=OLD_KEY.id),)},
    ],
)
def test_a_version_that_does_not_follow_leaves_the_old_one(changes):
    refused("exchange.rotation", rotated, A.partner, second(**changes), now=NOW)


def test_whoever_stole_the_signing_key_cannot_change_the_roots():
    other_roots = {"keys": described(A.id, generation=2).keys[:2] + described("xz.example").keys[2:]}
    refused("exchange.rotation", rotated, A.partner, second(**other_roots), now=NOW)
    approved = second(**other_roots, also=(OLD_KEY, *ROOTS[:2]))
    assert rotated(A.partner, approved, now=NOW).current.roots_needed == 2


def test_a_revoked_key_makes_no_successor_and_is_in_none():
    after = revoked(A.partner, cut())
    refused("exchange.rotation", rotated, after, second(), now=NOW)
    refused("exchange.rotation", rotated, revoked(A.partner, cut(keys=(NEW_KEY.id,))), second(), now=NOW)


# Revocation


def test_what_was_revoked_by_enough_roots_counts_no_more_whenever_it_was_signed():
    after = revoked(A.partner, cut())
    for at in (NOW - 50 * DAY, NOW, NOW + DAY):
        refused("exchange.key_revoked", after.signing_key, OLD_KEY.id, version=1, at=at)
        refused("exchange.key_revoked", after.any_signing_key, OLD_KEY.id, at=at)


@pytest.mark.parametrize(
    "roots",
    [
        (),
        ROOTS[:1],
        (ROOTS[0], ROOTS[0]),
        (ROOTS[0], OLD_KEY),
        roots_of(B.id)[:2],
        (ROOTS[0], replace(OLD_KEY, id=ROOTS[1].id)),
    ],
)
def test_fewer_roots_than_needed_revoke_nothing(roots):
    with pytest.raises(PratiqueError) as caught:
        revoked(A.partner, cut(roots=roots))
    assert caught.value.code in ("exchange.revocation", "exchange.signatures")


def test_a_revocation_of_another_or_an_older_one_is_refused():
    refused("exchange.revocation", revoked, A.partner, cut(partner="xc.example"))
    once = revoked(A.partner, cut(number=2))
    for number in (1, 2):
        refused("exchange.revocation_older", revoked, once, cut(number=number))
    assert revoked(once, cut(number=3, keys=(NEW_KEY.id,))).revoked_keys == {OLD_KEY.id, NEW_KEY.id}


def test_a_revoked_seal_key_is_sealed_for_no_more_and_a_revoked_root_revokes_nothing():
    seal = described(A.id).of_use("seal")[0].id
    refused("exchange.no_key", revoked(A.partner, cut(keys=(seal,))).sealing_key, NOW)
    after = revoked(A.partner, cut(keys=(ROOTS[0].id,)))
    refused("exchange.revocation", revoked, after, cut(number=2))
    assert revoked(after, cut(number=2, roots=ROOTS[1:])).last_revocation == 2


def test_the_roots_begin_again_over_what_a_thief_made_and_without_overlap():
    stolen = rotated(A.partner, second(name="Thief"), now=NOW)
    refused("exchange.rotation", restarted, stolen, second(version=3, also=(OLD_KEY,)))
    fresh = described(A.id, generation=3, version=3, replaces=A.partner.digest, valid_from=NOW)
    honest = descriptor.read(descriptor.sign(fresh, signer(sign_private(A.id, 3)), also=ROOTS[:2]))
    after = restarted(stolen, honest)
    assert after.current.name != "Thief"
    for version, key in ((1, OLD_KEY), (2, NEW_KEY)):
        if version == 2:
            refused("exchange.descriptor_over", after.signing_key, key.id, version=version, at=NOW + DAY)
    refused("exchange.rotation", restarted, after, honest)


# Pairing


AGREED = (AgreementRef(id="xa-xb", version="2024", digest=bytes(32)),)
BOTH = {A.id: A.partner, B.id: B.partner}


def test_a_pairing_holds_once_both_have_signed_the_same():
    said = pairing(A.partner, B.partner, AGREED, since=NOW)
    assert said == pairing(B.partner, A.partner, AGREED, since=NOW)
    proposed = propose(said, A.signer)
    refused("exchange.pairing", read_pairing, proposed, BOTH, at=NOW)
    signed = countersign(proposed, said, B.signer)
    assert read_pairing(signed, BOTH, at=NOW) == said


def test_a_pairing_over_other_agreements_or_descriptors_is_not_countersigned():
    said = pairing(A.partner, B.partner, AGREED, since=NOW)
    other = pairing(A.partner, B.partner, (*AGREED, AGREED[0]), since=NOW)
    refused("exchange.pairing", countersign, propose(other, A.signer), said, B.signer)
    twice = countersign(propose(said, A.signer), said, A.signer)
    refused("exchange.pairing", read_pairing, twice, BOTH, at=NOW)
    swapped = {A.id: A.partner, B.id: rotated_b()}
    with_next = pairing(A.partner, rotated_b(), AGREED, since=NOW)
    both_signed = countersign(propose(with_next, A.signer), with_next, B.signer)
    refused("exchange.pairing", read_pairing, both_signed, BOTH, at=NOW)
    assert read_pairing(both_signed, swapped, at=NOW).parties[1].descriptor == 2


def rotated_b():
    said = {"version": 2, "replaces": B.partner.digest, "valid_from": NOW}
    document = descriptor.sign(described(B.id, generation=2, **said), signer(sign_private(B.id, 2)), also=(B.signer,))
    return rotated(B.partner, descriptor.read(document), now=NOW)


def test_the_id_of_a_key_follows_from_the_key():
    ids = {key.id for each in (A, B) for key in each.descriptor.keys}
    assert len(ids) == 10
    assert all(len(each) == 32 for each in ids)
    assert b64(A.descriptor.keys[0].public)
