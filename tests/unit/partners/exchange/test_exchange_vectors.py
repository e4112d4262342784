"""Vectors that others wrote, and envelopes that were made without the code under test.

Not used, with the reason: SD-JWT (field commitments are in its manner, the format is not used), ECDSA and JWE (no such
suite), ML-KEM-1024, P-256, P-384 and SHAKE cases of HPKE (one suite), Wycheproof for ML-KEM (not among the vectors).
"""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jws as jose
from joserfc.jwk import OKPKey
from pyhpke import AEADId, CipherSuite, KDFId, KEMId
from pyhpke.kem_key import KEMKey

from exchange_kit import administration, content, sealed, seeded
from pratique.partners.exchange import conformance, jws, strict_json
from pratique.partners.exchange.conformance import kit, kit_bytes, run
from pratique.partners.exchange.envelope import SUITE
from pratique.partners.exchange.header import FIRST_LINE, info
from pratique.partners.exchange.keys import opening_key, public_of_opening, sealing_key
from pratique.partners.exchange.wire import b64, from_b64
from pratique.vocabulary.errors import PratiqueError
from reference import hybrid_hpke

VECTORS = Path(__file__).parents[5] / "shared" / "data" / "vectors"
published = pytest.mark.skipif(not VECTORS.exists(), reason="the published vectors are not on this machine")
A, B = administration("xa.example"), administration("xb.example")


def wycheproof(name):
    for group in json.loads((VECTORS / "wycheproof" / f"{name}_test.json").read_text(encoding="utf-8"))["testGroups"]:
        for case in group["tests"]:
            yield group, case


def raw(text):
    return bytes.fromhex(text)


# Published vectors


@published
def test_ed25519_verifies_what_wycheproof_says_and_so_does_the_signature_of_tokens():
    tried = 0
    for group, case in wycheproof("ed25519"):
        public = raw(group["publicKey"]["pk"])
        token = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": b64(public)})
        holds_for_tokens = jose.JWSRegistry.algorithms["Ed25519"].verify(raw(case["msg"]), raw(case["sig"]), token)
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(raw(case["sig"]), raw(case["msg"]))
            holds = True
        except InvalidSignature:
            holds = False
        assert holds == holds_for_tokens == (case["result"] == "valid"), case["tcId"]
        tried += 1
    assert tried == 75


@published
def test_x25519_multiplies_as_wycheproof_says_or_refuses_points_of_small_order():
    tried = 0
    for _, case in wycheproof("x25519"):
        if len(case["public"]) != 64:
            continue
        try:
            shared = X25519PrivateKey.from_private_bytes(raw(case["private"])).exchange(
                X25519PublicKey.from_public_bytes(raw(case["public"]))
            )
        except ValueError:
            assert "ZeroSharedSecret" in case["flags"]
        else:
            assert shared == raw(case["shared"]) == hybrid_hpke.x25519(raw(case["private"]), raw(case["public"]))
        tried += 1
    assert tried > 200


@published
def test_hkdf_and_aes_gcm_give_what_wycheproof_says():
    for _, case in wycheproof("hkdf_sha256"):
        try:
            made = HKDF(hashes.SHA256(), case["size"], raw(case["salt"]), raw(case["info"])).derive(raw(case["ikm"]))
        except ValueError:
            assert case["result"] == "invalid"
        else:
            assert made == raw(case["okm"])
    for group, case in wycheproof("aes_gcm"):
        if group["ivSize"] != 96 or group["tagSize"] != 128:  # envelopes and attachments use no other
            continue
        cipher = AESGCM(raw(case["key"]))
        try:
            plain = cipher.decrypt(raw(case["iv"]), raw(case["ct"] + case["tag"]), raw(case["aad"]))
        except InvalidTag:
            assert case["result"] == "invalid"
        else:
            assert case["result"] == "valid"
            assert plain == raw(case["msg"])


@published
def test_no_token_of_another_algorithm_is_taken_even_where_its_signature_holds():
    tried = 0
    for _, case in wycheproof("json_web_signature"):
        token = case["jws"] if isinstance(case["jws"], str) else json.dumps(case["jws"])
        with pytest.raises(PratiqueError):
            jws.taken_apart(token.encode(), kind="pratique-inner")
        tried += 1
    assert tried == 200


@published
def test_the_reference_of_the_hybrid_gives_the_published_case():
    cases = json.loads((VECTORS / "hpke" / "hpke-pq.json").read_text(encoding="utf-8"))
    (case,) = (each for each in cases if each["kem_id"] == hybrid_hpke.KEM_ID)
    private = hashlib.shake_256(raw(case["skRm"])).digest(96)
    assert hybrid_hpke.public_key(private[:64], private[64:]) == raw(case["pkRm"])
    shared = hybrid_hpke.decapsulated(raw(case["enc"]), private[:64], private[64:])
    assert shared == raw(case["shared_secret"])
    key, nonce = hybrid_hpke.schedule(shared, raw(case["info"]), hybrid_hpke.CHACHA20_POLY1305)
    assert (key, nonce) == (raw(case["key"]), raw(case["base_nonce"]))
    first = case["encryptions"][0]
    assert hybrid_hpke.opened_chacha(raw(first["ct"]), key, nonce, raw(first["aad"])) == raw(first["pt"])
    assert public_of_opening(private) == raw(case["pkRm"])


