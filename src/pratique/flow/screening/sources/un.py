"""The consolidated list of the United Nations Security Council, in its XML file.

Names come in up to four parts, other names with a quality (Good, Low), names in original script apart.
Source: UN Security Council, schema ``sc-sanctions.xsd``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from lxml import etree

from pratique.flow.screening.source import BrokenList, ListFile, LoadedList, unpacked
from pratique.flow.screening.sources.dates import country_code, dates_in
from pratique.flow.screening.sources.entries import Entry, loaded

_ROOT: Final = "CONSOLIDATED_LIST"
_NAME_PARTS: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ADDRESS_PARTS: Final = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_PASSPORT: Final = re.compile(r"(?i)passport|passeport|pasaporte")
_IMO: Final = re.compile(r"IMO(?: number)?:? ?(\d{7})\b")


class UnitedNations:
    """The consolidated list of the United Nations Security Council."""

    name = "un"
    title = "United Nations Security Council consolidated list"
    accepts = "The one XML file of the consolidated list; gzip is understood."

    def load(self, files: Sequence[ListFile]) -> LoadedList:
        """The entries of the file. Raises :class:`BrokenList` where the XML is cut, declares entities or is another."""
        if len(files) != 1:
            raise BrokenList(f"{len(files)} files were given; this list is one XML file.", todo="Load that one file.")
        root = _root(files[0])
        entries = [_person(node) for node in root.iterfind("INDIVIDUALS/INDIVIDUAL")]
        entries += [_entity(node) for node in root.iterfind("ENTITIES/ENTITY")]
        return loaded(self.name, entries, list_date=_list_date(root, files[0].name))


def _root(file: ListFile) -> etree._Element:
    content = unpacked(file)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BrokenList(f"{file.name}: not whole XML ({error}).") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BrokenList(f"{file.name}: the file declares a document type, which the published list never does.")
    if root.tag != _ROOT:
        raise BrokenList(f"{file.name}: the root element is {root.tag}; expected {_ROOT}.")
    return root


def _list_date(root: etree._Element, file_name: str) -> date:
    told = root.get("dateGenerated", "")
    try:
        return date.fromisoformat(told[:10])
    except ValueError as error:
        raise BrokenList(f"{file_name}: dateGenerated is {told!r}; expected a date.") from error


def _person(node: etree._Element) -> Entry:
    entry = _entry(node, "person")
    for alias in node.iterfind("INDIVIDUAL_ALIAS"):
        entry.add_name(_text(alias, "ALIAS_NAME"), "weak" if _text(alias, "QUALITY") == "Low" else "strong")
    for born in node.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        for tag in ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR", "NOTE"):
            entry.birth_dates.extend(dates_in(_text(born, tag)))
    for paper in node.iterfind("INDIVIDUAL_DOCUMENT"):
        if number := _number(_text(paper, "NUMBER")):
            scheme = "passport" if _PASSPORT.search(_text(paper, "TYPE_OF_DOCUMENT")) else "national_id"
            entry.identifiers.append(f"{scheme}:{number}")
    for address in node.iterfind("INDIVIDUAL_ADDRESS"):
        _add_address(entry, address)
    return entry


def _number(text: str) -> str:
    """The number in ``Russian passport number 8208 No. 555627``: the words behind "number" that have digits."""
    behind = re.split(r"(?i)\bnumber:?\s", text)[-1]
    return "".join(word for word in behind.split() if any(c.isdigit() for c in word))


def _entity(node: etree._Element) -> Entry:
    entry = _entry(node, "organisation")
    for alias in node.iterfind("ENTITY_ALIAS"):
        entry.add_name(_text(alias, "ALIAS_NAME"), "weak" if _text(alias, "QUALITY") == "Low" else "strong")
    for address in node.iterfind("ENTITY_ADDRESS"):
        _add_address(entry, address)
    numbers = _IMO.findall(_text(node, "COMMENTS1"))
    entry.identifiers.extend(f"imo_company:{number}" for number in numbers)
    return entry


def _entry(node: etree._Element, kind: str) -> Entry:
    identity = _text(node, "DATAID")
    name = " ".join(part for tag in _NAME_PARTS if (part := _text(node, tag)))
    if not identity or not name:
        raise BrokenList(f"Line {node.sourceline}: an entry without {'DATAID' if not identity else 'a name'}.")
    remarks = " ".join(part for tag in ("REFERENCE_NUMBER", "COMMENTS1") if (part := _text(node, tag)))
    entry = Entry(identity, kind, programme=_text(node, "UN_LIST_TYPE"), remarks=remarks)
    entry.add_name(name, "primary")
    entry.add_name(_text(node, "NAME_ORIGINAL_SCRIPT"), "original_script")
    entry.countries.extend(
        code for value in node.iterfind("NATIONALITY/VALUE") if (code := country_code(value.text or ""))
    )
    return entry


def _add_address(entry: Entry, node: etree._Element) -> None:
    parts = [part for tag in _ADDRESS_PARTS if (part := _text(node, tag))]
    if parts:
        entry.addresses.append(", ".join(parts))
    if code := country_code(_text(node, "COUNTRY")):
        entry.countries.append(code)


def _text(node: etree._Element, tag: str) -> str:
    return " ".join((node.findtext(tag) or "").split())
