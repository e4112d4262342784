"""The inbox: what partners sent, with the caveats that bind whoever reads it."""

from __future__ import annotations

import json
from typing import Annotated, Final

from fastapi import Path, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from pratique.api.serving import By
from pratique.api.shared import AttachmentShown, MessageId, Name, attachments_shown
from pratique.api.shown import Moment, Params
from pratique.api.slice import Slice
from pratique.node.handlers.inbox import ListInbox, ReadAttachment, ShowMessage
from pratique.node.storage.inbox import StoredIn

SLICE: Final = Slice("inbox", persons=True)
PLAIN_TYPE: Final = "application/octet-stream"

Number = Annotated[int, Path(ge=1, le=50, description="Number of the file beside the message.")]


class Came(BaseModel):
    """A message that came."""

    message: str
    sender: str
    type: str
    agreement: str
    purpose: str
    thread: str
    answers: str | None
    keep_until: str | None
    status: str = Field(description="received, or expired: it came too late and nobody acts on it.")
    retracted: bool
    destroyed: bool
    faults: list[str] = Field(description="Codes: where the content is not what its type says.")
    received_at: Moment


class CaveatShown(BaseModel):
    """What an administration ties to the information."""

    by: str
    under: str
    onward: str
    purposes: list[str] | None
    until: str | None
    tlp: str
    as_evidence_with_consent: bool


class CameShown(BaseModel):
    """A message with its fields, as long as they are kept, and what binds this node."""

    message: Came
    fields: Params
    caveats: list[CaveatShown]
    attachments: list[AttachmentShown]


@SLICE.read("/inbox", summary="List the inbox")
def list_inbox(
    by: By,
    partner: Annotated[Name | None, Query(description="Only from this partner.")] = None,
    most: Annotated[int, Query(ge=1, le=1000, description="How many at most.")] = 100,
) -> list[Came]:
    """What came, newest first."""
    found = by.ask(ListInbox(partner, most))
    return [_came(each.message, retracted=each.retracted) for each in found]


@SLICE.read("/inbox/{message}", missing=True, summary="Show a message")
def show_message(by: By, message: MessageId) -> CameShown:
    """With what binds whoever uses it."""
    found = by.ask(ShowMessage(message))
    retracted = any(each.event == "retracted" for each in found.events)
    caveats = [
        CaveatShown(
            by=each.by,
            under=each.under,
            onward=each.onward.value,
            purposes=None if each.purposes is None else sorted(each.purposes),
            until=each.until.isoformat() if each.until else None,
            tlp=each.tlp,
            as_evidence_with_consent=each.evidence_with_consent,
        )
        for each in found.caveats
    ]
    fields = {field.name: field.value for field in found.fields}
    beside = attachments_shown(found.attachments)
    return CameShown(
        message=_came(found.message, retracted=retracted), fields=fields, caveats=caveats, attachments=beside
    )


@SLICE.read(
    "/inbox/{message}/attachments/{number}",
    missing=True,
    summary="Read an attachment",
    response_class=FileResponse,
    responses={200: {"content": {PLAIN_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
)
def read_attachment(by: By, message: MessageId, number: Number) -> FileResponse:
    """The bytes as they were sent; only where the file is here as a whole and its digest holds."""
    return FileResponse(by.ask(ReadAttachment(message, number)).path, media_type=PLAIN_TYPE)


def _came(each: StoredIn, *, retracted: bool) -> Came:
    return Came(
        message=each.id,
        sender=each.partner_id,
        type=each.type,
        agreement=each.agreement,
        purpose=each.message_purpose,
        thread=each.thread,
        answers=each.answers,
        keep_until=each.retention_until,
        status=each.status,
        retracted=retracted,
        destroyed=each.openings is None,
        faults=json.loads(each.faults),
        received_at=each.received_at,
    )
