"""Boxes: containers, trailers and vehicles of the message or of a bill, with seals and temperature."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import polars as pl

from pratique.flow.intake.formats.cuscar.rows import Box, several
from pratique.flow.intake.formats.cuscar.said import first_of, part
from pratique.flow.intake.formats.cuscar.state import State
from pratique.vocabulary.units import decimal_number

_PADDING: Final = [""] * 6
_OF_THE_MESSAGE: Final = (
    "size_type_raw",
    "fullness_code",
    "tare_g",
    "gross_mass_g",
    "seal_ids",
    "status",
    "temperature_milli_c",
)


def eqd(state: State, text: str, segment: int) -> None:
    """Equipment: its number, size and type, status and whether it is full (8169)."""
    state.leave_group()
    padded = text.split("+") + _PADDING
    name = first_of(padded[2])
    known = state.of_bill
    box = (known.boxes.get(name) if known is not None and name else None) or new_box(state, name, segment)
    state.box = box
    size = padded[3].split(":")
    box.size_type_raw = part(size, 0) or part(size, 3) or box.size_type_raw
    box.status = padded[5] or box.status
    box.fullness_code = first_of(padded[6]) or box.fullness_code
    if not name:
        state.note("cuscar.equipment_number_missing", segment)


def sel(state: State, text: str, segment: int) -> None:
    """Seal of the open box or share of goods in a box, else of the consignment."""
    number = first_of(text.split("+", 2)[1])
    if not number:
        return
    owner = state.box or state.split or state.bill
    if owner is None:
        state.note("cuscar.seal_without_equipment", segment, seal=number)
    else:
        owner.seals = several(owner.seals, number)


def tmp(state: State, text: str, segment: int) -> None:
    """Temperature setting of the open box, in thousandths of a degree Celsius."""
    box, elements = state.box or state.split, text.split("+")
    if box is None or len(elements) < 3:
        return
    components = elements[2].split(":")
    number = decimal_number(components[0], mark=state.mark)
    unit = part(components, 1)
    if number is None or unit not in {"CEL", "FAH"} or abs(number) > 1000:
        state.note("cuscar.not_a_temperature", segment, text=elements[2])
        return
    celsius = number if unit == "CEL" else (number - 32) * 5 / Decimal(9)
    box.temperature_milli_c = round(celsius * 1000)


def new_box(state: State, name: str, segment: int) -> Box:
    """A row for a box of the open bill, else of the message."""
    boxes, known = state.boxes, state.of_bill
    box = Box()
    box.segment, box.equipment_id_raw = segment, name or None
    if state.bill is not None and known is not None:
        box.consignment = state.bill.consignment
        box.described_by = state.described.get(name)
        known.boxes[name] = box
    else:
        state.described[name] = state.tables.boxes.length + len(boxes)
    boxes.append(box)
    return box


def complete_mentions(boxes: pl.DataFrame, described_by: pl.Series) -> pl.DataFrame:
    """What the message says once of a box (in the row ``described_by``) holds wherever a bill mentions it."""
    names = [name for name in _OF_THE_MESSAGE if boxes[name].null_count() < boxes.height]
    said = boxes.select(pl.col(names).gather(described_by))
    return boxes.with_columns(pl.coalesce(name, said[name]).alias(name) for name in names)
