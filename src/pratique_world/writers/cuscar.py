"""CUSCAR D.95B in the style of the LOT10 guide for sea manifests.

The message's own segments (BGM, DTM, RFF, NAD), the ship (TDT, LOC, DTM), the boxes (EQD, MEA, SEL), then for each bill
CNI and its RFF group (CNT, LOC, GIS, MOA, NAD) with its goods (GID, FTX, MEA, SGP, DGS, PCI, CST), and the totals. A
message holds at most :data:`BILLS_PER_MESSAGE` bills, so that the count of segments stays in the six digits that UNT
has for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pratique_world.filing import CUSCAR, gives_origin, gives_value
from pratique_world.model import EMPTY, Box, Consignment, Goods, Totals, Trader, Vessel
from pratique_world.writers.count import distinct_boxes

BILLS_PER_MESSAGE: Final = 50_000
_RESERVED: Final = str.maketrans({"?": "??", "+": "?+", ":": "?:", "'": "?'"})
_NAME_LENGTH, _TEXT_LENGTH = 35, 70


@dataclass(frozen=True, slots=True)
class Report:
    """One CUSCAR message: what it is about and what it says of itself."""

    reference: str
    function: str  # 1225: 9 original, 4 change, 1 cancellation
    vessel: Vessel
    consignments: Sequence[Consignment]
    declared: Totals | None
    previous: str = ""
    is_lean: bool = False  # without tare, contact, marks, origin and packages of the bill, as many lines send it


def interchange(reports: Sequence[Report], *, sender: str, receiver: str, sent: datetime, reference: str) -> bytes:
    """The bytes of an interchange with these messages in one functional group."""
    when = f"{sent:%y%m%d}:{sent:%H%M}"
    segments = [
        f"UNB+UNOB:2+{sender}:ZZ+{receiver}:ZZ+{when}+{reference}",
        f"UNG+CUSCAR+{sender}:ZZ+{receiver}:ZZ+{when}+{reference}+UN+D:95B",
    ]
    for number, report in enumerate(reports, 1):
        message = f"{reference}{number:03d}"
        body = list(_message(report, sent))
        segments.append(f"UNH+{message}+CUSCAR:D:95B:UN:LOT10")
        segments.extend(body)
        segments.append(f"UNT+{len(body) + 2}+{message}")
    segments += [f"UNE+{len(reports)}+{reference}", f"UNZ+1+{reference}"]
    return ("UNA:+.? '" + "'".join(segments) + "'").encode("ascii")


def _message(report: Report, sent: datetime) -> Iterator[str]:
    ship = report.vessel
    yield f"BGM+85+{report.reference}+{report.function}"
    yield f"DTM+137:{sent:%Y%m%d%H%M}:203"
    if report.previous:
        yield f"RFF+ACW:{report.previous}"
    yield f"NAD+MS+{ship.line_code}:172:20"
    yield f"NAD+CA+{ship.line_code}:172:20++{_named(ship.line)}"
    carrier = f"{ship.line_code}:172:20:{_escaped(ship.line)}"
    yield f"TDT+20+{ship.voyage}+1++{carrier}+++{ship.imo}:146::{ship.name}:{ship.flag}"
    for port in ship.calls:
        yield f"LOC+92+{port}:139:6"
    yield f"LOC+5+{ship.calls[0]}:139:6"
    yield f"DTM+136:{ship.departure:%Y%m%d%H%M}:203"
    yield f"LOC+60+{report.consignments[0].unloading}:139:6"
    yield f"DTM+132:{ship.arrival:%Y%m%d%H%M}:203"
    for box in distinct_boxes(report.consignments):
        yield from _equipment(box, is_lean=report.is_lean)
    for number, bill in enumerate(report.consignments, 1):
        yield from _bill(number, bill, is_lean=report.is_lean)
    if report.declared is not None:
        yield f"CNT+7:{report.declared.gross_kg}:KGM"
        yield f"CNT+8:{report.declared.packages}"
        yield f"CNT+10:{report.declared.consignments}"
        yield f"CNT+16:{report.declared.containers}"


def _equipment(box: Box, *, is_lean: bool) -> Iterator[str]:
    fullness = EMPTY if box.fullness == EMPTY else "5"
    yield f"EQD+CN+{box.number}+{box.size_type}:102:5++3+{fullness}"
    yield f"MEA+AAE+G+KGM:{box.gross_kg}"
    if not is_lean:
        yield f"MEA+AAE+T+KGM:{box.tare_kg}"
    for seal in box.seals:
        yield f"SEL+{seal}+CA"


def _bill(number: int, bill: Consignment, *, is_lean: bool) -> Iterator[str]:
    yield f"CNI+{number}+{bill.bill}"
    yield f"RFF+BM:{bill.bill}"
    yield f"CNT+7:{bill.gross_kg}:KGM"
    if not is_lean:
        yield f"CNT+8:{bill.packages}"
    yield f"LOC+9+{bill.loading}:139:6"
    yield f"LOC+11+{bill.unloading}:139:6"
    if bill.first_port != bill.loading:
        yield f"LOC+88+{bill.first_port}:139:6"
    if bill.destination != bill.unloading:
        yield f"LOC+20+{bill.destination}:139:6"
    yield f"GIS+{bill.nature}"
    if bill.freight_cents and not bill.master:
        yield f"MOA+64:{_money(bill.freight_cents)}:USD"
    if gives_value(bill, CUSCAR):  # lines know it of some bills only
        yield f"MOA+40:{_money(bill.value_cents)}:USD"
    for role, party in (("CZ", bill.shipper), ("CN", bill.consignee), ("N1", bill.notify)):
        yield from _party(role, party, is_lean=is_lean)
    for item, line in enumerate(bill.goods, 1):
        yield from _item(item, line, bill, is_lean=is_lean)


def _party(role: str, party: Trader, *, is_lean: bool) -> Iterator[str]:
    identity = f"{party.tax_id}:167" if party.tax_id else ""
    elements = [identity, "", _named(party.name), _escaped(party.street), _escaped(party.city), "", party.postcode]
    elements.append(party.country)
    while not elements[-1]:
        elements.pop()
    yield f"NAD+{role}+{'+'.join(elements)}"
    if not is_lean and role == "CN" and party.phone.endswith(("1", "4", "7")):  # a contact stands on some bills only
        yield "CTA+IC"
        yield f"COM+{party.phone}:TE"


def _item(number: int, line: Goods, bill: Consignment, *, is_lean: bool) -> Iterator[str]:
    yield f"GID+{number}+{line.packages}:{line.package}"
    yield f"FTX+AAA+++{_text(line.description)}"
    yield f"MEA+AAE+G+KGM:{line.gross_kg}"
    for place, box in enumerate(bill.boxes):
        yield f"SGP+{box.number}+{share_of(line.packages, len(bill.boxes), place)}"
    if line.un_number:
        yield f"DGS+IMD+{line.imdg_class}+{line.un_number}"
    if not is_lean and line.origin and gives_origin(bill, CUSCAR):
        yield f"LOC+27+{line.origin}:162:5"
    if not is_lean and bill.marks:
        yield f"PCI+24+{_escaped(bill.marks[:_NAME_LENGTH])}"
    if line.code:
        yield f"CST++{line.code}:122"


def share_of(total: int, parts: int, place: int) -> int:
    """What one of several boxes gets of a whole: equal shares, the rest with the first."""
    return total // parts + (total % parts if place == 0 else 0)


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _escaped(text: str) -> str:
    return text.translate(_RESERVED)


def _named(name: str) -> str:
    return ":".join(_escaped(part) for part in _pieces(name, _NAME_LENGTH, 5))


def _text(text: str) -> str:
    return ":".join(_escaped(part) for part in _pieces(text, _TEXT_LENGTH, 5))


def _pieces(text: str, length: int, most: int) -> Iterable[str]:
    """The text in components of a length, broken between words."""
    if len(text) <= length:
        return (text,)
    pieces: list[str] = [""]
    for word in text.split(" "):
        longer = f"{pieces[-1]} {word}" if pieces[-1] else word
        if len(longer) <= length:
            pieces[-1] = longer
        else:
            pieces.append(word[:length])
    return pieces[:most]
