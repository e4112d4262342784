"""What partners warned of, as entries of a list of this node: boxes, bills and traders, as long as each may be used.

Ships and carriers are left out: a whole manifest would answer to them. Persons are left out too: whoever reads the
message decides about them, and no copy outlives it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from pratique.node.exchange.held import caveats_of, openings_of, terms_of
from pratique.node.instants import from_text
from pratique.node.storage.inbox import StoredIn
from pratique.partners.agreements import Use, use_faults
from pratique.partners.agreements.terms import Purpose
from pratique.partners.exchange.inner import Inner
from pratique.partners.exchange.messages.held import Message
from pratique.partners.exchange.messages.parts import Company, DocumentRef, Equipment
from pratique.partners.exchange.messages.registry import received_message
from pratique.partners.exchange.messages.warnings import Alert, ContainerWarning, SeizureNotice
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.listings import OWN_LIST_HEADINGS
from pratique.vocabulary.sentences import coded

WARNINGS: Final = "partner-warnings"
"""The list of this node that they stand on."""
WARNING_TYPES: Final = ("alert/1", "container_warning/1", "seizure_notice/1")
TRADERS: Final = frozenset({"consignor", "consignee", "importer", "exporter", "owner", "manufacturer"})
BILLS: Final = frozenset({"bill_of_lading", "air_waybill"})
USED_FOR: Final = (Purpose.PREVENTION, Purpose.RISK_ANALYSIS)
"""Selecting for control is one of these; what came for another purpose alone is read by people and selects nothing."""
ID_LENGTH: Final = 36
_NONE: Final = ("none", "no warning is in force", "other")


@dataclass(frozen=True, slots=True)
class Warned:
    """One entry: the message it comes from, what is named, as which kind, and how the message may be used."""

    message: str
    number: int
    name: str
    kind: str
    country: str
    identifiers: str
    programme: str

    def row(self) -> tuple[str, ...]:
        """As a line of an own list; the entry's id begins with that of the message."""
        entry = f"{self.message}.{self.number}"
        return (entry, self.name, self.kind, "", self.country, "", self.identifiers, self.programme, "")


def counts_until(held: StoredIn, message: Message, days: int) -> date:
    """The last day on which the message selects: so many days after the announced arrival, else after it came."""
    expected = getattr(message, "expected", None)
    start: datetime = expected or from_text(held.received_at)
    last = (start + timedelta(days=days)).date()
    return min(last, date.fromisoformat(held.retention_until)) if held.retention_until else last


def warned_of(messages: Iterable[StoredIn], *, days: int, today: date) -> tuple[Warned, ...]:
    """What the messages name, in their order; of those that may be used for selecting today."""
    found: list[Warned] = []
    for held in messages:
        message = _read(held)
        if message is None or counts_until(held, message, days) < today or not _may_be_used(held, today):
            continue
        programme = _programme(held, terms_of(held))
        named = dict.fromkeys(_named(message))
        found += [
            Warned(held.id, number, name, kind, country, identifiers, programme)
            for number, (name, kind, country, identifiers) in enumerate(named, 1)
        ]
    return tuple(found)


def as_list(warned: Sequence[Warned]) -> bytes:
    """The entries as the file of an own list; one of a kind that nothing is compared with where there is none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(OWN_LIST_HEADINGS)
    rows = [each.row() for each in warned]
    writer.writerows(rows or [(*_NONE, *("" for _ in OWN_LIST_HEADINGS[len(_NONE) :]))])
    return text.getvalue().encode()


def _read(held: StoredIn) -> Message | None:
    if held.type not in WARNING_TYPES or held.openings is None:
        return None
    try:
        return received_message(held.type, tuple(each.field for each in openings_of(held)))
    except PratiqueError:
        return None  # not what its type says: it is shown with its fault, and nothing acts on it


def _may_be_used(held: StoredIn, today: date) -> bool:
    """For the purpose it was sent for, where that is selecting; and as every caveat on it allows."""
    caveats, purpose = caveats_of(held), held.message_purpose
    return purpose in USED_FOR and not use_faults(Use(purpose, today), caveats)


def _programme(held: StoredIn, terms: Inner) -> str:
    """What the reason in the queue says of the source: who sent what, for which use, marked how, by which clause."""
    what, purpose = coded("shared", held.type, "en"), coded("term", held.message_purpose, "en")
    marked = coded("term", terms.handling.tlp, "en")
    return f"{what} of {held.partner_id}, for {purpose} only, {marked}, {held.agreement}/{terms.clauses[0]}"


def _named(message: Message) -> Iterator[tuple[str, str, str, str]]:
    """Name, kind, country and identifiers of what the message names."""
    if isinstance(message, ContainerWarning):
        yield _box(message.container)
    if isinstance(message, Alert | SeizureNotice):
        yield from (_box(each) for each in message.equipment)
    if isinstance(message, Alert | SeizureNotice | ContainerWarning):
        yield from (_bill(each) for each in message.documents if each.kind in BILLS and each.number)
        yield from (_trader(each) for each in message.companies if each.role in TRADERS)


def _box(box: Equipment) -> tuple[str, str, str, str]:
    return box.id, "equipment", "", f"container:{box.id}"


def _bill(document: DocumentRef) -> tuple[str, str, str, str]:
    return str(document.number), "document", "", ""


def _trader(company: Company) -> tuple[str, str, str, str]:
    """The number goes along where it cannot be taken for several."""
    number = company.number if company.number and ";" not in company.number else ""
    return company.name, "organisation", company.country or "", f"registration:{number}" if number else ""
