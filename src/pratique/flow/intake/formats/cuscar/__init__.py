"""CUSCAR, the customs cargo report (UN/EDIFACT): sea D.95B to D.99B, road D.03B, D.16A.

In: the bytes of an interchange. Out: frames, findings and what had to be quarantined. The segments are read by what
they say rather than by a rigid tree, since senders of every version order them a little differently. No real sea
interchange was at hand: those versions were tried on messages written after the published descriptions.
"""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from pratique.flow.collector import collector_paused
from pratique.flow.intake.edi.envelope import EdiReader, Message
from pratique.flow.intake.edi.start import find_start
from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.cuscar.frames import manifest_of
from pratique.flow.intake.formats.cuscar.plain.read import FEWEST
from pratique.flow.intake.formats.cuscar.reader import read_message
from pratique.flow.intake.formats.cuscar.rows import Tables

_NAMED: Final = re.compile(rb"UN[HG][^A-Za-z0-9\s][^\n']{0,80}?CUSCAR")
_OTHER: Final = re.compile(rb"UNH[^A-Za-z0-9\s][^\n']{0,40}?[^A-Za-z0-9](?!CUSCAR)[A-Z]{6}[^A-Za-z0-9]")


class Cuscar:
    """The format ``cuscar``."""

    name = "cuscar"

    def __init__(self, *, fewest: int = FEWEST) -> None:
        """``fewest`` plain bills in a row are read by columns; what is read is the same whatever the number."""
        self._fewest = fewest

    def detect(self, head: bytes, file_name: str) -> int:
        """95 where a message says CUSCAR, 50 where an interchange says nothing, 10 where it holds other messages."""
        if find_start(head, 0, bare=True) is None:
            return 0
        if _NAMED.search(head) is not None:
            return 95
        return 10 if _OTHER.search(head) is not None else 50

    def read(self, stream: BinaryIO, *, context: ReadContext) -> Reading:
        """Frames and findings of all CUSCAR messages in the file; other messages in it are quarantined.

        Raises :class:`Unreadable` where no message could be read.
        """
        with collector_paused():
            return _read(EdiReader(stream), context.raw_sha256, self._fewest)


def _read(reader: EdiReader, raw_sha256: str, fewest: int) -> Reading:
    tables = Tables()
    for message in reader.messages():
        if _is_cuscar(message):
            read_message(message, tables, reader.notes, fewest=fewest)
        else:
            _set_aside(message, reader)
    if not tables.messages:
        raise _nothing_read(reader)
    return Reading(manifest_of(tables, reader.notes, raw_sha256), reader.notes.quarantined())


def _is_cuscar(message: Message) -> bool:
    return message.message_type == "CUSCAR" or (not message.message_type and message.group_type in ("", "CUSCAR"))


def _set_aside(message: Message, reader: EdiReader) -> None:
    kind = message.message_type or message.group_type
    note = reader.notes.add(
        "cuscar.other_message_type", {"message_type": kind}, severity="error", origin=message.origin, segment=1
    )
    end = message.span[0] + message.span[1]
    for run in message.runs:
        offset, length = run.span(len(run.segments) - 1)
        end = offset + length
    begin = message.span[0]
    reader.notes.quarantine(note, begin, end - begin, f"{kind} {message.origin.reference}")


def _nothing_read(reader: EdiReader) -> Unreadable:
    quarantined = reader.notes.quarantined()
    if quarantined:
        reason = quarantined[0].reason
        kind = reason.params.get("message_type")
        happened = f"The interchange holds {kind}, not CUSCAR." if kind else "No message of the file could be read."
        return Unreadable(
            "intake.edi_nothing_read",
            happened,
            place=reason.place,
            todo="Look at the quarantined part, and ask the sender for a whole CUSCAR message.",
        )
    return Unreadable(
        "intake.edi_no_message",
        "The interchange holds no message.",
        todo="Ask the sender whether the file was cut off.",
    )
