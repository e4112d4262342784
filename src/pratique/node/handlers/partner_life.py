"""One partner as a whole: which of its keys count and until when, how each version came to count, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pratique.node.acts import Query, View
from pratique.node.exchange.announced import still_waiting
from pratique.node.exchange.register import known_partners
from pratique.node.handlers.partners import DescriptorTaken, ShownPartner, ShowPartner, follows, show_partner
from pratique.node.storage import partners as stored
from pratique.node.storage.partners import StoredDescriptor, StoredFact, StoredRevocation
from pratique.node.storage.store import Connection
from pratique.partners.exchange.descriptor import (
    Descriptor,
    DescriptorKey,
    fingerprint,
    read,
    spoken,
)
from pratique.partners.exchange.partner import Partner

NAMED = ("name", "authority", "endpoint", "contacts", "roots_needed")


@dataclass(frozen=True, slots=True)
class PartnerKey:
    """A key of the newest descriptor that counts; ``state`` is in_force, not_yet, over or revoked."""

    id: str
    use: str
    valid_from: datetime
    valid_until: datetime
    state: str


@dataclass(frozen=True, slots=True)
class VersionHeld:
    """A version that counts or counted: ``counts_by`` says how (confirmed, rotated, restarted), since when, by whom."""

    version: int
    fingerprint: str
    counts_by: str
    counts_since: str
    confirmed_by: str | None
    taken_by: str
    valid_until: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class VersionWaiting:
    """A version that waits for a person; ``taken.because`` says why, ``changed`` and ``new_keys`` what is other.

    ``follows``: a key that counts, or the roots, signed it, so that a person may let it count (``AcceptDescriptor``);
    else its fingerprint has to be compared (``ConfirmDescriptor``).
    """

    taken: DescriptorTaken
    at: str
    by: str
    follows: bool
    changed: tuple[str, ...] = ()
    new_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnerLife:
    """A partner with all that was taken in of it; ``spoken`` is the fingerprint that counts, for the telephone."""

    partner: ShownPartner
    spoken: tuple[str, ...]
    keys: tuple[PartnerKey, ...]
    versions: tuple[VersionHeld, ...]
    waiting: tuple[VersionWaiting, ...]
    revocations: tuple[StoredRevocation, ...]
    revoked: tuple[str, ...]
    facts: tuple[StoredFact, ...]


@dataclass(frozen=True, slots=True)
class ShowPartnerLife(Query[PartnerLife]):
    """One partner as a whole."""

    partner: str


def show_partner_life(query: ShowPartnerLife, view: View) -> PartnerLife:
    """Raises ``NOT_FOUND`` where nothing was ever taken in from it."""
    shown = show_partner(ShowPartner(query.partner), view)
    known = known_partners(view.connection).get(query.partner)
    rows = stored.descriptors(view.connection, query.partner)
    return PartnerLife(
        partner=shown,
        spoken=spoken(known.digest) if known else (),
        keys=tuple(_key(each, known, view.at) for each in known.current.keys) if known else (),
        versions=_versions(rows, known, view.at),
        waiting=tuple(
            _waiting(row, known, taken, view.at) for row, taken in zip(still_waiting(rows), shown.waiting, strict=True)
        ),
        revocations=tuple(stored.revocations(view.connection, query.partner)),
        revoked=tuple(sorted(known.revoked_keys)) if known else (),
        facts=_facts(view.connection, query.partner),
    )


def _key(key: DescriptorKey, known: Partner, at: datetime) -> PartnerKey:
    state = "in_force" if key.in_force(at) else "not_yet" if at < key.valid_from else "over"
    if key.id in known.revoked_keys:
        state = "revoked"
    return PartnerKey(key.id, key.use, key.valid_from, key.valid_until, state)


def _versions(rows: list[StoredDescriptor], known: Partner | None, at: datetime) -> tuple[VersionHeld, ...]:
    """Newest first."""
    held = {each.digest.hex(): each for each in known.versions} if known else {}
    return tuple(
        VersionHeld(
            row.version,
            fingerprint(bytes.fromhex(row.sha256)),
            row.counts_by,
            row.counts_since or row.at,
            row.confirmed_by,
            row.by,
            read(row.data).descriptor.valid_until,
            row.sha256 in held and held[row.sha256].counts(at),
        )
        for row in reversed(rows)
        if row.counts_by is not None
    )


def _waiting(row: StoredDescriptor, known: Partner | None, taken: DescriptorTaken, at: datetime) -> VersionWaiting:
    found = read(row.data)
    if known is None:
        return VersionWaiting(taken, row.at, row.by, follows=False)
    said, follow = found.descriptor, follows(known, found, at=at) is not None
    changed = tuple(name for name in NAMED if getattr(said, name) != getattr(known.current, name))
    return VersionWaiting(taken, row.at, row.by, follow, changed, _other_keys(said, known.current))


def _other_keys(new: Descriptor, old: Descriptor) -> tuple[str, ...]:
    before = {key.public for key in old.keys}
    return tuple(dict.fromkeys(key.use for key in new.keys if key.public not in before))


def _facts(connection: Connection, partner: str) -> tuple[StoredFact, ...]:
    found = stored.facts_of(connection, partner)
    return tuple(found[name] for name in sorted(found))
