"""A stream of bytes into batches of segments, one interchange after the other, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import BinaryIO, Final

from pratique.flow.intake.edi.charset import Decoded, decode
from pratique.flow.intake.edi.lines import next_column, unfold
from pratique.flow.intake.edi.notes import Notes
from pratique.flow.intake.edi.start import HEADER_REACH, Start, find_start
from pratique.flow.intake.edi.syntax import Syntax, canonical
from pratique.vocabulary.findings import Severity

CHUNK: Final = 64 * 1024
LONGEST_SEGMENT: Final = 64 * 1024
EXCERPT: Final = 80
_EDGES: Final = frozenset((b"Z", b"B", b"A"))
TOO_LONG: Final = "UN\x00"  # tag that stands for a segment beyond the cap: no text can contain it


@dataclass(slots=True)
class Batch:
    """Whole segments in canonical spelling, with the bytes they came from (``raw``, at ``offset`` of the file)."""

    segments: list[str]
    raw: bytes
    offset: int
    syntax: Syntax
    may_hold_envelope: bool  # false where no segment begins with UN
    _spans: list[tuple[int, int]] = field(default_factory=list)

    def span(self, index: int) -> tuple[int, int]:
        """Offset in the file and length of a segment, without its terminator."""
        if not self._spans:
            whole = [match.span() for match in _whole(self.syntax).finditer(self.raw)]
            self._spans = [(start, end - start) for start, end in whole]
        start, length = self._spans[min(index, len(self._spans) - 1)] if self._spans else (0, len(self.raw))
        return self.offset + start, length


@dataclass(slots=True)
class Splitter:
    """Reads a stream once: :meth:`next_start`, then :meth:`batches` of that interchange, until there is no more."""

    stream: BinaryIO
    notes: Notes
    between: bytes = (
        b""  # the beginning of the text before the start that was found last, or after the last interchange
    )
    between_length: int = 0
    unfinished: tuple[int, bytes] | None = None  # offset and beginning of a segment the file ends in
    _buffer: bytes = b""
    _position: int = 0
    _offset: int = 0  # of the buffer in the file
    _ended: bool = False
    _column: int = 0
    _told: set[tuple[str, str]] = field(default_factory=set)

    def next_start(self, *, bare: bool) -> Start | None:
        """The next beginning of an interchange; what stands before it is counted in ``between_length``."""
        self.between, self.between_length = b"", 0
        while True:
            start = find_start(self._buffer, self._position, bare=bare and self.between_length == 0)
            near_end = start is not None and len(self._buffer) - start.body < HEADER_REACH
            if start is None:
                self._pass_over(max(self._position, len(self._buffer) - HEADER_REACH))
            if (start is None or near_end) and self._fill():
                continue
            self._pass_over(len(self._buffer) if start is None else start.at)
            if start is None:
                return None
            self._position += start.body - start.at
            self._told.clear()
            return start

    def batches(self, start: Start) -> Iterator[Batch]:
        """Batches of segments, up to the end of the interchange (behind UNZ, before another UNA or UNB) or the file."""
        first = True
        while True:
            cut = _after_last(self._buffer, self._position, start.syntax)
            if cut > self._position:
                end = self._end_of_interchange(cut, start.syntax, skip_first=first)
                first = False
                yield self._batch(self._take(end or cut), start)
                if end is not None:
                    return
            elif len(self._buffer) - self._position > LONGEST_SEGMENT:
                yield self._skip_segment(start.syntax)
            elif not self._fill():
                break
        yield from self._rest(start)

    def _fill(self) -> bool:
        if self._ended:
            return False
        chunk = self.stream.read(CHUNK)
        if not chunk:
            self._ended = True
            return False
        self._buffer = self._buffer[self._position :] + chunk
        self._offset += self._position
        self._position = 0
        return True

    def _take(self, end: int) -> bytes:
        raw = self._buffer[self._position : end]
        self._position = end
        return raw

    def _pass_over(self, end: int) -> None:
        passed = self._take(end)
        self.between_length += len(passed.strip())
        if len(self.between) < EXCERPT:
            self.between = (self.between + passed).lstrip()[:EXCERPT]

    def _end_of_interchange(self, cut: int, syntax: Syntax, *, skip_first: bool) -> int | None:
        """Where the interchange ends before ``cut``: behind UNZ, or before a UNA or UNB that is not its own."""
        terminator, release = syntax.terminator.encode(), syntax.release.encode()
        at = self._edge_of_interchange(cut, terminator, release, skip_first=skip_first)
        if at is None or not self._buffer.startswith(b"UNZ", at):
            return at
        while True:
            at = self._buffer.find(terminator, at, cut) + 1
            if not _released(self._buffer, at - 1, release):
                return at

    def _edge_of_interchange(self, cut: int, terminator: bytes, release: bytes, *, skip_first: bool) -> int | None:
        """Where the next segment UNZ, UNB or UNA begins."""
        buffer, begin = self._buffer, self._position
        at = buffer.find(b"UN", begin, cut)
        while at >= 0:
            if buffer[at + 2 : at + 3] in _EDGES and not buffer[at + 3 : at + 4].isalnum():
                edge = at
                if terminator != b"\n":
                    near = max(begin, at - 64)
                    edge = near + len(buffer[near:at].rstrip(b" \t\r\n"))
                ends_another = buffer[edge - 1 : edge] == terminator and not _released(buffer, edge - 1, release)
                if (edge == begin and not skip_first) or (edge > begin and ends_another):
                    return at
            at = buffer.find(b"UN", at + 1, cut)
        return None

    def _batch(self, raw: bytes, start: Start) -> Batch:
        syntax = start.syntax
        offset = self._offset + self._position - len(raw)
        decoded = decode(raw, start.codec)
        self._tell_decoding(decoded, start.codec, offset)
        text = decoded.text
        if syntax.terminator == "\n":
            text = text.replace("\r\n", "\n")
        elif "\n" in text:
            text = self._unfolded(text, syntax.terminator, offset)
        self._column = next_column(decoded.text, self._column)
        self.notes.has_marks = self.notes.has_marks or not syntax.is_default or syntax.release in text
        text, stray = canonical(text, syntax)
        if stray:
            self._tell("edi.release_releases_nothing", offset)
        segments = text.split("'")
        segments.pop()
        may_hold_envelope = text.startswith("UN") or "'UN" in text
        if min(segments, default="!") < "!":  # one is empty or begins with white space
            segments, may_hold_envelope = self._trimmed(segments, offset), True
        batch = Batch(segments, raw, offset, syntax, may_hold_envelope)
        if _has_long(text):
            _cap(batch)
        return batch

    def _trimmed(self, segments: list[str], offset: int) -> list[str]:
        firsts = {segment[:1] for segment in segments}
        if firsts.isdisjoint(("", " ", "\t", "\r", "\n")):
            return segments
        stripped = [segment.strip("\r\n") for segment in segments]
        if "\n" in firsts or "\r" in firsts:
            self._tell("edi.line_breaks_between_segments", offset, severity="note")
        segments = [segment.lstrip() for segment in stripped]
        if any(map(str.__ne__, segments, stripped)):
            self._tell("edi.blanks_before_tag", offset, severity="note")
        if "" in segments:
            self._tell("edi.empty_segments", offset, severity="note")
            segments = [segment for segment in segments if segment]
        return segments

    def _unfolded(self, text: str, terminator: str, offset: int) -> str:
        unfolded = unfold(text, terminator, self._column)
        if unfolded.joined:
            self._tell("edi.folded_lines_joined", offset)
        if unfolded.blanks:
            self._tell("edi.line_breaks_in_text", offset)
        return unfolded.text

    def _tell_decoding(self, decoded: Decoded, codec: str, offset: int) -> None:
        if decoded.codec != codec:
            self._tell("edi.character_set_differs", offset, declared=codec, used=decoded.codec)
        if decoded.undecoded:
            self._tell("edi.bytes_not_decoded", offset, declared=codec)
        if decoded.unfit:
            self._tell("edi.unfit_characters", offset)

    def _tell(self, rule: str, offset: int, *, severity: Severity = "warning", **params: str | int) -> None:
        """Once per interchange and kind: the file says ten thousand times what it says once."""
        key = (rule, str(params.get("used", "")))
        if key not in self._told:
            self._told.add(key)
            self.notes.add(rule, params, severity=severity, place=f"byte {offset}")

    def _skip_segment(self, syntax: Syntax) -> Batch:
        """Pass over a segment without end, keeping no more of it than its beginning."""
        begin = self._offset + self._position
        excerpt = self._buffer[self._position : self._position + EXCERPT]
        while True:
            text = _text(syntax).match(self._buffer, self._position)
            self._position = len(self._buffer) if text is None else text.end()
            if self._position < len(self._buffer) - 1 or self._buffer.endswith(
                syntax.terminator.encode(), self._position
            ):
                self._position += 1
                break
            if not self._fill():
                self._position = len(self._buffer)
                break
        length = self._offset + self._position - begin
        return Batch([_too_long(begin, length, excerpt)], excerpt, begin, syntax, may_hold_envelope=False)

    def _rest(self, start: Start) -> Iterator[Batch]:
        """What stands behind the last terminator of the file: a trailer without one is taken, else it is unfinished."""
        offset = self._offset + self._position
        rest = self._take(len(self._buffer))
        lead = len(rest) - len(rest.lstrip())
        rest = rest.strip()
        if re.match(rb"UN[TEZ][^A-Za-z0-9\s]", rest):
            if start.syntax.terminator != "\n":
                self._tell("edi.last_terminator_missing", offset)
            yield self._batch(rest.splitlines()[0] + start.syntax.terminator.encode(), start)
        elif rest:
            self.unfinished = (offset + lead, rest)


def excerpt_of(raw: bytes) -> str:
    """The beginning of some bytes as text people can look at."""
    return raw[:EXCERPT].decode("ascii", "backslashreplace")


def _after_last(buffer: bytes, begin: int, syntax: Syntax) -> int:
    """The position behind the last terminator that ends a segment; ``begin`` where there is none."""
    terminator = syntax.terminator.encode()
    at = buffer.rfind(terminator, begin)
    if at < 0:
        return begin
    if not _released(buffer, at, syntax.release.encode()):
        return at + 1
    end = begin
    while (text := _text(syntax).match(buffer, end)) is not None and buffer.startswith(terminator, text.end()):
        end = text.end() + 1
    return end


def _released(buffer: bytes, at: int, release: bytes) -> bool:
    """Whether an odd number of release characters stands before ``at``."""
    before = at
    while release and buffer[before - 1 : before] == release:
        before -= 1
    return (at - before) % 2 == 1


@cache
def _text(syntax: Syntax) -> re.Pattern[bytes]:
    """Everything up to the next terminator that is not released; possessive, so that it never goes back."""
    terminator, release = re.escape(syntax.terminator.encode()), re.escape(syntax.release.encode())
    pair = rb"|" + release + rb"." if release else b""
    return re.compile(rb"(?:[^" + terminator + release + rb"]++" + pair + rb")*+", re.DOTALL)


@cache
def _whole(syntax: Syntax) -> re.Pattern[bytes]:
    """One segment in raw bytes, without the white space before it."""
    terminator, release = re.escape(syntax.terminator.encode()), re.escape(syntax.release.encode())
    inner = rb"(?:" + release + rb".|[^" + terminator + release + rb"])" if release else rb"[^" + terminator + rb"]"
    return re.compile(rb"(?!\s)" + inner + rb"+", re.DOTALL)


def _too_long(offset: int, length: int, excerpt: bytes) -> str:
    text = excerpt_of(excerpt).translate({ord("+"): "\ufdd2", ord(":"): "\ufdd3"})
    return f"{TOO_LONG}+{offset}+{length}+{text}"


def _has_long(text: str) -> bool:
    """Whether a segment of canonical text is longer than the cap: looks at one terminator for each cap's length."""
    at = 0
    while len(text) - at > LONGEST_SEGMENT + 1:
        end = text.rfind("'", at, at + LONGEST_SEGMENT + 1)
        if end < 0:
            return True
        at = end + 1
    return False


def _cap(batch: Batch) -> None:
    for index, segment in enumerate(batch.segments):
        if len(segment) > LONGEST_SEGMENT:
            offset, length = batch.span(index)
            at = offset - batch.offset
            batch.segments[index] = _too_long(offset, length, batch.raw[at : at + EXCERPT])
