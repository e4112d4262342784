"""A bill: its number, places, totals and amounts, from CNI (or the RFF that starts the next bill inside it) on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pratique.flow.intake.formats.cuscar import goods, header
from pratique.flow.intake.formats.cuscar.rows import Bill, several
from pratique.flow.intake.formats.cuscar.said import first_of, part
from pratique.flow.intake.formats.cuscar.state import BillState, State

BILL_NUMBERS: Final[Mapping[str, str]] = MappingProxyType(
    {"BM": "705", "BH": "714", "HWB": "703", "AWB": "740"}  # data element 1153 to 1001
)
MASTERS: Final = frozenset(("MB", "MWB"))
MASTER_DOCUMENTS: Final = frozenset(("704", "741"))
HOUSE_DOCUMENTS: Final = frozenset(("703", "714"))
BILL_DOCUMENTS: Final = frozenset(("703", "704", "705", "706", "710", "714", "720", "730", "740", "741", "785"))
CUSTOMS_VALUES: Final = frozenset(("40", "43"))  # data element 5025
FREIGHTS: Final = frozenset(("64", "144"))
PACKAGE_TOTALS: Final = frozenset(("8", "11", "58"))  # 58 as the published road sample uses it
PLACES: Final[Mapping[str, str]] = MappingProxyType(
    {  # data element 3227
        "9": "loading_location",
        "11": "unloading_location",
        "12": "unloading_location",
        "10": "place_of_acceptance",
        "88": "place_of_acceptance",
        "7": "final_destination",
        "8": "final_destination",
        "20": "final_destination",
        "83": "final_destination",
    }
)


def cni(state: State, text: str, segment: int) -> None:
    """Consignment: a new bill, with its sequence number and perhaps its document number."""
    close_bill(state, segment)
    bill = open_bill(state, segment)
    elements = text.split("+", 3)
    bill.sequence = state.count(elements[1], segment)
    if len(elements) > 2:
        bill.transport_contract_document_id = first_of(elements[2]) or None


def open_bill(state: State, segment: int) -> Bill:
    """A row for a new bill, the one before being closed, and what must be remembered to take it back."""
    run = state.run
    assert run is not None
    bill = Bill()
    bill.segment, bill.consignment = segment, state.tables.bills.length
    state.bill, state.of_bill = bill, BillState(run, len(state.notes.kept))
    return bill


def rff(state: State, text: str, segment: int) -> None:
    """Reference: the number of the bill (which may start the next one), of its master, or another document."""
    bill, known = state.bill, state.of_bill
    qualifier, _, rest = text.split("+", 2)[1].partition(":")
    value = first_of(rest)
    if not value:
        return
    if bill is None or known is None:
        header.header_rff(state, qualifier, value)
    elif qualifier in BILL_NUMBERS:
        _number(state, value, BILL_NUMBERS[qualifier], segment)
    elif qualifier in MASTERS:
        bill.master_document_id = value
    elif qualifier == "AAM":
        known.waybill = value
    elif qualifier == "UCN":
        bill.ucr = value
    elif state.item is not None:
        goods.add_document(state.item, qualifier, value)
    else:
        add_document(bill, qualifier, value)


def doc(state: State, text: str, segment: int) -> None:
    """Document: the bill itself where its type (1001) is a transport document, else one that goes with it."""
    bill, elements = state.bill, text.split("+")
    if bill is None or len(elements) < 3:
        return
    kind, value = first_of(elements[1]), first_of(elements[2])
    if not value:
        return
    if kind in MASTER_DOCUMENTS and (state.of_bill is None or state.of_bill.is_numbered):
        bill.master_document_id = value
    elif kind in BILL_DOCUMENTS:
        _number(state, value, kind, segment)
    else:
        add_document(bill, kind, value)


def add_document(bill: Bill, kind: str, value: str) -> None:
    """One more document of the consignment."""
    rows = bill.documents = bill.documents or []
    rows.append((kind, value))


def cnt(state: State, text: str, segment: int) -> None:
    """Totals: of the bill before its parties and goods, of the message in its head and after the last bill."""
    bill, known = state.bill, state.of_bill
    components = text.split("+", 2)[1].split(":")
    qualifier, number = components[0], part(components, 1) or ""
    is_past = state.item is not None or state.box is not None or state.party is not None or qualifier == "10"
    if bill is None or known is None or is_past:
        header.header_cnt(state, components, segment)
        return
    known.totals_before_number = known.totals_before_number or not known.is_numbered
    if qualifier == "7":
        bill.gross_mass_g = state.mass(number, part(components, 2) or "", segment)
    elif qualifier in PACKAGE_TOTALS:
        bill.package_count = state.count(number, segment)
    elif qualifier == "15":
        bill.volume_dm3 = state.volume(number, part(components, 2) or "", segment)
    elif qualifier not in {"5", "16", "51"}:
        state.note("cuscar.total_not_mapped", segment, severity="note", qualifier=qualifier, text=number)


def loc(state: State, text: str, segment: int) -> None:
    """Place of the bill; of the goods (27, origin); of the message before the first bill."""
    said, bill = state.said.place[text], state.bill
    if said is None or state.box is not None:
        return
    qualifier, place = said
    name = PLACES.get(qualifier)
    if bill is None:
        header.header_loc(state, qualifier, place)
    elif name is not None:
        if state.item is None and (qualifier == "8" or getattr(bill, name) is None):
            setattr(bill, name, place)
    elif qualifier == "27" and state.item is not None:
        state.item.origin_country = place
    elif qualifier in {"13", "92"} and len(place) in (2, 5):
        bill.countries = several(bill.countries, place[:2].upper())


def nature(state: State, text: str, segment: int) -> None:
    """GIS or GEI: whether the cargo is imported, exported, in transit or transhipped (7365)."""
    code = state.said.nature[text]
    if code is None:
        return
    if state.bill is None:
        state.places.setdefault("nature", code)
    elif state.bill.nature_code is None:
        state.bill.nature_code = code


def moa(state: State, text: str, segment: int) -> None:
    """Amount: customs value or freight, with its currency."""
    bill = state.bill
    kind, number, currency, *_ = (text.split("+", 2)[1] + "::").split(":")
    if bill is None or (kind not in CUSTOMS_VALUES and (kind not in FREIGHTS or state.item is not None)):
        state.note("cuscar.amount_not_mapped", segment, severity="note", qualifier=kind, text=number, currency=currency)
        return
    value = state.amount(number, currency, segment)
    if kind in FREIGHTS:
        bill.freight_charge_minor, bill.freight_charge_currency = value, currency or None
    else:
        owner = state.item or bill
        owner.customs_value_minor, owner.customs_value_currency = value, currency or None


def cpi(state: State, text: str, segment: int) -> None:
    """Charge payment instructions: how the freight is paid (C231 4215, or 4237 prepaid or collect)."""
    if state.bill is not None:
        elements = text.split("+")
        method = first_of(elements[2]) if len(elements) > 2 else ""
        state.bill.freight_payment_method_code = (
            method or (first_of(elements[3]) if len(elements) > 3 else "")
        ) or None


def close_bill(state: State, segment: int) -> None:
    """The bill is complete: ``segment`` is the first that is no longer its own."""
    bill, known = state.bill, state.of_bill
    state.leave_group()
    state.drop_sums_beyond_counting()
    boxes, state.boxes = state.boxes, []
    if bill is None or known is None:
        state.tables.add_boxes(boxes)
        return
    state.bill = state.of_bill = None
    if known.broken is not None:
        _take_back(state, bill, known, segment)
        return
    if known.description and not known.items:
        goods.item_of_description(state, bill, known)
    _settle_master(bill, known)
    if bill.transport_contract_document_id is None:
        state.bill = bill
        state.note("cuscar.bill_number_missing", bill.segment)
        state.bill = None
    if bill.nature_code is None:
        bill.nature_code = state.places.get("nature")
    state.tables.add(bill, known.items, boxes)


def _number(state: State, value: str, kind: str, segment: int) -> None:
    bill, known = state.bill, state.of_bill
    assert bill is not None
    assert known is not None
    if known.is_numbered and value != bill.transport_contract_document_id:
        bill, known = _next_in_consignment(state, bill, segment)
    elif not known.is_numbered and bill.transport_contract_document_id not in (None, value):
        own = bill.transport_contract_document_id
        if kind in HOUSE_DOCUMENTS:
            bill.master_document_id = own
        else:
            add_document(bill, "CNI", str(own))
            state.note("cuscar.bill_number_differs", segment, consignment_number=str(own), bill=value)
    if bill.transport_contract_document_type_code is None or not known.is_numbered:
        bill.transport_contract_document_type_code = kind
    bill.transport_contract_document_id = value
    known.is_numbered = True


def _next_in_consignment(state: State, bill: Bill, segment: int) -> tuple[Bill, BillState]:
    """A second number inside one CNI starts a bill; what stood before the first number was said of both."""
    known = state.of_bill
    if known is not None and known.totals_before_number:
        state.note(
            "cuscar.totals_of_several_bills",
            bill.segment,
            packages=str(bill.package_count),
            grams=str(bill.gross_mass_g),
        )
        bill.package_count = bill.gross_mass_g = bill.volume_dm3 = None
    close_bill(state, segment)
    following = open_bill(state, segment)
    following.sequence = bill.sequence
    state.note_once("cuscar.several_bills_in_consignment", segment)
    assert state.of_bill is not None
    return following, state.of_bill


def _settle_master(bill: Bill, known: BillState) -> None:
    own, waybill = bill.transport_contract_document_id, known.waybill
    if waybill is not None:
        if own is not None and waybill.endswith(own):  # the bill's own number behind the code of its issuer
            add_document(bill, "AAM", waybill)
        elif bill.master_document_id is None:
            bill.master_document_id = waybill
    kind = bill.transport_contract_document_type_code
    if kind in MASTER_DOCUMENTS:
        bill.house_level = "master"
    elif kind in HOUSE_DOCUMENTS or bill.master_document_id is not None:
        bill.house_level = "house"
    elif kind is not None:
        bill.house_level = "simple"


def _take_back(state: State, bill: Bill, known: BillState, segment: int) -> None:
    """The bill goes to quarantine as a whole: it leaves no row, its notes stay without it."""
    assert known.broken is not None
    begin = known.run.span(bill.segment - known.run.first)[0]
    state.tables.parties.cut_bill(bill.consignment)
    for note in state.notes.kept[known.first_note :]:
        note.consignment = None
    run = state.run
    is_inside = run is not None and run.first <= segment < run.first + len(run.segments)
    end = run.span(segment - run.first)[0] if run is not None and is_inside else state.end_of_last()
    state.notes.quarantine(known.broken.note, begin, end - begin, known.broken.excerpt)
