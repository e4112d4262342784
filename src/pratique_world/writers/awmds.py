"""ASYCUDA World manifest XML (``Awmds``), with the tag names of the published national message descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from pratique_world.filing import AWMDS, gives_value, has_code_field, has_code_in_text
from pratique_world.model import EMPTY, Box, Consignment, Goods, Totals, Trader, Vessel
from pratique_world.writers.cuscar import share_of


def manifest_xml(vessel: Vessel, consignments: Sequence[Consignment], declared: Totals) -> bytes:
    """The bytes of the manifest of one ship."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<Awmds>\n',
        *_general(vessel, consignments[0].unloading, declared),
    ]
    for number, bill in enumerate(consignments, 1):
        parts.extend(_bill(number, bill, vessel))
    parts.append("</Awmds>\n")
    return "".join(parts).encode()


def _leaf(tag: str, value: object) -> str:
    return f"<{tag}>{escape(str(value))}</{tag}>"


def _general(vessel: Vessel, port: str, declared: Totals) -> Iterator[str]:
    yield "<General_segment><General_segment_id>"
    yield _leaf("Customs_office_code", port)
    yield _leaf("Voyage_number", vessel.voyage)
    yield _leaf("Date_of_departure", f"{vessel.departure:%Y-%m-%d}")
    yield _leaf("Date_of_arrival", f"{vessel.arrival:%Y-%m-%d}")
    yield _leaf("Time_of_arrival", f"{vessel.arrival:%H:%M}")
    yield "</General_segment_id>\n<Totals_segment>"
    yield _leaf("Total_number_of_bols", declared.consignments)
    yield _leaf("Total_number_of_packages", declared.packages)
    yield _leaf("Total_number_of_containers", declared.containers)
    yield _leaf("Total_gross_mass", declared.gross_kg)
    yield "</Totals_segment>\n<Transport_information>"
    yield _carrier(vessel)
    yield _leaf("Mode_of_transport_code", 1)
    yield _leaf("Identity_of_transporter", vessel.name)
    yield _leaf("Nationality_of_transporter_code", vessel.flag)
    yield _leaf("Registration_number_of_transport_code", vessel.imo)
    yield "</Transport_information>\n<Load_unload_place>"
    yield _leaf("Place_of_departure_code", vessel.calls[0])
    yield _leaf("Place_of_destination_code", port)
    yield "</Load_unload_place></General_segment>\n"


def _carrier(vessel: Vessel) -> str:
    return f"<Carrier>{_leaf('Carrier_code', vessel.line_code)}{_leaf('Carrier_name', vessel.line)}</Carrier>"


def _bill(number: int, bill: Consignment, vessel: Vessel) -> Iterator[str]:
    yield "<Bol_segment><Bol_id>"
    yield _leaf("Bol_reference", bill.bill)
    yield _leaf("Line_number", number)
    yield _leaf("Bol_nature", bill.nature)
    yield _leaf("Bol_type_code", "HBL" if bill.master else "BOL")
    yield _leaf("Master_bol_ref_number", bill.master)
    yield "</Bol_id>\n<Load_unload_place>"
    yield _leaf("Port_of_origin_code", bill.first_port)
    yield _leaf("Place_of_loading_code", bill.loading)
    yield _leaf("Place_of_unloading_code", bill.destination if bill.nature == "24" else bill.unloading)
    if bill.destination != bill.unloading:
        yield _leaf("Final_destination_country_code", bill.destination[:2])
    yield "</Load_unload_place>\n<Traders_segment>"
    yield _carrier(vessel)
    yield from _trader("Exporter", bill.shipper)
    yield from _trader("Notify", bill.notify)
    yield from _trader("Consignee", bill.consignee)
    yield "</Traders_segment>\n"
    for place, box in enumerate(bill.boxes):
        yield from _container(bill, box, place)
    yield from _goods(bill)
    yield from _values(bill)
    yield "</Bol_segment>\n"


def _trader(role: str, trader: Trader) -> Iterator[str]:
    address = " ".join(part for part in (trader.street, trader.city, trader.postcode, trader.country) if part)
    yield f"<{role}>"
    if trader.tax_id:
        yield _leaf(f"{role}_code", trader.tax_id)
    yield _leaf(f"{role}_name", trader.name)
    yield _leaf(f"{role}_address", address)
    yield f"</{role}>"


def _container(bill: Consignment, box: Box, place: int) -> Iterator[str]:
    yield "<ctn_segment>"
    yield _leaf("Ctn_reference", box.number)
    yield _leaf("Number_of_packages", share_of(bill.packages, len(bill.boxes), place))
    yield _leaf("Type_of_container", box.size_type)
    yield _leaf("Empty_Full", EMPTY if box.fullness == EMPTY else "5")
    for number, seal in enumerate(box.seals[:3], 1):
        yield _leaf(f"Marks{number}", seal)
    yield _leaf("Empty_weight", box.tare_kg)
    yield _leaf("Goods_weight", box.gross_kg - box.tare_kg)
    yield "</ctn_segment>\n"


def _goods(bill: Consignment) -> Iterator[str]:
    yield "<Goods_segment>"
    yield _leaf("Number_of_packages", bill.packages)
    yield _leaf("Package_type_code", bill.goods[0].package)
    yield _leaf("Gross_mass", bill.gross_kg)
    if bill.goods[0].code and has_code_field(bill, AWMDS):
        yield _leaf("Commodity_code", bill.goods[0].code)
    if bill.goods[0].un_number:
        yield _leaf("UN", bill.goods[0].un_number) + _leaf("IMCO", bill.goods[0].imdg_class)
    yield _leaf("Shipping_marks", bill.marks)
    yield _leaf("Goods_description", " AND ".join(_described(line, bill) for line in bill.goods))
    yield _leaf("Volume_in_cubic_meters", round(bill.gross_kg / 380, 1))
    yield _leaf("Num_of_ctn_for_this_bol", len(bill.boxes))
    yield "</Goods_segment>\n"


def _values(bill: Consignment) -> Iterator[str]:
    """Freight and customs value where there is one; an empty box has neither."""
    yield "<Value_segment>"
    if bill.freight_cents:
        amount = _leaf("Freight_value", bill.freight_cents / 100)
        yield f"<Freight_segment>{amount}{_leaf('Freight_currency', 'USD')}</Freight_segment>"
    if gives_value(bill, AWMDS):
        amount = _leaf("Customs_value", bill.value_cents / 100)
        yield f"<Customs_segment>{amount}{_leaf('Customs_currency', 'USD')}</Customs_segment>"
    yield "</Value_segment>"


def _described(line: Goods, bill: Consignment) -> str:
    """The text; a filer who does not use the field for the code writes it into the text, one in four nowhere."""
    is_in_text = line.code and has_code_in_text(bill, AWMDS) and "HS CODE" not in line.description
    return f"{line.description} HS {line.code}" if is_in_text else line.description
