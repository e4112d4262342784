"""A goods item of a bill: description, packages, marks, measures, commodity code, dangerous goods and its boxes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pratique.flow.intake.formats.cuscar.rows import Bill, Box, Item
from pratique.flow.intake.formats.cuscar.state import BillState, State, append, first_of, joined, part
from pratique.vocabulary.units import is_mass_unit

MEASURES: Final[Mapping[str, str]] = MappingProxyType(
    {  # data element 6313
        **dict.fromkeys(("G", "AAB", "AAD", "ABS", "ACN", "AET", "VGM", "WT"), "gross"),
        **dict.fromkeys(("AAA", "AAC", "AAF", "AAL", "ADZ", "N"), "net"),
        **dict.fromkeys(("AAW", "AAX", "ABJ", "ACP", "AFF", "VOL"), "volume"),
        "T": "tare",
    }
)
GOODS_OF_BOX: Final = frozenset(("AAA", "AAB", "AAC", "AAD", "AAF", "AAL", "ABS", "ADX", "ADZ", "N"))
HARMONIZED: Final = frozenset(("HS", "HSC", "CV", "TSP", "CC"))


def gid(state: State, elements: list[str], segment: int) -> None:
    """Goods item: its number and its (outermost) packages."""
    state.leave_group()
    bill, known = state.bill, state.of_bill
    if bill is None or known is None:
        state.note("cuscar.goods_outside_consignment", segment)
        return
    item = _open_item(state, bill, segment)
    known.items += 1
    if len(elements) > 1:
        item.sequence = state.count(elements[1], segment)
    if len(elements) > 2 and elements[2]:
        components = elements[2].split(":")
        _pack(state, item, components[0], part(components, 1) or part(components, 4), segment)
    if len(elements) > 3 and elements[3]:
        state.note_once("cuscar.inner_packages_not_kept", segment)


def pac(state: State, elements: list[str], segment: int) -> None:
    """Packages: their number and type."""
    item = state.item
    if item is None:
        state.note("cuscar.goods_outside_consignment", segment)
        return
    kind = None
    if len(elements) > 3:
        components = elements[3].split(":")
        kind = part(components, 0) or part(components, 3)
    text = elements[1] if len(elements) > 1 else ""
    if item.is_packed and item.packaging:
        given = item.packaging[0]
        if text and str(given["quantity"]) != text:
            state.note("cuscar.packages_given_twice", segment, first=str(given["quantity"]), second=text)
        given["type_code"] = given["type_code"] or kind
        return
    _pack(state, item, text, kind, segment, from_item=False)


def pci(state: State, elements: list[str], segment: int) -> None:
    """Marks and numbers of the packages given last."""
    item = state.item
    marks = joined(elements[2].split(":")) if len(elements) > 2 else None
    if item is None or marks is None:
        return
    rows = item.packaging = item.packaging or [{"type_code": None, "quantity": None, "marks": None}]
    before = rows[-1]["marks"]
    rows[-1]["marks"] = f"{before} {marks}" if before else marks


def han(state: State, elements: list[str], segment: int) -> None:
    """Handling instructions, as codes of the consignment."""
    if state.bill is not None and len(elements) > 1 and elements[1]:
        components = elements[1].split(":")
        code = part(components, 0) or part(components, 3)
        if code is not None:
            state.bill.handling_codes = append(state.bill.handling_codes, code)


def ftx(state: State, elements: list[str], segment: int) -> None:
    """Free text: the description of the goods (AAA); at the bill it describes goods that have no item."""
    if len(elements) < 5 or elements[1] != "AAA":
        return
    components = elements[4].split(":")
    text = joined(components) if len(components) > 1 else components[0].strip()
    if not text:
        return
    item, known = state.item, state.of_bill
    if item is not None:
        item.description = text if item.description is None else f"{item.description} {text}"
    elif known is not None:
        known.description.append(text)
        known.description_segment = known.description_segment or segment


def mea(state: State, elements: list[str], segment: int) -> None:
    """Measure of whatever is open: the share of an item in a box, the box, the item, else the bill."""
    if len(elements) < 4:
        return
    attribute = first_of(elements[2])
    components = elements[3].split(":")
    unit, text = components[0], part(components, 1)
    if text is None:
        return
    kind = MEASURES.get(attribute or elements[1])
    if kind is None and (attribute or elements[1]) in {"AAE", "AAI", "AAY", "LMT"}:
        kind = "gross" if is_mass_unit(unit) else "volume"
    if kind is None:
        return
    if state.split is not None:
        _measure_share(state, kind, text, unit, segment)
    elif state.box is not None:
        _measure_box(state, state.box, kind if attribute not in GOODS_OF_BOX else "goods", (text, unit), segment)
    elif state.item is not None or state.bill is not None:
        _measure_goods(state, kind, text, unit, segment)


def sgp(state: State, elements: list[str], segment: int) -> None:
    """Split of the goods: which box they are in, and how many packages of them."""
    bill, known = state.bill, state.of_bill
    name = first_of(elements[1]) if len(elements) > 1 else ""
    if bill is None or known is None or not name:
        return
    box = known.boxes.get(name)
    if box is None:
        box = known.boxes[name] = Box()
        box.origin, box.segment, box.consignment = state.origin, segment, bill.consignment
        box.equipment_id_raw = name
        state.tables.boxes.append(box)
    packages = state.count(elements[2], segment) if len(elements) > 2 and elements[2] else None
    if packages is not None:
        box.package_count = (box.package_count or 0) + packages
    if state.item is not None:
        state.item.equipment_ids = append(state.item.equipment_ids, name)
    state.split, state.split_segment = box, segment


def dgs(state: State, elements: list[str], segment: int) -> None:
    """Dangerous goods: class and UN number."""
    item = state.item
    if item is None:
        return
    number = first_of(elements[3]) if len(elements) > 3 else ""
    danger = first_of(elements[2]) if len(elements) > 2 else ""
    if item.un_number is not None and number and number != item.un_number:
        state.note("cuscar.further_dangerous_goods", segment, un_number=number, imdg_class=danger)
        return
    item.un_number = item.un_number or number or None
    item.imdg_class = item.imdg_class or danger or None


def cst(state: State, elements: list[str], segment: int) -> None:
    """Customs status of goods: the commodity code (7361)."""
    if state.item is not None and len(elements) > 2 and state.item.commodity_code_raw is None:
        state.item.commodity_code_raw = first_of(elements[2]) or None


def pia(state: State, elements: list[str], segment: int) -> None:
    """Additional product identification: a commodity code where it is said to be one (7143)."""
    if state.item is None or state.item.commodity_code_raw is not None:
        return
    for element in elements[2:]:
        components = element.split(":")
        if part(components, 1) in HARMONIZED:
            state.item.commodity_code_raw = components[0] or None
            return


def add_document(item: Item, kind: str, value: str) -> None:
    """One more document of the goods item."""
    rows = item.documents = item.documents or []
    rows.append({"type_code": kind, "document_id": value})


def item_of_description(state: State, bill: Bill, known: BillState) -> None:
    """A goods item for goods that are described at the bill alone."""
    item = _open_item(state, bill, known.description_segment)
    item.description = " ".join(known.description)
    state.item = None


def _open_item(state: State, bill: Bill, segment: int) -> Item:
    item = Item()
    item.origin, item.segment = state.origin, segment
    item.consignment = bill.consignment
    item.goods_item = len(state.tables.items)
    state.tables.items.append(item)
    state.item = item
    return item


def _pack(state: State, item: Item, text: str, kind: str | None, segment: int, *, from_item: bool = True) -> None:
    quantity = state.count(text, segment)
    rows = item.packaging = item.packaging or []
    rows.append({"type_code": kind, "quantity": quantity, "marks": None})
    item.is_packed = from_item
    if quantity is not None:
        item.package_count = (item.package_count or 0) + quantity


def _measure_share(state: State, kind: str, text: str, unit: str, segment: int) -> None:
    share = state.split
    if share is None or kind not in {"gross", "net"}:
        return
    mass = state.mass(text, unit, segment)
    if mass is not None:
        share.goods_mass_g = (share.goods_mass_g or 0) + mass
        state.split_mass_g += mass


def _measure_box(state: State, box: Box, kind: str, measure: tuple[str, str], segment: int) -> None:
    if kind == "volume":
        return
    mass = state.mass(*measure, segment)
    if kind == "tare":
        box.tare_g = mass
    elif kind == "gross":
        box.gross_mass_g = mass
    else:
        box.goods_mass_g = mass


def _measure_goods(state: State, kind: str, text: str, unit: str, segment: int) -> None:
    owner = state.item or state.bill
    if owner is None or kind == "tare":
        return
    if kind == "volume":
        name, value = "volume_dm3", state.volume(text, unit, segment)
    elif kind == "net" and state.item is not None:
        name, value = "net_mass_g", state.mass(text, unit, segment)
    elif kind == "gross":
        name, value = "gross_mass_g", state.mass(text, unit, segment)
    else:
        return
    before = getattr(owner, name)
    if before is None:
        setattr(owner, name, value)
    elif value not in (None, before):
        state.note("cuscar.measure_given_twice", segment, first=before, second=int(value or 0))
