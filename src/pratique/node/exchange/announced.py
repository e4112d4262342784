"""What becomes of descriptors that a partner announced over its line: looked at one behind the other, nothing written.

The same look is taken by the question whether anything is news and by the command that writes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pratique.node.errors import refuse
from pratique.node.exchange.register import BY_PERSON, known_partner
from pratique.node.instants import from_text, to_text
from pratique.node.storage import partners as stored
from pratique.node.storage.partners import StoredDescriptor
from pratique.node.storage.store import Connection
from pratique.partners.exchange.descriptor import SignedDescriptor, fingerprint, read
from pratique.partners.exchange.partner import OVERLAP, Partner
from pratique.partners.exchange.planned import Waits, judged
from pratique.vocabulary.errors import Category, PratiqueError

MOST: Final = 20  # versions at once
MOST_WAITING: Final = 5
FORK: Final = "exchange.descriptor_fork"
KNOWN: Final = "known"
COUNTS: Final = "counts"
WAITS: Final = "waits"
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Announced:
    """One descriptor that came: ``course`` is known, counts, waits or refused; ``why`` a word of :class:`Waits`, or the

    code of a fault. ``news`` where it is not in the store yet as it stands here.
    """

    version: int
    fingerprint: str
    course: str
    why: str = ""
    news: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """One of them with what is written of it: the descriptor where it could be read, the error where it is refused."""

    told: Announced
    sha256: bytes
    data: bytes
    found: SignedDescriptor | None = None
    error: PratiqueError | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class _Here:
    """What stands here: the partner, since when its newest version counts, the rows, and whether a person is wanted.

    ``waiting`` are digests of versions that wait, here or among those that are looked at.
    """

    partner: Partner
    since: datetime
    rows: dict[str, StoredDescriptor]
    wanted: Waits | None
    waiting: frozenset[str]


def looked_at(connection: Connection, partner_id: str, data: Sequence[bytes], *, at: datetime) -> tuple[Looked, ...]:
    """Each in its turn, on top of those before it. Raises ``NOT_FOUND`` for a partner that nobody confirmed.

    ``REJECTED`` for more of them than any honest partner has.
    """
    if len(data) > MOST:
        raise refuse("partners.many_announced", found=len(data), most=MOST)
    here = _here(connection, partner_id, at=at)
    looked = []
    for each in data:
        one, here = _look(connection, here, each, at=at)
        looked.append(one)
    return tuple(looked)


def still_waiting(rows: Iterable[StoredDescriptor]) -> list[StoredDescriptor]:
    """Those of a partner that wait, without what a later version has overtaken since."""
    listed = list(rows)
    newest = max((row for row in listed if row.counts_by is not None), key=_counts_seq, default=None)
    waiting = [row for row in listed if row.counts_by is None]
    if newest is None:
        return waiting
    return [row for row in waiting if row.version > newest.version or row.seq > _counts_seq(newest)]


def _counts_seq(row: StoredDescriptor) -> int:
    return int(row.counts_seq or 0)


def why_waits(connection: Connection, row: StoredDescriptor, *, at: datetime) -> str:
    """Why a descriptor that was taken in waits for a person: a word of :class:`Waits`, or the code of what is wrong."""
    try:
        here = _here(connection, row.partner_id, at=at)
        waits = judged(here.partner, read(row.data), since=here.since, now=at).waits
    except PratiqueError as error:
        return Waits.STRANGER.value if error.code == "partners.unknown" else error.code
    return (waits or here.wanted or Waits.SEEN).value


def _here(connection: Connection, partner_id: str, *, at: datetime) -> _Here:
    partner = known_partner(connection, partner_id)
    rows = {row.sha256: row for row in stored.descriptors(connection, partner_id)}
    since = rows[partner.digest.hex()].counts_since
    facts = stored.facts_of(connection, partner_id)
    wanted = None
    if "rotation" in facts and facts["rotation"].value == BY_PERSON:
        wanted = Waits.BY_PERSON
    elif stored.alarmed(connection, partner_id, since=to_text(at - OVERLAP), ever=FORK):
        wanted = Waits.ALARM
    waiting = frozenset(row.sha256 for row in still_waiting(rows.values()))
    return _Here(partner, from_text(str(since)), rows, wanted, waiting)


def _look(connection: Connection, here: _Here, data: bytes, *, at: datetime) -> tuple[Looked, _Here]:
    sha256 = hashlib.sha256(data).digest()
    try:
        found = read(data)
    except PratiqueError as error:
        return _refused(connection, here, Looked(Announced(0, "", REFUSED), sha256, data), error), here
    one = Looked(Announced(found.descriptor.version, fingerprint(found.digest), KNOWN), sha256, data, found)
    if found.digest == here.partner.digest:
        return one, here
    known = found.digest.hex() in here.rows
    if found.descriptor.replaces is not None and found.descriptor.replaces.hex() in here.waiting:
        return replace(one, told=replace(one.told, course=WAITS, why=Waits.BEFORE.value)), here
    try:
        follows = judged(here.partner, found, since=here.since, now=at)
        _require_alone(here, found)
    except PratiqueError as error:
        return _refused(connection, here, one, error), here
    waits = follows.waits or here.wanted
    if waits is not None:
        told = replace(one.told, course=WAITS, why=waits.value, news=not known)
        waiting = here.waiting | {found.digest.hex()}
        return replace(one, told=told, kept=known), replace(here, waiting=waiting)
    told = replace(one.told, course=COUNTS, news=True)
    return replace(one, told=told, kept=known), replace(here, partner=follows.partner, since=at)


def _require_alone(here: _Here, found: SignedDescriptor) -> None:
    """A second version under a number that waits already is a fork; and a partner has no heap of them waiting."""
    waiting = [row for row in still_waiting(here.rows.values()) if row.sha256 != found.digest.hex()]
    version = found.descriptor.version
    if any(row.version == version and _follows_here(here, row) for row in waiting):
        raise refuse(FORK, Category.CONFLICT, partner=here.partner.id, version=version)
    if len(waiting) >= MOST_WAITING and found.digest.hex() not in here.rows:
        raise refuse("partners.many_waiting", partner=here.partner.id, most=MOST_WAITING)


def _follows_here(here: _Here, row: StoredDescriptor) -> bool:
    """A row that a person took in from elsewhere may be anybody's; only what follows makes a fork."""
    try:
        judged(here.partner, read(row.data), since=here.since, now=from_text(row.at))
    except PratiqueError:
        return False
    return True


def _refused(connection: Connection, here: _Here, one: Looked, error: PratiqueError) -> Looked:
    """News once for the same bytes, however often they come."""
    news = not stored.refused_before(connection, here.partner.id, one.sha256)
    return replace(one, told=replace(one.told, course=REFUSED, why=error.code, news=news), error=error)
