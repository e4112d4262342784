"""Entry summary declarations of the European Import Control System: CC315A, CC313A, and the notification CC351A."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, BinaryIO, Final

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.ens_rules import check
from pratique.flow.intake.formats.ens_rules.parties import HEADER_PARTIES, ITEM_PARTIES, PartyTags
from pratique.flow.intake.formats.ens_rules.values import BULK
from pratique.flow.intake.xml import Branch, Part, PartReader, Rows, root_of, unreadable
from pratique.vocabulary.sums import total_of

_FUNCTION: Final[Mapping[str, str]] = MappingProxyType({"CC315A": "9", "CC313A": "4"})  # EDIFACT 1225
_NOTIFICATION: Final = "CC351A"
_NAMESPACE: Final = b"ics.dgtaxud.ec/CC3"
_TRANSPORT_DOCUMENT: Final = re.compile(r"N?(703|704|705|714|720|722|730|740|741|750|785|787)")
_SCHEME: Final[Mapping[str, str]] = MappingProxyType({"2": "registration", "3": "registration", "4": "flight"})
_DAY_AND_TIME: Final = "%Y%m%d%H%M"


class Ens:
    """Reads entry summary declarations and checks them by the published rules.

    A declaration is one consignment; its goods items, their parties and documents stand below it. Masses are
    kilograms. Packages are counted as rule R105 counts them: packages, pieces of unpacked goods, and one for each
    bulk. The itinerary of the transport names the customs offices of entry, first one first. Times carry no zone and
    are kept as if they were UTC; language codes of texts are not kept. A CC351A only tells of a declaration that was
    made before, so it is a message without a consignment.
    """

    name = "ens"

    def detect(self, head: bytes, file_name: str) -> int:
        """100 for a declaration at the root, less for one inside another element."""
        root = root_of(head)
        if root in _FUNCTION or root == _NOTIFICATION:
            return 100
        return 80 if root is not None and _NAMESPACE in head else 0

    def read(self, stream: BinaryIO, *, context: ReadContext) -> Reading:
        """Frames and rule findings of every declaration in the file."""
        parts = PartReader(stream, wanted=(*_FUNCTION, _NOTIFICATION))
        rows, quarantined = Rows(), []
        for item in parts:
            if isinstance(item, Part):
                _Declaration(rows, Branch(item.element, item.place), context).read()
            else:
                quarantined.append(item.quarantined)
                rows.findings.append(item.quarantined.reason)
        if not rows.message:
            raise unreadable(quarantined[0]) if quarantined else _nothing_known(parts.prolog.root)
        rows.findings.extend(parts.survey.findings(None))
        return Reading(rows.manifest(), tuple(quarantined))


def _nothing_known(root: str) -> Unreadable:
    return Unreadable(
        "intake.ens_no_declaration",
        f"The file <{root}> holds no entry summary declaration (CC315A, CC313A) or notification (CC351A).",
        place=f"/{root}[1]",
    )


class _Declaration:
    """One declaration on its way into the rows."""

    def __init__(self, rows: Rows, ens: Branch, context: ReadContext) -> None:
        self.rows = rows
        self.ens = ens
        self.raw_sha256 = context.raw_sha256
        self.message = len(rows.message)
        self.consignment = len(rows.consignments)
        self.header = ens.child("HEAHEA")

    def read(self) -> None:
        self._message()
        if self.ens.name == _NOTIFICATION:
            self.rows.find("ens.notification_only", self.ens.place, "note")
        else:
            self.rows.at_consignment = self.consignment
            self._consignment(self._goods_items())
            self._transport()
            self._totals()
            for tags in HEADER_PARTIES:
                self._parties(self.ens, tags, goods_item=None)
            found = check(Branch(self.ens.element, self.ens.place), message=self.message, consignment=self.consignment)
            self.rows.findings.extend(found)
            self.rows.at_consignment = None
        self._languages()
        self._unread()

    def _head(self, name: str) -> str | None:
        return self.header.text(name) if self.header is not None else None

    def _moment(self, text: str | None, pattern: str, place: str) -> datetime | None:
        return self.rows.moment(text, pattern, place)

    def _message(self) -> None:
        ens, place = self.ens, self.ens.place
        prepared = (ens.text("DatOfPreMES9") or "") + (ens.text("TimOfPreMES10") or "")
        declared = self._head("DecDatTimHEA114") or self._head("DatTimAmeHEA113")
        registration = self._head("DocNumHEA5")
        first_entry = ens.text("CUSOFFFENT730", "RefNumCUSOFFFENT731")
        row: dict[str, Any] = {
            "message": self.message,
            "place": place,
            "message_id": ens.text("MesIdeMES19"),
            "message_type": ens.name,
            "format": Ens.name,
            "sender_id": ens.text("MesSenMES3"),
            "receiver_id": ens.text("MesRecMES6"),
            "function_code": _FUNCTION.get(ens.name),
            "functional_reference_id": self._head("RefNumHEA4"),
            "registration_id": registration,
            "replaces_id": registration if ens.name == "CC313A" else None,
            "declaration_office_id": ens.text("CUSOFFLON", "RefNumCOL1") or first_entry,
            "raw_sha256": self.raw_sha256,
        }
        self.rows.message.append(row)
        row["issue_datetime"] = (
            self._moment(prepared, "%y%m%d%H%M", f"{place}/DatOfPreMES9[1]")
            if prepared
            else self._moment(declared, _DAY_AND_TIME, place)
        )
        if row["issue_datetime"] is not None:
            self.rows.zone_unknown(place)
        said = ens.text("MesTypMES20")
        if said is not None and said != ens.name:
            self.rows.find("ens.message_type_differs", f"{place}/MesTypMES20[1]", text=said, root=ens.name)

    def _consignment(self, goods: Sequence[dict[str, Any]]) -> None:
        items = self.ens.children("GOOITEGDS")
        documents = _distinct([document for row in goods for document in row["documents"] or ()])
        bills = [one for one in documents if _TRANSPORT_DOCUMENT.fullmatch(one["type_code"] or "")]
        bill = bills[0] if len(bills) == 1 else {}
        masses = [row["gross_mass_g"] for row in goods]
        total = self.rows.grams(self._head("TotGroMasHEA307"), "KGM", f"{self.ens.place}/HEAHEA[1]/TotGroMasHEA307[1]")
        counts = [row["package_count"] for row in goods]
        self.rows.consignments.append(
            {
                "consignment": self.consignment,
                "message": self.message,
                "place": self.ens.place,
                "transport_contract_document_id": bill.get("document_id"),
                "transport_contract_document_type_code": (bill.get("type_code") or "").removeprefix("N") or None,
                "house_level": "simple",
                "ucr": self._head("ComRefNumHEA"),
                "loading_location": self._head("PlaLoaGOOITE334") or _common(items, "PlaLoaGOOITE333"),
                "unloading_location": self._head("PlaUnlGOOITE334") or _common(items, "PlaUnlGOOITE333"),
                "transit_countries": self._itinerary(),
                "gross_mass_g": total_of(masses) if masses and None not in masses else total,
                "package_count": total_of(counts),
                "freight_payment_method_code": self._head("TraChaMetOfPayHEA1") or _common(items, "MetOfPayGDI12"),
                "handling_codes": self._handling_codes(items),
                "documents": documents or None,
                "seal_ids": _texts(self.ens.children("SEAID529"), "SeaIdSEAID530"),
            }
        )
        self._equipment(items)

    def _handling_codes(self, items: Sequence[Branch]) -> list[str] | None:
        indicator = self._head("SpeCirIndHEA1")
        mentions = [code for item in items for code in _texts(item.children("SPEMENMT2"), "AddInfCodMT23") or ()]
        return _distinct([*([indicator] if indicator else []), *mentions]) or None

    def _itinerary(self) -> list[str] | None:
        return _texts(self.ens.children("ITI"), "CouOfRouCodITI1")

    def _goods_items(self) -> list[dict[str, Any]]:
        goods = []
        for item in self.ens.children("GOOITEGDS"):
            row = self._goods_item(item, len(self.rows.goods_items))
            self.rows.goods_items.append(row)
            goods.append(row)
            for tags in ITEM_PARTIES:
                self._parties(item, tags, goods_item=row["goods_item"])
        return goods

    def _goods_item(self, item: Branch, number: int) -> dict[str, Any]:
        documents = [
            {"type_code": paper.text("DocTypDC21"), "document_id": paper.text("DocRefDC23")}
            for paper in item.children("PRODOCDC2")
        ]
        if reference := item.text("ComRefNumGIM1"):
            documents.append({"type_code": "UCR", "document_id": reference})
        packaging = [self._packaging(package) for package in item.children("PACGS2")]
        counts = [1 if one["type_code"] in BULK else one["quantity"] for one in packaging]
        return {
            "consignment": self.consignment,
            "goods_item": number,
            "place": item.place,
            "sequence": self.rows.count(item.text("IteNumGDS7"), f"{item.place}/IteNumGDS7[1]"),
            "description": item.text("GooDesGDS23"),
            "commodity_code_raw": item.text("COMCODGODITM", "ComNomCMD1"),
            "packaging": packaging or None,
            "package_count": total_of(counts),
            "gross_mass_g": self.rows.grams(item.text("GroMasGDS46"), "KGM", f"{item.place}/GroMasGDS46[1]"),
            "un_number": item.text("UNDanGooCodGDI1"),
            "equipment_ids": _texts(item.children("CONNR2"), "ConNumNR21"),
            "documents": documents or None,
        }

    def _packaging(self, package: Branch) -> dict[str, Any]:
        packages = self.rows.count(package.text("NumOfPacGS24"), f"{package.place}/NumOfPacGS24[1]")
        pieces = self.rows.count(package.text("NumOfPieGS25"), f"{package.place}/NumOfPieGS25[1]")
        return {
            "type_code": package.text("KinOfPacGS23"),
            "quantity": packages if packages is not None else pieces,
            "marks": package.text("MarNumOfPacGSL21"),
        }

    def _equipment(self, items: Sequence[Branch]) -> None:
        seen: set[str] = set()
        for box in (box for item in items for box in item.children("CONNR2")):
            number = box.text("ConNumNR21")
            if number and number not in seen:
                seen.add(number)
                row = {"consignment": self.consignment, "message": self.message, "place": box.place}
                self.rows.equipment.append({**row, "equipment_id_raw": number})

    def _parties(self, parent: Branch, tags: PartyTags, *, goods_item: int | None) -> None:
        for party in parent.children(tags.tag):
            name, street, postcode, city, country = (party.text(detail) for detail in tags.details)
            number = party.text(tags.tin)
            self.rows.party(
                consignment=self.consignment,
                message=self.message,
                goods_item=goods_item,
                place=party.place,
                role_code=tags.role_code,
                party_id=number,
                party_id_scheme="EORI" if number else None,
                name=name,
                address_line=street,
                city=city,
                postcode=postcode,
                country=country,
            )

    def _transport(self) -> None:
        mode, place = self._head("TraModAtBorHEA76"), f"{self.ens.place}/HEAHEA[1]"
        entry = self.ens.child("CUSOFFFENT730")
        offices = _texts(self.ens.children("CUSOFFSENT740"), "RefNumSUBENR909") or []
        first = entry.text("RefNumCUSOFFFENT731") if entry else None
        expected = entry.text("ExpDatOfArrFIRENT733") if entry else None
        carrier = self.ens.child("TRACARENT601")
        whole = {
            "message": self.message,
            "stage": "border",
            "mode_code": mode,
            "journey_id": self._head("ConRefNumHEA"),
            "operator_id": carrier.text("TINTRACARENT602") if carrier else None,
            "operator_name": carrier.text("NamTRACARENT604") if carrier else None,
            "departure_location": self._head("PlaLoaGOOITE334"),
            "arrival_location": self._head("PlaUnlGOOITE334"),
            "arrival_datetime": self._moment(expected, _DAY_AND_TIME, entry.place if entry else place),
            "itinerary": [office for office in (first, *offices) if office] or None,
        }
        identity, nationality = self._head("IdeOfMeaOfTraCroHEA85"), self._head("NatOfMeaOfTraCroHEA87")
        given: dict[str | None, tuple[str, str | None]] = {identity: (place, nationality)} if identity else {}
        for item in self.ens.children("GOOITEGDS"):
            for means in item.children("IDEMEATRAGI970"):
                told = (means.place, means.text("NatIDEMEATRAGI973"))
                given.setdefault(means.text("IdeMeaTraGIMEATRA971"), told)
        for identification, (where, country) in (given or {None: (place, nationality)}).items():
            scheme = _scheme(mode, identification)
            own = {"place": where, "identification": identification, "identification_scheme": scheme}
            self.rows.transport.append({**whole, **own, "nationality_country": country})

    def _totals(self) -> None:
        place = f"{self.ens.place}/HEAHEA[1]"
        declared = {
            "goods_item_count": self.rows.count(self._head("TotNumOfIteHEA305"), f"{place}/TotNumOfIteHEA305[1]"),
            "package_count": self.rows.count(self._head("TotNumOfPacHEA306"), f"{place}/TotNumOfPacHEA306[1]"),
            "gross_mass_g": self.rows.grams(self._head("TotGroMasHEA307"), "KGM", f"{place}/TotGroMasHEA307[1]"),
        }
        if any(value is not None for value in declared.values()):
            self.rows.declared.append({"message": self.message, **declared})

    def _languages(self) -> None:
        def mark(branch: Branch) -> None:
            for inner in branch:
                if inner.name.endswith("LNG") or inner.name in _LANGUAGES:
                    branch.children(inner.name)
                mark(inner)

        mark(self.ens)

    def _unread(self) -> None:
        unread = self.ens.unread()
        if unread:
            names = ", ".join(f"{name} ({count})" for name, count in sorted(unread.items())[:20])
            self.rows.find("xml.unknown_elements", self.ens.place, "note", names=names, count=unread.total())


_LANGUAGES: Final = frozenset(tags.language for tags in (*HEADER_PARTIES, *ITEM_PARTIES))


def _scheme(mode: str | None, identification: str | None) -> str | None:
    if identification is None:
        return None
    if mode in {"1", "8", "10"} and identification.isdigit():
        return {7: "IMO", 8: "ENI"}.get(len(identification), "name")
    return _SCHEME.get(mode or "", "name")


def _texts(branches: Sequence[Branch], name: str) -> list[str] | None:
    return [text for branch in branches if (text := branch.text(name)) is not None] or None


def _common(items: Sequence[Branch], name: str) -> str | None:
    """What all goods items say alike; ``None`` where they differ or say nothing."""
    told = {item.text(name) for item in items}
    return told.pop() if len(told) == 1 else None


def _distinct(values: Sequence[Any]) -> list[Any]:
    return list({str(value): value for value in values}.values())
