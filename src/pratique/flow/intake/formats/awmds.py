"""ASYCUDA World cargo manifests in XML: ``Awmds``, the degroupage ``Awbolds`` and the co-loader ``Awmcds``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, BinaryIO, Final

from pratique.flow.intake.format import Quarantined, ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.awmds_tags import CANONICAL, DOCUMENT_TYPES, READ, TRADERS
from pratique.flow.intake.xml import Element, Part, PartReader, Rows, local_name, root_of, unreadable
from pratique.vocabulary.sums import total_of

Values = dict[str, str]

_ROOTS: Final = frozenset({"awmds", "awbolds", "awmcds"})
_SAD_ROOT: Final = "asycuda"
_PARTS: Final = tuple(
    variant
    for name in ("General_segment", "Master_bol", "Bol_segment")
    for variant in (name, name.lower(), name.upper(), name.title())
)
_IMO: Final = re.compile(r"(?:IMO\s*)?(\d{7})", re.IGNORECASE)
_NO_CURRENCY: Final = "ZZZ"
_HOUSE_TYPE: Final[Mapping[str, str]] = MappingProxyType({"705": "714", "740": "703"})


class Awmds:
    """Reads ASYCUDA World manifests.

    Tag names follow the manifest descriptions that UNCTAD published for several countries; no real file was at hand,
    so a national profile may hold elements that this map does not know: they are counted in a finding. Weights are
    kilograms, volumes cubic metres. Dates and times carry no zone and are kept as if they were UTC. The functional
    reference is the key by which ASYCUDA World knows a manifest: office, voyage and date of departure.
    """

    name = "awmds"

    def detect(self, head: bytes, file_name: str) -> int:
        """100 for a manifest root, less in other letter case; a SAD is recognised too, only to be refused."""
        root = root_of(head) or ""
        if root.lower() in _ROOTS:
            return 100 if root == root.capitalize() else 90
        return 60 if root.lower() == _SAD_ROOT else 0

    def read(self, stream: BinaryIO, *, context: ReadContext) -> Reading:
        """Frames of one manifest; a bill that cannot be read is quarantined and reading goes on with the next."""
        parts = PartReader(stream, wanted=_PARTS, repeated="Bol_segment")
        root = parts.prolog.root
        if root.lower() == _SAD_ROOT:
            raise Unreadable(
                "intake.sad_not_read",
                "The file is an ASYCUDA World declaration (SAD), which is recognised but not read by this release.",
                place=f"/{parts.prolog.qualified(root)}[1]",
                todo="Send the manifest (Awmds), or the declaration in the WCO data model.",
            )
        if root.lower() not in _ROOTS:
            raise Unreadable("intake.not_awmds", f"The root <{root}> is not that of an ASYCUDA World manifest.")
        manifest = _Manifest(root, context)
        quarantined = _read_parts(manifest, parts)
        return Reading(manifest.finish(parts), tuple(quarantined))


def _read_parts(manifest: _Manifest, parts: PartReader) -> list[Quarantined]:
    quarantined = []
    for item in parts:
        if not isinstance(item, Part):
            quarantined.append(item.quarantined)
            manifest.rows.findings.append(item.quarantined.reason)
        elif item.name.lower() == "bol_segment":
            manifest.bill(item)
        else:
            manifest.general(item)
    if quarantined and not manifest.bills and not manifest.has_general:
        raise unreadable(quarantined[0])
    return quarantined


class _Manifest:
    """The rows of one manifest while its parts come in."""

    def __init__(self, root: str, context: ReadContext) -> None:
        self.rows = Rows()
        self.bills = 0
        self.has_general = False
        self.unread: Counter[str] = Counter()
        self.other_case: Counter[str] = Counter()
        self.not_stated = 0
        self.master: str | None = None
        self.message: dict[str, Any] = {
            "message": 0,
            "place": f"/{root}[1]",
            "message_type": root.upper(),
            "format": Awmds.name,
            "raw_sha256": context.raw_sha256,
        }
        self.rows.message.append(self.message)
        if root != root.capitalize():
            self.other_case[root] += 1

    def general(self, part: Part) -> None:
        """The general segment (or the master bill of a degroupage): message, transport and declared totals."""
        self.has_general = True
        values = self._values(part.element, part.name if part.name in READ else part.name.capitalize())
        self.master = values.get("Reference_number")
        key = [values.get(name) for name in ("Customs_office_code", "Voyage_number", "Date_of_departure")]
        self.message["functional_reference_id"] = "/".join(step or "" for step in key) if any(key) else None
        self.message["declaration_office_id"] = key[0]
        self.message["registration_id"] = values.get("Registration_number")
        self._transport(values, part.place)
        self._totals(values, part.place)
        for trader in _sections(part.element, "Transport_information"):
            self._traders(trader, part.place, consignment=None)

    def _transport(self, values: Values, place: str) -> None:
        identity = values.get("Identity_of_transporter")
        imo = _IMO.fullmatch(values.get("Registration_number_of_transport_code") or identity or "")
        number = imo.group(1) if imo else values.get("Registration_number_of_transport_code")
        time = " ".join(filter(None, (values.get("Date_of_arrival"), values.get("Time_of_arrival"))))
        pattern = "%Y-%m-%d" + ("", " %H:%M", " %H:%M:%S")[time.count(":")] if time.count(":") < 3 else "%Y-%m-%d"
        if time:
            self.rows.zone_unknown(place)
        self.rows.transport.append(
            {
                "message": 0,
                "place": place,
                "stage": "border",
                "mode_code": values.get("Mode_of_transport_code"),
                "identification": number or identity,
                "identification_scheme": "IMO" if imo else "registration" if number else "name" if identity else None,
                "name": identity,
                "nationality_country": values.get("Nationality_of_transporter_code"),
                "journey_id": values.get("Voyage_number"),
                "operator_id": values.get("Carrier_code"),
                "operator_name": values.get("Carrier_name"),
                "departure_location": values.get("Place_of_departure_code"),
                "arrival_location": values.get("Place_of_destination_code"),
                "departure_datetime": self.rows.moment(values.get("Date_of_departure"), "%Y-%m-%d", place),
                "arrival_datetime": self.rows.moment(time or None, pattern, place),
            }
        )

    def _totals(self, values: Values, place: str) -> None:
        declared = {
            "consignment_count": self.rows.count(values.get("Total_number_of_bols"), place),
            "package_count": self.rows.count(values.get("Total_number_of_packages"), place),
            "gross_mass_g": self.rows.grams(values.get("Total_gross_mass"), "KGM", place),
            "equipment_count": self.rows.count(values.get("Total_number_of_containers"), place),
        }
        if any(value is not None for value in declared.values()):
            self.rows.declared.append({"message": 0, **declared})

    def bill(self, part: Part) -> None:
        """One bill: a consignment with its parties, containers and goods."""
        number = self.rows.at_consignment = self.bills
        self.bills += 1
        values: Values = {}
        goods: list[dict[str, Any]] = []
        containers = 0
        for child in part.element:
            section = local_name(child)
            canonical = section if section in READ else self._canonical(section)
            if canonical == "ctn_segment":
                containers += 1
                self._container(child, f"{part.place}/{section}[{containers}]", number)
            elif canonical == "Goods_segment":
                goods.append(self._goods(child, f"{part.place}/{section}[{len(goods) + 1}]", values))
            elif canonical == "Traders_segment":
                self._traders(child, part.place, consignment=number)
            else:
                values.update(self._values(child, canonical))
        self._consignment(values, goods, part.place, number)
        declared = self.rows.count(values.get("Num_of_ctn_for_this_bol"), part.place)
        if declared is not None and declared != containers:
            self.rows.find("awmds.container_count_differs", part.place, declared=declared, computed=containers)
        self.rows.at_consignment = None

    def _consignment(self, values: Values, goods: list[dict[str, Any]], place: str, number: int) -> None:
        master = values.get("Master_bol_ref_number") or self.master
        kind = DOCUMENT_TYPES.get(values.get("Bol_type_code", "").upper(), values.get("Bol_type_code"))
        level = "house" if master else "master" if values.get("Consolidated_Cargo") in {"1", "true"} else "simple"
        freight, freight_currency = self._amount(values, "Freight", place)
        customs, customs_currency = self._amount(values, "Customs", place)
        previous = values.get("Previous_document_reference")
        self.rows.consignments.append(
            {
                "consignment": number,
                "message": 0,
                "place": place,
                "sequence": self.rows.count(values.get("Line_number"), place),
                "transport_contract_document_id": values.get("Bol_reference"),
                "transport_contract_document_type_code": _HOUSE_TYPE.get(kind or "", kind) if master else kind,
                "master_document_id": master,
                "house_level": level,
                "ucr": values.get("Unique_carrier_reference"),
                "nature_code": values.get("Bol_nature"),
                "loading_location": values.get("Place_of_loading_code"),
                "unloading_location": values.get("Place_of_unloading_code"),
                "place_of_acceptance": values.get("Port_of_origin_code"),
                "final_destination": values.get("Final_destination_country_code"),
                "gross_mass_g": _sum(goods, "gross_mass_g"),
                "volume_dm3": _sum(goods, "volume_dm3"),
                "package_count": _sum(goods, "package_count"),
                "freight_charge_minor": freight,
                "freight_charge_currency": freight_currency,
                "freight_payment_method_code": values.get("PC_indicator"),
                "customs_value_minor": customs,
                "customs_value_currency": customs_currency,
                "documents": [{"type_code": None, "document_id": previous}] if previous else None,
                "seal_ids": [seal for segment in goods for seal in segment["seals"]] or None,
                "handling_codes": [code] if (code := values.get("Location_code")) else None,
            }
        )
        self.rows.goods_items.extend({key: item[key] for key in item if key != "seals"} for item in goods)

    def _amount(self, values: Values, kind: str, place: str) -> tuple[int | None, str | None]:
        text, currency = values.get(f"{kind}_value"), values.get(f"{kind}_currency")
        if text is None or (currency in {None, _NO_CURRENCY} and not text.strip("0.")):
            self.not_stated += text is not None
            return None, None
        return self.rows.minor_units(text, currency, place), currency

    def _container(self, element: Element, place: str, number: int) -> None:
        values = self._values(element, "ctn_segment")
        seals = [values[name] for name in ("Marks1", "Marks2", "Marks3", "Seal_number") if name in values]
        self.rows.equipment.append(
            {
                "consignment": number,
                "message": 0,
                "place": place,
                "equipment_id_raw": values.get("Ctn_reference"),
                "size_type_raw": values.get("Type_of_container"),
                "fullness_code": values.get("Empty_Full"),
                "tare_g": self.rows.grams(values.get("Empty_weight"), "KGM", place),
                "gross_mass_g": self.rows.grams(values.get("Gross_weight"), "KGM", place),
                "goods_mass_g": self.rows.grams(values.get("Goods_weight"), "KGM", place),
                "package_count": self.rows.count(values.get("Number_of_packages"), place),
                "seal_ids": seals or None,
                "status": values.get("Status"),
            }
        )

    def _goods(self, element: Element, place: str, bill: Values) -> dict[str, Any]:
        boxes = [text for inner in element.iter("{*}Ctn_item_reference") if (text := (inner.text or "").strip())]
        values = self._values(element, "Goods_segment")
        if "Num_of_ctn_for_this_bol" in values:
            bill.setdefault("Num_of_ctn_for_this_bol", values["Num_of_ctn_for_this_bol"])
        packages = self.rows.count(values.get("Number_of_packages"), place)
        packaging = {
            "type_code": values.get("Package_type_code"),
            "quantity": packages,
            "marks": values.get("Shipping_marks"),
        }
        return {
            "consignment": self.rows.at_consignment,
            "goods_item": len(self.rows.goods_items) + int(place.rpartition("[")[2][:-1]) - 1,
            "place": place,
            "description": values.get("Goods_description"),
            "commodity_code_raw": values.get("Commodity_code"),
            "packaging": [packaging] if any(value is not None for value in packaging.values()) else None,
            "package_count": packages,
            "gross_mass_g": self.rows.grams(values.get("Gross_mass"), "KGM", place),
            "volume_dm3": self.rows.cubic_decimetres(values.get("Volume_in_cubic_meters"), "MTQ", place),
            "un_number": values.get("UN"),
            "imdg_class": values.get("IMCO"),
            "equipment_ids": boxes or None,
            "seals": [values["Marks_of_seals"]] if "Marks_of_seals" in values else [],
        }

    def _traders(self, segment: Element, place: str, *, consignment: int | None) -> None:
        above = f"{place}/{local_name(segment)}[1]"
        seen: Counter[str] = Counter()
        for child in segment:
            tag = local_name(child)
            trader = tag if tag in TRADERS else self._canonical(tag)
            if trader not in TRADERS:
                continue
            seen[tag] += 1
            values = self._values(child, trader, surveyed=consignment is None)
            self.rows.party(
                consignment=consignment,
                message=0,
                place=f"{above}/{tag}[{seen[tag]}]",
                role_code=TRADERS[trader],
                party_id=values.get(f"{trader}_code"),
                name=values.get(f"{trader}_name"),
                address_line=values.get(f"{trader}_address"),
            )

    def _values(self, element: Element, section: str, *, surveyed: bool = False) -> Values:
        """The texts below an element by tag; tags that its map does not read are counted (once: ``surveyed``)."""
        known = READ.get(section, frozenset())
        values: Values = {}
        for leaf in element.iter():
            text = leaf.text
            if text is None or not (text := text.strip()):
                continue
            tag = leaf.tag
            if tag not in known:
                tag = self._canonical(local_name(leaf))
            if tag in known and tag not in values:
                values[tag] = text
            elif tag != "Ctn_item_reference" and not surveyed:
                self.unread[local_name(leaf)] += 1
        return values

    def _canonical(self, tag: str) -> str:
        canonical = CANONICAL.get(tag.lower(), tag)
        if canonical != tag:
            self.other_case[tag] += 1
        return canonical

    def finish(self, parts: PartReader) -> Any:
        """The frames, with the findings about the file as a whole."""
        if self.not_stated:
            self.rows.find("awmds.value_not_stated", self.message["place"], "note", count=self.not_stated)
        if self.other_case:
            names = ", ".join(sorted(self.other_case)[:20])
            self.rows.find("awmds.letter_case", self.message["place"], names=names)
        parts.survey.unknown.update(self.unread)
        self.rows.findings.extend(parts.survey.findings(0))
        return self.rows.manifest()


def _sections(element: Element, name: str) -> list[Element]:
    return [child for child in element if local_name(child).lower() == name.lower()]


def _sum(goods: list[dict[str, Any]], name: str) -> int | None:
    return total_of(item[name] for item in goods)
