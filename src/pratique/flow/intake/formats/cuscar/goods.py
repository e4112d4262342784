"""A goods item of a bill: description, packages, marks, measures, commodity code, dangerous goods and its boxes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pratique.flow.intake.formats.cuscar import equipment
from pratique.flow.intake.formats.cuscar.rows import KIND, MARKS, QUANTITY, Bill, Box, Item, Packaging, several
from pratique.flow.intake.formats.cuscar.said import Measure, first_of, joined, part
from pratique.flow.intake.formats.cuscar.state import BillState, State

_COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {"gross": "gross_mass_g", "net": "net_mass_g", "volume": "volume_dm3"}
)
HARMONIZED: Final = frozenset(("HS", "HSC", "CV", "TSP", "CC"))


def gid(state: State, text: str, segment: int) -> None:
    """Goods item: its number and its (outermost) packages."""
    state.leave_group()
    bill, known = state.bill, state.of_bill
    if bill is None or known is None:
        state.note("cuscar.goods_outside_consignment", segment)
        return
    elements = text.split("+")
    item = _open_item(state, bill, known, segment)
    if len(elements) > 1:
        item.sequence = state.count(elements[1], segment)
    if len(elements) > 2 and elements[2]:
        components = elements[2].split(":")
        _pack(state, item, components[0], part(components, 1) or part(components, 4), segment)
        item.is_packed = True
    if len(elements) > 3 and elements[3]:
        state.note_once("cuscar.inner_packages_not_kept", segment)


def pac(state: State, text: str, segment: int) -> None:
    """Packages: their number and type."""
    item = state.item
    if item is None:
        state.note("cuscar.goods_outside_consignment", segment)
        return
    elements = text.split("+")
    kind = None
    if len(elements) > 3:
        components = elements[3].split(":")
        kind = part(components, 0) or part(components, 3)
    quantity = elements[1]
    if item.is_packed and item.packaging:
        given = item.packaging[0]
        if quantity and str(given[QUANTITY]) != quantity:
            state.note("cuscar.packages_given_twice", segment, first=str(given[QUANTITY]), second=quantity)
        given[KIND] = given[KIND] or kind
        return
    _pack(state, item, quantity, kind, segment)
    item.is_packed = False


def pci(state: State, text: str, segment: int) -> None:
    """Marks and numbers of the packages given last."""
    item, elements = state.item, text.split("+")
    marks = joined(elements[2].split(":")) if len(elements) > 2 else None
    if item is None or marks is None:
        return
    rows = item.packaging = item.packaging or [[None, None, None]]
    before = rows[-1][MARKS]
    rows[-1][MARKS] = f"{before} {marks}" if before else marks


def han(state: State, text: str, segment: int) -> None:
    """Handling instructions, as codes of the consignment."""
    if state.bill is not None:
        components = text.split("+")[1].split(":")
        code = part(components, 0) or part(components, 3)
        if code is not None:
            state.bill.handling = several(state.bill.handling, code)


def ftx(state: State, text: str, segment: int) -> None:
    """Free text: the description of the goods (AAA); at the bill it describes goods that have no item."""
    elements = text.split("+", 5)
    if len(elements) < 5 or elements[1] != "AAA":
        return
    element = elements[4]
    description = joined(element.split(":")) if ":" in element else element.strip()
    if not description:
        return
    item, known = state.item, state.of_bill
    if item is not None:
        item.description = description if item.description is None else f"{item.description} {description}"
    elif known is not None:
        known.description = known.description or []
        known.description.append(description)
        known.description_segment = known.description_segment or segment


def mea(state: State, text: str, segment: int) -> None:
    """Measure of whatever is open: the share of an item in a box, the box, the item, else the bill."""
    measure = state.said.measure[text]
    if measure is None:
        return
    if state.split is not None:
        _measure_share(state, state.split, measure, segment)
    elif state.box is not None:
        _measure_box(state, state.box, measure, segment)
    elif state.item is not None or state.bill is not None:
        _measure_goods(state, measure, segment)


def sgp(state: State, text: str, segment: int) -> None:
    """Split of the goods: which box they are in, and how many packages of them."""
    bill, known = state.bill, state.of_bill
    elements = text.split("+")
    name = first_of(elements[1])
    if bill is None or known is None or not name:
        return
    box = known.boxes.get(name) or equipment.new_box(state, name, segment)
    packages = state.count(elements[2], segment) if len(elements) > 2 else None
    if packages is not None:
        state.add(box, "package_count", packages)
    if state.item is not None:
        state.item.boxes = several(state.item.boxes, name)
    state.split = box


def dgs(state: State, text: str, segment: int) -> None:
    """Dangerous goods: class and UN number."""
    item = state.item
    if item is None:
        return
    elements = text.split("+")
    number = first_of(elements[3]) if len(elements) > 3 else ""
    danger = first_of(elements[2]) if len(elements) > 2 else ""
    if item.un_number is not None and number and number != item.un_number:
        state.note("cuscar.further_dangerous_goods", segment, un_number=number, imdg_class=danger)
        return
    item.un_number = item.un_number or number or None
    item.imdg_class = item.imdg_class or danger or None


def cst(state: State, text: str, segment: int) -> None:
    """Customs status of goods: the commodity code (7361)."""
    item = state.item
    if item is not None and item.commodity_code_raw is None:
        elements = text.split("+", 3)
        item.commodity_code_raw = (first_of(elements[2]) or None) if len(elements) > 2 else None


def pia(state: State, text: str, segment: int) -> None:
    """Additional product identification: a commodity code where it is said to be one (7143)."""
    if state.item is None or state.item.commodity_code_raw is not None:
        return
    for element in text.split("+")[2:]:
        components = element.split(":")
        if part(components, 1) in HARMONIZED:
            state.item.commodity_code_raw = components[0] or None
            return


def add_document(item: Item, kind: str, value: str) -> None:
    """One more document of the goods item."""
    rows = item.documents = item.documents or []
    rows.append((kind, value))


def item_of_description(state: State, bill: Bill, known: BillState) -> None:
    """A goods item for goods that are described at the bill alone."""
    item = _open_item(state, bill, known, known.description_segment)
    item.description = " ".join(known.description or ())
    state.item = None


def _open_item(state: State, bill: Bill, known: BillState, segment: int) -> Item:
    item = Item()
    item.segment, item.consignment = segment, bill.consignment
    item.goods_item = state.tables.items.length + len(known.items)
    known.items.append(item)
    state.item = item
    return item


def _pack(state: State, item: Item, text: str, kind: str | None, segment: int) -> None:
    quantity = state.count(text, segment)
    row: Packaging = [kind, quantity, None]
    if item.packaging is None:
        item.packaging = [row]
    else:
        item.packaging.append(row)
    if quantity is not None:
        state.add(item, "package_count", quantity)


def _measure_share(state: State, share: Box, measure: Measure, segment: int) -> None:
    if measure.kind not in {"gross", "net"}:
        return
    mass = state.mass_of(measure, segment)
    if mass is not None:
        state.add(share, "goods_mass_g", mass)
        state.split_mass_g += mass


def _measure_box(state: State, box: Box, measure: Measure, segment: int) -> None:
    if measure.is_of_goods:
        box.goods_mass_g = state.mass_of(measure, segment)
    elif measure.kind == "gross":
        box.gross_mass_g = state.mass_of(measure, segment)
    elif measure.kind == "tare":
        box.tare_g = state.mass_of(measure, segment)
    elif measure.kind == "net":
        box.goods_mass_g = state.mass_of(measure, segment)


def _measure_goods(state: State, measure: Measure, segment: int) -> None:
    item, kind = state.item, measure.kind
    owner = item or state.bill
    if owner is None or kind == "tare" or (kind == "net" and item is None):
        return
    value = state.volume_of(measure, segment) if kind == "volume" else state.mass_of(measure, segment)
    name = _COLUMNS[kind]
    before = getattr(owner, name)
    if before is None:
        setattr(owner, name, value)
    elif value not in (None, before):
        state.note("cuscar.measure_given_twice", segment, first=before, second=int(value or 0))
