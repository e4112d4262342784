"""Messages: kept as received, then read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import Request, Response

from pratique.api.once import about_to_start
from pratique.api.routes.jobs import LOCATION, JobShown, begun
from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.api.uploads import Upload
from pratique.flow.intake.mapping import load_mapping
from pratique.node.handlers.messages import ReadMessage

SLICE: Final = Slice("messages", persons=True)


@SLICE.write("/messages", takes="read", status_code=202, summary="Keep a message and read it", responses=LOCATION)
def read_message(by: By, request: Request, response: Response) -> JobShown:
    """Keeps the file under its digest, then reads it: EDIFACT, XML, CSV, XLSX or Parquet, told by content.

    The answer is a job, done within a second where the message is small; then `GET /jobs/{job_id}/document` has what
    was read. A file of which nothing can be read is kept and quarantined, and its job fails with the reason. Reading
    makes no history; to assess a message, hand it to `POST /assessments`.
    """
    (path,) = by.files.files
    mapping = mapping_in(by.files)
    by.serving.node.admit(ReadMessage(path, mapping), actor=by.actor)
    about_to_start(request, by)
    by.files.taken = True
    job = by.serving.jobs.start("read_message", actor=by.actor, files=[path], mapping=mapping)
    return begun(request, response, by, job)


def mapping_in(upload: Upload) -> Mapping[str, object] | None:
    """The mapping profile that came beside the files. Raises ``PratiqueError`` with the place of a fault in it."""
    text = upload.fields.get("mapping")
    return None if text is None else load_mapping(text)
