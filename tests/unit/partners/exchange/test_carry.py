"""A bundle carried by hand: nothing can be taken out, put in or moved on the way."""

import pytest

from exchange_kit import DAY, NOW, administration, sealed
from pratique.partners.exchange.carry import LARGEST, Item, read_bundle, write_bundle
from pratique.partners.exchange.envelope import open_envelope
from pratique.vocabulary.errors import PratiqueError

A, B = administration("xa.example"), administration("xb.example")
PARTNERS = {A.id: A.partner}
ITEMS = (Item("envelope", sealed(A, B).data), Item("receipt", b"a.receipt.here"), Item("revocation", b"{}"))


def bundle(items=ITEMS, recipient=B.id, sender=A.id):
    return write_bundle(items, sender=sender, recipient=recipient, made=NOW, signer=A.signer)


def read(data, now=NOW, partners=PARTNERS):
    return read_bundle(data, partners, own_id=B.id, now=now)


def refused(data, code, **how):
    with pytest.raises(PratiqueError) as caught:
        read(data, **how)
    assert caught.value.code == code
    return caught.value


def test_what_was_put_in_comes_out_with_what_makes_keys_invalid_first():
    found = read(bundle())
    assert [item.kind for item in found.items] == ["revocation", "receipt", "envelope"]
    assert set(found.items) == set(ITEMS)
    assert (found.sender, found.recipient, found.made) == (A.id, B.id, NOW)
    envelope = open_envelope(found.items[-1].data, B.recipient, PARTNERS, now=NOW)
    assert envelope.header.sender == A.id


def test_the_same_items_give_the_same_bundle_and_an_empty_one_is_one_too():
    assert read(bundle()).digest == read(bundle()).digest
    assert read(bundle(items=())).items == ()


def test_no_line_can_be_taken_out_put_in_moved_or_changed():
    lines = bundle().splitlines(keepends=True)
    without, twice = [*lines[:2], *lines[3:]], [*lines[:2], lines[1], *lines[2:]]
    moved = [lines[0], lines[2], lines[1], *lines[3:]]
    changed = [lines[0], lines[1].replace(b"envelope", b"receipt"), *lines[2:]]
    for wrong in (without, twice, moved, changed):
        refused(b"".join(wrong), "exchange.bundle")


def test_a_bundle_cut_off_anywhere_is_not_whole():
    data = bundle()
    for end in (0, 1, 50, len(data) // 2, len(data) - 1):
        with pytest.raises(PratiqueError):
            read(data[:end])


def test_a_bundle_for_another_or_from_a_stranger_is_refused():
    refused(bundle(recipient="xc.example"), "exchange.wrong_recipient")
    refused(bundle(), "exchange.sender_unknown", partners={})
    refused(
        bundle(sender="xc.example"),
        "exchange.key_unknown",
        partners={"xc.example": administration("xc.example").partner},
    )
    refused(bundle(), "exchange.descriptor_over", now=NOW + 700 * DAY)


def test_a_line_that_is_no_line_is_named():
    lines = bundle().splitlines(keepends=True)
    error = refused(b"".join([b"[]\n", *lines[1:]]), "exchange.bundle")
    assert error.params["line"] == 1


def test_what_is_too_large_is_refused_before_it_is_read():
    refused(b"\n" * (LARGEST + 1), "exchange.oversized")
    refused(b"\n" * 20_000, "exchange.bundle")
    with pytest.raises(PratiqueError) as caught:
        bundle(items=[Item("receipt", b"x")] * 10_001)
    assert caught.value.code == "exchange.bundle"
