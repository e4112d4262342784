"""New versions of descriptors that come by themselves: a partner announces them, or the worker fetches them.

A planned rotation counts at once (:mod:`pratique.partners.exchange.planned` says what that is); any other version that
follows waits for a person, with the reason; what does not follow is not taken, and noted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.node.access import partner_program
from pratique.node.acts import Act, Command, Done, Leaf, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange.alarms import Offered, alarm_leaf, note_not_taken
from pratique.node.exchange.announced import COUNTS, MOST, Announced, Looked, looked_at, still_waiting
from pratique.node.exchange.line import rests
from pratique.node.exchange.own import Own, own
from pratique.node.exchange.register import ROTATED, OpenPartners, known_partner
from pratique.node.handlers.partners import follows
from pratique.node.instants import to_text
from pratique.node.storage import journal
from pratique.node.storage import partners as stored
from pratique.node.storage.partners import (
    Counting,
    StoredDescriptor,
    StoredLine,
    StoredOwn,
    own_descriptors,
)
from pratique.node.storage.store import Connection
from pratique.partners.exchange.descriptor import read
from pratique.partners.exchange.errors import is_alarm
from pratique.partners.exchange.http_signature import Request, sign
from pratique.partners.exchange.jws import KeyInMemory
from pratique.partners.exchange.keys import USES, key_id, signer
from pratique.partners.exchange.partner import OVERLAP
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class TakeDescriptors(Command[tuple[Announced, ...]]):
    """Takes in what came over a partner's line as its own descriptors, oldest first, as the rules have it."""

    partner: str
    data: tuple[bytes, ...]
    entry: ClassVar[str] = "partners.descriptors_announced"


@dataclass(frozen=True, slots=True)
class LookAtDescriptors(Query[tuple[Announced, ...]]):
    """What ``TakeDescriptors`` would come to: nothing is written for what is known already."""

    partner: str
    data: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class AcceptDescriptor(Command[str]):
    """Lets a version count that waits, signed by the version before it or by the roots: a person looked at it.

    One that nothing signed is not taken so: its fingerprint has to be compared (``ConfirmDescriptor``).
    """

    partner: str
    version: int
    entry: ClassVar[str] = "partners.descriptor_accepted"


@dataclass(frozen=True, slots=True)
class OwnVersionsAfter(Query[tuple[bytes, ...]]):
    """What this administration said of itself after that version, oldest first."""

    version: int


@dataclass(frozen=True, slots=True)
class Reachable:
    """A partner that can be called now, and the version of it that counts here."""

    partner: str
    endpoint: str
    version: int


@dataclass(frozen=True, slots=True)
class ListReachable(Query[tuple[Reachable, ...]]):
    """The partners with an address whose line does not rest, and with whom exchange is not stopped."""


@dataclass(frozen=True, slots=True)
class VersionKnown(Query[int]):
    """The version of a partner's descriptor that counts here."""

    partner: str


@dataclass(frozen=True, slots=True)
class SignAnnouncement(Query[dict[str, str]]):
    """The fields that sign the announcement of a new version, with a key by which partners know this one already."""

    method: str
    uri: str
    body: bytes
    nonce: str


def take_descriptors(command: TakeDescriptors, work: Work) -> Act[tuple[Announced, ...]]:
    """Raises ``NOT_FOUND`` for a partner that nobody confirmed."""

    def act(connection: Connection) -> Done[tuple[Announced, ...]]:
        looked = looked_at(connection, command.partner, command.data, at=work.at)
        leaves: list[Leaf] = []
        for number, each in enumerate(looked, start=1):
            if each.told.news:
                leaves += _written(connection, command.partner, each, number, work)
        facts = {"partner": command.partner, "descriptors": [each.sha256.hex() for each in looked]}
        told = tuple(each.told for each in looked)
        outcome = {"courses": [[each.version, each.course, each.why] for each in told]}
        return Done(told, command=facts, outcome=outcome, leaves=tuple(leaves))

    return act


def look_at_descriptors(query: LookAtDescriptors, view: View) -> tuple[Announced, ...]:
    """Raises as ``TakeDescriptors`` does."""
    return tuple(each.told for each in looked_at(view.connection, query.partner, query.data, at=view.at))


