"""A response of a customs administration: which declaration, what was answered, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pratique.flow.intake.formats.wco_declaration.values import moment
from pratique.flow.intake.xml import Branch, Rows


def read_response(rows: Rows, response: Branch, values: Mapping[str, Any]) -> None:
    """One message row; the reasons of a refusal become findings."""
    row = {
        **values,
        "message": len(rows.message),
        "place": response.place,
        "message_type": values["message_type"] or "RES",
        "sender_id": values["receiver_id"],
        "receiver_id": None,
        "function_code": response.text("FunctionCode"),
        "functional_reference_id": response.text("FunctionalReferenceID"),
        "registration_id": response.text("Declaration", "ID"),
    }
    rows.message.append(row)
    row["issue_datetime"] = moment(rows, response.child("IssueDateTime"))
    reference = response.text("Declaration", "FunctionalReferenceID")
    rows.find("wco.response_only", response.place, "note", reference=reference or "")
    for error in response.children("Error"):
        pointers = [_pointer(pointer) for pointer in error.children("Pointer")]
        code = error.text("ValidationCode") or ""
        rows.find("wco.refused_for", error.place, "note", code=code, pointer="/".join(pointers))


def _pointer(pointer: Branch) -> str:
    steps = (pointer.text("DocumentSectionCode"), pointer.text("SequenceNumeric"), pointer.text("TagID"))
    return ".".join(step for step in steps if step)
