"""The envelopes around messages: interchange (UNB, UNZ), group (UNG, UNE) and message (UNH, UNT), ISO 9735 annex B.

What the trailers declare is compared with what was read; nothing of it stops the reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from pratique.flow.intake.edi.notes import Notes, Origin
from pratique.flow.intake.edi.splitter import EXCERPT, Batch, Splitter, excerpt_of
from pratique.flow.intake.edi.start import Start
from pratique.flow.intake.edi.syntax import restore
from pratique.flow.intake.format import Unreadable

_ENVELOPE: Final = frozenset(("UNB", "UNG", "UNH", "UNT", "UNE", "UNZ"))
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Interchange:
    """What the interchange header says, and what was counted inside."""

    sender: str | None = None
    receiver: str | None = None
    prepared: str = ""  # date and time of preparation, "20041016:1604"
    reference: str = ""
    decimal_mark: str = ".,"
    messages: int = 0
    groups: int = 0
    group_reference: str | None = None  # of the open group
    group_messages: int = 0
    group_type: str = ""
    has_header: bool = True
    is_closed: bool = False


@dataclass(slots=True)
class Run:
    """Consecutive segments of one message: ``first`` is the number in the message of ``segments[0]``."""

    segments: list[str]
    first: int
    batch: Batch
    index: int

    def span(self, index: int) -> tuple[int, int]:
        """Offset in the file and length of one of the segments."""
        return self.batch.span(self.index + index)


@dataclass(slots=True)
class Message:
    """One message: its header, and its segments between UNH and UNT, numbered from 2, to be taken once."""

    origin: Origin
    message_type: str  # "CUSCAR"; empty where UNH does not say it
    version: str  # "D:95B"
    association: str
    group_type: str
    interchange: Interchange
    span: tuple[int, int]  # of UNH: offset in the file and length
    runs: Iterator[Run] = field(default_factory=lambda: iter(()))
    is_whole: bool = True  # false once the file turned out to end inside


@dataclass(slots=True)
class _Service:
    """A segment of an envelope, and where it stands."""

    tag: str
    elements: list[str]
    batch: Batch
    index: int

    def component(self, element: int, component: int = 0) -> str:
        return component_of(self.elements, element, component)


def component_of(elements: list[str], element: int, component: int = 0) -> str:
    """One component as the sender wrote it, blanks around it dropped; empty where it is absent."""
    if element >= len(elements):
        return ""
    components = elements[element].split(":")
    return restore(components[component]).strip() if component < len(components) else ""


@dataclass(slots=True)
class EdiReader:
    """Messages of a file one after the other; what stands outside of messages is noted or quarantined."""

    stream: BinaryIO
    notes: Notes = field(default_factory=Notes)
    _interchange: Interchange = field(default_factory=Interchange)
    _parts: Iterator[Run | _Service] = field(default_factory=lambda: iter(()))
    _held: _Service | None = None

    def messages(self) -> Iterator[Message]:
        """Every message of the file; what the caller leaves of its runs is passed over.

        Raises ``Unreadable`` for a file in which no interchange begins.
        """
        splitter = Splitter(self.stream, self.notes)
        start = splitter.next_start(bare=True)
        if start is None:
            raise _no_interchange(splitter)
        while start is not None:
            self._tell_start(start, splitter)
            self._parts = _split(splitter.batches(start))
            self._interchange = Interchange(decimal_mark=start.syntax.decimal, has_header=bool(start.identifier))
            yield from self._messages_of_interchange()
            self._close_interchange()
            start = splitter.next_start(bare=False)
        self._tell_between("edi.text_after_interchange", splitter)
        self._tell_unfinished(splitter)

    def _messages_of_interchange(self) -> Iterator[Message]:
        for part in self._all_parts():
            if isinstance(part, Run):
                self._quarantine_outside(part)
            elif part.tag == "UNH":
                message = self._open_message(part)
                yield message
                for _ in message.runs:
                    pass
            else:
                self._envelope(part)

    def _all_parts(self) -> Iterator[Run | _Service]:
        for part in self._parts:
            yield part
            while self._held is not None:
                held, self._held = self._held, None
                yield held

    def _open_message(self, header: _Service) -> Message:
        self.notes.messages += 1
        self._interchange.messages += 1
        self._interchange.group_messages += 1
        kind = header.component(2, 0)
        message = Message(
            origin=Origin(self.notes.messages, header.component(1)),
            message_type=kind,
            version=":".join(filter(None, (header.component(2, 1), header.component(2, 2)))),
            association=header.component(2, 4),
            group_type=self._interchange.group_type,
            interchange=self._interchange,
            span=header.batch.span(header.index),
        )
        message.runs = self._runs(message)
        return message

    def _runs(self, message: Message) -> Iterator[Run]:
        number = 2
        for part in self._parts:
            if isinstance(part, Run):
                part.first = number
                number += len(part.segments)
                yield part
            elif part.tag == "UNT":
                self._check_message(message, part, number)
                return
            else:
                self._held = part
                self.notes.add("edi.message_trailer_missing", origin=message.origin, segment=number - 1)
                return
        message.is_whole = False
        self.notes.add("edi.message_cut_off", severity="error", origin=message.origin, segment=number - 1)

    def _check_message(self, message: Message, trailer: _Service, counted: int) -> None:
        declared, reference = trailer.component(1), trailer.component(2)
        origin = message.origin
        if not _is_count(declared, counted):
            told: dict[str, str | int] = {"declared": declared, "counted": counted}
            self.notes.add("edi.segment_count_differs", told, origin=origin, segment=counted)
        if reference != origin.reference:
            names = {"header": origin.reference, "trailer": reference}
            self.notes.add("edi.message_reference_differs", names, origin=origin, segment=counted)

    def _envelope(self, part: _Service) -> None:
        match part.tag:
            case "UNB":
                self._open_interchange(part)
            case "UNZ":
                self._check_interchange(part)
            case "UNG":
                self._open_group(part)
            case "UNE":
                self._check_group(part)
            case _:
                self.notes.add("edi.message_trailer_without_header", place=_place(part))

    def _open_interchange(self, header: _Service) -> None:
        if self._interchange.reference or self._interchange.messages:
            self._close_interchange()
        version = header.component(1, 1)
        mark = self._interchange.decimal_mark
        self._interchange = Interchange(
            sender=header.component(2) or None,
            receiver=header.component(3) or None,
            prepared=f"{header.component(4, 0)}:{header.component(4, 1)}",
            reference=header.component(5),
            decimal_mark=".," if version >= "4" else mark,  # from syntax version 4 on either mark may stand
        )

    def _open_group(self, header: _Service) -> None:
        self._close_group()
        self._interchange.groups += 1
        self._interchange.group_messages = 0
        self._interchange.group_reference = header.component(5)
        self._interchange.group_type = header.component(1)

    def _check_group(self, trailer: _Service) -> None:
        interchange = self._interchange
        self._check_count("edi.group_count_differs", interchange.group_messages, trailer)
        self._check_reference("edi.group_reference_differs", interchange.group_reference or "", trailer)
        interchange.group_reference = None
        interchange.group_type = ""

    def _check_interchange(self, trailer: _Service) -> None:
        interchange = self._interchange
        self._close_group()
        self._check_count("edi.interchange_count_differs", interchange.groups or interchange.messages, trailer)
        self._check_reference("edi.interchange_reference_differs", interchange.reference, trailer)
        interchange.is_closed = True

    def _check_count(self, rule: str, counted: int, trailer: _Service) -> None:
        declared = trailer.component(1)
        if not _is_count(declared, counted):
            self.notes.add(rule, {"declared": declared, "counted": counted}, place=_place(trailer))

    def _check_reference(self, rule: str, header: str, trailer: _Service) -> None:
        if trailer.component(2) != header:
            self.notes.add(rule, {"header": header, "trailer": trailer.component(2)}, place=_place(trailer))

    def _close_group(self) -> None:
        if self._interchange.group_reference is not None:
            self.notes.add("edi.group_trailer_missing", {"reference": self._interchange.group_reference})
            self._interchange.group_reference = None

    def _close_interchange(self) -> None:
        self._close_group()
        if self._interchange.has_header and not self._interchange.is_closed:
            self.notes.add("edi.interchange_trailer_missing", {"reference": self._interchange.reference})

    def _tell_start(self, start: Start, splitter: Splitter) -> None:
        self._tell_between("edi.text_before_interchange", splitter)
        for rule, params in start.troubles:
            self.notes.add(rule, params, place=f"byte {start.at}")

    def _tell_between(self, rule: str, splitter: Splitter) -> None:
        length, text = splitter.between_length, splitter.between
        if text.startswith(_BOM):
            length, text = length - len(_BOM), text[len(_BOM) :]
            self.notes.add("edi.byte_order_mark", severity="note", place="byte 0")
        if length:
            self.notes.add(rule, {"length": length, "text": excerpt_of(text)}, severity="note")

    def _tell_unfinished(self, splitter: Splitter) -> None:
        if splitter.unfinished is not None:
            offset, rest = splitter.unfinished
            told: dict[str, str | int] = {"length": len(rest), "text": excerpt_of(rest)}
            note = self.notes.add("edi.segment_cut_off", told, severity="error", place=f"byte {offset}")
            self.notes.quarantine(note, offset, len(rest), excerpt_of(rest))

    def _quarantine_outside(self, run: Run) -> None:
        (offset, _), (begin, length) = run.span(0), run.span(len(run.segments) - 1)
        told: dict[str, str | int] = {"count": len(run.segments), "text": run.segments[0][:EXCERPT]}
        note = self.notes.add("edi.segments_outside_message", told, severity="error", place=f"byte {offset}")
        self.notes.quarantine(note, offset, begin + length - offset, run.segments[0][:EXCERPT])


def _split(batches: Iterator[Batch]) -> Iterator[Run | _Service]:
    """Batches cut at the segments of envelopes."""
    for batch in batches:
        segments = batch.segments
        begin = 0
        for index in _possible_envelopes(batch):
            tag = segments[index][:3]
            if tag not in _ENVELOPE or segments[index][3:4].isalnum():
                continue
            if begin < index:
                yield Run(segments[begin:index], 0, batch, begin)
            elements = segments[index].split("+")
            yield _Service(tag, elements, batch, index)
            begin = index + 1
        if begin < len(segments):
            yield Run(segments[begin:] if begin else segments, 0, batch, begin)


def _possible_envelopes(batch: Batch) -> list[int]:
    if not batch.may_hold_envelope:
        return []
    return [index for index, segment in enumerate(batch.segments) if segment[:2] == "UN"]


def _is_count(declared: str, counted: int) -> bool:
    return declared.isascii() and declared.isdigit() and len(declared) < 19 and int(declared) == counted


def _place(part: _Service) -> str:
    return f"byte {part.batch.span(part.index)[0]}"


def _no_interchange(splitter: Splitter) -> Unreadable:
    head = splitter.between
    if not splitter.between_length:
        return Unreadable("intake.edi_empty", "The file is empty.", todo="Ask the sender to send it again.")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"U\x00N\x00" in head:
        return Unreadable(
            "intake.edi_wide_characters",
            "The file is in UTF-16, which no EDIFACT character set is.",
            place="byte 0",
            todo="Ask the sender for the file in the character set that its header names.",
        )
    kind = "intake.edi_binary" if b"\x00" in head else "intake.edi_no_interchange"
    happened = (
        "The file is not text." if b"\x00" in head else "No EDIFACT interchange (UNA, UNB or UNH) begins in the file."
    )
    return Unreadable(kind, happened, place="byte 0", todo="Check that this is the file the sender meant.")
