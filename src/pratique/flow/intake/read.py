"""One file, from bytes to a normalised reading: detect, read, normalise, put the findings in order."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import BinaryIO, Final

import polars as pl

from pratique.flow.intake.format import HEAD_BYTES, MessageFormat, ReadContext, Reading, Unreadable
from pratique.flow.intake.normalise import normalise
from pratique.flow.intake.registry import detect, format_named
from pratique.flow.intake.sender_profiles import SenderProfile
from pratique.vocabulary.codes.tables import CodeTables
from pratique.vocabulary.findings import findings_frame
from pratique.vocabulary.frames import Manifest

TABLE: Final = "table"
MOST_BYTES: Final = 2 * 1024**3
_COMPRESSED: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"Rar!", "RAR"),
)


def read(
    stream: BinaryIO,
    *,
    context: ReadContext,
    tables: CodeTables,
    profiles: Sequence[SenderProfile],
    most_bytes: int = MOST_BYTES,
) -> Reading:
    """Everything that one file says, with its codes checked and its findings in a fixed order.

    The format is the one that ``context`` names, the table format where it brings a mapping, else found by content.
    Raises ``Unreadable`` where the file is empty, larger than ``most_bytes``, compressed, of no known format, or where
    nothing in it could be read.
    """
    reading = read_as_written(stream, context=context, most_bytes=most_bytes)
    return Reading(finished(reading.manifest, tables=tables, profiles=profiles), reading.quarantined)


def read_as_written(stream: BinaryIO, *, context: ReadContext, most_bytes: int = MOST_BYTES) -> Reading:
    """The same with codes as the sender wrote them and nothing checked yet: several files are finished in one go."""
    stream = _measured(stream, most_bytes)
    name = context.format_name or (TABLE if context.mapping is not None else None)  # only a table has columns to map
    chosen = _detected(stream, context.file_name) if name is None else format_named(name)
    stream.seek(0)
    reading = chosen.read(stream, context=context)
    return Reading(_with_quarantine(reading), reading.quarantined)


def finished(manifest: Manifest, *, tables: CodeTables, profiles: Sequence[SenderProfile]) -> Manifest:
    """What one or several files say, with codes checked, totals computed and findings in a fixed order."""
    normal = normalise(manifest, tables=tables, profiles=profiles)
    return normal.replace(findings=in_order(normal.findings))


def in_order(findings: pl.DataFrame) -> pl.DataFrame:
    """The findings by message, consignment and place (numbers in a place count as numbers), each said once.

    What is said of a file as a whole (without a message) may be said of several files in the same words.
    """
    keys = ["message", "consignment", _counting("place"), "place", "rule", "severity", "params"]
    of_messages = pl.col("message").is_not_null()
    once = pl.concat([findings.filter(~of_messages), findings.filter(of_messages).unique(maintain_order=True)])
    return once.sort(keys, maintain_order=True)


def _counting(column: str) -> pl.Expr:
    """A sort key by which ``row 7`` comes before ``row 12``: the numbers in the text padded with zeros."""
    part = pl.element()
    padded = pl.when(part.str.contains(r"^\d")).then(part.str.zfill(20)).otherwise(part)
    return pl.col(column).str.extract_all(r"\d+|\D+").list.eval(padded).list.join("").alias("counting")


def _measured(stream: BinaryIO, most_bytes: int) -> BinaryIO:
    """The stream, able to seek: one that cannot is read into memory, up to the limit."""
    if not stream.seekable():
        stream = io.BytesIO(stream.read(most_bytes + 1))
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size == 0:
        raise Unreadable("intake.empty", "The file is empty.", place="byte 0", todo="Ask the sender for it again.")
    if size > most_bytes:
        raise Unreadable(
            "intake.too_large",
            f"The file is larger than the {most_bytes} bytes that are read.",
            todo="Ask the sender for several smaller messages.",
        )
    return stream


def _detected(stream: BinaryIO, file_name: str) -> MessageFormat:
    head = stream.read(HEAD_BYTES)
    try:
        return detect(head, file_name)
    except Unreadable as unknown:
        kind = next((name for magic, name in _COMPRESSED if head.startswith(magic)), None)
        if kind is None:
            return _detected_as_xml(stream, file_name=file_name, unknown=unknown)
        raise Unreadable(
            "intake.compressed",
            f"The file is compressed ({kind}).",
            place="byte 0",
            todo="Unpack it and read what is inside.",
        ) from unknown


def _detected_as_xml(stream: BinaryIO, *, file_name: str, unknown: Unreadable) -> MessageFormat:
    """A second look at what begins like XML: its root may stand far below, and a bomb is to be called by its name.

    Raises ``unknown`` for what does not begin like XML or has a root that no format knows.
    """
    from pratique.flow.intake.xml import MOST_PROLOG_BYTES, begins_like_xml, read_prolog

    stream.seek(0)
    head = stream.read(MOST_PROLOG_BYTES)
    if not begins_like_xml(head):
        raise unknown
    read_prolog(head)
    if len(head) > HEAD_BYTES:
        return detect(head, file_name)
    raise unknown


def _with_quarantine(reading: Reading) -> Manifest:
    """The manifest, whose findings also say what went to quarantine, where the format did not say so itself."""
    if not reading.quarantined:
        return reading.manifest
    manifest = reading.manifest
    reasons = findings_frame([part.reason for part in reading.quarantined])
    unsaid = reasons.join(manifest.findings, on=["rule", "place"], how="anti", nulls_equal=True, maintain_order="left")
    return manifest.replace(findings=pl.concat([manifest.findings, unsaid]))
