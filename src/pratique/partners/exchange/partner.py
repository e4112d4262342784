"""A partner as this node knows it: confirmed descriptors, the overlap at a rotation, and what was revoked.

A :class:`Partner` comes from :func:`confirm` alone, with the digest that a person compared; later versions come by
:func:`rotated` (signed with the key before) or :func:`restarted` (signed by the roots), keys go by :func:`revoked`.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from pratique.partners.exchange import jws, strict_json
from pratique.partners.exchange.descriptor import KIND as DESCRIPTOR
from pratique.partners.exchange.descriptor import Descriptor, DescriptorKey, SignedDescriptor
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.keys import verifying_key
from pratique.partners.exchange.signatures import read_together, sign_together
from pratique.partners.exchange.wire import Code, Line, ListOf, Moment, Number, PartnerId, Wire, record
from pratique.vocabulary.errors import Category, PratiqueError

OVERLAP: Final = timedelta(days=30)
REVOCATION: Final = "pratique-revocation"
LARGEST_REVOCATION: Final = 32 * 1024


@dataclass(frozen=True, slots=True)
class Version:
    """A confirmed version of a descriptor, and until when what it signs still counts (``None``: its own validity)."""

    descriptor: Descriptor
    digest: bytes
    counts_until: datetime | None = None

    def counts(self, at: datetime) -> bool:
        """The version is in force at ``at``, or in the overlap after the next one."""
        until = self.descriptor.valid_until if self.counts_until is None else self.counts_until
        return self.descriptor.valid_from <= at < min(until, self.descriptor.valid_until)


class Revocation(Wire):
    """Keys that count no more, whatever they signed and whenever; ``number`` grows with each of the partner."""

    v: Literal[1]
    partner: PartnerId
    number: Annotated[Number, Field(ge=1)]
    keys: Annotated[tuple[Code, ...], Field(min_length=1, max_length=40), ListOf]
    since: Moment
    reason: Line


@dataclass(frozen=True, slots=True)
class Partner:
    """The versions that count or counted, newest first, and the ids of revoked keys."""

    versions: tuple[Version, ...]
    revoked_keys: frozenset[str] = frozenset()
    last_revocation: int = 0

    @property
    def id(self) -> str:
        """The partner's id, the same in every version."""
        return self.current.id

    @property
    def current(self) -> Descriptor:
        """The newest descriptor."""
        return self.versions[0].descriptor

    @property
    def digest(self) -> bytes:
        """The digest of the newest descriptor."""
        return self.versions[0].digest

    def signing_key(self, key_id: str, *, version: int, at: datetime) -> DescriptorKey:
        """The key of that version that may have signed at ``at``.

        Raises ``exchange.descriptor_unknown``, ``exchange.descriptor_over``, ``exchange.key_unknown``,
        ``exchange.key_revoked`` and ``exchange.key_not_in_force``.
        """
        held = next((held for held in self.versions if held.descriptor.version == version), None)
        if held is None:
            raise refuse("exchange.descriptor_unknown", partner=self.id, version=version)
        if key_id in self.revoked_keys:
            raise refuse("exchange.key_revoked", Category.DENIED, partner=self.id, key=key_id)
        if not held.counts(at):
            raise refuse("exchange.descriptor_over", partner=self.id, version=version)
        key = held.descriptor.key("sign", key_id)
        if key is None:
            raise refuse("exchange.key_unknown", partner=self.id, key=key_id)
        if not key.in_force(at):
            raise refuse("exchange.key_not_in_force", partner=self.id, key=key_id)
        return key

    def any_signing_key(self, key_id: str, *, at: datetime) -> DescriptorKey:
        """The key of whichever version counts at ``at``: for what names no version (requests, receipts)."""
        fault: PratiqueError | None = None
        for held in self.versions:
            try:
                return self.signing_key(key_id, version=held.descriptor.version, at=at)
            except PratiqueError as found:
                fault = fault or found
        raise fault or refuse("exchange.key_unknown", partner=self.id, key=key_id)

    def sealing_key(self, at: datetime) -> DescriptorKey:
        """The key to seal for: the newest in force and not revoked. Raises ``exchange.no_key``."""
        if not self.versions[0].counts(at):
            raise refuse("exchange.descriptor_over", partner=self.id, version=self.current.version)
        keys = [key for key in self.current.of_use("seal") if key.in_force(at) and key.id not in self.revoked_keys]
        if not keys:
            raise refuse("exchange.no_key", partner=self.id, use="seal")
        return max(keys, key=lambda key: key.valid_from)


