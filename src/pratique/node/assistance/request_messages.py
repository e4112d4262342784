"""Requests as partners' nodes tell them to each other: events into typed messages, and messages back into events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pratique.node.assistance.request_at_hand import RequestAtHand
from pratique.node.errors import refuse
from pratique.partners.assistance.drafts import Draft
from pratique.partners.assistance.model import FIELDS, TYPES
from pratique.partners.assistance.states import Event
from pratique.partners.exchange.messages.asking import Acknowledgement, Answer, Reminder, Request, RequestWithdrawn
from pratique.partners.exchange.messages.held import Message

LINES: Final[Mapping[str, str]] = {
    "matter": "matter",
    "reply_by_reason": "deadline_reason",
    "requesting_authority": "requesting_office",
    "requested_authority": "requested_office",
    "contact_point": "contact_point",
    "signatory": "signatory",
}
"""Contents that are one line of a message, by the name that they have there."""

TEXTS: Final[Mapping[str, str]] = {
    "purpose": "purpose",
    "reason": "reason",
    "facts": "facts",
    "own_verification": "verification_done",
    "reciprocity": "reciprocity",
    "confidentiality": "confidentiality",
    "procedure": "procedure",
    "proceeding": "proceeding",
    "measure_order": "measure_order",
    "assets": "assets",
}
LISTS: Final[Mapping[str, str]] = {"legal_provisions": "provisions", "data_protection_law": "protection_law"}
LONGEST_LINE: Final = 300
TO_BE_SERVED: Final = "to be served"
GIVEN: Final = "given"
SENT: Final = (Event.SENT, Event.COMPLETED)
RESULTS: Final[Mapping[Event, str]] = {
    Event.ANSWERED: "full",
    Event.PARTLY_ANSWERED: "partial",
    Event.POSTPONED: "postponed",
    Event.REFUSED: "refused",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A message about a request: its type, and its fields as plain JSON."""

    type: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Learned:
    """What a partner's message says happened to a request."""

    event: Event
    details: Mapping[str, Any] = field(default_factory=dict)


def told_of(at_hand: RequestAtHand, event: Event, details: Mapping[str, Any], *, today: date) -> Told:
    """The message that tells the partner of an event. Raises ``REJECTED`` for a text that no message can carry."""
    if event in SENT:
        return Told("request/1", request_fields(at_hand.request.id, at_hand.draft, today=today))
    about = thread_of(at_hand)
    note = str(details.get("note", ""))
    if event is Event.REMINDED:
        clock = at_hand.clock(today)
        return Told("reminder/1", _without_empty(request=about, days_open=clock.day if clock else 0, remarks=note))
    if event is Event.WITHDRAWN:
        reason = str(details.get("reason", ""))[:LONGEST_LINE]
        return Told("request_withdrawn/1", _without_empty(request=about, reason=reason))
    if event in (Event.ACKNOWLEDGED, Event.RETURNED):
        told = _without_empty(
            request=about, reference=at_hand.request.id, missing=list(details.get("fields", ())), remarks=note
        )
        return Told("acknowledgement/1", told)
    if event in RESULTS:
        return Told("answer/1", _answer(about, event, details))
    raise refuse("requests.not_told", event=event.value)


def thread_of(at_hand: RequestAtHand) -> str:
    """The id of the message that the request first went, or came, in. Raises ``CONFLICT`` where it was none."""
    for each in at_hand.events:
        if each.event in (Event.SENT, Event.RECEIVED) and each.message:
            return each.message
    raise refuse("requests.no_message", request=at_hand.request.id)


def request_fields(reference: str, draft: Draft, *, today: date) -> dict[str, Any]:
    """A draft as the fields of a request message."""
    fields: dict[str, Any] = {
        "reference": reference,
        "instrument": draft.instrument,
        "assistance": "+".join(draft.types),
        "language": draft.language,
        "sought": [{"number": number, "what": _line("items", item)} for number, item in enumerate(draft.items, 1)],
        "deadline": draft.reply_by.isoformat() if draft.reply_by else None,
        "urgent": draft.urgent or None,
        "as_evidence": draft.as_evidence or None,
        "oral_on": None if draft.written else today.isoformat(),
        "not_known": [{"content": name, "why": _line(name, why)} for name, why in draft.unknown.items() if why.strip()],
        "persons": _persons(draft),
        "declarations": [
            {"number": _line("declaration_number", each), "kind": "import"}
            for each in _lines(draft.content("declaration_number"))
        ],
    }
    fields |= {there: _line(here, draft.content(here)) for here, there in LINES.items() if draft.content(here)}
    fields |= {there: draft.content(here) for here, there in TEXTS.items()}
    fields |= {there: [_line(here, each) for each in _lines(draft.content(here))] for here, there in LISTS.items()}
    return _without_empty(**fields)


