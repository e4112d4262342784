"""Requests that partners make: received, acknowledged, sent back, answered, postponed or refused on a ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from pratique.node.access import Actor
from pratique.node.acts import Act, Command, Done, Work
from pratique.node.assistance.request_at_hand import RequestAtHand, profile_of, request_at_hand, require_possible
from pratique.node.assistance.request_lines import RequestShown
from pratique.node.assistance.request_reading import require_may_see
from pratique.node.assistance.request_sealed import Way
from pratique.node.errors import refuse
from pratique.node.handlers.requests import (
    LONGEST_NOTE,
    LONGEST_REF,
    PARTNER,
    add_version,
    event_done,
    next_request_id,
    simple_event,
)
from pratique.node.instants import to_text
from pratique.node.storage import journal
from pratique.node.storage import requests as stored
from pratique.node.storage.custody import item_of_id
from pratique.node.storage.requests import StoredRequest
from pratique.node.storage.store import Connection
from pratique.partners.assistance.check import Partner, check
from pratique.partners.assistance.clocks import lapses
from pratique.partners.assistance.drafts import Draft
from pratique.partners.assistance.model import Effect, RefusalGround
from pratique.partners.assistance.states import Event, Side
from pratique.vocabulary.errors import Category

CONSULTED_ABOUT: Final = ("postponement", "refusal", "conditions", "costs", "scope")
MOST_CONDITIONS: Final = 30


@dataclass(frozen=True, slots=True)
class ReceiveRequest(Command[RequestShown]):
    """Takes in a partner's request, from its node or from paper; the instrument's contents are checked at once."""

    partner: str
    their_id: str
    draft: Draft
    clause: str = ""
    entry: ClassVar[str] = "requests.received"


@dataclass(frozen=True, slots=True)
class AcknowledgeRequest(Command[RequestShown]):
    """Tells the partner that its request is at work."""

    request: str
    note: str = ""
    way: Way | None = None
    entry: ClassVar[str] = "requests.acknowledged"


@dataclass(frozen=True, slots=True)
class ReturnRequest(Command[RequestShown]):
    """Sends a request back to be completed, naming what is missing by field; the clock stops until it comes again."""

    request: str
    fields: tuple[str, ...] = ()
    note: str = ""
    way: Way | None = None
    entry: ClassVar[str] = "requests.returned"


@dataclass(frozen=True, slots=True)
class AnswerRequest(Command[RequestShown]):
    """Answers some or all of what was asked. ``items`` are numbers of the request's items, ``evidence`` ids of items.

    Unless it is ``final``, the rest stays owed. ``conditions`` bind the use beyond those of the instrument.
    """

    request: str
    items: tuple[int, ...]
    final: bool = False
    evidence: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    note: str = ""
    way: Way | None = None
    entry: ClassVar[str] = "requests.answered"


@dataclass(frozen=True, slots=True)
class ConsultPartner(Command[RequestShown]):
    """Notes a consultation: about a postponement, a refusal, conditions, costs or the scope."""

    request: str
    about: str
    note: str
    entry: ClassVar[str] = "requests.consulted"


@dataclass(frozen=True, slots=True)
class PostponeRequest(Command[RequestShown]):
    """Puts an answer off to a day, on a ground of the instrument that permits it."""

    request: str
    ground: str
    until: date
    reason: str = ""
    way: Way | None = None
    entry: ClassVar[str] = "requests.postponed"


@dataclass(frozen=True, slots=True)
class ResumeRequest(Command[RequestShown]):
    """Takes up a request again that was put off."""

    request: str
    note: str = ""
    entry: ClassVar[str] = "requests.resumed"


@dataclass(frozen=True, slots=True)
class RefuseRequest(Command[RequestShown]):
    """Refuses a request on a ground of the instrument, with the reason and after the consultation that it demands."""

    request: str
    ground: str
    reason: str = ""
    way: Way | None = None
    entry: ClassVar[str] = "requests.refused"


@dataclass(frozen=True, slots=True)
class CloseLapsedRequest(Command[RequestShown]):
    """Closes a request that nobody has answered for more than a year and more than twice its time."""

    request: str
    note: str = ""
    entry: ClassVar[str] = "requests.lapsed"


def receive_request(command: ReceiveRequest, work: Work) -> Act[RequestShown]:
    """Raises ``REJECTED``, ``CONFLICT`` where the partner's number is taken by another text."""
    if PARTNER.fullmatch(command.partner) is None:
        raise refuse("requests.partner", partner=command.partner[:80])
    if not 0 < len(command.their_id.strip()) <= LONGEST_REF or not command.their_id.isprintable():
        raise refuse("requests.their_id")

    def act(connection: Connection) -> Done[RequestShown]:
        before = stored.request_of_partner(connection, command.partner, command.their_id.strip(), Side.ASKED.value)
        if before is not None:
            raise refuse("requests.received_already", Category.CONFLICT, request=before.id, theirs=before.their_id)
        added = keep_received(connection, command, work)
        at_hand = request_at_hand(connection, added)
        details: dict[str, object] = {"version": 1, "sha256": at_hand.versions[0].sha256}
        faults = check(at_hand.draft, at_hand.profile, partner=Partner(), today=work.at.date())
        details["missing"] = [fault.field for fault in faults if fault.missing]
        return event_done(connection, at_hand, Event.RECEIVED, details, (None, work))

    return act


