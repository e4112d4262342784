"""Envelopes: what was sealed for a partner comes out as it went in, and nothing else comes out at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange_kit import (
    AGREEMENT,
    DAY,
    FIELDS,
    NOW,
    administration,
    content,
    described,
    first_place,
    message_id,
    salts,
    sealed,
    sign_private,
)
from pratique.partners.exchange import descriptor, jws, strict_json
from pratique.partners.exchange.envelope import (
    KIND,
    SUITE,
    Content,
    KeysInMemory,
    inner_hash,
    open_envelope,
    read_header,
    seal,
)
from pratique.partners.exchange.fields import MessageField, committed
from pratique.partners.exchange.header import FIRST_LINE, LARGEST, SIZES, Header, info, size_for
from pratique.partners.exchange.inner import Inner
from pratique.partners.exchange.keys import sealing_key, signer
from pratique.partners.exchange.partner import confirm
from pratique.partners.exchange.wire import b64
from pratique.vocabulary.data_categories import DataCategory
from pratique.vocabulary.errors import PratiqueError

A, B, C = (administration(name) for name in ("xa.example", "xb.example", "xc.example"))
PARTNERS = {each.id: each.partner for each in (A, B)}
SENT = sealed(A, B)


def opened(data, recipient=B, partners=PARTNERS, now=NOW):
    return open_envelope(data, recipient.recipient, partners, now=now)


def refused(data, code, **how):
    with pytest.raises(PratiqueError) as caught:
        opened(data, **how)
    assert caught.value.code == code, caught.value
    assert caught.value.happened
    assert caught.value.kept
    return caught.value


def parts(data=SENT.data):
    """First line and length, header, sealed bytes."""
    start = len(FIRST_LINE) + 4
    length = int.from_bytes(data[len(FIRST_LINE) : start], "big")
    return data[start : start + length], data[start + length :]


def put_together(clear, sealed_bytes):
    return FIRST_LINE + len(clear).to_bytes(4, "big") + clear + sealed_bytes


def with_header(**changes):
    """The envelope with another header over the same sealed bytes."""
    clear, sealed_bytes = parts()
    said = strict_json.read(clear, what="header", at_most=10_000) | changes
    return put_together(strict_json.write(said), sealed_bytes)


def forged(said, *, header=None, sender=A):
    """An envelope sealed properly around content of any kind: what a partner that cheats can make."""
    plain = said if isinstance(said, bytes) else strict_json.write(said)
    return sealed_plain(
        len(plain).to_bytes(4, "big") + plain + bytes(size_for(len(plain)) - 4 - len(plain)), header, sender
    )


def sealed_plain(padded, header=None, sender=A):
    header = header or SENT.header.model_copy(update={"size": len(padded), "sender": sender.id})
    clear = header.bytes()
    key = sealing_key(B.partner.sealing_key(NOW).public)
    return put_together(clear, SUITE.encrypt(padded, key, info=info(clear)))


def said_inside(inner=None, *, key=A.signer, kind=KIND, **changes):
    """The content as a cheating partner writes it."""
    made = content(A.id, B.id)
    token = jws.signed(strict_json.write(inner or made.inner.dump()), kind=kind, signer=key)
    said = {"inner": token.decode(), "fields": [b64(each.data) for each in made.openings], "keys": {}}
    return said | changes


# What holds


def test_what_is_sealed_for_a_partner_comes_out_as_it_went_in():
    found = opened(SENT.data)
    assert sorted(found.fields, key=lambda field: field.name) == sorted(FIELDS, key=lambda field: field.name)
    assert found.inner == content(A.id, B.id).inner
    assert (found.hash, found.header) == (SENT.hash, SENT.header) == (SENT.hash, read_header(SENT.data))
    assert found.inner.agreement == AGREEMENT
    assert len(inner_hash(found.token)) == 32


def test_what_a_cheating_partner_could_make_is_taken_where_it_does_not_cheat():
    assert opened(forged(said_inside())).inner == content(A.id, B.id).inner


@given(st.integers(0, 200_000))
@settings(max_examples=25, deadline=None)
def test_the_network_learns_one_of_nine_sizes_of_a_length(length):
    text = MessageField("summary", "x" * length, DataCategory.RISK, False)
    envelope = sealed(A, B, fields=(text,))
    assert envelope.header.size in SIZES
    assert len(envelope.data) == len(FIRST_LINE) + 4 + len(envelope.header.bytes()) + envelope.header.size + 1136
    assert opened(envelope.data).fields == (text,)


def test_nothing_of_the_case_stands_outside():
    clear, _ = parts()
    for field in FIELDS:
        assert field.name.encode() not in clear
    assert b"12.6.1" not in SENT.data
    assert b"HARBOUR" not in SENT.data
    assert set(strict_json.read(clear, what="header", at_most=10_000)) == set(Header.model_fields)


def test_the_same_message_sealed_twice_looks_different():
    assert sealed(A, B).data != SENT.data


def test_content_above_a_mebibyte_goes_as_attachment():
    fields = tuple(MessageField(f"f{each}", "x" * 300_000, DataCategory.RISK, False) for each in range(4))
    with pytest.raises(PratiqueError) as caught:
        sealed(A, B, fields=fields)
    assert caught.value.code == "exchange.too_large"


def test_fields_can_be_kept_back_and_the_rest_still_holds():
    made = content(A.id, B.id)
    fewer = Content(made.inner, tuple(each for each in made.openings if not each.field.personal), {})
    place = first_place(A.id, B.id)
    found = opened(seal(fewer, place, signer=A.signer, recipient_key=B.partner.sealing_key(NOW)).data)
    assert {field.name for field in found.fields} == {"summary", "consignee"}
    assert len(found.inner.fields) == 3


def test_the_order_of_fields_tells_nothing_and_salts_hide_values():
    one, other = (content(A.id, B.id, fields=fields).inner.fields for fields in (FIELDS, FIELDS))
    assert one == other == tuple(sorted(one))
    said = MessageField("case_pending", True, DataCategory.PROCEDURE, False)
    commitments = {committed([said], salt=salts(each))[0].commitment for each in range(20)}
    assert len(commitments) == 20
    with pytest.raises(ValueError, match="16 bytes"):
        committed([said], salt=lambda: b"short")


# What is refused


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_no_single_changed_byte_is_accepted(data):
    at = data.draw(st.integers(0, len(SENT.data) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = bytearray(SENT.data)
    changed[at] ^= 1 << bit
    with pytest.raises(PratiqueError):
        opened(bytes(changed))


@given(st.binary(max_size=3000))
@settings(max_examples=150, deadline=None)
def test_rubbish_is_refused(data):
    for each in (data, FIRST_LINE + data, put_together(data, b""), put_together(parts()[0], data)):
        with pytest.raises(PratiqueError):
            opened(each)


@pytest.mark.parametrize("end", [0, 5, 20, 22, 24, 100, len(SENT.data) - 1])
def test_an_envelope_cut_off_is_refused(end):
    with pytest.raises(PratiqueError):
        opened(SENT.data[:end])


def test_what_is_too_large_is_refused_before_anything_is_read():
    refused(b"x" * (LARGEST + 1), "exchange.oversized")


@pytest.mark.parametrize("line", [b"PRATIQUE-ENVELOPE 0\n", b"PRATIQUE-ENVELOPE 2\n", b"PRATIQUE-ENVELOPE \xff\n"])
def test_another_version_is_refused_without_falling_back(line):
    refused(line + SENT.data[len(FIRST_LINE) :], "exchange.version_unknown")
    refused(with_header(v=0), "exchange.version_unknown")


def test_an_envelope_for_another_is_refused_even_by_who_could_be_meant():
    refused(SENT.data, "exchange.wrong_recipient", recipient=C)
    refused(
        with_header(recipient=C.id),
        "exchange.seal_broken",
        recipient=replace(C, recipient=KeysInMemory(C.id, B.recipient.keys)),
    )


def test_a_stranger_is_refused():
    refused(SENT.data, "exchange.sender_unknown", partners={B.id: B.partner})


def test_a_key_that_is_not_ones_own_is_refused():
    other = KeysInMemory(B.id, C.recipient.keys)
    refused(SENT.data, "exchange.recipient_key_unknown", recipient=replace(B, recipient=other))


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "exchange.not_yet_valid"), (15, "exchange.expired"), (400, "exchange.expired")]
)
def test_an_envelope_has_its_time(days, code):
    refused(SENT.data, code, now=NOW + days * DAY)


def test_clocks_may_differ_by_five_minutes():
    for moment in (NOW - timedelta(seconds=300), NOW + 14 * DAY + timedelta(seconds=299)):
        assert opened(SENT.data, now=moment).header.id == SENT.header.id


def test_a_life_longer_than_ninety_days_is_given_to_none_and_taken_from_none():
    for expires in (NOW + 91 * DAY, NOW, NOW - DAY):
        with pytest.raises(PratiqueError) as caught:
            sealed(A, B, place=first_place(A.id, B.id, expires=expires))
        assert caught.value.code == "exchange.lifetime"
        refused(with_header(expires=expires.strftime("%Y-%m-%dT%H:%M:%SZ")), "exchange.lifetime")


@pytest.mark.parametrize(
    "changes",
    [
        {"sequence": 2},
        {"previous": b64(bytes(32))},
        {"stream": "other"},
        {"id": message_id(5)},
        {"descriptor": 2},
        {"created": "2026-11-28T08:00:01Z"},
        {"expires": "2026-12-30T08:00:00Z"},
    ],
)
def test_no_line_of_the_header_can_be_changed(changes):
    refused(with_header(**changes), "exchange.seal_broken")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"size": 8192}, "exchange.size_differs"),
        ({"size": 5000}, "exchange.size_differs"),
        ({"sequence": 0}, "exchange.header_invalid"),
        ({"sequence": "1"}, "exchange.header_invalid"),
        ({"id": "1"}, "exchange.header_invalid"),
        ({"more": 1}, "exchange.header_invalid"),
        ({"sender": "XA EXAMPLE"}, "exchange.header_invalid"),
    ],
)
def test_a_header_of_another_form_is_refused(changes, code):
    refused(with_header(**changes), code)


@pytest.mark.parametrize(
    ("clear", "code"),
    [
        (b'{"v":1,"v":1}', "exchange.key_twice"),
        (b"[1]", "exchange.not_json"),
        (b'{"v":1.0}', "exchange.number"),
        (b'{"v":NaN}', "exchange.number"),
        (b'{"v":99999999999999999999}', "exchange.number"),
        (b'{"v":null}', "exchange.not_json"),
        (b'{"v":' + b"[" * 13 + b"]" * 13 + b"}", "exchange.too_deep"),
        (b'{"v":' + b"[" * 2000 + b"]" * 2000 + b"}", "exchange.too_deep"),
        (b'{"v":"\\ud800"}', "exchange.not_json"),
        (b'{"v":"\xff"}', "exchange.not_json"),
        (b"{ ", "exchange.not_json"),
    ],
)
def test_json_that_two_readers_could_read_in_two_ways_is_refused(clear, code):
    refused(put_together(clear, parts()[1]), code)


def test_padding_that_is_none_is_refused():
    plain = strict_json.write(said_inside())
    length = len(plain).to_bytes(4, "big")
    rest = size_for(len(plain)) - 4 - len(plain)
    refused(sealed_plain(length + plain + b"\x01" * rest), "exchange.padding_broken")
    refused(sealed_plain((2**31).to_bytes(4, "big") + plain + bytes(rest)), "exchange.padding_broken")
    larger = SIZES[SIZES.index(size_for(len(plain))) + 1]
    refused(sealed_plain(length + plain + bytes(larger - 4 - len(plain))), "exchange.padding_broken")


@pytest.mark.parametrize("changes", [{"inner": 1}, {"fields": {}}, {"keys": []}, {"fields": [1]}, {"more": 1}])
def test_content_of_another_form_is_refused(changes):
    refused(forged(said_inside() | changes), "exchange.content_invalid")


def test_content_without_a_signature_or_with_one_of_another_kind_is_refused():
    token = said_inside()["inner"]
    head, payload, _ = token.split(".")
    none = b64(b'{"alg":"none","kid":"x","typ":"pratique-inner"}')
    for wrong in (
        "",
        "a.b",
        f"{head}.{payload}",
        f"{head}.{payload}.",
        f"{none}.{payload}.",
        token + ".",
        token + "=",
        "é" * 9,
    ):
        refused(forged(said_inside(inner=None) | {"inner": wrong}), "exchange.signature_form")
    refused(forged(said_inside(kind="pratique-receipt")), "exchange.signature_form")


def test_a_signature_by_anybody_else_is_refused():
    stranger = signer(sign_private("stranger"))
    refused(forged(said_inside(key=stranger)), "exchange.key_unknown")
    posing = jws.KeyInMemory(A.signer.id, stranger.private)
    refused(forged(said_inside(key=posing)), "exchange.signature_broken")
    refused(forged(said_inside(key=B.signer)), "exchange.key_unknown")


def test_a_signed_message_cannot_be_sealed_again_for_somebody_else():
    """Surreptitious forwarding: C got A's message and seals it for B, in A's name or its own."""
    for_c = content(A.id, C.id)
    token = jws.signed(strict_json.write(for_c.inner.dump()), kind=KIND, signer=A.signer).decode()
    said = {"inner": token, "fields": [b64(each.data) for each in for_c.openings], "keys": {}}
    error = refused(forged(said), "exchange.disagrees")
    assert error.params["field"] == "recipient"
    partners = PARTNERS | {C.id: C.partner}
    refused(forged(said, sender=C), "exchange.key_unknown", partners=partners)


@pytest.mark.parametrize(
    ("name", "value"), [("id", message_id(7)), ("created", "2026-11-28T07:59:59Z"), ("sender", "xc.example")]
)
def test_header_and_signed_terms_must_say_the_same(name, value):
    inner = content(A.id, B.id).inner.dump() | {name: value}
    assert refused(forged(said_inside(inner)), "exchange.disagrees").params["field"] == name


@pytest.mark.parametrize(
    "changes",
    [
        {"handling": {"tlp": "pink"}},
        {"handling": {"tlp": "amber", "codes": ["h9"]}},
        {"clauses": []},
        {"origins": []},
        {"type": "alert"},
        {"agreement": {"id": "x", "version": "1", "digest": "AA"}},
        {"unknown": True},
    ],
)
def test_terms_that_are_none_are_refused(changes):
    refused(forged(said_inside(content(A.id, B.id).inner.dump() | changes)), "exchange.inner_invalid")


def test_fields_that_the_signature_does_not_cover_are_refused():
    other = committed([MessageField("summary", "Something else.", DataCategory.RISK, False)], salt=lambda: bytes(16))
    refused(forged(said_inside(fields=[b64(other[0].data)])), "exchange.fields_disagree")
    honest = said_inside()["fields"]
    refused(forged(said_inside(fields=[honest[0], honest[0]])), "exchange.fields_disagree")
    refused(forged(said_inside(fields=["!"])), "exchange.field_invalid")
    refused(forged(said_inside(fields=[b64(b'{"s":"x"}')])), "exchange.field_invalid")
    wrong = b64(b'{"c":"gossip","n":"x","p":false,"s":"AAAAAAAAAAAAAAAAAAAAAA","v":1}')
    refused(forged(said_inside(fields=[wrong])), "exchange.field_invalid")


def test_a_key_of_an_attachment_that_the_terms_do_not_name_is_refused():
    refused(forged(said_inside(keys={b64(bytes(32)): b64(bytes(32))})), "exchange.content_invalid")
    refused(forged(said_inside(keys={"!": "!"})), "exchange.content_invalid")


def test_a_key_whose_time_is_over_signs_nothing_even_with_a_moment_of_its_time():
    short = described(A.id)
    keys = tuple(
        key.model_copy(update={"valid_until": NOW + 5 * DAY}) if key.use == "sign" else key for key in short.keys
    )
    document = descriptor.sign(short.model_copy(update={"keys": keys}), A.signer)
    found = descriptor.read(document)
    partners = {A.id: confirm(found, found.digest)}
    assert opened(SENT.data, partners=partners).header.id == SENT.header.id
    refused(SENT.data, "exchange.key_not_in_force", partners=partners, now=NOW + 6 * DAY)


def test_a_revoked_key_and_an_unknown_descriptor_are_refused():
    revoked = replace(A.partner, revoked_keys=frozenset({A.signer.id}))
    refused(SENT.data, "exchange.key_revoked", partners={A.id: revoked})
    later = sealed(A, B, place=first_place(A.id, B.id, descriptor=2))
    refused(later.data, "exchange.descriptor_unknown")


def test_every_refusal_says_what_happened_in_all_languages():
    from pratique.vocabulary.sentences import retold

    error = refused(SENT.data, "exchange.wrong_recipient", recipient=C)
    for language in ("en", "fr", "es", "ar"):
        told = retold(error, language)
        assert B.id in told.happened
        assert told.kept
        assert told.todo


def test_inner_terms_are_closed():
    assert Inner.model_config["extra"] == "forbid"
    assert Header.model_config["frozen"] is True
