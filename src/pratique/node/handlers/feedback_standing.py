"""Feedback as it stands: what is owed here and there, what a control proposes to say, and how often warnings were of
use, by partner and by kind of message, each with its interval."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from pratique.flow.controls.effectiveness import Rate, rate
from pratique.flow.controls.outcomes import FOUND, Outcome
from pratique.node.acts import Query, View
from pratique.node.exchange.told import FEEDBACK, REMINDED, RETRACTED
from pratique.node.exchange.warned import ID_LENGTH, WARNING_TYPES, WARNINGS
from pratique.node.instants import from_text, to_text
from pratique.node.settings import Settings
from pratique.node.storage import feedback as stored
from pratique.node.storage.feedback import StoredControl, StoredWarning
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.store import Connection
from pratique.vocabulary.sentences import coded

OPEN: Final = "still_open"
HIT: Final = "found"
MISS: Final = "nothing_found"
USED: Final = frozenset({HIT, MISS, "of_use", "known_already"})
OWED: Final = (*WARNING_TYPES, "intelligence_report/1")
SENT: Final = "sent"
RECEIVED: Final = "received"
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a control of this side proposes to say: the outcome, the day, and what was found, as the message has it."""

    outcome: str
    day: str
    consignments: tuple[str, ...]
    found: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """One warning. ``outcome`` is what was last said of it; ``due`` the day from which silence is overdue.

    ``consignments`` are those here that answered to it; ``proposed`` is what their controls came to.
    """

    message: str
    partner: str
    type: str
    direction: str
    at: str
    due: str
    overdue: bool
    outcome: str | None
    reminded: bool
    consignments: tuple[str, ...]
    proposed: Proposed | None


@dataclass(frozen=True, slots=True)
class FeedbackRates:
    """Of the warnings of one partner, or of one kind: how many got feedback, were acted on, and led to a find.

    ``hit`` counts those that were controlled, ``used`` those that got feedback.
    """

    direction: str
    given: Rate
    used: Rate
    hit: Rate


@dataclass(frozen=True, slots=True)
class FeedbackShown:
    """Warnings of the period, the newest first; those that are owed stand in ``owed``, on either side."""

    lines: tuple[FeedbackLine, ...]
    owed: tuple[FeedbackLine, ...]
    partners: tuple[FeedbackRates, ...]
    kinds: tuple[FeedbackRates, ...]


@dataclass(frozen=True, slots=True)
class ShowFeedback(Query[FeedbackShown]):
    """Feedback on the warnings of the last ``days``."""

    days: int = 365