def keep_received(connection: Connection, command: ReceiveRequest, work: Work) -> str:
    """Keeps the first version of what a partner asks; answers with the id that it has here."""
    profile = profile_of(command.draft.instrument)
    request = StoredRequest(
        id=next_request_id(connection, work, "I"),
        seq=journal.next_seq(connection),
        side=Side.ASKED.value,
        partner=command.partner,
        their_id=command.their_id.strip(),
        instrument=profile.id,
        clause=command.clause[:LONGEST_REF],
        channel=profile.channel.value,
        case_ref="",
        sensitive=command.draft.sensitive,
        at=to_text(work.at),
        by=work.actor.name,
    )
    stored.add_request(connection, request)
    add_version(connection, request.id, 1, command.draft, work)
    return request.id


def acknowledge_request(command: AcknowledgeRequest, work: Work) -> Act[RequestShown]:
    """Raises ``NOT_FOUND``, ``CONFLICT``."""
    return simple_event(command.request, Event.ACKNOWLEDGED, {"note": command.note}, work, command.way)


def return_request(command: ReturnRequest, work: Work) -> Act[RequestShown]:
    """Raises ``REJECTED`` where nothing is named that is missing or doubtful."""

    def act(connection: Connection) -> Done[RequestShown]:
        at_hand = _own_turn(connection, command.request, Event.RETURNED, work.actor)
        faults = check(at_hand.draft, at_hand.profile, partner=Partner(), today=work.at.date())
        fields = command.fields or tuple(fault.field for fault in faults if fault.missing)
        known = {content.field for content in at_hand.profile.contents} | {fault.field for fault in faults}
        if not fields or not set(fields) <= known:
            raise refuse("requests.nothing_to_return", request=at_hand.request.id, known=", ".join(sorted(known)))
        details = {"fields": list(dict.fromkeys(fields)), "note": command.note[:LONGEST_NOTE]}
        return event_done(connection, at_hand, Event.RETURNED, details, (command.way, work))

    return act


def answer_request(command: AnswerRequest, work: Work) -> Act[RequestShown]:
    """Raises ``REJECTED`` for items that were not asked for or evidence there is not, ``CONFLICT`` out of turn."""

    def act(connection: Connection) -> Done[RequestShown]:
        at_hand, event, details = answer_of(connection, command, work.actor)
        return event_done(connection, at_hand, event, details, (command.way, work))

    return act


def answer_of(
    connection: Connection, command: AnswerRequest, actor: Actor
) -> tuple[RequestAtHand, Event, dict[str, object]]:
    """The request, whether all of it is answered then, and what is told. Raises as the act does."""
    conditions = [each.strip()[:LONGEST_NOTE] for each in command.conditions if each.strip()]
    if len(conditions) > MOST_CONDITIONS:
        raise refuse("requests.many_conditions", most=MOST_CONDITIONS)
    at_hand = request_at_hand(connection, command.request)
    asked = range(1, len(at_hand.draft.items) + 1)
    done = at_hand.standing.answered | set(command.items)
    event = Event.ANSWERED if command.final or set(asked) <= done else Event.PARTLY_ANSWERED
    at_hand = _own_turn(connection, command.request, event, actor)
    if not set(command.items) <= set(asked) or not (command.items or command.final):
        raise refuse("requests.no_such_items", request=at_hand.request.id, count=len(asked))
    for each in command.evidence:
        if item_of_id(connection, each) is None:
            raise refuse("custody.unknown", Category.NOT_FOUND, item=each[:40])
    details: dict[str, object] = {
        "items": sorted(set(command.items)),
        "evidence": list(command.evidence),
        "conditions": conditions,
        "note": command.note[:LONGEST_NOTE],
    }
    return at_hand, event, details


