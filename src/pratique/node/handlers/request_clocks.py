"""Requests by their clocks: the list, what is due, and how long each partner takes to answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pratique.node.acts import Query, View
from pratique.node.assistance.request_at_hand import RequestAtHand, assembled
from pratique.node.assistance.request_lines import RequestLine, hidden, request_line
from pratique.node.assistance.request_reading import may_see
from pratique.node.storage import requests as stored
from pratique.node.storage.requests import StoredRequestEvent, StoredVersion
from pratique.node.storage.store import Connection
from pratique.partners.assistance.answer_times import AnswerTimes, Waited, answer_times
from pratique.partners.assistance.check import Partner, check
from pratique.partners.assistance.clocks import Pressure
from pratique.partners.assistance.states import Event, Side, State


@dataclass(frozen=True, slots=True)
class PartnerPanel:
    """How reliable one partner is: answer times, acknowledgement, what came back as defective, what is overdue.

    ``ages`` counts the open ones by how much of their time has passed: the first, second and last third, and over it.
    """

    partner: str
    side: str
    times: AnswerTimes
    median_acknowledgement_hours: int | None
    returned: int
    overdue: int
    ages: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class RequestsShown:
    """Requests, the most pressing first, and how many are in which state."""

    requests: tuple[RequestLine, ...]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class ListRequests(Query[RequestsShown]):
    """Requests with their clocks; ``side`` (asking, asked), ``partner`` and ``open_only`` narrow the list."""

    side: str = ""
    partner: str = ""
    open_only: bool = False


@dataclass(frozen=True, slots=True)
class ShowAnswerTimes(Query[list[PartnerPanel]]):
    """How long partners take to answer what we ask (``asking``), and we what they ask (``asked``)."""

    side: str = Side.ASKING.value
    partner: str = ""


def list_requests(query: ListRequests, view: View) -> RequestsShown:
    """Sensitive requests stand in the list without what they are about, but for those who may look into them."""
    today = view.at.date()
    lines, counts = [], dict[str, int]()
    for at_hand in every_request(view.connection):
        if _wanted(at_hand, query):
            counts[at_hand.standing.state.value] = counts.get(at_hand.standing.state.value, 0) + 1
            if at_hand.standing.is_open or not query.open_only:
                faults = check(at_hand.draft, at_hand.profile, partner=Partner(), today=today)
                line = request_line(at_hand, today=today, faults=faults)
                lines.append(line if may_see(at_hand, view.actor) else hidden(line))
    return RequestsShown(tuple(sorted(lines, key=_pressing)), counts)


def show_answer_times(query: ShowAnswerTimes, view: View) -> list[PartnerPanel]:
    """One panel for each partner with a request that went out, by name; no person and no matter is told."""
    today, of_partner = view.at.date(), dict[str, list[RequestAtHand]]()
    for at_hand in every_request(view.connection):
        wanted = not query.partner or at_hand.request.partner == query.partner
        if wanted and at_hand.request.side == query.side and at_hand.standing.sent_at is not None:
            of_partner.setdefault(at_hand.request.partner, []).append(at_hand)
    return [_panel(partner, query.side, of_partner[partner], today) for partner in sorted(of_partner)]


def every_request(connection: Connection) -> Iterable[RequestAtHand]:
    """Every request as it stands, newest first."""
    versions, events = stored.newest_versions(connection), dict[str, list[StoredRequestEvent]]()
    for event in stored.events_of(connection):
        events.setdefault(event.request_id, []).append(event)
    for request in stored.all_requests(connection):
        newest: tuple[StoredVersion, ...] = (versions[request.id],)
        yield assembled(request, newest, events.get(request.id, []))


def _wanted(at_hand: RequestAtHand, query: ListRequests) -> bool:
    request = at_hand.request
    return (not query.side or request.side == query.side) and (not query.partner or request.partner == query.partner)


def _pressing(line: RequestLine) -> tuple[int, int, int]:
    """Open ones by the days they have left, then drafts, then what ended, newest first."""
    if line.clock is None:
        return 1, 0, -line.request.seq
    if line.clock.pressure is Pressure.ENDED:
        return 2, 0, -line.request.seq
    return 0, line.clock.left, -line.request.seq


def _panel(partner: str, side: str, requests: list[RequestAtHand], today: date) -> PartnerPanel:
    waited, ages, thirds = [], [], [0, 0, 0, 0]
    hours = sorted(hour for each in requests if (hour := _acknowledged_after(each)) is not None)
    for each in requests:
        clock = each.clock(today)
        sent = each.standing.sent_at
        if clock is None or sent is None:
            continue
        ended = each.standing.ended_at
        if ended is None:
            ages.append((today - sent.date()).days)
            thirds[3 if clock.pressure is Pressure.OVERDUE else min(clock.day * 3 // clock.days, 2)] += 1
            continue
        settled = each.standing.state in (State.ANSWERED, State.REFUSED)
        days = (ended.date() - sent.date()).days
        waited.append(Waited(days, settled, each.standing.state is State.REFUSED, settled and clock.left >= 0))
    return PartnerPanel(
        partner=partner,
        side=side,
        times=answer_times(waited, still_open=ages),
        median_acknowledgement_hours=hours[(len(hours) - 1) // 2] if hours else None,
        returned=sum(any(one.event is Event.RETURNED for one in each.events) for each in requests),
        overdue=thirds[3],
        ages=(thirds[0], thirds[1], thirds[2], thirds[3]),
    )


def _acknowledged_after(at_hand: RequestAtHand) -> int | None:
    sent, acknowledged = at_hand.standing.sent_at, at_hand.standing.acknowledged_at
    if sent is None or acknowledged is None:
        return None
    return int((acknowledged - sent).total_seconds() // 3600)