# The suite in use against implementations of others


def test_the_reference_opens_what_we_seal():
    sent = sealed(A, B)
    clear = sent.header.bytes()
    private = B.seal_private
    plain = hybrid_hpke.opened(sent.data[len(FIRST_LINE) + 4 + len(clear) :], private[:64], private[64:], info(clear))
    length = int.from_bytes(plain[:4], "big")
    said = json.loads(plain[4 : 4 + length])
    assert plain[4 + length :].strip(b"\x00") == b""
    key = OKPKey.import_key(
        {"kty": "OKP", "crv": "Ed25519", "x": b64(A.signer.private.public_key().public_bytes_raw())}
    )
    signed = jose.deserialize_compact(said["inner"].encode(), key, algorithms=["Ed25519"])
    assert json.loads(signed.payload) == content(A.id, B.id).inner.dump()


def test_we_open_what_the_reference_seals():
    private = seeded("somebody", length=96)
    sealed_by_reference = hybrid_hpke.sealed_for(
        public_of_opening(private), b"plain", b"info", seeded("draw", length=64)
    )
    assert SUITE.decrypt(sealed_by_reference, opening_key(private), info=b"info") == b"plain"
    assert (
        hybrid_hpke.opened(
            SUITE.encrypt(b"plain", sealing_key(public_of_opening(private)), info=b"info"),
            private[:64],
            private[64:],
            b"info",
        )
        == b"plain"
    )


def test_base_mode_with_info_agrees_with_another_implementation():
    """The X25519 half alone, which that implementation has: both ways, bound by ``info`` as envelopes are."""
    ours = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    theirs = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
    private = X25519PrivateKey.from_private_bytes(seeded("other"))
    bound = info(b"header")
    enc, sender = theirs.create_sender_context(KEMKey.from_pyca_cryptography_key(private.public_key()), info=bound)
    assert ours.decrypt(enc + sender.seal(b"plain"), private, info=bound) == b"plain"
    made = ours.encrypt(b"plain", private.public_key(), info=bound)
    recipient = theirs.create_recipient_context(made[:32], KEMKey.from_pyca_cryptography_key(private), info=bound)
    assert recipient.open(made[32:]) == b"plain"


def test_every_case_of_the_conformance_kit_comes_out_as_it_must():
    """Made once from the published description, without the code under test (``reference/envelope_transcripts``)."""
    cases = run()
    assert [case for case in cases if not case.holds] == []
    assert len([case for case in cases if not case.expected]) == 3
    assert len({case.expected for case in cases}) > 20


def test_the_kit_shows_when_a_node_takes_in_what_it_must_not(monkeypatch):
    said = strict_json.read(kit_bytes(), what="kit", at_most=10**7)
    honest, wrong = said["cases"][0], said["cases"][5]
    swapped = [honest | {"envelope": wrong["envelope"]}, wrong | {"envelope": honest["envelope"]}]
    changed = honest | {"says": honest["says"] | {"fields": {}}}
    monkeypatch.setattr(conformance, "kit", lambda: said | {"cases": [*swapped, changed]})
    assert [case.found for case in run()] == ["exchange.size_differs", "", "other content"]
    assert not any(case.holds for case in run())


def test_the_envelopes_of_the_kit_are_spelled_as_ours_would_be():
    said = kit()
    headers = [case["says"]["header"] for case in said["cases"] if "says" in case]
    assert {header["size"] for header in headers} == {4096, 16384}
    for case, header in zip(said["cases"], headers, strict=False):
        clear = strict_json.write(header)
        assert from_b64(case["envelope"]).startswith(FIRST_LINE + len(clear).to_bytes(4, "big") + clear)


def test_the_library_keeps_keys_as_we_describe_them():
    private = seeded("form", length=96)
    lattice = MLKEM768PrivateKey.from_seed_bytes(private[:64])
    assert hybrid_hpke.public_key(private[:64], private[64:]) == public_of_opening(private)
    assert lattice.private_bytes_raw() == private[:64]
    again = MLKEM768X25519PrivateKey(lattice, X25519PrivateKey.from_private_bytes(private[64:]))
    made = SUITE.encrypt(b"x", sealing_key(public_of_opening(private)), info=b"")
    assert SUITE.decrypt(made, again, info=b"") == b"x"
    assert base64.urlsafe_b64decode(b64(private) + "=" * (-len(b64(private)) % 4)) == private
