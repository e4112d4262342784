"""Requests that this administration makes: drafted under an instrument, completed, sent, reminded of, withdrawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.assistance.instruments_between import instruments_between
from pratique.node.assistance.request_at_hand import (
    APPROVED,
    RequestAtHand,
    Stamp,
    event_row,
    profile_of,
    request_at_hand,
    require_possible,
)
from pratique.node.assistance.request_lines import RequestShown, request_shown
from pratique.node.assistance.request_reading import require_may_see
from pratique.node.assistance.request_sealed import Way, carried
from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.storage import journal
from pratique.node.storage import requests as stored
from pratique.node.storage.requests import StoredRequest, StoredVersion
from pratique.node.storage.store import Connection
from pratique.partners.assistance.channel import Advice, Need, advise
from pratique.partners.assistance.check import Fault, Partner, can_be_sent, check
from pratique.partners.assistance.drafts import Draft, draft_of
from pratique.partners.assistance.model import RequestProfile
from pratique.partners.assistance.profiles import shipped_profiles
from pratique.partners.assistance.states import Event, Side, State
from pratique.vocabulary.errors import Category

PARTNER: Final = re.compile(r"[a-z0-9][a-z0-9.\-]{0,98}")
LONGEST_NOTE: Final = 2000
LONGEST_REF: Final = 120
NAMED: Final = ("version", "sha256", "items", "ground", "article", "decision", "message")  # what the journal may name
ESCALATION_REASONS: Final = ("politically_sensitive", "high_value", "partner_overdue", "refusal_disputed", "safety")


@dataclass(frozen=True, slots=True)
class DraftRequest(Command[RequestShown]):
    """Begins a request to a partner. ``clause`` is the agreement and clause it is to travel under, where known."""

    partner: str
    draft: Draft
    clause: str = ""
    case_ref: str = ""
    entry: ClassVar[str] = "requests.drafted"


@dataclass(frozen=True, slots=True)
class ReviseRequest(Command[RequestShown]):
    """Adds a version; the versions before it stay. It reaches the partner once it is sent."""

    request: str
    draft: Draft
    entry: ClassVar[str] = "requests.revised"


@dataclass(frozen=True, slots=True)
class SendRequest(Command[RequestShown]):
    """Sends the newest version by the sealed line, or notes that it goes out by other means where no ``way`` is given.

    Refused while something is missing, naming it with its article.
    """

    request: str
    note: str = ""
    way: Way | None = None
    entry: ClassVar[str] = "requests.sent"


@dataclass(frozen=True, slots=True)
class RemindPartner(Command[RequestShown]):
    """Reminds the partner."""

    request: str
    note: str = ""
    way: Way | None = None
    entry: ClassVar[str] = "requests.reminded"


@dataclass(frozen=True, slots=True)
class WithdrawRequest(Command[RequestShown]):
    """Takes a request back, for a stated reason; it stays on record."""

    request: str
    reason: str
    way: Way | None = None
    entry: ClassVar[str] = "requests.withdrawn"


@dataclass(frozen=True, slots=True)
class EscalateRequest(Command[RequestShown]):
    """Puts a request before a manager, for a coded reason; a sensitive one cannot go out without."""

    request: str
    reason: str
    note: str = ""
    entry: ClassVar[str] = "requests.escalated"


@dataclass(frozen=True, slots=True)
class DecideEscalation(Command[RequestShown]):
    """A manager who did not escalate it approves the request, or holds it back."""

    request: str
    approve: bool
    note: str = ""
    entry: ClassVar[str] = "requests.escalation_decided"


@dataclass(frozen=True, slots=True)
class ShowRequest(Query[RequestShown]):
    """A request as it stands: contents with what is missing, history, clock and what may be done now."""

    request: str


@dataclass(frozen=True, slots=True)
class CheckDraft(Query[list[Fault]]):
    """What is missing or doubtful in a draft, before anything of it is kept."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class AdviseChannel(Query[Advice]):
    """Whether to tell a partner, to ask its administration or to ask the court there, with reasons.

    Only the instruments that bind both sides today are considered; why the others are not is part of the answer.
    """

    partner: str
    need: Need


@dataclass(frozen=True, slots=True)
class ListRequestProfiles(Query[list[RequestProfile]]):
    """What each instrument says about requests."""


def draft_request(command: DraftRequest, work: Work) -> Act[RequestShown]:
    """Raises ``REJECTED`` for a partner, instrument or text that cannot be."""
    if PARTNER.fullmatch(command.partner) is None:
        raise refuse("requests.partner", partner=command.partner[:80])
    profile = profile_of(command.draft.instrument)
    _require_short(command.clause, LONGEST_REF)
    _require_short(command.case_ref, LONGEST_REF)
    _require_whole(command.draft)

    def act(connection: Connection) -> Done[RequestShown]:
        added = StoredRequest(
            id=next_request_id(connection, work, "R"),
            seq=journal.next_seq(connection),
            side=Side.ASKING.value,
            partner=command.partner,
            their_id="",
            instrument=profile.id,
            clause=command.clause.strip(),
            channel=profile.channel.value,
            case_ref=command.case_ref.strip(),
            sensitive=command.draft.sensitive,
            at=to_text(work.at),
            by=work.actor.name,
        )
        stored.add_request(connection, added)
        add_version(connection, added.id, 1, command.draft, work)
        return told(connection, added.id, work)

    return act