def draft_from(message: Request) -> Draft:
    """The draft of a request that came. Raises ``REJECTED`` where it names no instrument or kinds that are unknown."""
    said = message.model_dump(mode="json")
    types = tuple(message.assistance.split("+"))
    if message.instrument is None or not set(types) <= set(TYPES):
        raise refuse("requests.unreadable_message", part="instrument, assistance")
    texts = {here: said[there] for here, there in {**LINES, **TEXTS}.items() if said.get(there)}
    texts |= {here: "\n".join(said[there]) for here, there in LISTS.items() if said.get(there)}
    if message.persons:
        texts["persons"] = "\n".join(each.name for each in message.persons if each.role != TO_BE_SERVED)
        texts["person_to_serve"] = "\n".join(each.name for each in message.persons if each.role == TO_BE_SERVED)
    if message.declarations:
        texts["declaration_number"] = "\n".join(each.number for each in message.declarations)
    return Draft(
        instrument=message.instrument,
        language=message.language or "und",
        types=types,
        texts={name: text for name, text in texts.items() if text},
        unknown={each.content: each.why for each in message.not_known if each.content in FIELDS},
        items=tuple(each.what for each in sorted(message.sought, key=lambda sought: sought.number)),
        reply_by=message.deadline,
        as_evidence=bool(message.as_evidence),
        urgent=bool(message.urgent),
        written=message.oral_on is None,
    )


def learned_from(message: Message) -> Learned:
    """What a message about a request that is known here says. Raises ``REJECTED`` for one that is about none."""
    if isinstance(message, Acknowledgement):
        details = {"fields": list(message.missing), "note": message.remarks, "theirs": message.reference}
        return Learned(Event.RETURNED if message.missing else Event.ACKNOWLEDGED, _without_empty(**details))
    if isinstance(message, Reminder):
        return Learned(Event.REMINDED, _without_empty(note=message.remarks))
    if isinstance(message, RequestWithdrawn):
        return Learned(Event.WITHDRAWN, _without_empty(reason=message.reason))
    if isinstance(message, Answer):
        event = next(each for each, result in RESULTS.items() if result == message.result)
        return Learned(event, _answered(message))
    raise refuse("requests.unreadable_message", part="type")


def _answer(about: str, event: Event, details: Mapping[str, Any]) -> dict[str, Any]:
    ground = details.get("ground")
    return _without_empty(
        request=about,
        result=RESULTS[event],
        items=[{"number": number, "result": GIVEN} for number in details.get("items", ())],
        grounds=[ground] if ground else [],
        reasons=details.get("reason"),
        until=details.get("until"),
        conditions=[_line("conditions", each) for each in details.get("conditions", ())],
        text=details.get("note"),
        documents=[{"kind": "other", "number": each} for each in details.get("evidence", ())],
    )


def _answered(message: Answer) -> dict[str, Any]:
    return _without_empty(
        items=[each.number for each in message.items if each.result == GIVEN],
        ground=message.grounds[0] if message.grounds else None,
        reason=message.reasons,
        until=message.until.isoformat() if message.until else None,
        conditions=list(message.conditions),
        note=message.text,
        evidence=[each.number for each in message.documents],
    )


def _persons(draft: Draft) -> list[dict[str, Any]]:
    known = [{"name": _line("persons", each)} for each in _lines(draft.content("persons"))]
    served = [
        {"name": _line("person_to_serve", each), "role": TO_BE_SERVED}
        for each in _lines(draft.content("person_to_serve"))
    ]
    return [{"key": f"p{number}", **each} for number, each in enumerate([*known, *served], 1)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _line(name: str, text: str) -> str:
    """One line of a message. Raises ``REJECTED`` where it is longer than messages take."""
    flat = " ".join(text.split())
    if len(flat) > LONGEST_LINE:
        raise refuse("requests.long_line", field=name, longest=LONGEST_LINE)
    return flat


def _without_empty(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], ())}
