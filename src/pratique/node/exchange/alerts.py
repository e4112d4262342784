"""An alert out of the node's own rows: what was declared, by field, each where its data category belongs. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pratique.flow.screening.words import generic_words, legal_forms

if TYPE_CHECKING:
    from pratique.node.handlers.queue import ShortReason

ROLES: Final = {
    "CZ": "consignor",
    "CN": "consignee",
    "NI": "notify",
    "CA": "carrier",
    "DT": "declarant",
    "FW": "forwarder",
    "IM": "importer",
    "EX": "exporter",
}
MODES: Final = {"1": "sea", "2": "rail", "3": "road", "4": "air", "5": "post", "7": "pipeline", "8": "inland_water"}
IMO: Final = re.compile("[0-9]{7}")
PLACE: Final = re.compile("[A-Z]{2}[A-Z2-9]{3}")
COMMODITY: Final = re.compile("[0-9]{4,10}")
CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+()\-]{0,119}")
LINE: Final = 300
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
MOST: Final = 100

Row = Mapping[str, Any]


def goods_of(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Goods items as declared."""
    return _all(
        {
            "description": _line(row["description"]),
            "commodity": _fitting(row["commodity_code"], COMMODITY),
            "gross_mass_g": row["gross_mass_g"],
            "packages": row["package_count"],
            "origin": _country(row["origin_country"]),
        }
        for row in rows
    )


def equipment_of(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Boxes with their seals; a box without a number that can be written is left out."""
    found = (
        {
            "id": _fitting(row["equipment_id"], CODE),
            "size_type": _fitting(row["size_type"], CODE),
            "seals": [seal for seal in row["seal_ids"] or [] if CODE.fullmatch(seal)][:60],
            "gross_mass_g": row["gross_mass_g"],
        }
        for row in rows
    )
    return _all(each for each in found if each["id"])


def transport_of(rows: Iterable[Row], consignment: Row) -> dict[str, Any] | None:
    """The means of transport that arrives, and where the goods are loaded and unloaded."""
    arriving = [row for row in rows if row["mode_code"] in MODES]
    if not arriving:
        return None
    row = next((each for each in arriving if each["arrival_location"]), arriving[0])
    stops = (("loading", consignment["loading_location"]), ("discharge", consignment["unloading_location"]))
    route = [{"place": place, "role": role} for role, place in stops if place and PLACE.fullmatch(place)]
    return _given(
        {
            "mode": MODES[row["mode_code"]],
            "name": _line(row["name"]),
            "imo": _fitting(row["identification"], IMO),
            "voyage": _fitting(row["journey_id"], CODE),
            "flag": _country(row["nationality_country"]),
            "route": route,
        }
    )


def parties_of(rows: Iterable[Row]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Companies and natural persons. Who is not plainly a company is treated as a person: the gate then asks more."""
    companies, persons = [], []
    for number, row in enumerate(row for row in rows if row["name"]):
        role = ROLES.get(row["role_code"] or "", "other")
        if is_company(row["name"]):
            address = ", ".join(part for part in (row["address_line"], row["postcode"], row["city"]) if part)
            companies.append(
                {
                    "name": _line(row["name"]),
                    "role": role,
                    "number": _line(row["party_id"]),
                    "address": _line(address),
                    "country": _country(row["country"]),
                }
            )
        else:
            persons.append({"key": f"p{number + 1}", "name": _line(row["name"]), "role": role})
    return _all(companies), _all(persons)


def is_company(name: str) -> bool:
    """The name holds a legal form or a word that names of companies have."""
    words = re.sub(r"[^\w ]", " ", name.upper().replace(".", "")).split()
    known = legal_forms("any") | legal_forms("end") | generic_words()
    return any(word in known for word in words)


def reasons_of(reasons: Iterable[ShortReason], tell: Callable[[ShortReason], str]) -> list[dict[str, Any]]:
    """Why it was selected. Points stay here: they say how this node weighs. A sentence that repeats a text of the

    message could repeat a name, which belongs to another category: then the code speaks alone.
    """
    fired = [each for each in reasons if CODE.fullmatch(each.profile_id)]
    return _all({"code": each.profile_id, "sentence": _line(_told(each, tell))} for each in fired)


def _told(reason: ShortReason, tell: Callable[[ShortReason], str]) -> str:
    if any(isinstance(value, str | list | dict) for value in reason.params.values()):
        return reason.profile_id.replace("_", " ").replace(".", " ")
    return tell(reason)


def documents_of(consignment: Row) -> list[dict[str, Any]]:
    """The bill."""
    bill = _line(consignment["transport_contract_document_id"])
    return [{"kind": "bill_of_lading", "number": bill}] if bill else []


def _all(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_given(row) for row in rows][:MOST]


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", [], ())}


def _line(text: str | None) -> str | None:
    """One line without control characters, as the wire takes it."""
    return _CONTROL.sub(" ", text).strip()[:LINE] or None if text else None


def _fitting(text: str | None, pattern: re.Pattern[str]) -> str | None:
    return text if text is not None and pattern.fullmatch(text) else None


def _country(text: str | None) -> str | None:
    return text if text is not None and re.fullmatch("[A-Z]{2}", text) else None
