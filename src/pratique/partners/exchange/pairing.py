"""The pairing of two administrations: each other's descriptors and the agreements they exchange under, signed by both.

It is made when the agreement is signed, and shows later that both sides knew each other's keys and meant the same text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from pratique.partners.exchange import jws, strict_json
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.inner import AgreementRef
from pratique.partners.exchange.keys import verifying_key
from pratique.partners.exchange.partner import Partner
from pratique.partners.exchange.signatures import SignedTogether, read_together, sign_together
from pratique.partners.exchange.wire import Hash, ListOf, Moment, Number, PartnerId, Wire, record
from pratique.vocabulary.errors import PratiqueError

KIND: Final = "pratique-pairing"
LARGEST: Final = 32 * 1024


class Party(Wire):
    """One side: its id, and version and digest of the descriptor that the other has confirmed."""

    id: PartnerId
    descriptor: Annotated[Number, Field(ge=1)]
    digest: Hash


class Pairing(Wire):
    """What both sign. Parties stand in the order of their ids."""

    v: Literal[1]
    parties: Annotated[tuple[Party, Party], ListOf]
    agreements: Annotated[tuple[AgreementRef, ...], Field(min_length=1, max_length=60), ListOf]
    since: Moment


def pairing(one: Partner, other: Partner, agreements: tuple[AgreementRef, ...], *, since: datetime) -> Pairing:
    """The pairing of two administrations as they are described now."""
    both = sorted((one, other), key=lambda partner: partner.id)
    first, second = (Party(id=each.id, descriptor=each.current.version, digest=each.digest) for each in both)
    return Pairing(v=1, parties=(first, second), agreements=agreements, since=since)


def propose(said: Pairing, signer: jws.Signer) -> bytes:
    """The pairing with the signature of the side that proposes it."""
    return sign_together(strict_json.write(said.dump()), [signer], kind=KIND)


def countersign(data: bytes, expected: Pairing, signer: jws.Signer) -> bytes:
    """The pairing with the second signature. ``expected`` is what this side makes of it; raises ``exchange.pairing``
    where the proposal says anything else."""
    proposed = read_together(data, what="pairing", at_most=LARGEST)
    if proposed.payload != strict_json.write(expected.dump()):
        raise refuse("exchange.pairing", fault="it names other descriptors or agreements than this side has")
    return proposed.with_another(signer, kind=KIND)


def read_pairing(data: bytes, parties: Mapping[str, Partner], *, at: datetime) -> Pairing:
    """A pairing that both sides have signed with keys that counted at ``at``. Raises ``exchange.pairing``."""
    signed = read_together(data, what="pairing", at_most=LARGEST)
    said = record(
        Pairing,
        strict_json.read(signed.payload, what="pairing", at_most=LARGEST),
        code="exchange.pairing_invalid",
        what="pairing",
    )
    for party in said.parties:
        partner = parties.get(party.id)
        if partner is None or party.digest not in {held.digest for held in partner.versions}:
            raise refuse("exchange.pairing", fault=f"the descriptor of {party.id} is not the one confirmed")
        if not _has_signed(signed, partner, at):
            raise refuse("exchange.pairing", fault=f"{party.id} has not signed it")
    if said.parties[0].id == said.parties[1].id:
        raise refuse("exchange.pairing", fault="both parties are the same")
    return said


def _has_signed(signed: SignedTogether, partner: Partner, at: datetime) -> bool:
    for token in signed.tokens:
        try:
            apart = jws.taken_apart(token, kind=KIND)
            apart.verify(verifying_key(partner.any_signing_key(apart.key_id, at=at).public))
        except PratiqueError:
            continue
        return True
    return False
