"""Boxes: containers, trailers and vehicles of the message or of a bill, with seals and temperature."""

from __future__ import annotations

from decimal import Decimal

from pratique.flow.intake.formats.cuscar.rows import Box
from pratique.flow.intake.formats.cuscar.state import State, append, first_of, part
from pratique.vocabulary.units import decimal_number


def eqd(state: State, elements: list[str], segment: int) -> None:
    """Equipment: its number, size and type, status and whether it is full (8169)."""
    state.leave_group()
    padded = elements + [""] * (7 - len(elements))
    name = first_of(padded[2])
    box = _open_box(state, name, segment)
    size = padded[3].split(":")
    box.size_type_raw = part(size, 0) or part(size, 3) or box.size_type_raw
    box.status = padded[5] or box.status
    box.fullness_code = first_of(padded[6]) or box.fullness_code
    if not name:
        state.note("cuscar.equipment_number_missing", segment)


def sel(state: State, elements: list[str], segment: int) -> None:
    """Seal of the open box or share of goods in a box, else of the consignment."""
    number = first_of(elements[1]) if len(elements) > 1 else ""
    if not number:
        return
    owner = state.box or state.split or state.bill
    if owner is None:
        state.note("cuscar.seal_without_equipment", segment, seal=number)
    else:
        owner.seal_ids = append(owner.seal_ids, number)


def tmp(state: State, elements: list[str], segment: int) -> None:
    """Temperature setting of the open box, in thousandths of a degree Celsius."""
    box = state.box or state.split
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


def complete_mentions(state: State) -> None:
    """What the message says once of a box holds wherever a bill mentions it."""
    own = [box for box in state.tables.boxes if box.origin is state.origin]
    described = {box.equipment_id_raw: box for box in own if box.consignment is None}
    if not described:
        return
    for box in own:
        source = described.get(box.equipment_id_raw)
        if source is None or box.consignment is None:
            continue
        for name in ("size_type_raw", "fullness_code", "tare_g", "gross_mass_g", "seal_ids", "status"):
            if getattr(box, name) is None:
                setattr(box, name, getattr(source, name))
        if box.temperature_milli_c is None:
            box.temperature_milli_c = source.temperature_milli_c


def _open_box(state: State, name: str, segment: int) -> Box:
    known = state.of_bill
    box = known.boxes.get(name) if known is not None and name else None
    if box is None:
        box = Box()
        box.origin, box.segment = state.origin, segment
        box.equipment_id_raw = name or None
        state.tables.boxes.append(box)
        if state.bill is not None and known is not None:
            box.consignment = state.bill.consignment
            known.boxes[name] = box
    state.box = box
    return box
