"""Whatever a partner that cheats writes, the answer is a named refusal or what it honestly said; never a crash."""

import copy
import json
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange_kit import NOW, administration, content, roots_of, sealed, seeded
from pratique.partners.exchange import descriptor, jws, strict_json
from pratique.partners.exchange.adapters.message_file import Stamp
from pratique.partners.exchange.adapters.misp_in import from_misp
from pratique.partners.exchange.adapters.stix_in import from_stix
from pratique.partners.exchange.carry import Item, read_bundle, write_bundle
from pratique.partners.exchange.envelope import KIND, SUITE, Opened, open_envelope
from pratique.partners.exchange.header import FIRST_LINE, info, size_for
from pratique.partners.exchange.http_signature import Request, sign, verify
from pratique.partners.exchange.keys import sealing_key
from pratique.partners.exchange.messages.registry import received_message
from pratique.partners.exchange.partner import Revocation, revocation, revoked
from pratique.partners.exchange.receipt import Sent, read_receipt
from pratique.partners.exchange.stream import Course, Kept, arrive, incoming, outgoing
from pratique.partners.exchange.wire import b64, from_b64
from pratique.vocabulary.errors import PratiqueError

A, B = administration("xa.example"), administration("xb.example")
PARTNERS = {A.id: A.partner}
SENT = sealed(A, B)
SEAL = sealing_key(B.partner.sealing_key(NOW).public)
WEIRD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    st.sampled_from(
        ["", "\u202e", "A" * 4000, "é", "..", "2026-11-28T08:00:00Z", "2026-99-99T00:00:00Z", "٢٠٢٦-٠١-٠١"]
    ),
    st.lists(st.integers(0, 3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(0, 3), max_size=2),
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, part in below for place in places(part, (*at, key)))]