def revise_request(command: ReviseRequest, work: Work) -> Act[RequestShown]:
    """Raises ``NOT_FOUND``, ``CONFLICT`` for a request of the partner, one that ended, or a version without change."""
    _require_whole(command.draft)

    def act(connection: Connection) -> Done[RequestShown]:
        at_hand = request_at_hand(connection, command.request)
        require_may_see(at_hand, work.actor)
        if at_hand.side is not Side.ASKING or not at_hand.standing.is_open:
            raise refuse("requests.not_yours_to_revise", Category.CONFLICT, request=at_hand.request.id)
        if command.draft.instrument != at_hand.request.instrument:
            raise refuse("requests.other_instrument", request=at_hand.request.id, instrument=at_hand.profile.title)
        if command.draft.digest() == at_hand.versions[-1].sha256:
            raise refuse("requests.unchanged", Category.CONFLICT, request=at_hand.request.id)
        add_version(connection, at_hand.request.id, at_hand.versions[-1].version + 1, command.draft, work)
        return told(connection, at_hand.request.id, work)

    return act


def send_request(command: SendRequest, work: Work) -> Act[RequestShown]:
    """Raises ``REJECTED`` where a content is missing, ``CONFLICT`` where it is sensitive and nobody approved it."""
    _require_short(command.note, LONGEST_NOTE)

    def act(connection: Connection) -> Done[RequestShown]:
        at_hand = request_at_hand(connection, command.request)
        require_may_see(at_hand, work.actor)
        event = Event.SENT if at_hand.standing.state is State.DRAFT else Event.COMPLETED
        require_possible(at_hand, event, Side.ASKING)
        version = at_hand.versions[-1]
        if version.version == at_hand.sent_version:
            raise refuse(
                "requests.sent_already", Category.CONFLICT, request=at_hand.request.id, version=version.version
            )
        require_complete(at_hand, work)
        if at_hand.request.sensitive and not at_hand.approved:
            raise refuse("requests.not_approved", Category.CONFLICT, request=at_hand.request.id)
        details = {"version": version.version, "sha256": version.sha256, "note": command.note.strip()}
        return event_done(connection, at_hand, event, details, (command.way, work))

    return act


def require_complete(at_hand: RequestAtHand, work: Work) -> None:
    """Raises ``REJECTED`` with the first content that is missing, its article and how many there are."""
    faults = check(at_hand.draft, at_hand.profile, partner=Partner(), today=work.at.date())
    if not can_be_sent(faults):
        missing = [fault for fault in faults if fault.missing]
        first = {"field": missing[0].field, "article": missing[0].article, "count": len(missing)}
        raise refuse("requests.incomplete", request=at_hand.request.id, **first)


def remind_partner(command: RemindPartner, work: Work) -> Act[RequestShown]:
    """Raises ``NOT_FOUND``, ``CONFLICT``."""
    return simple_event(command.request, Event.REMINDED, {"note": command.note}, work, command.way)


def withdraw_request(command: WithdrawRequest, work: Work) -> Act[RequestShown]:
    """Raises ``NOT_FOUND``, ``CONFLICT``, ``REJECTED`` without a reason."""
    if not command.reason.strip():
        raise refuse("requests.reason_needed")
    return simple_event(command.request, Event.WITHDRAWN, {"reason": command.reason}, work, command.way)


def escalate_request(command: EscalateRequest, work: Work) -> Act[RequestShown]:
    """Raises ``NOT_FOUND``, ``CONFLICT``, ``REJECTED`` for a reason that is none."""
    if command.reason not in ESCALATION_REASONS:
        raise refuse("requests.escalation_reason", reason=command.reason[:40], known=", ".join(ESCALATION_REASONS))
    details = {"reason": command.reason, "note": command.note, "decision": "asked"}
    return simple_event(command.request, Event.ESCALATED, details, work)


def decide_escalation(command: DecideEscalation, work: Work) -> Act[RequestShown]:
    """Raises ``CONFLICT`` where nothing was escalated, or by the one who decides now."""
    _require_short(command.note, LONGEST_NOTE)

    def act(connection: Connection) -> Done[RequestShown]:
        at_hand = request_at_hand(connection, command.request)
        raised = [each for each in at_hand.events if each.event is Event.ESCALATED]
        if not raised or raised[-1].details.get("decision") != "asked":
            raise refuse("requests.not_escalated", Category.CONFLICT, request=at_hand.request.id)
        if work.actor.name in (raised[-1].by, at_hand.versions[-1].by):
            raise refuse("requests.own_escalation", Category.CONFLICT, request=at_hand.request.id)
        require_possible(at_hand, Event.ESCALATED, at_hand.side)
        details = {"decision": APPROVED if command.approve else "held_back", "note": command.note.strip()}
        return event_done(connection, at_hand, Event.ESCALATED, details, (None, work))

    return act


