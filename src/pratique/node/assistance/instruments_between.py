"""Which instruments bind this administration and a partner on a day, by the register; why the others do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pratique.node.errors import refuse
from pratique.node.exchange.agreements import gates_at_hand
from pratique.node.exchange.register import known_partners
from pratique.node.storage.partners import own_descriptors
from pratique.node.storage.store import Connection
from pratique.partners.agreements import Facts, Instrument, worded
from pratique.partners.assistance.channel import ChannelReason
from pratique.partners.assistance.model import RequestProfile
from pratique.partners.assistance.profiles import shipped_profiles
from pratique.partners.exchange.descriptor import read
from pratique.vocabulary.errors import Category
from pratique.vocabulary.sentences import sentence


@dataclass(frozen=True, slots=True)
class Between:
    """The instruments that bind both sides, and for each of the others by id the reason why it was left out."""

    binding: tuple[RequestProfile, ...]
    left_out: Mapping[str, ChannelReason]


def instruments_between(connection: Connection, partner: str, *, at: date) -> Between:
    """What can carry a request to ``partner``. Raises ``NOT_FOUND`` before this node said who it is."""
    sides = _sides(connection, partner, at)
    register = {gate.instrument.id: gate.instrument for gate in gates_at_hand(connection)}
    found = {each.id: _why_not(each, register.get(each.id), sides) for each in shipped_profiles().values()}
    return Between(
        tuple(each for each in shipped_profiles().values() if found[each.id] is None),
        {name: reason for name, reason in found.items() if reason is not None},
    )


def reason_words(reason: ChannelReason, language: str) -> str:
    """Why a channel is right or not, or an instrument stays out, as a sentence."""
    return sentence(f"assistance.channel.{reason.code}", worded(reason.params, language), language)


def _why_not(profile: RequestProfile, adopted: Instrument | None, sides: Facts) -> ChannelReason | None:
    """The first thing that keeps an instrument from binding both; ``None`` where it does."""
    named = {"title": profile.title}
    if not profile.in_force:
        return ChannelReason("not_in_force", named)
    if adopted is None:
        return ChannelReason("not_adopted", named)
    both = ((sides.sender, sides.sender_state), (sides.recipient, sides.recipient_state))
    unbound = [name for name, state in both if adopted.party(name, state, sides.at) is None]
    if unbound:
        return ChannelReason("not_bound", named | {"parties": ", ".join(unbound), "day": sides.at.isoformat()})
    return None if adopted.binding(sides) else ChannelReason("no_clause_shared", named)


def _sides(connection: Connection, partner: str, at: date) -> Facts:
    """This administration and the partner, each with its state.

    A partner that nobody confirmed is asked by other means than the line; its state is the first part of its name, as
    the register names administrations (``xb-customs`` of the state ``xb``).
    """
    versions = own_descriptors(connection)
    if not versions:
        raise refuse("partners.no_identity", Category.NOT_FOUND)
    me, there = read(versions[0].data).descriptor, known_partners(connection).get(partner)
    state = there.current.country.lower() if there else partner.partition("-")[0]
    return Facts(at=at, sender=me.id, sender_state=me.country.lower(), recipient=partner, recipient_state=state)
