"""The rows of the frames: one small object while a row is being read, then its values alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, Final, NamedTuple

import polars as pl

from pratique.flow.intake.edi.notes import Origin
from pratique.flow.intake.formats.cuscar.said import Said
from pratique.vocabulary.frames import CONSIGNMENT, EQUIPMENT, GOODS_ITEM, MESSAGE, TOTALS, TRANSPORT, Schema

BETWEEN: Final = "\x00"  # between values that are one text: no text of a sender can contain it

Several = dict[str, None]  # values of a list column in their order, each once
Packaging = list[Any]  # in the order of ``frames.PACKAGING``
Piece = list[Any] | pl.DataFrame  # of the rows of one kind: values one behind the other, or plain rows
Document = tuple[str, str]  # in the order of ``frames.DOCUMENT``
KIND, QUANTITY, MARKS = 0, 1, 2  # of a packaging


class Row:
    """A row in the making: attributes named as the columns of ``schema``, class defaults for what was not said."""

    schema: ClassVar[Schema]
    segment: int = 0


class MessageRow(Row):
    """See ``frames.MESSAGE``."""

    schema = MESSAGE
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
    """See ``frames.CONSIGNMENT``."""

    schema = CONSIGNMENT
    consignment: int = 0
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
    countries: Several | None = None
    transit_countries: str | None = None  # countries as one text, once the row is complete
    gross_mass_g: int | None = None
    volume_dm3: int | None = None
    package_count: int | None = None
    freight_charge_minor: int | None = None
    freight_charge_currency: str | None = None
    freight_payment_method_code: str | None = None
    customs_value_minor: int | None = None
    customs_value_currency: str | None = None
    handling: Several | None = None
    handling_codes: str | None = None  # handling as one text, once the row is complete
    documents: list[Document] | None = None
    seals: Several | None = None
    seal_ids: str | None = None  # seals as one text, once the row is complete


class Item(Row):
    """See ``frames.GOODS_ITEM``."""

    schema = GOODS_ITEM
    consignment: int = 0
    goods_item: int = 0
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
    boxes: Several | None = None
    equipment_ids: str | None = None  # boxes as one text, once the row is complete
    documents: list[Document] | None = None


class Box(Row):
    """See ``frames.EQUIPMENT``."""

    schema = EQUIPMENT
    consignment: int | None = None
    equipment_id_raw: str | None = None
    size_type_raw: str | None = None
    fullness_code: str | None = None
    tare_g: int | None = None
    gross_mass_g: int | None = None
    goods_mass_g: int | None = None
    package_count: int | None = None
    seals: Several | None = None
    seal_ids: str | None = None  # seals as one text, once the row is complete
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

    def extend(self, texts: Sequence[str], segments: Sequence[int], consignments: Sequence[int]) -> None:
        """More rows at once, each with its NAD segment, the number of that and its bill."""
        known = self.texts
        self.text += [known.setdefault(text, len(known)) for text in texts]
        self.segment += segments
        self.consignment += consignments

    def cut_bill(self, consignment: int) -> None:
        """Take back the last rows, those of this bill."""
        length = len(self.text)
        while length and self.consignment[length - 1] == consignment:
            length -= 1
        self.cut_back(length)

    def cut_back(self, length: int) -> None:
        """Take back the rows from ``length`` on."""
        for row in range(length, len(self.text)):
            self.communication.pop(row, None)
        del self.text[length:], self.segment[length:], self.consignment[length:]


class Means(Row):
    """See ``frames.TRANSPORT``."""

    schema = TRANSPORT
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
    calls: Several | None = None
    itinerary: str | None = None  # calls as one text, once the row is complete


class Totals(Row):
    """See ``frames.TOTALS``: what the sender declares for the message."""

    schema = TOTALS
    consignment_count: int | None = None
    goods_item_count: int | None = None
    package_count: int | None = None
    gross_mass_g: int | None = None
    equipment_count: int | None = None


class Rows:
    """Complete rows of one kind, in pieces: frames of plain rows, and the values of others one behind the other.

    A list of rows would be walked once for each column. What is taken from a row is its segment and the columns it may
    fill; a frame has some of these columns, the others are null.
    """

    def __init__(self, kind: type[Row], *extra: str) -> None:
        self.kind, self.length = kind, 0
        self.columns = ("segment", *(name for name in kind.schema if hasattr(kind, name)), *extra)
        self.pieces: list[Piece] = []
        self._values_of = attrgetter(*self.columns)
        self._values: list[Any] = []  # the last piece, where that is no frame

    def __len__(self) -> int:
        return self.length

    def extend(self, rows: Sequence[Row]) -> None:
        """Rows that are complete."""
        if rows and (not self.pieces or self.pieces[-1] is not self._values):
            self._values = []
            self.pieces.append(self._values)
        for row in rows:
            self._values += self._values_of(row)
        self.length += len(rows)

    def add(self, rows: pl.DataFrame) -> None:
        """Plain rows."""
        self.pieces.append(rows)
        self.length += rows.height

    def cut_back(self, length: int) -> None:
        """Take back the rows from ``length`` on."""
        kept: list[Piece] = []
        left = length
        for piece in self.pieces:
            height = self.height(piece)
            if left:
                kept.append(piece[: left * self._width(piece)])
            left -= min(left, height)
        self.pieces, self.length = kept, length

    def height(self, piece: Piece) -> int:
        """How many rows a piece has."""
        return len(piece) // self._width(piece)

    def column(self, name: str, piece: Piece) -> list[Any] | pl.Series | None:
        """The values of one column in one of the pieces; ``None`` where nothing is said in it.

        Polars would find that out much more slowly.
        """
        if isinstance(piece, pl.DataFrame):
            return piece[name] if name in piece.columns else None
        values = piece[self.columns.index(name) :: len(self.columns)] if name in self.columns else []
        return None if values.count(None) == len(values) else values

    def whole(self, name: str, dtype: type[pl.DataType]) -> pl.Series:
        """The values of one column in all pieces."""
        parts = [pl.Series(dtype=dtype)]
        for piece in self.pieces:
            values = self.column(name, piece)
            blank = pl.repeat(None, self.height(piece), dtype=dtype, eager=True)
            parts.append(blank if values is None else pl.Series(values, dtype=dtype))
        return pl.concat(parts)

    def _width(self, piece: Piece) -> int:
        return len(self.columns) if isinstance(piece, list) else 1


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
    bills: Rows = field(default_factory=lambda: Rows(Bill))
    items: Rows = field(default_factory=lambda: Rows(Item))
    boxes: Rows = field(default_factory=lambda: Rows(Box, "described_by"))
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

    def add(self, bill: Bill, items: Sequence[Item], boxes: Sequence[Box]) -> None:
        """A bill that is complete, with its goods items and its mentions of boxes."""
        if bill.countries is not None:
            bill.transit_countries = BETWEEN.join(bill.countries)
        if bill.handling is not None:
            bill.handling_codes = BETWEEN.join(bill.handling)
        if bill.seals is not None:
            bill.seal_ids = BETWEEN.join(bill.seals)
        for item in items:
            if item.boxes is not None:
                item.equipment_ids = BETWEEN.join(item.boxes)
        self.bills.extend([bill])
        self.items.extend(items)
        self.add_boxes(boxes)

    def add_boxes(self, boxes: Sequence[Box]) -> None:
        """Boxes that are complete."""
        for box in boxes:
            if box.seals is not None:
                box.seal_ids = BETWEEN.join(box.seals)
        self.boxes.extend(boxes)

    def cut_message(self) -> None:
        """Take back the last message with all its rows."""
        start = self.starts.pop()
        del self.messages[start.messages :], self.means[start.means :], self.totals[start.totals :]
        for name in ("bills", "items", "boxes", "parties"):
            getattr(self, name).cut_back(getattr(start, name))


def several(values: Several | None, value: str) -> Several:
    """The values with one more, without doubles."""
    if values is None:
        return {value: None}
    values[value] = None
    return values
