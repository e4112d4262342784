"""Times, measures, amounts and parties as the WCO data model writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from pratique.flow.intake.xml import Branch, Rows
from pratique.vocabulary.units import decimal_number

# EDIFACT 2379
_TIME_FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {"102": "%Y%m%d", "203": "%Y%m%d%H%M", "204": "%Y%m%d%H%M%S", "304": "%Y%m%d%H%M%S", "303": "%Y%m%d%H%M"}
)
_EORI: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{1,15}")
_KILOGRAM: Final = "KGM"
_LARGEST: Final = 2**63 - 1

ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Exporter": "CZ",
        "Consignor": "CZ",
        "Consignee": "CN",
        "Importer": "IM",
        "NotifyParty": "NI",
        "Carrier": "CA",
        "Declarant": "DT",
        "Agent": "AG",
        "Submitter": "MS",
        "Buyer": "BY",
        "Seller": "SE",
        "FreightForwarder": "FW",
        "DeliveryDestination": "DP",
    }
)


def moment(rows: Rows, branch: Branch | None) -> datetime | None:
    """The time in an element such as ``IssueDateTime``, by its format code (EDIFACT 2379), in UTC."""
    text = branch.child("DateTimeString") if branch is not None else None
    if text is None or text.own_text is None:
        return None
    told, pattern = text.own_text, _TIME_FORMATS.get(text.attribute("formatCode") or "304", "%Y%m%d%H%M%S")
    if not (told.endswith("Z") or told[-3:-2] in {"+", "-"}):
        rows.zone_unknown(text.place)
    return rows.moment(told, pattern, text.place)


def mass_g(rows: Rows, branch: Branch | None) -> int | None:
    """A measure of mass in grams."""
    if branch is None:
        return None
    return rows.grams(branch.own_text, branch.attribute("unitCode") or _KILOGRAM, branch.place)


def amount(rows: Rows, branch: Branch | None) -> tuple[int | None, str | None]:
    """An amount in minor units and its currency."""
    if branch is None or branch.own_text is None:
        return None, None
    currency = branch.attribute("currencyID")
    return rows.minor_units(branch.own_text, currency, branch.place), currency


def thousandths(rows: Rows, branch: Branch | None) -> int | None:
    """A quantity in thousandths of its unit."""
    if branch is None or branch.own_text is None:
        return None
    number = decimal_number(branch.own_text)
    milli = number * 1000 if number is not None else None
    if milli is None or milli != milli.to_integral_value() or abs(milli) > Decimal(_LARGEST):
        rows.find("xml.value_unreadable", branch.place, text=branch.own_text[:80])
        return None
    return int(milli)


def documents(parent: Branch) -> list[dict[str, Any]]:
    """Additional documents (category and type are one code, as in C512) and previous documents of a level."""
    told = [
        ((one.text("CategoryCode") or "") + (one.text("TypeCode") or ""), one.text("ID"))
        for one in parent.children("AdditionalDocument")
    ]
    for one in parent.children("PreviousDocument"):
        one.text("CategoryCode")
        told.append((one.text("TypeCode") or "", one.text("ID")))
    return [{"type_code": kind or None, "document_id": number} for kind, number in told if kind or number]


def parties(rows: Rows, parent: Branch, **keys: int | None) -> None:
    """The parties that stand directly below an element."""
    for name, role in ROLES.items():
        for party in parent.children(name):
            number = party.text("ID")
            rows.party(
                **keys,
                place=party.place,
                role_code=role,
                party_id=number,
                party_id_scheme="EORI" if number and _EORI.fullmatch(number) else None,
                name=party.text("Name"),
                communication=_communication(party),
                **_address(party.child("Address")),
            )


def _address(address: Branch | None) -> dict[str, str | None]:
    if address is None:
        return {}
    lines = [line.own_text for line in address.children("Line") if line.own_text]
    return {
        "address_line": ", ".join(lines) or None,
        "city": address.text("CityName"),
        "subdivision": address.text("CountrySubDivisionName") or address.text("CountrySubDivisionCode"),
        "postcode": address.text("PostcodeID"),
        "country": address.text("CountryCode"),
    }


def _communication(party: Branch) -> list[str] | None:
    told = [(one.text("TypeID") or one.text("TypeCode"), one.text("ID")) for one in party.children("Communication")]
    return [f"{kind}:{number}" if kind else number for kind, number in told if number] or None
