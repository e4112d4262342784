"""The rows of the frames while a message is being read: one small object per row, never one per segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from pratique.flow.intake.edi.notes import Origin
from pratique.flow.intake.formats.cuscar.said import Said

Several = dict[str, None]  # values of a list column in their order, each once
Packaging = dict[str, str | int | None]  # see ``frames.PACKAGING``


class Row:
    """A row in the making: attributes named as the columns, class defaults for what was not said."""

    segment: int


class MessageRow(Row):
    """See ``frames.MESSAGE``."""

    origin: Origin
    message_id: str | None = None
    format_version: str | None = None
    sender_id: str | None = None
    receiver_id: str | None = None
    issue_datetime: datetime | None = None
    function_code: str | None = None
    functional_reference_id: str | None = None
    registration_id: str | None = None
    replaces_id: str | None = None
    declaration_office_id: str | None = None


class Bill(Row):
    """See ``frames.CONSIGNMENT``; the lower-case extras say where a value came from and end with the bill."""

    consignment: int
    sequence: int | None = None
    transport_contract_document_id: str | None = None
    transport_contract_document_type_code: str | None = None
    master_document_id: str | None = None
    house_level: str | None = None
    ucr: str | None = None
    nature_code: str | None = None
    loading_location: str | None = None
    unloading_location: str | None = None
    place_of_acceptance: str | None = None
    final_destination: str | None = None
    transit_countries: Several | None = None
    gross_mass_g: int | None = None
    volume_dm3: int | None = None
    package_count: int | None = None
    freight_charge_minor: int | None = None
    freight_charge_currency: str | None = None
    freight_payment_method_code: str | None = None
    customs_value_minor: int | None = None
    customs_value_currency: str | None = None
    handling_codes: Several | None = None
    documents: list[dict[str, str]] | None = None
    seal_ids: Several | None = None


class Item(Row):
    """See ``frames.GOODS_ITEM``."""

    consignment: int
    goods_item: int
    sequence: int | None = None
    description: str | None = None
    commodity_code_raw: str | None = None
    origin_country: str | None = None
    packaging: list[Packaging] | None = None
    is_packed: bool = False  # by GID itself
    package_count: int | None = None
    gross_mass_g: int | None = None
    net_mass_g: int | None = None
    volume_dm3: int | None = None
    customs_value_minor: int | None = None
    customs_value_currency: str | None = None
    un_number: str | None = None
    imdg_class: str | None = None
    equipment_ids: Several | None = None
    documents: list[dict[str, str]] | None = None


class Box(Row):
    """See ``frames.EQUIPMENT``."""

    consignment: int | None = None
    equipment_id_raw: str | None = None
    size_type_raw: str | None = None
    fullness_code: str | None = None
    tare_g: int | None = None
    gross_mass_g: int | None = None
    goods_mass_g: int | None = None
    package_count: int | None = None
    seal_ids: Several | None = None
    temperature_milli_c: int | None = None
    status: str | None = None
    described_by: int | None = None  # row of what the message said of the box before its bills


@dataclass(slots=True)
class Parties:
    """See ``frames.PARTY``: most of the rows, so each is a number in ``texts``, the distinct NAD segments."""

    texts: dict[str, int] = field(default_factory=dict)
    text: list[int] = field(default_factory=list)
    segment: list[int] = field(default_factory=list)
    consignment: list[int | None] = field(default_factory=list)
    communication: dict[int, Several] = field(default_factory=dict)  # by row

    def __len__(self) -> int:
        return len(self.text)

    def cut_back(self, length: int) -> None:
        """Take back the rows from ``length`` on."""
        for row in range(length, len(self.text)):
            self.communication.pop(row, None)
        del self.text[length:], self.segment[length:], self.consignment[length:]


class Means(Row):
    """See ``frames.TRANSPORT``."""

    stage: str | None = None
    mode_code: str | None = None
    identification: str | None = None
    identification_scheme: str | None = None
    name: str | None = None
    nationality_country: str | None = None
    journey_id: str | None = None
    operator_id: str | None = None
    operator_name: str | None = None
    departure_location: str | None = None
    arrival_location: str | None = None
    departure_datetime: datetime | None = None
    arrival_datetime: datetime | None = None
    itinerary: Several | None = None


class Totals(Row):
    """See ``frames.TOTALS``: what the sender declares for the message."""

    consignment_count: int | None = None
    goods_item_count: int | None = None
    package_count: int | None = None
    gross_mass_g: int | None = None
    equipment_count: int | None = None


class Lengths(NamedTuple):
    """How many rows each table has."""

    messages: int
    bills: int
    items: int
    boxes: int
    parties: int
    means: int
    totals: int


@dataclass(slots=True)
class Tables:
    """All rows of a file; ``starts`` tells for each message how many rows there were before it."""

    messages: list[MessageRow] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    parties: Parties = field(default_factory=Parties)
    means: list[Means] = field(default_factory=list)
    totals: list[Totals] = field(default_factory=list)
    starts: list[Lengths] = field(default_factory=list)
    said: dict[str, Said] = field(default_factory=dict)  # by decimal mark

    def lengths(self) -> Lengths:
        """How many rows there are."""
        return Lengths(
            len(self.messages),
            len(self.bills),
            len(self.items),
            len(self.boxes),
            len(self.parties),
            len(self.means),
            len(self.totals),
        )

    def cut_message(self) -> None:
        """Take back the last message with all its rows."""
        start = self.starts.pop()
        self._cut(start.bills, start.items, start.boxes, start.parties)
        del self.messages[start.messages :], self.means[start.means :], self.totals[start.totals :]

    def cut_bill(self) -> None:
        """Take back the last bill with all its rows, which are the last of their tables."""
        bill = len(self.bills) - 1
        self._cut(bill, *(_beginning(rows, bill) for rows in (self.items, self.boxes)), self._parties_before(bill))

    def _cut(self, bills: int, items: int, boxes: int, parties: int) -> None:
        del self.bills[bills:], self.items[items:], self.boxes[boxes:]
        self.parties.cut_back(parties)

    def _parties_before(self, bill: int) -> int:
        length = len(self.parties)
        while length and self.parties.consignment[length - 1] == bill:
            length -= 1
        return length


def several(values: Several | None, value: str) -> Several:
    """The values with one more, without doubles."""
    if values is None:
        return {value: None}
    values[value] = None
    return values


def _beginning(rows: Sequence[Item] | Sequence[Box], bill: int) -> int:
    length = len(rows)
    while length and rows[length - 1].consignment == bill:
        length -= 1
    return length
