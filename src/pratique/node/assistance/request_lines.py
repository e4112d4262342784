"""What an officer sees of a request: one line in a list, the whole of it, and its faults as sentences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pratique.node.assistance.request_at_hand import RequestAtHand, RequestEventLine
from pratique.node.storage.requests import StoredRequest, StoredVersion
from pratique.partners.assistance.check import Fault, Partner, awaited, can_be_sent, check
from pratique.partners.assistance.clocks import Clock, lapses, reminder_due
from pratique.partners.assistance.drafts import Draft
from pratique.partners.assistance.model import RequestProfile
from pratique.partners.assistance.states import Event, Side, Standing
from pratique.vocabulary.languages import ENGLISH
from pratique.vocabulary.sentences import coded, known_codes, sentence


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in a list. ``matter`` is empty where it is sensitive and not of the officer who looks.

    ``marks`` are its events by day, oldest first; ``ended`` the day on which it was settled, taken back or closed.
    """

    request: StoredRequest
    state: str
    matter: str
    version: int
    items: int
    answered: int
    clock: Clock | None
    reminder_due: bool
    lapses: bool
    missing: int
    marks: tuple[tuple[date, Event], ...] = ()
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One content of a request as the instrument wants it, with what stands in it and what is wrong with it."""

    field: str
    article: str
    presence: str
    awaited: bool
    text: str
    unknown: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class RequestShown:
    """A request with everything an officer needs to carry it on."""

    line: RequestLine
    draft: Draft
    profile: RequestProfile
    standing: Standing
    contents: tuple[ContentLine, ...]
    faults: tuple[Fault, ...]
    ready: bool
    versions: tuple[StoredVersion, ...]
    events: tuple[RequestEventLine, ...]
    may: tuple[Event, ...]
    approved: bool


def request_line(at_hand: RequestAtHand, *, today: date, faults: list[Fault] | None = None) -> RequestLine:
    """The line of a request on that day."""
    clock = at_hand.clock(today)
    return RequestLine(
        request=at_hand.request,
        state=at_hand.standing.state.value,
        matter=at_hand.draft.content("matter"),
        version=at_hand.versions[-1].version,
        items=len(at_hand.draft.items),
        answered=len(at_hand.standing.answered),
        clock=clock,
        reminder_due=clock is not None and at_hand.side is Side.ASKING and reminder_due(at_hand.standing, clock),
        lapses=clock is not None and lapses(at_hand.standing, clock),
        missing=sum(fault.missing for fault in faults or ()),
        marks=tuple((each.happened_at.date(), each.event) for each in at_hand.events),
        ended=at_hand.standing.ended_at.date() if at_hand.standing.ended_at else None,
    )


def request_shown(at_hand: RequestAtHand, *, partner: Partner, today: date) -> RequestShown:
    """The whole request on that day."""
    faults = check(at_hand.draft, at_hand.profile, partner=partner, today=today)
    line = request_line(at_hand, today=today, faults=faults)
    return RequestShown(
        line=line,
        draft=at_hand.draft,
        profile=at_hand.profile,
        standing=at_hand.standing,
        contents=content_lines(at_hand.draft, at_hand.profile, partner, faults),
        faults=tuple(faults),
        ready=can_be_sent(faults),
        versions=at_hand.versions,
        events=at_hand.events,
        may=tuple(each for each in at_hand.may() if each is not Event.LAPSED or line.lapses),
        approved=at_hand.approved,
    )


def content_lines(
    draft: Draft, profile: RequestProfile, partner: Partner, faults: list[Fault]
) -> tuple[ContentLine, ...]:
    """Every content that the instrument names, in its order."""
    return tuple(
        ContentLine(
            field=content.field,
            article=content.article,
            presence=content.presence.value,
            awaited=awaited(draft, content, partner),
            text=draft.content(content.field),
            unknown=draft.unknown.get(content.field, ""),
            faults=tuple(fault for fault in faults if fault.field == content.field),
        )
        for content in profile.contents
    )


def hidden(line: RequestLine) -> RequestLine:
    """The line of a sensitive request for those who may only know that there is one."""
    return replace(line, matter="", request=replace(line.request, case_ref="", their_id="", clause=""))


def fault_words(fault: Fault, language: str = ENGLISH) -> str:
    """What is wrong, in words; the field by its name."""
    params: dict[str, Any] = {**fault.params, "field": fault.field, "article": fault.article}
    return sentence(f"assistance.fault.{fault.code}", params, language)


def consequence_words(fault: Fault, language: str = ENGLISH) -> str:
    """What follows if it stays so."""
    return coded("request_consequence", fault.consequence, language)


def fix_words(fault: Fault, language: str = ENGLISH) -> str:
    """How to put it right: by the rule that fails, else by what belongs into the field."""
    code = f"assistance.fix.{fault.code}"
    if code in known_codes():
        return sentence(code, {**fault.params, "field": fault.field, "article": fault.article}, language)
    return sentence(f"assistance.fix.{fault.field}", {"article": fault.article}, language)
