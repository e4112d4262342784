"""Which next descriptor of a partner may count without a person: the planned rotation, and nothing else.

That a version follows is checked first (:func:`~pratique.partners.exchange.partner.rotated`): by signatures, number and
digest. But whoever stole a signing key can make a version that follows. So by itself only that is taken which changes
the keys to sign and to seal for, once in the time of an overlap: then the keys of before count on, and nothing by which
people reach the partner, and by which its roots and its log are known, has moved. Everything else waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pratique.partners.exchange.descriptor import KIND, Descriptor, SignedDescriptor
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.partner import (
    OVERLAP,
    Partner,
    names_first_roots,
    restarted,
    rotated,
    version_signers,
)
from pratique.vocabulary.errors import Category, PratiqueError

SKEW: Final = timedelta(minutes=5)


class Waits(StrEnum):
    """Why a descriptor that came over the line waits for a person."""

    STRANGER = "stranger"
    """Nobody confirmed anything of this partner yet."""
    ANEW = "anew"
    """The roots have signed a new beginning: the partner's keys fell into wrong hands."""
    BY_PERSON = "by_person"
    """This administration wants a person to look at every version of this partner."""
    ALARM = "alarm"
    """Something came from the partner in the time of an overlap that no honest one sends, or ever a fork."""
    IDENTITY = "identity"
    ENDPOINT = "endpoint"
    CONTACTS = "contacts"
    ROOTS = "roots"
    LOG = "log"
    """Keys of its log or as witness are others."""
    SOON = "soon"
    """The version before has not counted for as long as an overlap."""
    AHEAD = "ahead"
    """It is not in force yet."""
    SHORT = "short"
    """It ends before the overlap does."""
    BEFORE = "before"
    """The version before it waits itself."""
    SEEN = "seen"
    """Nothing keeps it any more: it counts when the partner announces it once more, or a person takes it."""


@dataclass(frozen=True, slots=True)
class Follows:
    """A version that follows: the partner with it, how it would count, and why it waits (nothing: by itself)."""

    partner: Partner
    anew: bool
    waits: Waits | None


def judged(partner: Partner, found: SignedDescriptor, *, since: datetime, now: datetime) -> Follows:
    """What becomes of a descriptor that a partner announced, whose newest version counts here ``since``.

    Raises ``exchange.rotation`` where it does not follow, ``exchange.descriptor_older`` for a version that was replaced
    ``exchange.descriptor_fork`` for a second one under a number, signed with a key of the version before it, and
    ``exchange.key_revoked``.
    """
    _require_newer(partner, found)
    try:
        after = rotated(partner, found, now=now)
    except PratiqueError as fault:
        try:
            return Follows(restarted(partner, found), True, Waits.ANEW)
        except PratiqueError:
            if names_first_roots(partner, found, now=now):
                return Follows(partner, False, Waits.ROOTS)
            raise _spoken(partner, found) or fault from None
    return Follows(after, False, _why_waits(partner.current, found.descriptor, since=since, now=now))


def _require_newer(partner: Partner, found: SignedDescriptor) -> None:
    new, old = found.descriptor, partner.current
    if new.id != old.id:
        raise refuse("exchange.rotation", partner=partner.id, fault="it is another partner's")
    if new.version > old.version:
        return
    if any(held.digest == found.digest for held in partner.versions):
        raise refuse("exchange.descriptor_older", partner=partner.id, version=new.version, newest=old.version)
    raise _spoken(partner, found) or refuse(
        "exchange.rotation", partner=partner.id, fault=f"version {old.version + 1} comes next"
    )


def _spoken(partner: Partner, found: SignedDescriptor) -> PratiqueError | None:
    """What is worse than a version that does not follow: a revoked key that made it, or a second one of its number."""
    new = found.descriptor
    for held in partner.versions:
        signers = version_signers(held, found.more_signatures, KIND)
        for key in sorted(signers & partner.revoked_keys):
            return refuse("exchange.key_revoked", Category.DENIED, partner=partner.id, key=key)
        if signers and held.digest == new.replaces and new.version <= partner.current.version:
            return refuse("exchange.descriptor_fork", Category.CONFLICT, partner=partner.id, version=new.version)
    return None


def _why_waits(old: Descriptor, new: Descriptor, *, since: datetime, now: datetime) -> Waits | None:
    """The first rule of a planned rotation that does not hold."""
    rules = (
        (Waits.IDENTITY, (new.name, new.country, new.authority) == (old.name, old.country, old.authority)),
        (Waits.ENDPOINT, new.endpoint == old.endpoint),
        (Waits.CONTACTS, new.contacts == old.contacts),
        (Waits.ROOTS, new.roots_needed == old.roots_needed and _public(new, "root") == _public(old, "root")),
        (Waits.LOG, all(_public(new, use) == _public(old, use) for use in ("log", "witness"))),
        (Waits.SOON, now >= since + OVERLAP),
        (Waits.AHEAD, new.valid_from <= now + SKEW),
        (Waits.SHORT, new.valid_until >= now + OVERLAP),
    )
    return next((why for why, holds in rules if not holds), None)


def _public(said: Descriptor, use: str) -> frozenset[bytes]:
    return frozenset(key.public for key in said.of_use(use))
