"""Receipts and errors: signed, about exactly what was sent, and nothing else counts."""

import hashlib
from dataclasses import replace

import pytest

from exchange_kit import DAY, NOW, administration, message_id, sealed, seeded
from pratique.partners.exchange.attachments import CHUNK, opened_chunks, sealed_chunks, sealed_size
from pratique.partners.exchange.receipt import (
    LogPromise,
    Receipt,
    Sent,
    SignedError,
    read_error,
    read_receipt,
    sign_error,
    sign_receipt,
)
from pratique.vocabulary.errors import PratiqueError

A, B = administration("xa.example"), administration("xb.example")
ENVELOPE = sealed(A, B)
SENT = Sent(ENVELOPE.header, ENVELOPE.hash)
SAID = Receipt(
    v=1,
    message=ENVELOPE.header.id,
    envelope=ENVELOPE.hash,
    sender=A.id,
    recipient=B.id,
    stream="main",
    sequence=1,
    status="received",
    at=NOW,
    log=LogPromise(leaf=seeded("leaf"), by=NOW + DAY),
)


def refused(code, act, *args, **how):
    with pytest.raises(PratiqueError) as caught:
        act(*args, **how)
    assert caught.value.code == code


def test_a_receipt_is_of_the_envelope_and_of_the_recipient():
    assert read_receipt(sign_receipt(SAID, B.signer), B.partner, SENT, now=NOW) == SAID


@pytest.mark.parametrize(
    "changes",
    [
        {"message": message_id(2)},
        {"envelope": seeded("other")},
        {"sender": "xc.example"},
        {"recipient": "xc.example"},
        {"stream": "other"},
        {"sequence": 2},
    ],
)
def test_a_receipt_of_another_envelope_is_none(changes):
    token = sign_receipt(SAID.model_copy(update=changes), B.signer)
    refused("exchange.receipt_of_other", read_receipt, token, B.partner, SENT, now=NOW)


def test_a_receipt_signed_by_another_or_for_another_purpose_is_none():
    refused("exchange.key_unknown", read_receipt, sign_receipt(SAID, A.signer), B.partner, SENT, now=NOW)
    posing = replace(A.signer, id=B.signer.id)
    refused("exchange.signature_broken", read_receipt, sign_receipt(SAID, posing), B.partner, SENT, now=NOW)
    error = SignedError(v=1, about=ENVELOPE.hash, sender=B.id, code="exchange.gap", at=NOW, expected=4)
    refused("exchange.signature_form", read_receipt, sign_error(error, B.signer), B.partner, SENT, now=NOW)
    refused("exchange.signature_form", read_receipt, b"received, thank you", B.partner, SENT, now=NOW)
    refused("exchange.oversized", read_receipt, b"x" * 9000, B.partner, SENT, now=NOW)
    later = SAID.model_copy(update={"at": NOW + DAY})
    refused("exchange.receipt_invalid", read_receipt, sign_receipt(later, B.signer), B.partner, SENT, now=NOW)


def test_a_signed_error_is_about_exactly_the_refused_bytes():
    error = SignedError(v=1, about=ENVELOPE.hash, sender=B.id, code="exchange.gap", at=NOW, expected=4)
    token = sign_error(error, B.signer)
    assert read_error(token, B.partner, ENVELOPE.data, now=NOW) == error
    refused("exchange.receipt_of_other", read_error, token, B.partner, b"other bytes", now=NOW)
    refused("exchange.signature_form", read_error, sign_receipt(SAID, B.signer), B.partner, ENVELOPE.data, now=NOW)


KEY = seeded("attachment")


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
def test_an_attachment_comes_out_as_it_went_in_whatever_the_pieces(size):
    plain = seeded("file", length=size)
    digest = hashlib.sha256(plain).digest()
    for piece in (1000, CHUNK, 10 * CHUNK):
        pieces = [plain[at : at + piece] for at in range(0, size, piece)]
        sealed_whole = b"".join(sealed_chunks(pieces, key=KEY))
        assert len(sealed_whole) == sealed_size(size)
        back = [sealed_whole[at : at + piece] for at in range(0, len(sealed_whole), piece)]
        assert b"".join(opened_chunks(back, key=KEY, sha256=digest)) == plain


def test_no_chunk_can_be_dropped_repeated_moved_cut_off_or_changed():
    plain = seeded("file", length=3 * CHUNK)
    digest = hashlib.sha256(plain).digest()
    chunks = list(sealed_chunks([plain], key=KEY))
    wrong = [
        chunks[:2],
        chunks[1:],
        [chunks[0], *chunks],
        [chunks[1], chunks[0], chunks[2]],
        [*chunks, b"more"],
        [chunks[0][:-1] + bytes([chunks[0][-1] ^ 1]), *chunks[1:]],
        [],
    ]
    for each in wrong:
        refused("exchange.attachment_broken", lambda each=each: list(opened_chunks(each, key=KEY, sha256=digest)))
    refused("exchange.attachment_broken", lambda: list(opened_chunks(chunks, key=seeded("x"), sha256=digest)))
    refused("exchange.attachment_broken", lambda: list(opened_chunks(chunks, key=KEY, sha256=bytes(32))))
