"""Partners: a descriptor is taken in, confirmed by a second person who compares its fingerprint, rotated, revoked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange.announced import still_waiting, why_waits
from pratique.node.exchange.own import own
from pratique.node.exchange.register import (
    CONFIRMED,
    FACTS,
    RESTARTED,
    ROTATED,
    Standing,
    known_partner,
    known_partners,
    standing_of,
)
from pratique.node.instants import to_text
from pratique.node.storage import journal
from pratique.node.storage import partners as stored
from pratique.node.storage.partners import Counting, StoredDescriptor, StoredFact, StoredLine, StoredRevocation
from pratique.node.storage.store import Connection
from pratique.partners.exchange import jws, strict_json
from pratique.partners.exchange.descriptor import (
    Contact,
    SignedDescriptor,
    fingerprint,
    from_fingerprint,
    read,
    spoken,
)
from pratique.partners.exchange.partner import Partner, restarted, revoked, rotated
from pratique.vocabulary.errors import Category, PratiqueError

COUNTER_SIGNATURE = "pratique-counter-signature"
LONGEST_BASIS = 1000


@dataclass(frozen=True, slots=True)
class DescriptorTaken:
    """A descriptor as it was taken in; ``counts`` only where keys that were confirmed before have signed it.

    ``because`` says why one that does not count waits, in a word of ``Waits`` or the code of what is wrong with it.
    """

    partner: str
    name: str
    country: str
    version: int
    fingerprint: str
    spoken: tuple[str, ...]
    counts: bool
    because: str = ""


@dataclass(frozen=True, slots=True)
class ShownPartner:
    """A partner as people see it; ``version`` is 0 and ``standing`` empty of trust where nobody confirmed it yet."""

    id: str
    name: str
    country: str
    authority: str
    version: int
    fingerprint: str
    endpoint: str | None
    valid_until: str
    contacts: tuple[Contact, ...]
    revoked_keys: int
    confirmed_by: str | None
    waiting: tuple[DescriptorTaken, ...]
    standing: Standing
    line: StoredLine


@dataclass(frozen=True, slots=True)
class ImportDescriptor(Command[DescriptorTaken]):
    """Takes in a partner's descriptor. A first one counts for nothing until a second person has confirmed it."""

    data: bytes
    entry: ClassVar[str] = "partners.descriptor_imported"


@dataclass(frozen=True, slots=True)
class ConfirmDescriptor(Command[str]):
    """Says that the partner itself read out this fingerprint: from now on the descriptor counts.

    Whoever took the descriptor in cannot confirm it. Answers with the partner's id.
    """

    partner: str
    fingerprint: str
    entry: ClassVar[str] = "partners.descriptor_confirmed"


@dataclass(frozen=True, slots=True)
class ImportRevocation(Command[str]):
    """Takes in which keys a partner's roots revoke, which counts at once. Answers with the partner's id."""

    data: bytes
    entry: ClassVar[str] = "partners.keys_revoked"


@dataclass(frozen=True, slots=True)
class StatePartnerFact(Command[str]):
    """States what counts of a partner here, on what basis.

    ``adequacy``, ``barred``, ``reached_by``, ``exchange``, ``rotation``: whether a person looks at each new version.
    """

    partner: str
    name: str
    value: str
    basis: str
    entry: ClassVar[str] = "partners.fact_stated"


@dataclass(frozen=True, slots=True)
class ListPartners(Query[list[ShownPartner]]):
    """Every partner, confirmed or waiting for it."""


@dataclass(frozen=True, slots=True)
class ShowPartner(Query[ShownPartner]):
    """One partner."""

    partner: str


def import_descriptor(command: ImportDescriptor, work: Work) -> Act[DescriptorTaken]:
    """Raises ``REJECTED`` for what is no descriptor, ``CONFLICT`` for the own one or where it is known already."""
    found = read(command.data)

    def act(connection: Connection) -> Done[DescriptorTaken]:
        me = own(work.folder, work.stores, connection)
        if found.descriptor.id == me.id:
            raise refuse("partners.own_descriptor", Category.CONFLICT, partner=me.id)
        seq, at = journal.next_seq(connection), to_text(work.at)
        row = StoredDescriptor(
            found.descriptor.id, found.digest.hex(), found.descriptor.version, command.data, seq, at, work.actor.name
        )
        how = follows(known_partners(connection).get(found.descriptor.id), found, at=work.at)
        known = stored.descriptor_of(connection, row.partner_id, row.sha256)
        if known is None:
            stored.add_descriptor(connection, row)
        elif known.counts_by is not None or how is None:  # one that came over the line and waits counts by a person now
            raise refuse("partners.known_descriptor", Category.CONFLICT, partner=row.partner_id, version=row.version)
        if how is not None:
            stored.let_count(connection, row, Counting(how, seq, at))
        taken = _taken(found, counts=how is not None)
        facts = {"partner": row.partner_id, "version": row.version, "descriptor": row.sha256}
        return Done(taken, command=facts, outcome={"counts_by": how or "waits"})

    return act


