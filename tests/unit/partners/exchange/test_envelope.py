"""Envelopes: what was sealed for a partner comes out as it went in, and nothing else comes out at all."""

import pytest

from exchange_kit import FIELDS, NOW, administration, content, sealed
from pratique.partners.exchange.envelope import open_envelope
from pratique.vocabulary.errors import PratiqueError

A, B, C = (administration(name) for name in ("xa.example", "xb.example", "xc.example"))
PARTNERS = {each.id: each.partner for each in (A, B)}


def opened(data, recipient=B, partners=PARTNERS, now=NOW):
    return open_envelope(data, recipient.recipient, partners, now=now)


def refused(data, code, **how):
    with pytest.raises(PratiqueError) as caught:
        opened(data, **how)
    assert caught.value.code == code
    return caught.value


def test_what_is_sealed_for_a_partner_comes_out_as_it_went_in():
    sent = sealed(A, B)
    found = opened(sent.data)
    assert sorted(found.fields, key=lambda field: field.name) == sorted(FIELDS, key=lambda field: field.name)
    assert found.inner == content(A.id, B.id).inner
    assert found.hash == sent.hash
    assert found.header == sent.header
