"""Which channel a matter should take: to tell unasked, to ask the administration, or to ask the court; with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pratique.partners.assistance.model import ASSETS, COERCIVE, CROSSING_BORDERS, Channel, RequestProfile


@dataclass(frozen=True, slots=True)
class Need:
    """What an officer wants of a partner, in the terms that decide the channel.

    ``asks`` is false where there is only something to tell. ``types`` are the assistance types wanted, ``as_evidence``
    that a court is to rely on what comes, ``charged`` that somebody is charged already.
    """

    asks: bool
    types: tuple[str, ...] = ()
    as_evidence: bool = False
    charged: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class ChannelReason:
    """Why a channel is right, or why it is not; the sentence is made from the code."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Advice:
    """The channel advised with its reasons, what speaks against the others, and the instruments that would carry it.

    ``left_out`` are the instruments that were not looked at because they do not bind both sides, each with the reason.
    """

    channel: Channel
    reasons: tuple[ChannelReason, ...]
    against: Mapping[Channel, ChannelReason]
    instruments: tuple[str, ...]
    left_out: Mapping[str, ChannelReason] = field(default_factory=dict)


def advise(need: Need, profiles: Iterable[RequestProfile]) -> Advice:
    """The channel for ``need`` among ``profiles``, which are those that bind both sides today.

    The narrowest channel that reaches what is wanted: a court is asked only for what an administration cannot give.
    """
    known = tuple(profiles)
    if not need.asks:
        return _advice(Channel.SPONTANEOUS, [ChannelReason("nothing_asked")], need, known)
    judicial = tuple(_judicial_reasons(need, known))
    if judicial:
        return _advice(Channel.JUDICIAL, judicial, need, known)
    reasons = [ChannelReason("administration_can")]
    if need.as_evidence:
        carrying = [each.title for each in _carrying(need, known) if each.channel is Channel.ADMINISTRATIVE]
        reasons.append(ChannelReason("evidence_permitted", {"title": carrying[0]}))
    if need.urgent:
        reasons.append(ChannelReason("urgent_oral"))
    return _advice(Channel.ADMINISTRATIVE, reasons, need, known)


def _judicial_reasons(need: Need, profiles: tuple[RequestProfile, ...]) -> Iterator[ChannelReason]:
    for each in need.types:
        if each in COERCIVE:
            yield ChannelReason("coercive", {"type": each})
        elif each in ASSETS:
            yield ChannelReason("assets", {"type": each})
        elif each == "testimony":
            yield ChannelReason("testimony")
    if need.charged:
        yield ChannelReason("charged")
    if need.as_evidence and not _evidence_by_administration(need, profiles):
        yield ChannelReason("evidence_needs_court")


def _evidence_by_administration(need: Need, profiles: tuple[RequestProfile, ...]) -> bool:
    """Whether an administrative instrument between both lets findings be used as evidence without more."""
    return any(each.channel is Channel.ADMINISTRATIVE for each in _carrying(need, profiles))


def _carrying(need: Need, profiles: tuple[RequestProfile, ...]) -> Iterator[RequestProfile]:
    """The instruments in force that cover every type and, if it is to be evidence, that use without permission."""
    for each in profiles:
        evidence = each.evidence_article is not None and not each.evidence_needs_permission
        if each.in_force and set(need.types) <= set(each.types) and (evidence or not need.as_evidence):
            yield each


def _advice(
    channel: Channel, reasons: Iterable[ChannelReason], need: Need, profiles: tuple[RequestProfile, ...]
) -> Advice:
    carrying = [each for each in _carrying(need, profiles) if _serves(each, channel)]
    told = list(reasons)
    if not carrying:
        told.append(ChannelReason("no_instrument"))
    if CROSSING_BORDERS & set(need.types):
        told.append(ChannelReason("special_forms"))
    return Advice(channel, tuple(told), _against(channel, need), tuple(each.id for each in carrying))


def _serves(profile: RequestProfile, channel: Channel) -> bool:
    if channel is Channel.SPONTANEOUS:
        return "spontaneous" in profile.types
    return profile.channel is channel


def _against(channel: Channel, need: Need) -> Mapping[Channel, ChannelReason]:
    """One reason each why the other two channels are not the way."""
    against = {
        Channel.SPONTANEOUS: ChannelReason("something_asked"),
        Channel.ADMINISTRATIVE: ChannelReason("nothing_asked" if not need.asks else "administration_cannot"),
        Channel.JUDICIAL: ChannelReason("nothing_asked" if not need.asks else "court_not_needed"),
    }
    del against[channel]
    return against
