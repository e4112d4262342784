"""The rows of the frames while a message is being read: one small object per row, never one per segment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pratique.flow.intake.edi.notes import Origin


class Row:
    """A row in the making: attributes named as the columns, class defaults for what was not said."""

    origin: Origin
    segment: int


class MessageRow(Row):
    """See ``frames.MESSAGE``."""

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
    transit_countries: list[str] | None = None
    gross_mass_g: int | None = None
    volume_dm3: int | None = None
    package_count: int | None = None
    freight_charge_minor: int | None = None
    freight_charge_currency: str | None = None
    freight_payment_method_code: str | None = None
    customs_value_minor: int | None = None
    customs_value_currency: str | None = None
    handling_codes: list[str] | None = None
    documents: list[dict[str, str]] | None = None
    seal_ids: list[str] | None = None


class Item(Row):
    """See ``frames.GOODS_ITEM``."""

    consignment: int
    goods_item: int
    sequence: int | None = None
    description: str | None = None
    commodity_code_raw: str | None = None
    origin_country: str | None = None
    packaging: list[dict[str, str | int | None]] | None = None
    is_packed: bool = False  # by GID itself
    package_count: int | None = None
    gross_mass_g: int | None = None
    net_mass_g: int | None = None
    volume_dm3: int | None = None
    customs_value_minor: int | None = None
    customs_value_currency: str | None = None
    un_number: str | None = None
    imdg_class: str | None = None
    equipment_ids: list[str] | None = None
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
    seal_ids: list[str] | None = None
    temperature_milli_c: int | None = None
    status: str | None = None


# Parties are most of the rows: each is a list in this order, since an object would cost twice as much.
# See ``frames.PARTY``; the origin and segment come first, the communication numbers last.
PARTY_COLUMNS: Final = (
    "origin",
    "segment",
    "consignment",
    "role_code",
    "party_id",
    "party_id_scheme",
    "name",
    "address_line",
    "city",
    "subdivision",
    "postcode",
    "country",
    "communication",
)
PartyRow = list[Any]


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
    itinerary: list[str] | None = None


class Totals(Row):
    """See ``frames.TOTALS``: what the sender declares for the message."""

    consignment_count: int | None = None
    goods_item_count: int | None = None
    package_count: int | None = None
    gross_mass_g: int | None = None
    equipment_count: int | None = None


@dataclass(slots=True)
class Tables:
    """All rows of a file."""

    messages: list[MessageRow] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    parties: list[PartyRow] = field(default_factory=list)
    means: list[Means] = field(default_factory=list)
    totals: list[Totals] = field(default_factory=list)

    def lengths(self) -> tuple[int, ...]:
        """How many rows there are: what :meth:`cut_back` goes back to."""
        head = (len(self.messages), len(self.bills), len(self.items), len(self.boxes))
        return (*head, len(self.parties), len(self.means), len(self.totals))

    def cut_back(self, lengths: tuple[int, ...]) -> None:
        """Take back all rows added since :meth:`lengths`."""
        for rows, length in zip(self._lists(), lengths, strict=True):
            del rows[length:]

    def _lists(self) -> tuple[list[Any], ...]:
        return (self.messages, self.bills, self.items, self.boxes, self.parties, self.means, self.totals)
