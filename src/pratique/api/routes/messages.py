"""Messages: kept as received, then read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pratique.api.serving import By
from pratique.api.shown import KeptMessage, shown_message
from pratique.api.slice import Slice
from pratique.api.uploads import Upload
from pratique.flow.intake.mapping import load_mapping
from pratique.node.handlers.messages import ReadMessage

SLICE: Final = Slice("messages", persons=True)


@SLICE.write("/messages", takes="read", summary="Keep a message and read it")
def read_message(by: By) -> KeptMessage:
    """Keeps the file under its digest, then reads it: EDIFACT, XML, CSV, XLSX or Parquet, told by content.

    A file of which nothing can be read is kept and quarantined, and then refused. Reading makes no history; to assess
    a message, hand it to `POST /assessments`.
    """
    (path,) = by.files.files
    return shown_message(by.execute(ReadMessage(path, mapping_in(by.files))))


def mapping_in(upload: Upload) -> Mapping[str, object] | None:
    """The mapping profile that came beside the files. Raises ``PratiqueError`` with the place of a fault in it."""
    text = upload.fields.get("mapping")
    return None if text is None else load_mapping(text)
