"""One declaration: its shipments as consignments, their goods items, parties, equipment and transport."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from pratique.flow.intake.formats.wco_declaration.values import (
    amount,
    documents,
    mass_g,
    moment,
    parties,
    thousandths,
)
from pratique.flow.intake.xml import Branch, Rows
from pratique.vocabulary.sums import total_of

_NATURE: Final[Mapping[str, str]] = MappingProxyType({"IM": "23", "CO": "23", "EX": "22"})  # by declaration type
_CHANGES: Final = frozenset({"1", "3", "4", "5", "13"})  # EDIFACT 1225: cancel, delete, change, replace, request
_SCHEMES: Final[Mapping[str, str]] = MappingProxyType(
    # EU code list for the type of identification of means of transport
    {
        "10": "IMO",
        "11": "name",
        "20": "wagon",
        "21": "train",
        "30": "registration",
        "31": "registration",
        "40": "flight",
        "41": "registration",
        "80": "ENI",
        "81": "name",
    }
)
_STAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"BorderTransportMeans": "border", "DepartureTransportMeans": "departure", "ArrivalTransportMeans": "arrival"}
)
_COMMODITY_TYPES: Final = ("TSP", "HS", "CN", "SRZ")  # which classification is the tariff code, best first
_TARIC: Final = "TRC"
_OWN_REFERENCE: Final = "DCR"  # declaration unique consignment reference
_MASTER_REFERENCE: Final = "MCR"


def read_declaration(rows: Rows, declaration: Branch, values: Mapping[str, Any]) -> None:
    """The rows of one declaration."""
    message = len(rows.message)
    _message(rows, declaration, values)
    shipments = declaration.children("GoodsShipment")
    only = len(rows.consignments) if len(shipments) == 1 else None
    parties(rows, declaration, consignment=only, message=message)
    for whole in declaration.children("Consignment"):
        parties(rows, whole, consignment=only, message=message)
        _equipment(rows, whole, consignment=only, message=message)
        _transport(rows, whole, message)
    _transport(rows, declaration, message)
    for shipment in shipments:
        rows.at_consignment = len(rows.consignments)
        _shipment(rows, declaration, shipment, message=message)
    rows.at_consignment = None
    _totals(rows, declaration, message)


def _message(rows: Rows, declaration: Branch, values: Mapping[str, Any]) -> None:
    function, registration = declaration.text("FunctionCode"), declaration.text("ID")
    reference = declaration.text("FunctionalReferenceID")
    offices = ("DeclarationOfficeID", "PresentationOffice", "SupervisingOffice", "ExitOffice")
    told = [declaration.text(office) or declaration.text(office, "ID") for office in offices]
    row = {
        **values,
        "message": len(rows.message),
        "place": declaration.place,
        "message_type": values["message_type"] or "DEC",
        "sender_id": declaration.text("Submitter", "ID"),
        "function_code": function,
        "functional_reference_id": reference,
        "registration_id": registration,
        "replaces_id": (registration or reference) if function in _CHANGES else None,
        "declaration_office_id": next((office for office in told if office), None),
    }
    rows.message.append(row)
    row["issue_datetime"] = moment(rows, declaration.child("IssueDateTime"))


def _shipment(rows: Rows, declaration: Branch, shipment: Branch, *, message: int) -> None:
    number = len(rows.consignments)
    consignments = shipment.children("Consignment")
    wholes = [*declaration.children("Consignment"), *consignments]
    items = shipment.children("GovernmentAgencyGoodsItem")
    goods = [_goods_item(rows, item, consignment=number, message=message) for item in items]
    papers = [*documents(declaration), *documents(shipment)]
    contract = next((one for whole in wholes for one in whole.children("TransportContractDocument")), None)
    value, currency = _value(rows, declaration, shipment, goods)
    master = _single(papers, _MASTER_REFERENCE)
    rows.consignments.append(
        {
            "consignment": number,
            "message": message,
            "place": shipment.place,
            "sequence": rows.count(shipment.text("SequenceNumeric"), shipment.place),
            "transport_contract_document_id": contract.text("ID") if contract else None,
            "transport_contract_document_type_code": contract.text("TypeCode") if contract else None,
            "master_document_id": master,
            "house_level": "house" if master else "simple",
            "ucr": shipment.text("UCR", "TraderAssignedReferenceID") or _single(papers, _OWN_REFERENCE),
            "nature_code": _NATURE.get((declaration.text("TypeCode") or "")[:2]),
            "loading_location": _first(wholes, "LoadingLocation", "ID") or shipment.text("ExportCountry", "ID"),
            "unloading_location": _first(wholes, "UnloadingLocation", "ID"),
            "final_destination": shipment.text("Destination", "CountryCode")
            or _alike([item.text("Destination", "CountryCode") for item in items]),
            "transit_countries": _routing(rows, wholes),
            "gross_mass_g": _total(goods, "gross_mass_g"),
            "package_count": _total(goods, "package_count"),
            "freight_payment_method_code": _first(wholes, "Freight", "PaymentMethodCode"),
            "customs_value_minor": value,
            "customs_value_currency": currency,
            "documents": papers or None,
        }
    )
    parties(rows, shipment, consignment=number, message=message)
    for whole in consignments:
        parties(rows, whole, consignment=number, message=message)
        _equipment(rows, whole, consignment=number, message=message)
        _transport(rows, whole, message)


def _goods_item(rows: Rows, item: Branch, *, consignment: int, message: int) -> dict[str, Any]:
    number = len(rows.goods_items)
    measures = item.child("Commodity", "GoodsMeasure") or item.child("GoodsMeasure")
    tariff = measures.child("TariffQuantity") if measures else None
    charge = item.child("CustomsValueAmount") or item.child("Commodity", "InvoiceLine", "ItemChargeAmount")
    customs, customs_currency = amount(rows, charge)
    statistical, statistical_currency = amount(rows, item.child("StatisticalValueAmount"))
    current, previous = _procedure(item)
    row = {
        "consignment": consignment,
        "goods_item": number,
        "place": item.place,
        "sequence": rows.count(item.text("SequenceNumeric"), item.place),
        "description": item.text("Commodity", "Description") or item.text("Commodity", "CargoDescription"),
        "commodity_code_raw": _commodity_code(item),
        "origin_country": _origin(item),
        "procedure_current": current,
        "procedure_previous": previous,
        "gross_mass_g": mass_g(rows, measures.child("GrossMassMeasure") if measures else None),
        "net_mass_g": mass_g(rows, measures.child("NetNetWeightMeasure") if measures else None),
        "supplementary_quantity_milli": thousandths(rows, tariff),
        "supplementary_unit_code": tariff.attribute("unitCode") if tariff else None,
        "customs_value_minor": customs,
        "customs_value_currency": customs_currency,
        "statistical_value_minor": statistical,
        "statistical_value_currency": statistical_currency,
        "un_number": item.text("Commodity", "DangerousGoods", "UNDGID"),
        "equipment_ids": _boxes(rows, item, consignment=consignment, message=message),
        "documents": documents(item) or None,
        **_packaging(rows, item),
    }
    rows.goods_items.append(row)
    parties(rows, item, consignment=consignment, message=message, goods_item=number)
    return row


def _packaging(rows: Rows, item: Branch) -> dict[str, Any]:
    told, counts = [], []
    for package in item.children("Packaging"):
        package.text("SequenceNumeric")
        quantity = rows.count(package.text("QuantityQuantity"), f"{package.place}/QuantityQuantity[1]")
        marks = package.text("MarksNumbersID")
        counts.append(quantity)
        told.append({"type_code": package.text("TypeCode"), "quantity": quantity, "marks": marks})
    return {"packaging": told or None, "package_count": total_of(counts)}


def _commodity_code(item: Branch) -> str | None:
    """The tariff code, with the TARIC digits behind it where they stand apart."""
    found = {one.text("IdentificationTypeCode"): one for one in item.children("Commodity", "Classification")}
    chosen = next((found[kind] for kind in _COMMODITY_TYPES if kind in found), None)
    if chosen is None:
        return None
    code = chosen.text("ID") or ""
    taric = found[_TARIC].text("ID") if _TARIC in found else None
    return (code + taric if taric and len(code) == 8 else code) or None


def _origin(item: Branch) -> str | None:
    """The country of origin: the non-preferential one (type 1) where both are given."""
    origins = {one.text("TypeCode"): one for one in item.children("Origin")}
    chosen = origins.get("1") or next(iter(origins.values()), None)
    return chosen.text("CountryCode") if chosen else None


def _procedure(item: Branch) -> tuple[str | None, str | None]:
    for procedure in item.children("GovernmentProcedure"):
        if procedure.has("PreviousCode"):
            return procedure.text("CurrentCode"), procedure.text("PreviousCode")
    return None, None


def _boxes(rows: Rows, item: Branch, *, consignment: int, message: int) -> list[str] | None:
    boxes = [*item.children("TransportEquipment"), *item.children("Commodity", "TransportEquipment")]
    for box in boxes:
        _box(rows, box, consignment=consignment, message=message)
    return [number for box in boxes if (number := box.text("ID"))] or None


def _equipment(rows: Rows, whole: Branch, *, consignment: int | None, message: int) -> None:
    for box in whole.children("TransportEquipment"):
        _box(rows, box, consignment=consignment, message=message)


def _box(rows: Rows, box: Branch, *, consignment: int | None, message: int) -> None:
    box.text("SequenceNumeric")
    seals = []
    for seal in box.children("Seal"):
        seal.text("SequenceNumeric")
        seals.append(seal.text("ID"))
    rows.equipment.append(
        {
            "consignment": consignment,
            "message": message,
            "place": box.place,
            "equipment_id_raw": box.text("ID"),
            "size_type_raw": box.text("CharacteristicCode"),
            "fullness_code": box.text("FullnessCode"),
            "seal_ids": [seal for seal in seals if seal] or None,
        }
    )


def _transport(rows: Rows, parent: Branch, message: int) -> None:
    for name, stage in _STAGES.items():
        for means in parent.children(name):
            identification = means.text("ID")
            scheme = _SCHEMES.get(means.text("IdentificationTypeCode") or "")
            rows.transport.append(
                {
                    "message": message,
                    "place": means.place,
                    "stage": stage,
                    "mode_code": means.text("ModeCode"),
                    "identification": identification,
                    "identification_scheme": scheme,
                    "name": means.text("Name") or (identification if scheme == "name" else None),
                    "nationality_country": means.text("RegistrationNationalityCode"),
                    "journey_id": means.text("JourneyID"),
                }
            )


def _totals(rows: Rows, declaration: Branch, message: int) -> None:
    declared = {
        "goods_item_count": rows.count(declaration.text("GoodsItemQuantity"), declaration.place),
        "package_count": rows.count(declaration.text("TotalPackageQuantity"), declaration.place),
        "gross_mass_g": mass_g(rows, declaration.child("TotalGrossMassMeasure")),
    }
    if any(value is not None for value in declared.values()):
        rows.declared.append({"message": message, **declared})


def _value(
    rows: Rows, declaration: Branch, shipment: Branch, goods: Sequence[Mapping[str, Any]]
) -> tuple[int | None, str | None]:
    """The goods items' values together where all have one in one currency, else the invoice's."""
    currencies = {item["customs_value_currency"] for item in goods}
    invoice = amount(rows, shipment.child("InvoiceAmount") or declaration.child("InvoiceAmount"))
    if len(currencies) != 1 or None in currencies:
        return invoice
    total = _total(goods, "customs_value_minor")
    return (total, currencies.pop()) if total is not None else invoice


def _routing(rows: Rows, wholes: Sequence[Branch]) -> list[str] | None:
    steps = [step for whole in wholes for step in whole.children("Itinerary")]
    ordered = sorted(steps, key=lambda step: rows.count(step.text("SequenceNumeric"), step.place) or 0)
    return [country for step in ordered if (country := step.text("RoutingCountryCode"))] or None


def _total(goods: Sequence[Mapping[str, Any]], name: str) -> int | None:
    told = [item[name] for item in goods]
    return total_of(told) if None not in told else None


def _single(papers: Sequence[Mapping[str, Any]], kind: str) -> str | None:
    """The number of the only document of a kind; ``None`` where there is none or more than one."""
    told = [paper["document_id"] for paper in papers if paper["type_code"] == kind]
    return told[0] if len(told) == 1 else None


def _first(branches: Sequence[Branch], *names: str) -> str | None:
    return next((text for branch in branches if (text := branch.text(*names))), None)


def _alike(values: Sequence[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None