def confirm_descriptor(command: ConfirmDescriptor, work: Work) -> Act[str]:
    """Raises ``NOT_FOUND`` where no such descriptor was taken in, ``DENIED`` for the person who did."""
    digest = from_fingerprint(command.fingerprint)

    def act(connection: Connection) -> Done[str]:
        me = own(work.folder, work.stores, connection)
        row = stored.descriptor_of(connection, command.partner, digest.hex())
        if row is None:
            raise refuse("partners.fingerprint_differs", Category.NOT_FOUND, partner=command.partner[:120])
        if row.counts_by is not None:
            raise refuse("partners.counts_already", Category.CONFLICT, partner=row.partner_id, version=row.version)
        if row.by.casefold() == work.actor.name.casefold():
            raise refuse("partners.same_person", Category.DENIED, person=row.by)
        at = to_text(work.at)
        said = {"v": 1, "by": me.id, "partner": row.partner_id, "descriptor": row.sha256, "at": at}
        counter = jws.signed(strict_json.write(said), kind=COUNTER_SIGNATURE, signer=me.signer)
        seq = journal.next_seq(connection)
        stored.let_count(connection, row, Counting(CONFIRMED, seq, at, work.actor.name, counter))
        facts = {"partner": row.partner_id, "version": row.version, "descriptor": row.sha256}
        signature = hashlib.sha256(counter).hexdigest()
        return Done(row.partner_id, command=facts, outcome={"counter_signature": signature})

    return act


def import_revocation(command: ImportRevocation, work: Work) -> Act[str]:
    """Raises ``REJECTED`` for what no known partner's roots have signed."""

    def act(connection: Connection) -> Done[str]:
        partner, after = _revoked(connection, command.data)
        row = StoredRevocation(
            partner.id,
            after.last_revocation,
            command.data,
            journal.next_seq(connection),
            to_text(work.at),
            work.actor.name,
        )
        stored.add_revocation(connection, row)
        keys = sorted(after.revoked_keys - partner.revoked_keys)
        facts = {"partner": partner.id, "number": row.number, "sha256": hashlib.sha256(command.data).hexdigest()}
        return Done(partner.id, command=facts, outcome={"keys": keys})

    return act


def state_partner_fact(command: StatePartnerFact, work: Work) -> Act[str]:
    """Raises ``REJECTED`` for a fact that is none or has no basis, ``NOT_FOUND`` for a partner that is not known."""
    words = FACTS.get(command.name)
    if words is None:
        raise refuse("partners.no_such_fact", name=command.name[:40], names=", ".join(FACTS))
    if command.value not in words:
        raise refuse("partners.no_such_value", value=command.value[:40], name=command.name, values=", ".join(words))
    basis = command.basis.strip()
    if not basis or len(basis) > LONGEST_BASIS:
        raise refuse("partners.no_basis", name=command.name, most=LONGEST_BASIS)

    def act(connection: Connection) -> Done[str]:
        partner = known_partner(connection, command.partner)
        seq = journal.next_seq(connection)
        row = StoredFact(seq, partner.id, command.name, command.value, basis, to_text(work.at), work.actor.name)
        stored.add_fact(connection, row)
        said = {"partner": partner.id, "name": command.name, "value": command.value}
        return Done(partner.id, command=said, outcome={"basis_sha256": hashlib.sha256(basis.encode()).hexdigest()})

    return act


def list_partners(query: ListPartners, view: View) -> list[ShownPartner]:
    """By id."""
    known = known_partners(view.connection)
    ids = sorted({row.partner_id for row in stored.descriptors(view.connection)})
    lines = stored.lines(view.connection)
    return [_shown(view, each, known.get(each), lines.get(each)) for each in ids]


def show_partner(query: ShowPartner, view: View) -> ShownPartner:
    """Raises ``NOT_FOUND`` where nothing was ever taken in from it."""
    if not stored.descriptors(view.connection, query.partner):
        raise refuse("partners.unknown", Category.NOT_FOUND, partner=query.partner[:120])
    known = known_partners(view.connection).get(query.partner)
    return _shown(view, query.partner, known, stored.lines(view.connection).get(query.partner))


def follows(partner: Partner | None, found: SignedDescriptor, *, at: datetime) -> str | None:
    """How a descriptor comes to count without a person: signed by the version before, or by the roots."""
    if partner is None:
        return None
    try:
        rotated(partner, found, now=at)
    except PratiqueError:
        try:
            restarted(partner, found)
        except PratiqueError:
            return None
        return RESTARTED
    return ROTATED


def _revoked(connection: Connection, data: bytes) -> tuple[Partner, Partner]:
    """Whose roots signed it, before and after; only one partner's can have."""
    fault: PratiqueError | None = None
    for partner in known_partners(connection).values():
        try:
            return partner, revoked(partner, data)
        except PratiqueError as error:
            if fault is None or error.code != "exchange.revocation":
                fault = error
    raise fault or refuse("partners.none_known", Category.NOT_FOUND)


def _taken(found: SignedDescriptor, *, counts: bool, because: str = "") -> DescriptorTaken:
    said, digest = found.descriptor, found.digest
    told = said.id, said.name, said.country, said.version, fingerprint(digest), spoken(digest)
    return DescriptorTaken(*told, counts, because)


def _shown(view: View, partner_id: str, known: Partner | None, line: StoredLine | None) -> ShownPartner:
    connection = view.connection
    rows = stored.descriptors(connection, partner_id)
    waiting = tuple(
        _taken(read(row.data), counts=False, because=why_waits(connection, row, at=view.at))
        for row in still_waiting(rows)
    )
    newest = read(rows[-1].data)
    said = known.current if known else newest.descriptor
    persons = [row.confirmed_by for row in rows if row.confirmed_by is not None]
    return ShownPartner(
        id=partner_id,
        name=said.name,
        country=said.country,
        authority=said.authority,
        version=said.version if known else 0,
        fingerprint=fingerprint(known.digest if known else newest.digest),
        endpoint=said.endpoint,
        valid_until=to_text(said.valid_until),
        contacts=said.contacts,
        revoked_keys=len(known.revoked_keys) if known else 0,
        confirmed_by=persons[-1] if persons else None,
        waiting=waiting,
        standing=standing_of(connection, partner_id),
        line=line or StoredLine(partner_id),
    )
