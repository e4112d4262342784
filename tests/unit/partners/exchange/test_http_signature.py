"""The signature on a request: one profile, and nothing that can be changed on the way."""

import base64
import re
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from exchange_kit import NOW, administration
from pratique.partners.exchange.http_signature import COVERED, Request, content_digest, sign, signature_base, verify
from pratique.vocabulary.errors import PratiqueError

A, B = administration("xa.example"), administration("xb.example")
PARTNERS = {A.id: A.partner}
NONCE = "a-nonce-of-twenty-four-b"
URI = "https://xb.example/partner/v1/inbox"
BODY = b"the sealed bytes"
VECTORS = Path(__file__).parents[5] / "shared" / "data" / "vectors" / "rfc9421"


def signed(body=BODY, created=NOW, nonce=NONCE, uri=URI):
    fields = sign(Request("POST", uri, body, {}), own_id=A.id, signer=A.signer, created=created, nonce=nonce)
    return Request("POST", uri, body, {name.lower(): value for name, value in fields.items()})


def changed(request, **parts):
    said = {"method": request.method, "uri": request.uri, "body": request.body, "fields": dict(request.fields)}
    return Request(**(said | parts))


def refused(request, code, now=NOW, partners=PARTNERS):
    with pytest.raises(PratiqueError) as caught:
        verify(request, partners, now=now)
    assert caught.value.code == code


@pytest.mark.parametrize("body", [BODY, b""])
def test_a_signed_request_names_its_caller_and_the_nonce_to_remember(body):
    caller = verify(signed(body), PARTNERS, now=NOW)
    assert (caller.partner, caller.key_id, caller.nonce) == (A.id, A.signer.id, NONCE)
    assert NOW < caller.until <= NOW + timedelta(seconds=360)


def test_nothing_that_is_covered_can_be_changed():
    request = signed()
    refused(changed(request, method="PUT"), "exchange.signature_broken")
    refused(changed(request, uri=URI + "?x=1"), "exchange.signature_broken")
    refused(changed(request, body=b"other"), "exchange.body_changed")
    digest = request.fields | {"content-digest": content_digest(b"other")}
    refused(changed(request, body=b"other", fields=digest), "exchange.signature_broken")
    later = request.fields["signature-input"].replace(str(int(NOW.timestamp())), str(int(NOW.timestamp()) + 1))
    refused(changed(request, fields=request.fields | {"signature-input": later}), "exchange.signature_broken")


@pytest.mark.parametrize("seconds", [-61, 361, 86_400])
def test_a_request_counts_for_five_minutes_and_a_minute_of_skew(seconds):
    refused(signed(), "exchange.request_late", now=NOW + timedelta(seconds=seconds))


def test_the_ends_of_its_time_hold():
    for seconds in (-60, 0, 300, 359):
        assert verify(signed(), PARTNERS, now=NOW + timedelta(seconds=seconds)).partner == A.id


@pytest.mark.parametrize("name", ["signature", "signature-input", "content-digest"])
def test_an_unsigned_request_is_refused(name):
    request = signed()
    left = {key: value for key, value in request.fields.items() if key != name}
    refused(changed(request, fields=left), "exchange.unsigned")
    refused(changed(request, fields=request.fields | {name: "x" * 2000}), "exchange.unsigned")
    refused(changed(request, fields=request.fields | {name: "é"}), "exchange.unsigned")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('("@method" "@target-uri" "content-digest")', '("@method" "@target-uri")'),
        ('("@method" "@target-uri" "content-digest")', "()"),
        ('alg="ed25519"', 'alg="hmac-sha256"'),
        ('alg="ed25519"', 'alg="ed25519";x=1'),
        (";tag=", ";gat="),
        ("pratique=", "other="),
        (NONCE, "short"),
        (";created=", ";created=x"),
        ("=(", "=(("),
        ('keyid="xa.example/', 'keyid="'),
    ],
)
def test_any_other_spelling_is_refused_before_a_key_is_asked(old, new):
    request = signed()
    said = request.fields["signature-input"]
    assert old in said
    refused(
        changed(request, fields=request.fields | {"signature-input": said.replace(old, new, 1)}), "exchange.unsigned"
    )