@dataclass(frozen=True, slots=True)
class ProposeFeedback(Query[Proposed | None]):
    """What a control here proposes to say of a message that came; ``None`` where none was carried out."""

    message: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known beside the messages: the last feedback, who was reminded, what answered, what controls came to."""

    feedback: Mapping[str, str]
    reminded: frozenset[str]
    answered: Mapping[str, tuple[str, ...]]
    proposed: Mapping[str, Proposed]
    now: datetime
    days: int
    retracted: frozenset[str] = field(default=frozenset())


def show_feedback(query: ShowFeedback, view: View) -> FeedbackShown:
    """At most five hundred lines; rates are of all. What was taken back counts nowhere."""
    connection, since = view.connection, to_text(view.at - timedelta(days=max(query.days, 1)))
    known = _known(connection, view.at)
    received = stored.received_warnings(connection, OWED, since=since)
    sent = stored.sent_warnings(connection, OWED, since=since)
    every = [_line(each, RECEIVED, known) for each in received if each.message not in known.retracted]
    every += [_line(each, SENT, known) for each in sent if each.message not in known.retracted]
    every.sort(key=lambda line: line.at, reverse=True)
    owed = [line for line in every if line.outcome in (None, OPEN) and (line.overdue or line.proposed)]
    return FeedbackShown(
        lines=tuple(every[:MOST]),
        owed=tuple(sorted(owed, key=lambda line: (line.direction == SENT, line.due))),
        partners=_rates(every, lambda line: line.partner),
        kinds=_rates(every, lambda line: line.type),
    )


def propose_feedback(query: ProposeFeedback, view: View) -> Proposed | None:
    """A person reads it, and says it or something else."""
    return _proposals(stored.controls_of(view.connection, WARNINGS)).get(query.message)


def _known(connection: Connection, now: datetime) -> _Known:
    words = stored.words_of(connection, (FEEDBACK, REMINDED, RETRACTED))
    answered: dict[str, list[str]] = {}
    for entry, consignment in stored.answered_to(connection, WARNINGS):
        answered.setdefault(entry[:ID_LENGTH], []).append(consignment)
    return _Known(
        feedback={each.message: each.note for each in words if each.event == FEEDBACK},
        reminded=frozenset(each.message for each in words if each.event == REMINDED),
        answered={message: tuple(dict.fromkeys(found)) for message, found in answered.items()},
        proposed=_proposals(stored.controls_of(connection, WARNINGS)),
        now=now,
        days=Settings.of(changed_settings(connection)).number("feedback_days"),
        retracted=frozenset(each.message for each in words if each.event == RETRACTED),
    )


def _line(each: StoredWarning, direction: str, known: _Known) -> FeedbackLine:
    due = from_text(each.at) + timedelta(days=known.days)
    outcome = known.feedback.get(each.message)
    said = outcome not in (None, OPEN)
    return FeedbackLine(
        message=each.message,
        partner=each.partner,
        type=each.type,
        direction=direction,
        at=each.at,
        due=due.date().isoformat(),
        overdue=not said and each.held and known.now > due,
        outcome=outcome,
        reminded=each.message in known.reminded,
        consignments=known.answered.get(each.message, ()) if direction == RECEIVED else (),
        proposed=known.proposed.get(each.message) if direction == RECEIVED and not said else None,
    )


def _proposals(controls: Iterable[StoredControl]) -> dict[str, Proposed]:
    """By message: a find speaks for all its controls, else that something was controlled, else that nothing was."""
    by_message: dict[str, dict[str, StoredControl]] = {}
    for each in controls:
        by_message.setdefault(each.entry[:ID_LENGTH], {})[each.order_id] = each
    return {message: _proposed(list(orders.values())) for message, orders in by_message.items()}


def _proposed(controls: list[StoredControl]) -> Proposed:
    finds = [each for each in controls if each.outcome in FOUND]
    carried_out = [each for each in controls if each.outcome != Outcome.NOT_CONTROLLED]
    speak = finds or carried_out or controls
    outcome = HIT if finds else MISS if carried_out else "not_controlled"
    found = [quantity for each in finds for quantity in _quantities(each.findings)]
    day = max(each.controlled_at for each in speak)[: len("2026-10-05")]
    return Proposed(outcome, day, tuple(dict.fromkeys(each.consignment_id for each in speak)), tuple(found))


def _quantities(findings: str) -> Iterable[dict[str, Any]]:
    """What was found, as messages have it."""
    for each in json.loads(findings):
        told = {"what": coded("threat", each["threat"], "en"), "threat": each["threat"], "mass_g": each["mass_g"]}
        yield {name: value for name, value in told.items() if value is not None}


def _rates(lines: Iterable[FeedbackLine], name: Callable[[FeedbackLine], str]) -> tuple[FeedbackRates, ...]:
    groups: dict[tuple[str, str], list[FeedbackLine]] = {}
    for line in lines:
        groups.setdefault((line.direction, name(line)), []).append(line)
    return tuple(_rate(direction, of, group) for (direction, of), group in sorted(groups.items()))


def _rate(direction: str, name: str, lines: list[FeedbackLine]) -> FeedbackRates:
    said = [line.outcome for line in lines if line.outcome not in (None, OPEN)]
    controlled = [outcome for outcome in said if outcome in (HIT, MISS)]
    return FeedbackRates(
        direction,
        given=rate(name, len(lines), len(said)),
        used=rate(name, len(said), sum(outcome in USED for outcome in said)),
        hit=rate(name, len(controlled), controlled.count(HIT)),
    )
