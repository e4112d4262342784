"""What a few letters lead to: consignments, boxes, parties, vessels and runs, by the look-ups there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, or_, select

from pratique.node.storage.tables import call, consignment, known_bill, known_box, run

BEHIND: Final = "\U0010ffff"  # the last character there is


@dataclass(frozen=True, slots=True)
class SearchRow:
    """One find: ``text`` is what answered; the others say where it leads, as far as they are known."""

    text: str
    consignment_id: str | None
    bill: str | None
    run_id: str | None
    call_id: str | None


def bills_like(connection: Connection, text: str, limit: int) -> list[SearchRow]:
    """Consignments whose bill number or short id begins with ``text``, each once, the newest first."""
    begins = or_(_begins(consignment.c.bill, text), _begins(consignment.c.id, text.upper()))
    newest = select(consignment.c.bill, consignment.c.id, run.c.id).join(run, run.c.seq == consignment.c.run_seq)
    rows = connection.execute(newest.where(begins).order_by(consignment.c.run_seq.desc()).limit(4 * limit))
    found: dict[str, SearchRow] = {}
    for bill, consignment_id, run_id in rows:
        found.setdefault(consignment_id, SearchRow(bill or consignment_id, consignment_id, bill, run_id, None))
    return list(found.values())[:limit]


def boxes_like(connection: Connection, text: str, limit: int) -> list[SearchRow]:
    """Boxes whose number begins with ``text``, with the consignment that mentioned each last."""
    wanted = select(
        known_box.c.equipment_id, known_box.c.consignment_id, known_box.c.transport_contract_document_id
    ).where(_begins(known_box.c.equipment_id, text.upper().replace(" ", "").replace("-", "")))
    rows = connection.execute(wanted.order_by(known_box.c.equipment_id).limit(limit))
    return [SearchRow(row[0], row[1], row[2], None, None) for row in rows]


def parties_like(connection: Connection, text: str, limit: int) -> list[SearchRow]:
    """Bills with a consignor or consignee whose name holds ``text``, the newest first."""
    found: list[SearchRow] = []
    for name in (known_bill.c.consignee_name, known_bill.c.consignor_name):
        wanted = select(name, known_bill.c.consignment_id, known_bill.c.transport_contract_document_id)
        answering = connection.execute(_newest(wanted.where(name.icontains(text, autoescape=True)), limit))
        found += [SearchRow(each[0], each[1], each[2], None, None) for each in answering]
    return found[:limit]


def vessels_like(connection: Connection, text: str, limit: int) -> list[SearchRow]:
    """Calls of vessels whose name holds, or whose IMO number or voyage begins with, ``text``; the newest first."""
    begins = or_(
        call.c.vessel.icontains(text, autoescape=True), _begins(call.c.imo, text), _begins(call.c.voyage, text.upper())
    )
    wanted = select(call.c.vessel, call.c.voyage, run.c.id, call.c.id).join(run, run.c.seq == call.c.run_seq)
    rows = connection.execute(wanted.where(begins).order_by(call.c.run_seq.desc(), call.c.number).limit(limit))
    return [SearchRow(f"{row[0] or ''} {row[1] or ''}".strip(), None, None, row[2], row[3]) for row in rows]


def runs_like(connection: Connection, text: str, limit: int) -> list[SearchRow]:
    """Runs whose id begins with ``text``, the newest first."""
    wanted = select(run.c.id).where(_begins(run.c.id, text.upper())).order_by(run.c.seq.desc()).limit(limit)
    return [SearchRow(row[0], None, None, row[0], None) for row in connection.execute(wanted)]


def _begins(column: Column[str], text: str) -> ColumnElement[bool]:
    """By range, which an index answers; numbers are in capitals as a rule."""
    return or_(*(and_(column >= each, column < each + BEHIND) for each in dict.fromkeys((text, text.upper()))))


def _newest(wanted: Select[str, str, str], limit: int) -> Select[str, str, str]:
    return wanted.order_by(known_bill.c.received_at.desc(), known_bill.c.transport_contract_document_id).limit(limit)