def test_two_signatures_are_not_this_profile():
    request = signed()
    twice = {
        name: f"{request.fields[name]}, other={request.fields[name].partition('=')[2]}"
        for name in ("signature", "signature-input")
    }
    refused(changed(request, fields=request.fields | twice), "exchange.unsigned")


def test_a_stranger_is_no_caller():
    refused(signed(), "exchange.sender_unknown", partners={B.id: B.partner})


# RFC 9421, appendix B: our base of what is signed, under the published keys and signatures.


def unfolded(text):
    return re.sub(r"\\\n\s*", "", text)


def published_key(name):
    text = (VECTORS / "keys-and-messages.md").read_text(encoding="utf-8")
    at = text.index("{#example-key-ecc-p256}") if name == "test-key-ecc-p256" else text.index(f"`{name}`")
    part = text[at:]
    return serialization.load_pem_public_key(
        re.search(r"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", part, re.S)[0].encode()
    )


def shared_secret():
    text = (VECTORS / "keys-and-messages.md").read_text(encoding="utf-8")
    part = unfolded(text[text.index("`test-shared-secret`") :])
    return base64.b64decode(re.search(r"~~~\n(?:NOTE.*?\n\n)?([A-Za-z0-9+/=\n]+?)\n~~~", part, re.S)[1])


def published_case(number):
    text = unfolded((VECTORS / f"case-{number:02}.md").read_text(encoding="utf-8"))
    base = re.search(r'"@signature-params": .*', text)[0]
    lines = re.search(r'~~~\n(?:NOTE[^\n]*\n\n)?((?:"[^\n]*\n)*"@signature-params": [^\n]*)\n~~~', text)[1]
    label, signature = re.findall(r"^Signature: ([\w-]+)=:([^:]+):", text, re.M)[-1]
    stated = re.findall(rf"^Signature-Input: {label}=(.*)$", text, re.M)[-1]
    assert base.endswith(stated)
    return lines.encode(), stated, base64.b64decode(signature)


def published_request(lines):
    """The test request, with the fields that the case covers (a proxy's case has a host and a field of its own)."""
    fields = dict(re.findall(r'^"([a-z-]+)": (.*)$', lines.decode(), re.M))
    host = dict(re.findall(r'^"(@authority)": (.*)$', lines.decode(), re.M)).get("@authority", "example.com")
    return Request("POST", f"https://{host}/foo?param=Value&Pet=dog", b'{"hello": "world"}', fields)


@pytest.mark.skipif(not VECTORS.exists(), reason="the published vectors are not on this machine")
@pytest.mark.parametrize("number", [0, 2, 4, 6])
def test_the_base_of_the_published_cases_is_ours_and_their_signatures_hold_over_it(number):
    lines, stated, signature = published_case(number)
    covered = re.findall(r'"([^"]+)"', stated[: stated.index(")")])
    base = signature_base(covered, published_request(lines), stated)
    assert base == lines
    key = re.search(r'keyid="([^"]+)"', stated)[1]
    if key == "test-shared-secret":
        check = hmac.HMAC(shared_secret(), hashes.SHA256())
        check.update(base)
        check.verify(signature)
    elif key == "test-key-ecc-p256":
        halves = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        published_key(key).verify(encode_dss_signature(*halves), base, ec.ECDSA(hashes.SHA256()))
    else:
        pss = padding.PSS(padding.MGF1(hashes.SHA512()), 64)
        published_key(key).verify(signature, base, pss, hashes.SHA512())


def test_what_we_cover_is_what_the_profile_says():
    request = signed()
    stated = request.fields["signature-input"].partition("=")[2]
    assert signature_base(COVERED, request, stated).decode().splitlines() == [
        '"@method": POST',
        f'"@target-uri": {URI}',
        f'"content-digest": {content_digest(BODY)}',
        f'"@signature-params": {stated}',
    ]
    with pytest.raises(ValueError, match="line break"):
        signature_base(["x"], changed(request, fields={"x": "a\nb"}), stated)