def confirm(found: SignedDescriptor, confirmed: bytes) -> Partner:
    """The partner of a descriptor whose digest a person compared with what the partner itself said.

    A partner begins with whatever version is confirmed. Raises ``exchange.not_confirmed`` where the digests differ.
    """
    if not hmac.compare_digest(found.digest, confirmed):
        raise refuse("exchange.not_confirmed", Category.DENIED, partner=found.descriptor.id)
    return Partner((Version(found.descriptor, found.digest),))


def rotated(partner: Partner, found: SignedDescriptor, *, now: datetime) -> Partner:
    """The partner with the next version, signed with a key of the version before; the old one counts 30 days more.

    Raises ``exchange.rotation`` with what does not follow; roots change only under the roots' own signatures.
    """
    _require_next(partner, found)
    signed_before = any(_signed_by_old(partner, token, now) for token in found.more_signatures)
    _require(partner, "no key of the version before has signed it", signed_before)
    if _roots(found.descriptor) != _roots(partner.current):
        approved = _enough_roots(partner, found.more_signatures, DESCRIPTOR)
        _require(partner, "the roots changed without the roots", approved)
    return _succeeded(partner, found, old_counts_until=max(now, found.descriptor.valid_from) + OVERLAP)


def names_first_roots(partner: Partner, found: SignedDescriptor, *, now: datetime) -> bool:
    """It follows in everything but that it names roots where there were none, which only a person can confirm."""
    if partner.current.of_use("root") or not found.descriptor.of_use("root"):
        return False
    try:
        _require_next(partner, found)
    except PratiqueError:
        return False
    return any(_signed_by_old(partner, token, now) for token in found.more_signatures)


def confirmed_anew(partner: Partner, found: SignedDescriptor, *, now: datetime) -> Partner:
    """The partner with a version that a person compared as at the first time. What was revoked stays so.

    Where a key of the version before has signed it and it follows, as it does when the first roots are named, the old
    version counts 30 days more, so that nothing under way is lost.
    """
    try:
        _require_next(partner, found)
        follows = any(_signed_by_old(partner, token, now) for token in found.more_signatures)
    except PratiqueError:
        follows = False
    if follows:
        return _succeeded(partner, found, old_counts_until=max(now, found.descriptor.valid_from) + OVERLAP)
    return replace(partner, versions=(Version(found.descriptor, found.digest),))


def restarted(partner: Partner, found: SignedDescriptor) -> Partner:
    """The partner with a version that the roots have signed, after its keys fell into wrong hands: no overlap at all.

    It need not name the version before, which a thief may have made; nor does the overlap of any earlier version go on,
    since a thief may have rotated more than once. Raises ``exchange.rotation``.
    """
    new, old = found.descriptor, partner.current
    _require(partner, "it is another partner's", new.id == old.id and new.country == old.country)
    _require(partner, f"a version above {old.version} comes next", new.version > old.version)
    _require(partner, "it carries a revoked key", all(key.id not in partner.revoked_keys for key in new.keys))
    _require(
        partner, "fewer roots than needed have signed it", _enough_roots(partner, found.more_signatures, DESCRIPTOR)
    )
    ended = tuple(replace(each, counts_until=each.descriptor.valid_from) for each in partner.versions)
    return replace(partner, versions=(Version(found.descriptor, found.digest), *ended))


