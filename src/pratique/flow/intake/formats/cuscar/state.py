"""Where the reading of one message stands: which bill, goods item, box, party or carriage a segment speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pratique.flow.intake.edi.envelope import Run
from pratique.flow.intake.edi.notes import Note, Notes, Origin
from pratique.flow.intake.edi.times import moment
from pratique.flow.intake.formats.cuscar.rows import Bill, Box, Item, Means, MessageRow, Tables, Totals
from pratique.flow.intake.formats.cuscar.said import Measure, Said
from pratique.vocabulary.findings import Severity
from pratique.vocabulary.sums import LARGEST
from pratique.vocabulary.units import (
    BELOW_ONE_GRAM,
    cubic_decimetres,
    decimal_number,
    grams,
    is_below_one_gram,
    minor_units,
)

REC_20_MASS = frozenset(("KGM", "GRM", "TNE", "LBR", "DTN", "MGM", "HGM", "KTN", "STN", "LTN", "CWA", "CWI", "ONZ"))


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a bill or a message cannot be read as a whole."""

    note: Note
    excerpt: str


class BillState:
    """What is known of the open bill beside its row; it ends with the bill."""

    is_numbered = False  # a number of its own was given, not only that of CNI
    broken: Broken | None = None
    waybill: str | None = None
    description: list[str] | None = None
    description_segment = 0
    totals_before_number = False

    def __init__(self, run: Run, first_note: int) -> None:
        self.run, self.first_note = run, first_note
        self.boxes: dict[str, Box] = {}  # by number
        self.items: list[Item] = []


@dataclass(slots=True)
class State:
    """The open rows of one message, and the way to note what is odd in it."""

    tables: Tables
    notes: Notes
    origin: Origin
    said: Said
    mark: str
    header: MessageRow
    totals: Totals
    run: Run | None = None
    bill: Bill | None = None
    of_bill: BillState | None = None
    item: Item | None = None
    box: Box | None = None
    split: Box | None = None  # the share of the open goods item in one box (SGP)
    split_mass_g: int = 0
    party: int | None = None
    means: Means | None = None
    places: dict[str, str] = field(default_factory=dict)  # LOC of the message outside any carriage
    times: dict[str, datetime | None] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    boxes: list[Box] = field(default_factory=list)  # of the open bill; before the first bill, of the message
    beyond: list[tuple[Item | Box, str]] = field(default_factory=list)  # sums of the open bill beyond counting
    described: dict[str | None, int] = field(default_factory=dict)  # boxes of the message itself, by number
    broken: Broken | None = None
    has_beginning: bool = False
    last_segment: int = 1

    def note(self, rule: str, segment: int, *, severity: Severity = "warning", **params: str | int) -> None:
        """Note an oddity at a segment, of the open bill where there is one."""
        note = self.notes.add(rule, params, severity=severity, origin=self.origin, segment=segment)
        note.consignment = None if self.bill is None else self.bill.consignment

    def note_once(self, rule: str, segment: int, **params: str | int) -> None:
        """Note what a sender does in every segment only where it is seen first in the message."""
        key = f"{rule} {sorted(params.items())}"
        if key not in self.told:
            self.told.add(key)
            self.notes.add(rule, params, severity="note", origin=self.origin, segment=segment)

    def leave_group(self) -> None:
        """The next segment no longer speaks of the item, box, party or carriage that was open."""
        if self.split_mass_g and self.item is not None and self.item.gross_mass_g is None:
            if self.split_mass_g <= LARGEST:
                self.item.gross_mass_g = self.split_mass_g
                self.note("cuscar.mass_from_shares", self.item.segment, severity="note")
            else:
                self.note("cuscar.shares_beyond_counting", self.item.segment, field="gross_mass_g")
        self.item = self.box = self.split = self.party = self.means = None
        self.split_mass_g = 0

    def count(self, text: str, segment: int) -> int | None:
        """A count, or a note that the text is none."""
        if text.isdigit() and text.isascii() and len(text) < 19:
            return int(text)
        number = decimal_number(text, mark=self.mark) if text else None
        if number is not None and number == number.to_integral_value() and 0 <= number < 2**63:
            return int(number)
        if text:
            self.note("cuscar.not_a_count", segment, text=text)
        return None

    def add(self, row: Item | Box, column: str, more: int) -> None:
        """Adds to what the row has in that column."""
        summed = (getattr(row, column) or 0) + more
        setattr(row, column, summed)
        if summed > LARGEST:
            self.beyond.append((row, column))

    def drop_sums_beyond_counting(self) -> None:
        """Where the bill ends: a sum that no column can hold is none, and is noted."""
        for row, column in self.beyond:
            if getattr(row, column) is not None:
                setattr(row, column, None)
                self.note("cuscar.shares_beyond_counting", row.segment, field=column)
        self.beyond.clear()

    def mass(self, text: str, unit: str, segment: int) -> int | None:
        """Grams, or a note why there are none."""
        value = grams(text, unit, mark=self.mark)
        self._check_mass(value, text, unit, segment)
        return value

    def mass_of(self, measure: Measure, segment: int) -> int | None:
        """Grams of a measure, or a note why there are none."""
        if measure.unit != "KGM" or measure.value is None or measure.value < 2:
            self._check_mass(measure.value, measure.text, measure.unit, segment)
        return measure.value

    def volume(self, text: str, unit: str, segment: int) -> int | None:
        """Cubic decimetres, or a note why there are none."""
        value = cubic_decimetres(text, unit, mark=self.mark)
        if value is None:
            self.note("cuscar.not_a_volume", segment, text=text, unit=unit)
        return value

    def volume_of(self, measure: Measure, segment: int) -> int | None:
        """Cubic decimetres of a measure, or a note why there are none."""
        if measure.value is None:
            self.note("cuscar.not_a_volume", segment, text=measure.text, unit=measure.unit)
        return measure.value

    def amount(self, text: str, currency: str, segment: int) -> int | None:
        """Minor units, or a note why there are none."""
        value = minor_units(text, currency, mark=self.mark) if currency else None
        if value is None:
            self.note("cuscar.not_an_amount", segment, text=text, currency=currency)
        return value

    def time(self, text: str, format_code: str, segment: int) -> datetime | None:
        """A moment in UTC, or a note why there is none."""
        value = moment(text, format_code)
        if value is None:
            self.note("cuscar.not_a_time", segment, text=text, format=format_code)
        elif format_code not in {"101", "102", "205", "301", "302", "303", "304"}:
            self.note_once("cuscar.time_without_zone", segment)
        return value

    def end_of_last(self) -> int:
        """Where in the file the run of segments being read ends."""
        if self.run is None:
            return 0
        offset, length = self.run.span(len(self.run.segments) - 1)
        return offset + length

    def _check_mass(self, value: int | None, text: str, unit: str, segment: int) -> None:
        if value is None:
            self.note("cuscar.not_a_mass", segment, text=text, unit=unit)
            return
        if unit not in REC_20_MASS:
            self.note_once("cuscar.unit_not_of_recommendation_20", segment, unit=unit)
        if value < 2 and is_below_one_gram(text, unit, mark=self.mark):
            self.note(BELOW_ONE_GRAM, segment, text=text, unit=unit, grams=value)
