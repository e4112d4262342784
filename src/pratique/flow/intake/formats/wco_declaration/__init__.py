"""Declarations and responses in the XML of the WCO data model (3.6, as the United Kingdom's CDS uses it)."""

from __future__ import annotations

from typing import BinaryIO

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.wco_declaration.declaration import read_declaration
from pratique.flow.intake.formats.wco_declaration.response import read_response
from pratique.flow.intake.xml import Branch, Part, PartReader, Rows, root_of, unreadable

_MARKS = (b"wco:datamodel", b"WCODataModelVersionCode", b"WCOTypeName")
_ROOTS = ("MetaData", "Declaration", "Response")

__all__ = ["WcoDeclaration"]


class WcoDeclaration:
    """Reads WCO data model declarations and the responses to them; elements are matched by local name.

    A ``GoodsShipment`` is a consignment, a ``GovernmentAgencyGoodsItem`` a goods item. A measure without a unit code
    is in kilograms, as CDS writes it. A response tells of a declaration made before: a message without a consignment.
    """

    name = "wco_declaration"

    def detect(self, head: bytes, file_name: str) -> int:
        """100 for a root of the data model that says so, 60 for a bare declaration with a goods shipment."""
        root = root_of(head)
        if root not in _ROOTS:
            return 0
        if any(mark in head for mark in _MARKS):
            return 100
        return 60 if root == "Declaration" and b"GoodsShipment" in head else 0

    def read(self, stream: BinaryIO, *, context: ReadContext) -> Reading:
        """Frames of every declaration and response in the file."""
        parts = PartReader(stream, wanted=_ROOTS)
        rows, quarantined = Rows(), []
        for item in parts:
            if isinstance(item, Part):
                _read_part(rows, Branch(item.element, item.place), context)
            else:
                quarantined.append(item.quarantined)
                rows.findings.append(item.quarantined.reason)
        if not rows.message:
            raise unreadable(quarantined[0]) if quarantined else _nothing_known(parts.prolog.root)
        rows.findings.extend(parts.survey.findings(None))
        return Reading(rows.manifest(), tuple(quarantined))


def _read_part(rows: Rows, part: Branch, context: ReadContext) -> None:
    """One envelope (or a declaration or response without one)."""
    wrapped = part.name == "MetaData"
    values = {
        "message_type": part.text("WCOTypeName") if wrapped else None,
        "format": WcoDeclaration.name,
        "format_version": part.text("WCODataModelVersionCode") if wrapped else None,
        "receiver_id": part.text("ResponsibleAgencyName") if wrapped else None,
        "raw_sha256": context.raw_sha256,
    }
    if wrapped:
        part.text("ResponsibleCountryCode")
        part.text("AgencyAssignedCustomizationCode")
        part.text("AgencyAssignedCustomizationVersionCode")
    for declaration in part.children("Declaration") if wrapped else [part] if part.name == "Declaration" else []:
        read_declaration(rows, declaration, values)
    for response in part.children("Response") if wrapped else [part] if part.name == "Response" else []:
        read_response(rows, response, values)
    unread = part.unread()
    if unread and rows.message:
        names = ", ".join(f"{name} ({count})" for name, count in sorted(unread.items())[:20])
        rows.find("xml.unknown_elements", part.place, "note", names=names, count=unread.total())


def _nothing_known(root: str) -> Unreadable:
    return Unreadable(
        "intake.wco_no_declaration",
        f"The file <{root}> holds no declaration and no response of the WCO data model.",
        place=f"/{root}[1]",
    )
