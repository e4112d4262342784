"""The door itself: a stream of bytes in, finished parts and breaks out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final, cast

from lxml import etree

from pratique.flow.intake.format import HEAD_BYTES, Quarantined, Unreadable
from pratique.flow.intake.xml.elements import Element, local_name, qualified_name
from pratique.flow.intake.xml.prolog import Prolog, read_prolog
from pratique.flow.intake.xml.trouble import Trouble, trouble_of
from pratique.vocabulary.findings import Finding, Severity

CHUNK: Final = HEAD_BYTES
MOST_PROLOG_BYTES: Final = 1024 * 1024
EXCERPT: Final = 200
TOLD_NAMES: Final = 20
_AFTER_NAME: Final = frozenset((b" ", b"\t", b"\r", b"\n", b"/", b">"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one part may cost before it is refused; depth (256 levels) and one text (10 MB) are the parser's limits."""

    part_bytes: int = 16 * 1024 * 1024
    part_marks: int = 1_000_000  # of "<", and of "=": bounds the elements and the attributes
    breaks: int = 1_000  # broken parts skipped before the rest of the file is given up


@dataclass(frozen=True, slots=True)
class Part:
    """One finished part: its tree, its local name and its place in the file. The tree is emptied after its turn."""

    element: Element
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Break:
    """A stretch of the file that could not be read: why, and where."""

    quarantined: Quarantined


@dataclass(slots=True)
class Survey:
    """What no map knew: counted, so that nothing is ignored in silence."""

    unknown: Counter[str] = field(default_factory=Counter)
    stray: int = 0

    def findings(self, message: int | None) -> list[Finding]:
        """One finding for the elements and attributes that no map knows, one for text between elements."""
        told: list[Finding] = []
        if self.unknown:
            names = [f"{name} ({count})" for name, count in sorted(self.unknown.items())]
            shown = ", ".join(names[:TOLD_NAMES]) + (" ..." if len(names) > TOLD_NAMES else "")
            params: dict[str, str | int] = {"names": shown, "count": self.unknown.total()}
            told.append(Finding("xml.unknown_elements", severity="note", message=message, params=params))
        if self.stray:
            told.append(Finding("xml.stray_text", message=message, params={"count": self.stray}))
        return told


