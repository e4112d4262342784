"""What somebody wants to disclose, and what the gate says of it: for the preview and for the act alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pratique.node.errors import refuse
from pratique.node.exchange.attaching import Attaching, Beside, found_beside
from pratique.node.exchange.held import caveats_of
from pratique.node.exchange.own import Own
from pratique.node.exchange.recalled import Recalled
from pratique.node.exchange.register import Standing
from pratique.node.exchange.told import RETRACTED
from pratique.node.storage.inbox import StoredIn, events_of, in_of
from pratique.node.storage.store import Connection
from pratique.partners.agreements import Consent, Disclosure, Facts, Field, Gate, Request, redact
from pratique.partners.agreements.facts_data import facts_data, facts_from
from pratique.partners.agreements.terms import NO_OFFENCE, UNGRADED, Authority, Channel, DualCriminality, Mode
from pratique.partners.exchange.fields import MessageField
from pratique.partners.exchange.messages.registry import read_message
from pratique.partners.exchange.partner import Partner
from pratique.vocabulary.errors import Category

AUTHORITIES: Final[Mapping[str, Authority]] = {
    "customs": Authority.CUSTOMS,
    "border_guard": Authority.BORDER_GUARD,
    "police": Authority.POLICE,
    "financial_intelligence": Authority.FINANCIAL_INTELLIGENCE,
    "prosecutor": Authority.PROSECUTION,
    "court": Authority.COURT,
    "coast_guard": Authority.COAST_GUARD,
    "tax": Authority.TAX,
    "port_control_unit": Authority.PORT_STATE,
    "central_authority": Authority.CENTRAL_AUTHORITY,
    "international_organisation": Authority.INTERNATIONAL_BODY,
}
"""What descriptors call an authority, in the words of agreements."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an agreement may ask about a disclosure that is neither in its content nor in who the two sides are."""

    purpose: str
    mode: str = Mode.SPONTANEOUS
    channel: str = Channel.CONTACT_POINT
    tlp: str = "amber"
    handling: frozenset[str] = frozenset()
    restriction: str = ""
    source_grade: str = UNGRADED
    information_grade: str = UNGRADED
    offence: str = NO_OFFENCE
    dual_criminality: str = DualCriminality.UNKNOWN
    urgent: bool = False
    as_evidence: bool = False
    request: Request | None = None
    consents: tuple[Consent, ...] = ()
    objections: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """What is to go to whom, under which clause of which agreement.

    ``fields`` are those of the message's type, as plain JSON; ``passes_on`` are the ids of received messages that the
    information comes from, whose caveats bind it; ``leave_out`` are fields that the officer keeps here;
    ``attachments`` are files that go beside it, each decided on like a field.
    """

    to: str
    type: str
    fields: Mapping[str, Any]
    agreement: str
    clause: str
    circumstances: Circumstances
    passes_on: tuple[str, ...] = ()
    leave_out: frozenset[str] = frozenset()
    attachments: tuple[Attaching, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What the gate said, and everything that it was said about."""

    disclosure: Disclosure
    gate: Gate
    partner: Partner
    standing: Standing
    sources: tuple[StoredIn, ...]
    fields: tuple[MessageField, ...] = field(repr=False)
    beside: tuple[Beside, ...] = field(default=(), repr=False)

    @property
    def sent_beside(self) -> tuple[Beside, ...]:
        """The files that may go."""
        names = {each.name for each in self.disclosure.sent}
        return tuple(each for each in self.beside if each.field.name in names)

    @property
    def sent(self) -> tuple[MessageField, ...]:
        """The fields that may go."""
        names = {each.name for each in self.disclosure.sent}
        return tuple(each for each in self.fields if each.name in names)


def decided(
    connection: Connection,
    share: Share,
    known: Recalled,
    *,
    at: datetime,
    fields: tuple[MessageField, ...] | None = None,
) -> Decided:
    """The gate's word on the share. ``fields`` are those of :func:`fields_of_share`, where they were read already.

    Raises ``REJECTED`` for a message that is not what its type says, ``NOT_FOUND`` for a partner, agreement or source
    that is not there, and ``CONFLICT`` where a source may not be used any more.
    """
    fields = fields_of_share(share) if fields is None else fields
    partner, stands = known.partner(connection, share.to)
    gate = known.gate(connection, share.agreement)
    sources = tuple(_source(connection, each) for each in share.passes_on)
    facts = _facts(share, known.me, partner, stands, sources, at)
    beside = found_beside(connection, share.attachments, passes_on=share.passes_on) if share.attachments else ()
    seen = [Field(each.name, each.category.code, each.personal) for each in fields]
    disclosure = redact([*seen, *(each.field for each in beside)], facts, gate=gate, clause=share.clause)
    return Decided(disclosure, gate, partner, stands, sources, fields, beside)


def fields_of_share(share: Share) -> tuple[MessageField, ...]:
    """Read as the type says, so that each field has the category that its place gives it, not one that is claimed.

    Raises ``REJECTED`` for a message that is not what its type says, or would hold nothing.
    """
    message = read_message(share.type, dict(share.fields))
    fields = tuple(each for each in message.fields() if each.name not in share.leave_out)
    if not fields:
        raise refuse("share.nothing", type=share.type)
    if share.leave_out:
        read_message(share.type, {each.name: each.value for each in fields})  # what is left must still be a message
    return fields


def _source(connection: Connection, message_id: str) -> StoredIn:
    found = in_of(connection, message_id)
    if found is None:
        raise refuse("share.no_source", Category.NOT_FOUND, message=message_id[:60])
    if found.openings is None:
        raise refuse("share.source_gone", Category.CONFLICT, message=found.id)
    if any(each.event == RETRACTED for each in events_of(connection, found.id)):
        raise refuse("share.source_retracted", Category.CONFLICT, message=found.id)
    return found


def _facts(
    share: Share, me: Own, partner: Partner, stands: Standing, sources: tuple[StoredIn, ...], at: datetime
) -> Facts:
    """The facts of the share; read back from plain data, by which every word an officer typed is checked."""
    under, there = share.circumstances, partner.current
    facts = Facts(
        at=at.date(),
        sender=me.id,
        sender_state=me.descriptor.country.lower(),
        recipient=partner.id,
        recipient_state=there.country.lower(),
        purpose=under.purpose,
        mode=under.mode,
        sender_authority=AUTHORITIES[me.descriptor.authority],
        recipient_authority=AUTHORITIES[there.authority],
        channel=under.channel,
        tlp=under.tlp,
        handling=under.handling,
        source_grade=under.source_grade,
        information_grade=under.information_grade,
        offence=under.offence,
        dual_criminality=under.dual_criminality,
        adequacy=stands.adequacy,
        urgent=under.urgent,
        as_evidence=under.as_evidence,
        barred=stands.barred,
        request=under.request,
        caveats=tuple(caveat for source in sources for caveat in caveats_of(source)),
        consents=under.consents,
        objections=under.objections,
    )
    return facts_from(facts_data(facts))