def revocation(revoked: Revocation, roots: Iterable[jws.Signer]) -> bytes:
    """A revocation as the officers who keep the roots write it, for every partner to read."""
    return sign_together(strict_json.write(revoked.dump()), roots, kind=REVOCATION)


def revoked(partner: Partner, data: bytes) -> Partner:
    """The partner without the keys that its roots revoke. Raises ``exchange.revocation`` and, for one that was already
    taken in or is older than one that was, ``exchange.revocation_older``."""
    signed = read_together(data, what="revocation", at_most=LARGEST_REVOCATION)
    if not _enough_roots(partner, signed.tokens, REVOCATION):
        raise refuse("exchange.revocation", partner=partner.id, fault="fewer roots than needed have signed it")
    said = record(
        Revocation,
        strict_json.read(signed.payload, what="revocation", at_most=LARGEST_REVOCATION),
        code="exchange.revocation_invalid",
        what="revocation",
    )
    if said.partner != partner.id:
        raise refuse("exchange.revocation", partner=partner.id, fault="it is another partner's")
    if said.number <= partner.last_revocation:
        raise refuse("exchange.revocation_older", partner=partner.id, number=said.number)
    return replace(partner, revoked_keys=partner.revoked_keys | set(said.keys), last_revocation=said.number)


def _require_next(partner: Partner, found: SignedDescriptor) -> None:
    new, old = found.descriptor, partner.current
    _require(partner, "it is another partner's", new.id == old.id and new.country == old.country)
    _require(partner, f"version {old.version + 1} comes next", new.version == old.version + 1)
    _require(partner, "it does not name the version before", new.replaces == partner.digest)
    _require(partner, "it carries a revoked key", all(key.id not in partner.revoked_keys for key in new.keys))


def _require(partner: Partner, fault: str, holds: bool) -> None:
    if not holds:
        raise refuse("exchange.rotation", partner=partner.id, fault=fault)


def _signed_by_old(partner: Partner, token: bytes, now: datetime) -> bool:
    try:
        apart = jws.taken_apart(token, kind=DESCRIPTOR)
        key = partner.signing_key(apart.key_id, version=partner.current.version, at=now)
        apart.verify(verifying_key(key.public))
    except PratiqueError:
        return False
    return True


def version_signers(held: Version, tokens: Iterable[bytes], kind: str) -> frozenset[str]:
    """The signing keys of that version that made one of the tokens, revoked or not: who it is that speaks."""
    return _signers(held.descriptor, "sign", tokens, kind)


def root_signers(descriptor: Descriptor, tokens: Iterable[bytes], kind: str) -> frozenset[str]:
    """The different roots of the descriptor that have signed; a signature of anybody else is passed over."""
    return _signers(descriptor, "root", tokens, kind)


def _signers(descriptor: Descriptor, use: str, tokens: Iterable[bytes], kind: str) -> frozenset[str]:
    signed_by = set()
    for token in tokens:
        try:
            apart = jws.taken_apart(token, kind=kind)
            key = descriptor.key(use, apart.key_id)
            if key is not None:
                apart.verify(verifying_key(key.public))
                signed_by.add(key.id)
        except PratiqueError:
            continue
    return frozenset(signed_by)


def _enough_roots(partner: Partner, tokens: Iterable[bytes], kind: str) -> bool:
    signed_by = root_signers(partner.current, tokens, kind) - partner.revoked_keys
    return 0 < partner.current.roots_needed <= len(signed_by)


def _roots(descriptor: Descriptor) -> tuple[int, frozenset[str]]:
    return descriptor.roots_needed, frozenset(key.id for key in descriptor.of_use("root"))


def _succeeded(partner: Partner, found: SignedDescriptor, *, old_counts_until: datetime) -> Partner:
    before = replace(partner.versions[0], counts_until=old_counts_until)
    return replace(partner, versions=(Version(found.descriptor, found.digest), before, *partner.versions[1:]))