def consult_partner(command: ConsultPartner, work: Work) -> Act[RequestShown]:
    """Raises ``REJECTED`` for a subject that is none, or without a note of what was said."""
    if command.about not in CONSULTED_ABOUT or not command.note.strip():
        raise refuse("requests.consultation", known=", ".join(CONSULTED_ABOUT))
    details: dict[str, object] = {"about": command.about, "note": command.note}
    return simple_event(command.request, Event.CONSULTED, details, work)


def postpone_request(command: PostponeRequest, work: Work) -> Act[RequestShown]:
    """Raises ``REJECTED`` (ground, reason, day), ``CONFLICT`` where the partner has to be consulted first."""
    if command.until <= work.at.date():
        raise refuse("requests.until_past", day=command.until.isoformat())
    details: dict[str, object] = {"ground": command.ground, "reason": command.reason, "until": str(command.until)}
    return _on_ground(command.request, Event.POSTPONED, Effect.POSTPONE, details, (command.way, work))


def resume_request(command: ResumeRequest, work: Work) -> Act[RequestShown]:
    """Raises ``NOT_FOUND``, ``CONFLICT``."""
    return simple_event(command.request, Event.RESUMED, {"note": command.note}, work)


def refuse_request(command: RefuseRequest, work: Work) -> Act[RequestShown]:
    """Raises ``REJECTED`` (ground, reason), ``CONFLICT`` where the partner has to be consulted first."""
    details: dict[str, object] = {"ground": command.ground, "reason": command.reason}
    return _on_ground(command.request, Event.REFUSED, Effect.REFUSE, details, (command.way, work))


def close_lapsed_request(command: CloseLapsedRequest, work: Work) -> Act[RequestShown]:
    """Raises ``CONFLICT`` where it has not lapsed."""

    def act(connection: Connection) -> Done[RequestShown]:
        at_hand = _own_turn(connection, command.request, Event.LAPSED, work.actor)
        clock = at_hand.clock(work.at.date())
        if clock is None or not lapses(at_hand.standing, clock):
            raise refuse("requests.not_lapsed", Category.CONFLICT, request=at_hand.request.id)
        return event_done(connection, at_hand, Event.LAPSED, {"note": command.note[:LONGEST_NOTE]}, (None, work))

    return act


def _on_ground(
    request: str, event: Event, effect: Effect, details: dict[str, object], carrier: tuple[Way | None, Work]
) -> Act[RequestShown]:
    """An event that needs a ground of the instrument, with what that ground demands."""
    work = carrier[1]

    def act(connection: Connection) -> Done[RequestShown]:
        at_hand = _own_turn(connection, request, event, work.actor)
        ground = _ground(at_hand, str(details["ground"]), effect)
        reason = str(details["reason"]).strip()
        if ground.needs_reason and not reason:
            raise refuse("requests.ground_reason", ground=ground.code, article=ground.article)
        if len(reason) > LONGEST_NOTE:
            raise refuse("requests.long_text", longest=LONGEST_NOTE)
        if ground.needs_consultation and not at_hand.standing.consulted:
            raise refuse(
                "requests.consult_first",
                Category.CONFLICT,
                request=at_hand.request.id,
                ground=ground.code,
                article=ground.article,
            )
        return event_done(connection, at_hand, event, {**details, "article": ground.article}, carrier)

    return act


def _ground(at_hand: RequestAtHand, code: str, effect: Effect) -> RefusalGround:
    """The ground, if the instrument has it and lets it do this; discretion lets a request be refused as well."""
    effects = {effect, Effect.DISCRETION} if effect is Effect.REFUSE else {effect}
    fit = {each.code: each for each in at_hand.profile.grounds if effects & set(each.effects)}
    if code not in fit:
        known = ", ".join(fit)
        raise refuse("requests.no_ground", ground=code[:40], instrument=at_hand.profile.title, known=known)
    return fit[code]


def _own_turn(connection: Connection, request: str, event: Event, actor: Actor) -> RequestAtHand:
    at_hand = request_at_hand(connection, request)
    require_may_see(at_hand, actor)
    require_possible(at_hand, event, at_hand.side)
    return at_hand
