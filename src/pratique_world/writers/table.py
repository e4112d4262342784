"""The plain table with English headings: one row for each box of each goods item, or for an item without a box."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pratique_world.model import EMPTY, Box, Consignment, Goods, Totals, Trader, Vessel
from pratique_world.writers.cuscar import share_of

HEADINGS: Final = (
    "message_reference", "customs_office", "sender", "issued", "total_bills", "total_containers", "total_packages",
    "total_gross_weight_kg", "vessel_name", "imo_number", "vessel_flag", "voyage", "carrier", "carrier_id",
    "departure_port", "departure", "arrival_port", "eta", "ports_of_call", "bill_number", "master_bill_number",
    "house_level", "nature", "place_of_receipt", "port_of_loading", "port_of_discharge", "final_destination",
    "bill_packages", "bill_gross_weight_kg", "freight", "freight_currency", "shipper_name", "shipper_address",
    "shipper_city", "shipper_country", "consignee_name", "consignee_id", "consignee_address", "consignee_city",
    "consignee_postcode", "consignee_country", "consignee_contact", "notify_name", "notify_address", "notify_city",
    "notify_country", "item_number", "description", "hs_code", "origin_country", "packages", "package_type", "marks",
    "gross_weight_kg", "net_weight_kg", "value", "currency", "un_number", "imdg_class", "container_number",
    "container_type", "fullness", "seal_number", "tare_kg", "container_gross_kg",
)  # fmt: skip


def manifest_csv(reference: str, vessel: Vessel, consignments: Sequence[Consignment], declared: Totals) -> bytes:
    """The bytes of the manifest of one ship, as a CSV with the headings of the mapping ``manifest-en``."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS, lineterminator="\r\n")
    writer.writeheader()
    head = _head(reference, vessel, consignments[0].unloading, declared)
    for bill in consignments:
        shared = {**head, **_bill(bill)}
        for row in _rows(bill):
            writer.writerow({**shared, **row})
    return out.getvalue().encode()


def _head(reference: str, vessel: Vessel, port: str, declared: Totals) -> Mapping[str, object]:
    return {
        "message_reference": reference,
        "customs_office": port,
        "sender": vessel.line_code,
        "issued": f"{vessel.departure:%Y-%m-%dT%H:%M}",
        "total_bills": declared.consignments,
        "total_containers": declared.containers,
        "total_packages": declared.packages,
        "total_gross_weight_kg": declared.gross_kg,
        "vessel_name": vessel.name,
        "imo_number": vessel.imo,
        "vessel_flag": vessel.flag,
        "voyage": vessel.voyage,
        "carrier": vessel.line,
        "carrier_id": vessel.line_code,
        "departure_port": vessel.calls[0],
        "departure": f"{vessel.departure:%Y-%m-%dT%H:%M}",
        "arrival_port": port,
        "eta": f"{vessel.arrival:%Y-%m-%dT%H:%M}",
        "ports_of_call": ";".join(vessel.calls),
    }


def _bill(bill: Consignment) -> Mapping[str, object]:
    return {
        "bill_number": bill.bill,
        "master_bill_number": bill.master,
        "house_level": "house" if bill.master else "simple",
        "nature": bill.nature,
        "place_of_receipt": bill.first_port if bill.first_port != bill.loading else "",
        "port_of_loading": bill.loading,
        "port_of_discharge": bill.unloading,
        "final_destination": bill.destination,
        "bill_packages": bill.packages,
        "bill_gross_weight_kg": bill.gross_kg,
        "freight": f"{bill.freight_cents / 100:.2f}" if bill.freight_cents else "",
        "freight_currency": "USD" if bill.freight_cents else "",
        **_party("shipper", bill.shipper),
        **_party("consignee", bill.consignee),
        "consignee_id": bill.consignee.tax_id,
        "consignee_postcode": bill.consignee.postcode,
        "consignee_contact": f"TE:{bill.consignee.phone}" if bill.consignee.phone else "",
        **_party("notify", bill.notify),
        "marks": bill.marks,
    }


def _party(role: str, party: Trader) -> Mapping[str, object]:
    return {
        f"{role}_name": party.name,
        f"{role}_address": party.street,
        f"{role}_city": party.city,
        f"{role}_country": party.country,
    }


def _rows(bill: Consignment) -> Iterator[Mapping[str, object]]:
    for number, line in enumerate(bill.goods, 1):
        item = {"item_number": number, **_goods(line)}
        if not bill.boxes:
            yield {**item, **_shares(line, 1, 0)}
        for place, box in enumerate(bill.boxes):
            yield {**item, **_shares(line, len(bill.boxes), place), **_container(box)}


def _goods(line: Goods) -> Mapping[str, object]:
    return {
        "description": line.description,
        "hs_code": line.code,
        "origin_country": line.origin,
        "package_type": line.package,
        "un_number": line.un_number,
        "imdg_class": line.imdg_class,
    }


def _shares(line: Goods, parts: int, place: int) -> Mapping[str, object]:
    cents = share_of(line.value_cents, parts, place)
    return {
        "packages": share_of(line.packages, parts, place),
        "gross_weight_kg": share_of(line.gross_kg, parts, place),
        "net_weight_kg": share_of(line.net_kg, parts, place),
        "value": f"{cents / 100:.2f}" if line.value_cents else "",
        "currency": "USD" if line.value_cents else "",
    }


def _container(box: Box) -> Mapping[str, object]:
    return {
        "container_number": box.number,
        "container_type": box.size_type,
        "fullness": "empty" if box.fullness == EMPTY else ("lcl" if box.fullness == "7" else "full"),
        "seal_number": ";".join(box.seals),
        "tare_kg": box.tare_kg,
        "container_gross_kg": box.gross_kg,
    }