def put(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    """The value with ``new`` at that place."""
    if not at:
        return new
    value = copy.deepcopy(value)
    holder = value
    for key in at[:-1]:
        holder = holder[key]
    holder[at[-1]] = new
    return value


@st.composite
def broken(draw: st.DrawFn, value: Any) -> Any:
    """The value with one to three places put otherwise."""
    for _ in range(draw(st.integers(1, 3))):
        value = put(value, draw(st.sampled_from(places(value))), draw(WEIRD))
    return value


def plain_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


def sealed_around(plain: bytes) -> bytes:
    size = size_for(len(plain))
    clear = SENT.header.model_copy(update={"size": size}).bytes()
    padded = (len(plain).to_bytes(4, "big") + plain).ljust(size, b"\x00")
    return FIRST_LINE + len(clear).to_bytes(4, "big") + clear + SUITE.encrypt(padded, SEAL, info=info(clear))


def opened(data: bytes) -> Opened | None:
    with suppress(PratiqueError):
        return open_envelope(data, B.recipient, PARTNERS, now=NOW)
    return None


@given(broken(content(A.id, B.id).inner.dump()))
@settings(max_examples=60, deadline=None)
def test_signed_terms_of_any_kind_are_refused_or_honest(inner):
    made = content(A.id, B.id)
    token = jws.signed(plain_json(inner), kind=KIND, signer=A.signer)
    said = {"inner": token.decode(), "fields": [b64(each.data) for each in made.openings], "keys": {}}
    found = opened(sealed_around(plain_json(said)))
    if found is not None:
        assert (found.inner.id, found.inner.sender, found.inner.recipient) == (SENT.header.id, A.id, B.id)
        assert {each.commitment for each in found.openings} <= set(found.inner.fields)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_content_and_fields_of_any_kind_are_refused_or_covered_by_the_signature(data):
    made = content(A.id, B.id)
    field = strict_json.read(made.openings[0].data, what="", at_most=10**5)
    wrong = plain_json(data.draw(broken(field)))
    token = jws.signed(strict_json.write(made.inner.dump()), kind=KIND, signer=A.signer).decode()
    said = {"inner": token, "fields": [b64(wrong), *(b64(each.data) for each in made.openings[1:])], "keys": {}}
    found = opened(sealed_around(plain_json(data.draw(st.one_of(st.just(said), broken(said))))))
    if found is not None:
        assert {each.commitment for each in found.openings} <= set(made.inner.fields)
        with suppress(PratiqueError):
            received_message("alert/1", found.fields)


@given(broken(strict_json.read(A.document, what="", at_most=10**6)), st.data())
@settings(max_examples=50, deadline=None)
def test_descriptors_and_revocations_of_any_kind_are_refused_or_signed(document, data):
    with suppress(PratiqueError):
        assert descriptor.read(plain_json(document)).digest == A.partner.digest
    said = {"v": 1, "partner": A.id, "number": 1, "keys": [A.signer.id], "since": "2026-11-28T08:00:00Z", "reason": "x"}
    honest = revocation(Revocation.model_validate(said), roots_of(A.id)[:2])
    other = data.draw(broken(strict_json.read(honest, what="", at_most=10**6)))
    with suppress(PratiqueError):
        assert revoked(A.partner, plain_json(other)).revoked_keys == {A.signer.id}


@given(st.binary(max_size=400), st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_rubbish_is_refused_everywhere(data, text):
    fields = dict.fromkeys(("signature", "signature-input", "content-digest"), text)
    acts = [
        lambda: descriptor.read(data),
        lambda: revoked(A.partner, data),
        lambda: read_receipt(data, B.partner, Sent(SENT.header, SENT.hash), now=NOW),
        lambda: read_bundle(data, PARTNERS, own_id=B.id, now=NOW),
        lambda: verify(Request("POST", "https://xb.example/x", data, fields), PARTNERS, now=NOW),
        lambda: jws.taken_apart(data, kind=KIND),
        lambda: from_stix(data, Stamp(SENT.header.id, NOW, A.id, "red")),
        lambda: from_misp(data, Stamp(SENT.header.id, NOW, A.id, "red")),
    ]
    for act in acts:
        try:
            act()
        except PratiqueError:
            continue
        raise AssertionError("rubbish was taken")


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_no_changed_byte_of_a_bundle_or_a_signed_request_is_taken(data):
    whole = write_bundle([Item("receipt", b"r")], sender=A.id, recipient=B.id, made=NOW, signer=A.signer)
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    plain = Request("POST", "https://xb.example/x", b"body", {})
    signed = sign(plain, own_id=A.id, signer=A.signer, created=NOW, nonce="a-nonce-of-twenty-four-b")
    fields = {name.lower(): value for name, value in signed.items()}
    name = data.draw(st.sampled_from(sorted(fields)))
    spot = data.draw(st.integers(0, len(fields[name]) - 1))
    other = data.draw(st.characters().filter(lambda letter: letter != fields[name][spot]))
    fields[name] = fields[name][:spot] + other + fields[name][spot + 1 :]
    acts = (
        lambda: read_bundle(changed, PARTNERS, own_id=B.id, now=NOW),
        lambda: verify(Request(plain.method, plain.uri, plain.body, fields), PARTNERS, now=NOW),
    )
    for act in acts:
        try:
            act()
        except PratiqueError:
            continue
        raise AssertionError("a changed byte was taken")


@given(st.lists(st.integers(0, 5), max_size=30))
@settings(max_examples=60, deadline=None)
def test_whatever_the_order_of_arrival_each_is_accepted_once_and_in_order(arrivals):
    stream, sent = outgoing(sender=A.id, recipient=B.id, stream="main"), []
    for number in range(6):
        header = SENT.header.model_copy(
            update={
                "sequence": number + 1,
                "previous": stream.head,
                "id": f"019ad00{number}-0000-7000-8000-00000000000{number}",
            }
        )
        sent.append((header, seeded("hash", number)))
        stream = stream.after(sent[-1][1])
    at, accepted = incoming(sender=A.id, recipient=B.id, stream="main"), []
    for number in arrivals:
        header, envelope_hash = sent[number]
        kept = Kept(same_id=envelope_hash if number in accepted else None)
        verdict = arrive(at, header, envelope_hash, kept)
        assert not verdict.alarm
        if verdict.course is Course.ACCEPTED:
            accepted.append(number)
        at = verdict.stream
    assert accepted == list(range(len(accepted)))
    assert at.expected == len(accepted) + 1


@given(st.binary(max_size=80))
def test_bytes_have_one_spelling(data):
    assert from_b64(b64(data)) == data


@given(st.text(max_size=20))
def test_every_other_spelling_is_refused(text):
    with suppress(ValueError):
        assert b64(from_b64(text)) == text
