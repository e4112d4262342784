"""Quarantine: what could not be read, to see and to read again."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Final

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.paging import Page, Paged
from pratique.api.routes.jobs import LOCATION, JobShown, begun
from pratique.api.serving import By
from pratique.api.shown import Quarantined, shown_part
from pratique.api.slice import Slice
from pratique.node.handlers.quarantine import ListQuarantine, RereadQuarantined, ShowQuarantined

SLICE: Final = Slice("quarantine", persons=True)

PartId = Annotated[str, Path(max_length=64, description="Short id of a quarantined part.", examples=["7K3MZQ2V"])]


class QuarantinedContent(BaseModel):
    """A part and the bytes of it as they lie in the raw file (at most 64 KiB)."""

    part: Quarantined
    content_base64: str = Field(description="The bytes as received.")
    content: str = Field(description="The same as UTF-8, with what is none replaced.")


class Reread(BaseModel):
    """How to read a part again."""

    model_config = ConfigDict(extra="forbid")

    mapping: dict[str, Any] | None = Field(
        default=None, description="The mapping profile of a table; without it the one used before."
    )


@SLICE.read("/quarantine", summary="List what waits in quarantine")
def list_quarantine(by: By, window: Paged) -> Page[Quarantined]:
    """What waits, oldest first; parts that a later reading could read are no longer among them."""
    parts = by.ask(ListQuarantine())
    return window.page(parts, key=lambda part: (part.quarantined_at, part.id), show=shown_part)


@SLICE.read("/quarantine/{part_id}", missing=True, summary="Show a quarantined part")
def show_quarantined(by: By, part_id: PartId) -> QuarantinedContent:
    """Why it could not be read, and its bytes as they came."""
    shown = by.ask(ShowQuarantined(part_id))
    return QuarantinedContent(
        part=shown_part(shown.part),
        content_base64=base64.b64encode(shown.content).decode(),
        content=shown.content.decode("utf-8", "replace"),
    )


@SLICE.write(
    "/quarantine/{part_id}/reread",
    status_code=202,
    missing=True,
    summary="Read a quarantined part again",
    responses=LOCATION,
)
def reread_quarantined(by: By, request: Request, response: Response, part_id: PartId, how: Reread) -> JobShown:
    """Reads the file of the part again, with the code, tables and mapping of now. Assessing it is another command.

    The answer is a job, done within a second where the file is small; `GET /jobs/{job_id}/document` has what was read.
    """
    part = by.ask(ShowQuarantined(part_id)).part
    by.serving.node.admit(RereadQuarantined(part.id, how.mapping), actor=by.actor)
    job = by.serving.jobs.start("reread_quarantined", actor=by.actor, files=(), part=part.id, mapping=how.mapping)
    return begun(request, response, by, job)