def show_request(query: ShowRequest, view: View) -> RequestShown:
    """Raises ``NOT_FOUND``, ``DENIED`` for a sensitive one of somebody else."""
    at_hand = request_at_hand(view.connection, query.request)
    require_may_see(at_hand, view.actor)
    return request_shown(at_hand, partner=Partner(), today=view.at.date())


def check_draft(query: CheckDraft, view: View) -> list[Fault]:
    """Raises ``REJECTED`` for an instrument without a profile."""
    return check(query.draft, profile_of(query.draft.instrument), partner=Partner(), today=view.at.date())


def advise_channel(query: AdviseChannel, view: View) -> Advice:
    """Among the instruments of which the register says that they bind both sides today.

    Raises ``REJECTED`` for a name that no partner can have, ``NOT_FOUND`` before this node said who it is.
    """
    if PARTNER.fullmatch(query.partner) is None:
        raise refuse("requests.partner", partner=query.partner[:80])
    between = instruments_between(view.connection, query.partner, at=view.at.date())
    return replace(advise(query.need, between.binding), left_out=between.left_out)


def list_request_profiles(query: ListRequestProfiles, view: View) -> list[RequestProfile]:
    """In the order of their ids."""
    return list(shipped_profiles().values())


def simple_event(
    request: str, event: Event, details: Mapping[str, object], work: Work, way: Way | None = None
) -> Act[RequestShown]:
    """An act that notes one event of this side, with texts of bounded length."""
    for value in details.values():
        if isinstance(value, str):
            _require_short(value, LONGEST_NOTE)

    def act(connection: Connection) -> Done[RequestShown]:
        at_hand = request_at_hand(connection, request)
        require_may_see(at_hand, work.actor)
        require_possible(at_hand, event, at_hand.side)
        return event_done(connection, at_hand, event, details, (way, work))

    return act


def event_done(
    connection: Connection,
    at_hand: RequestAtHand,
    event: Event,
    details: Mapping[str, object],
    carrier: tuple[Way | None, Work],
) -> Done[RequestShown]:
    """One event of this side, as of now, told to the partner; where the gate refuses to tell it, it did not happen."""
    work = carrier[1]
    gone = carried(connection, at_hand, event, details, carrier)
    if gone.refusal is not None:
        facts = {"request": at_hand.request.id, **gone.facts}
        return Done(None, command=facts, outcome={}, refusal=gone.refusal, leaves=gone.leaves)
    stamp = Stamp(journal.next_seq(connection), work.at, work.actor.name)
    row = event_row(at_hand.request.id, event, at_hand.side, {**details, **gone.details}, stamp)
    stored.add_events(connection, [row])
    done = told(connection, at_hand.request.id, work, **{name: details[name] for name in NAMED if name in details})
    return replace(done, command={**gone.facts, **done.command}, leaves=gone.leaves)


def add_version(connection: Connection, request_id: str, version: int, draft: Draft, work: Work) -> None:
    """Keeps one version of a request."""
    stored.add_version(
        connection,
        StoredVersion(
            request_id=request_id,
            version=version,
            seq=journal.next_seq(connection),
            record=canonical(draft.record()),
            sha256=draft.digest(),
            at=to_text(work.at),
            by=work.actor.name,
        ),
    )


def told(connection: Connection, request_id: str, work: Work, **facts: object) -> Done[RequestShown]:
    """What the act came to: the journal has ids, states and digests, never what was written."""
    at_hand = request_at_hand(connection, request_id)
    shown = request_shown(at_hand, partner=Partner(), today=work.at.date())
    newest = at_hand.versions[-1]
    command = {"request": request_id, "version": newest.version, "sha256": newest.sha256, **facts}
    return Done(shown, command=command, outcome={"state": at_hand.standing.state.value})


def next_request_id(connection: Connection, work: Work, letter: str) -> str:
    """``R-2026-17`` for what we ask, ``I-2026-18`` for what comes in: numbered through the year."""
    year = to_text(work.at)[:4]
    return f"{letter}-{year}-{stored.count_of_year(connection, year) + 1}"


def _require_short(text: str, longest: int) -> None:
    if len(text) > longest:
        raise refuse("requests.long_text", longest=longest)


def _require_whole(draft: Draft) -> None:
    """Raises ``REJECTED`` for a draft that a partner's node would not read."""
    try:
        draft_of(draft.record())
    except ValueError as error:
        raise refuse("requests.part", part=str(error)[:80]) from error
