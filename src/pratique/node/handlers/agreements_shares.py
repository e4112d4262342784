"""What an officer sees before sharing: the clauses that bind the two sides, and what would leave under one of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from pratique.node.acts import Query, View
from pratique.node.exchange.agreements import gates_at_hand
from pratique.node.exchange.own import own
from pratique.node.exchange.recalled import looked_up
from pratique.node.exchange.register import known_partner
from pratique.node.exchange.share import Share, decided
from pratique.node.handlers.agreements_decided import Relied
from pratique.partners.agreements import (
    ClauseKind,
    Disclosure,
    Facts,
    Told,
    WayOut,
    explain,
    told,
    told_withheld,
    ways_for_withheld,
)
from pratique.partners.agreements import Field as GateField
from pratique.partners.exchange.fields import MessageField


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """A field of the message: whether it would leave, and why not."""

    field: MessageField
    sent: bool
    withheld: Told | None


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file that goes beside the message: whether it would leave, and why not."""

    sha256: str
    sent: bool
    withheld: Told | None


@dataclass(frozen=True, slots=True)
class ShareSeen:
    """What would come of a share. ``lines`` explain the verdict, ``ways`` what would let go what stays."""

    partner: str
    relied: Relied | None
    disclosure: Disclosure
    fields: tuple[FieldSeen, ...] = field(repr=False)
    lines: tuple[Told, ...]
    ways: tuple[tuple[tuple[GateField, ...], WayOut | None], ...]
    files: tuple[FileSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class ListClausesFor(Query[tuple[Relied, ...]]):
    """The clauses that permit something and bind this administration and the partner today."""

    partner: str


@dataclass(frozen=True, slots=True)
class PreviewFields(Query[ShareSeen]):
    """What would leave of a message field by field; nothing is kept or sent."""

    share: Share


def list_clauses_for(query: ListClausesFor, view: View) -> tuple[Relied, ...]:
    """Ordered by agreement. Raises ``NOT_FOUND`` for a partner that nobody confirmed."""
    me = own(view.folder, view.stores, view.connection).descriptor
    there = known_partner(view.connection, query.partner).current
    facts = Facts(
        at=view.at.date(),
        sender=me.id,
        sender_state=me.country.lower(),
        recipient=there.id,
        recipient_state=there.country.lower(),
    )
    found = []
    for gate in gates_at_hand(view.connection):
        instrument, binding = gate.instrument, gate.instrument.binding(facts)
        permits = (each for each in instrument.clauses if each.kind is ClauseKind.PERMIT and each.id in binding)
        found += [Relied(instrument.id, instrument.title, instrument.version, each) for each in permits]
    return tuple(found)


def preview_fields(query: PreviewFields, view: View) -> ShareSeen:
    """Decides as the act of disclosing would. Raises as that does."""
    known = looked_up(view.connection, view.folder, view.stores)
    said = decided(view.connection, query.share, known, at=view.at)
    gate, made = said.gate, said.disclosure
    clause = gate.instrument.clause(query.share.clause)
    withheld = {each.field.name: told_withheld(each) for each in made.withheld}
    sent = {each.name for each in made.sent} if made.decision.permitted else set()
    fields = tuple(FieldSeen(each, each.name in sent, withheld.get(each.name)) for each in said.fields)
    return ShareSeen(
        partner=said.partner.id,
        relied=Relied(gate.instrument.id, gate.instrument.title, gate.instrument.version, clause) if clause else None,
        disclosure=made,
        fields=fields,
        lines=told(explain(made.facts, made.decision, gate=gate), made.facts, gate=gate),
        ways=ways_for_withheld(made, gate=gate),
        files=tuple(
            FileSeen(each.file.sha256, each.field.name in sent, withheld.get(each.field.name)) for each in said.beside
        ),
    )