class PartReader:
    """Iterates over the wanted parts of one XML stream, and over the breaks between them.

    ``wanted`` are local names; of parts inside parts only the outermost counts. With ``repeated`` (the name of the
    part that fills the file) reading goes on after a broken part, at the start of the next one. Raises
    :class:`Unreadable` at once for what is not acceptable XML at all. Memory is bounded by ``limits``.
    """

    def __init__(
        self, stream: BinaryIO, *, wanted: Iterable[str], repeated: str | None = None, limits: Limits | None = None
    ) -> None:
        self.survey = Survey()
        self._stream = stream
        self._wanted = frozenset(wanted)
        self._limits = limits or Limits()
        self._buffer = bytearray(stream.read(CHUNK))
        self.prolog = self._whole_prolog()
        self._needle = f"<{self.prolog.qualified(repeated)}".encode(self.prolog.encoding) if repeated else None
        self._repeated_place = f"/{self.prolog.qualified(self.prolog.root)}[1]/{self.prolog.qualified(repeated or '')}"
        self._base = 0  # place in the file of the buffer's first byte
        self._position = 0  # end of the last part that was finished or given up
        self._counts: Counter[str] = Counter()
        self._gone: Counter[str] = Counter()  # elements around parts that were removed, by place without number
        self._resumed_at = -1
        self._open: Element | None = None
        self._tags = self._equals = 0
        self._root_closed = False

    def __iter__(self) -> Iterator[Part | Break]:
        parser, chunk = self._new_parser(), bytes(self._buffer)
        for _ in range(self._limits.breaks):
            trouble = yield from self._parse(parser, chunk)
            if trouble is None:
                return
            broken, chunk = self._give_up(trouble)
            if broken.quarantined.length:
                yield broken
            parser = self._new_parser()
            if not chunk or _feed(parser, self._prefix()) is not None:
                break
        if self._buffer:
            yield self._give_up(Trouble("xml.too_many_breaks", f"{self._limits.breaks} parts"), resume=False)[0]

    def _parse(self, parser: etree.XMLPullParser, chunk: bytes) -> Generator[Part | Break, None, Trouble | None]:
        while True:
            trouble = _feed(parser, chunk, cut=not chunk and not self._ends_with_root())
            yield from self._finished(parser, chunk)
            trouble = trouble or self._over_limits()
            if trouble is not None or not chunk:
                return trouble
            chunk = self._stream.read(CHUNK)
            self._drop(self._position - self._base)
            self._buffer += chunk

    def _finished(self, parser: etree.XMLPullParser, chunk: bytes) -> Iterator[Part]:
        self._tags += chunk.count(b"<")
        self._equals += chunk.count(b"=")
        events = cast(Iterable[tuple[str, Element]], parser.read_events())
        for event, element in events:
            if event == "start":
                if self._open is None and local_name(element) in self._wanted:
                    self._open = element
            elif element is self._open:
                yield self._part(element)
                self._open = None
                self._forget(element)
            if event == "end" and element.getparent() is None:
                self._root_closed = True
                self._survey_rest(element)

    def _part(self, element: Element) -> Part:
        name = f"{self._place_above(element)}/{qualified_name(element)}"
        self._counts[name] += 1
        self._position = self._end_of(element)
        self._tags = self._equals = 0
        return Part(element, local_name(element), f"{name}[{self._counts[name]}]")

    def _end_of(self, element: Element) -> int:
        """The byte after the part's end tag, searched from the end of the part before it."""
        name, close = qualified_name(element), self._bytes(">")
        start = max(self._buffer.find(self._bytes(f"<{name}"), self._position - self._base), 0)
        end = self._buffer.find(close, start)
        if len(element) or element.text or not self._buffer[:end].endswith(self._bytes("/")):
            end = self._buffer.find(close, self._buffer.find(self._bytes(f"</{name}"), start))
        return self._base + end + len(close)

    def _bytes(self, text: str) -> bytes:
        return text.encode(self.prolog.encoding)

    def _place_above(self, element: Element) -> str:
        place = ""
        for above in reversed(list(element.iterancestors())):
            place += f"/{qualified_name(above)}"
            before = sum(1 for _ in above.itersiblings(above.tag, preceding=True))
            place += f"[{1 + self._gone[place] + before}]"
        return place

    def _forget(self, element: Element) -> None:
        """Empties a finished part and removes everything before it, beside it and beside what is around it."""
        if element.getparent() is None:
            return
        element.clear(keep_tail=True)  # type: ignore[call-arg]
        place = self._place_above(element)
        for inner in (element, *element.iterancestors()):
            parent = inner.getparent()
            if parent is None:
                return
            place = place.rpartition("/")[0] if inner is not element else place
            while (before := inner.getprevious()) is not None:
                self._survey_unknown(before)
                self._gone[f"{place}/{qualified_name(before)}"] += inner is not element
                parent.remove(before)

    def _survey_rest(self, root: Element) -> None:
        if local_name(root) not in self._wanted:
            if root.text and root.text.strip():
                self.survey.stray += 1
            for child in root:
                self._survey_unknown(child)

    def _survey_unknown(self, element: Element) -> None:
        if element.tail and element.tail.strip():
            self.survey.stray += 1
        for inner in element.iter():
            if (inner.text and inner.text.strip()) or inner.keys():
                self.survey.unknown[local_name(inner)] += 1

    def _ends_with_root(self) -> bool:
        tail = bytes(self._buffer[-4 * EXCERPT :]).decode(self._codec(), errors="replace").rstrip()
        return tail.endswith(f"</{self.prolog.qualified(self.prolog.root)}>")

    def _over_limits(self) -> Trouble | None:
        if len(self._buffer) > self._limits.part_bytes:
            return Trouble("xml.part_too_large", f"more than {self._limits.part_bytes} bytes")
        if max(self._tags, self._equals) > self._limits.part_marks:
            return Trouble("xml.part_too_large", f"more than {self._limits.part_marks} elements or attributes")
        return None

    def _give_up(self, trouble: Trouble, *, resume: bool = True) -> tuple[Break, bytes]:
        """The break after the last finished part, and the bytes from the next part on (none: the file is over)."""
        start, repeated = self._position, self._needle is not None and not self._root_closed
        inside = repeated and (self._open is not None or self._resumed_at == start)
        place = self._place_of_break(trouble, inside=inside)
        self._drop(start - self._base)
        excerpt = bytes(self._buffer[: EXCERPT * 4])
        found = resume and repeated and self._find_start(skip=inside)
        if not found:
            self._drain()
        params: dict[str, str | int] = {"detail": trouble.detail, "offset": start, "length": self._position - start}
        severity: Severity = "warning" if trouble.only_a_namespace else "error"
        reason = Finding(trouble.rule, place=place, severity=severity, params=params)
        self._resumed_at, self._open, self._tags, self._equals = self._position, None, 0, 0
        shown = excerpt[: self._position - start].decode(self._codec(), errors="replace")[:EXCERPT].strip()
        return Break(Quarantined(reason, start, self._position - start, shown)), bytes(self._buffer)

    def _place_of_break(self, trouble: Trouble, *, inside: bool) -> str:
        if not inside:
            return f"line {trouble.line}" if trouble.line and self._resumed_at < 0 else f"byte {self._position}"
        self._counts[self._repeated_place] += 1
        return f"{self._repeated_place}[{self._counts[self._repeated_place]}]"

    def _find_start(self, *, skip: bool) -> bool:
        """Moves on to the next start tag of the repeated part, or to the one after it; false where there is none."""
        needle, wanted, at = self._needle or b"", 2 if skip else 1, 0
        while True:
            found = self._buffer.find(needle, at)
            if 0 <= found < len(self._buffer) - len(needle):
                at = found + len(needle)
                wanted -= bytes(self._buffer[at : at + 1]) in _AFTER_NAME
                if wanted == 0:
                    self._drop(found)
                    self._position = self._base
                    return True
                continue
            self._drop(max(at, len(self._buffer) - len(needle)) if found < 0 else found)
            at = 0
            chunk = self._stream.read(CHUNK)
            if not chunk:
                return False
            self._buffer += chunk

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._base += count

    def _drain(self) -> None:
        self._position = self._base + len(self._buffer)
        self._buffer.clear()
        while chunk := self._stream.read(CHUNK):
            self._position += len(chunk)
        self._base = self._position

    def _whole_prolog(self) -> Prolog:
        while True:
            try:
                return read_prolog(bytes(self._buffer))
            except Unreadable as refusal:
                chunk = self._stream.read(CHUNK) if refusal.code != "intake.xml_doctype" else b""
                if not chunk or len(self._buffer) > MOST_PROLOG_BYTES:
                    raise
                self._buffer += chunk

    def _new_parser(self) -> etree.XMLPullParser:
        return etree.XMLPullParser(
            events=("start", "end"),
            tag=[f"{{*}}{name}" for name in sorted({*self._wanted, self.prolog.root})],
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )

    def _prefix(self) -> bytes:
        """What a new parser must see before the next part: the declaration and the root's start tag again."""
        declared = self.prolog.declared
        text = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
        return self.prolog.mark + (text + self.prolog.start_tag).encode(self.prolog.encoding)

    def _codec(self) -> str:
        return self.prolog.encoding if self.prolog.wide else "utf-8"


def _feed(parser: etree.XMLPullParser, chunk: bytes, *, cut: bool = False) -> Trouble | None:
    try:
        if chunk:
            parser.feed(chunk)
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        return trouble_of(error, cut=cut)
    return None