def accept_descriptor(command: AcceptDescriptor, work: Work) -> Act[str]:
    """Raises ``NOT_FOUND`` where no such version waits, ``CONFLICT`` where two do, or where it follows from nothing."""

    def act(connection: Connection) -> Done[str]:
        partner = known_partner(connection, command.partner)
        waiting = [
            row for row in still_waiting(stored.descriptors(connection, partner.id)) if row.version == command.version
        ]
        if len(waiting) != 1:
            code, category = ("none_waits", Category.NOT_FOUND) if not waiting else ("two_wait", Category.CONFLICT)
            raise refuse(f"partners.{code}", category, partner=partner.id, version=command.version)
        how = follows(partner, read(waiting[0].data), at=work.at)
        if how is None:
            raise refuse("partners.follows_not", Category.CONFLICT, partner=partner.id, version=command.version)
        counting = Counting(how, journal.next_seq(connection), to_text(work.at), work.actor.name)
        stored.let_count(connection, waiting[0], counting)
        facts = {"partner": partner.id, "version": command.version, "descriptor": waiting[0].sha256}
        return Done(partner.id, command=facts, outcome={"counts_by": how})

    return act


def own_versions_after(query: OwnVersionsAfter, view: View) -> tuple[bytes, ...]:
    """None before the node said anything of itself."""
    later = [each.data for each in own_descriptors(view.connection) if each.version > query.version]
    return tuple(reversed(later[:MOST]))


def list_reachable(query: ListReachable, view: View) -> tuple[Reachable, ...]:
    """By id."""
    lines = stored.lines(view.connection)
    known = sorted(OpenPartners(view.connection).items())
    return tuple(
        Reachable(id_, partner.current.endpoint, partner.current.version)
        for id_, partner in known
        if partner.current.endpoint is not None and not rests(lines.get(id_, StoredLine(id_)), at=view.at)
    )


def version_known(query: VersionKnown, view: View) -> int:
    """Raises ``NOT_FOUND`` for a partner that nobody confirmed."""
    return known_partner(view.connection, query.partner).current.version


def sign_announcement(query: SignAnnouncement, view: View) -> dict[str, str]:
    """Raises ``MISCONFIGURED`` where the node has said nothing of itself yet."""
    me = own(view.folder, view.stores, view.connection)
    by = _known_signer(me, own_descriptors(view.connection), view)
    request = Request(query.method, query.uri, query.body, {})
    return sign(request, own_id=me.id, signer=by, created=view.at, nonce=query.nonce)


def _known_signer(me: Own, versions: list[StoredOwn], view: View) -> KeyInMemory:
    """The key of the version that was in force an overlap ago, which partners believe whatever they took in since."""
    since = to_text(view.at - OVERLAP)
    earlier = [older for newer, older in pairwise(versions) if newer.at > since]
    signed_by = read(earlier[-1].data).signed_by if earlier else me.signer.id
    for key in me.keys.every("sign"):
        if key_id(USES["sign"], key.public_key) == signed_by and key.destroyed_at is None and key.revoked_at is None:
            return signer(Ed25519PrivateKey.from_private_bytes(me.keys.private_bytes(key.id)))
    return me.signer


def _written(connection: Connection, partner: str, each: Looked, number: int, work: Work) -> list[Leaf]:
    """Keeps the descriptor, or that it was not taken; the leaf of an alarm."""
    if each.error is not None or each.found is None:
        assert each.error is not None  # what could not be read has one
        note_not_taken(connection, Offered(partner, None, each.sha256, number), each.error, at=work.at)
        return [alarm_leaf(each.error.code, each.sha256)] if is_alarm(each.error) else []
    seq, at = journal.next_seq(connection), to_text(work.at)
    said = each.found.descriptor
    came_by = partner_program(partner).name
    row = StoredDescriptor(said.id, each.found.digest.hex(), said.version, each.data, seq, at, came_by)
    if not each.kept:
        stored.add_descriptor(connection, row)
    if each.told.course == COUNTS:
        stored.let_count(connection, row, Counting(ROTATED, seq, at))
    return []
