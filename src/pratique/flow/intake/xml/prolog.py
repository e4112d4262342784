"""What stands before the root of an XML file: encoding, document type, and the root's own start tag."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from pratique.flow.intake.format import Unreadable

_BOMS: Final = (
    (codecs.BOM_UTF8, "latin-1"),  # the text is looked at bytewise, so that no byte is lost or repaired here
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED: Final = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_SKIPPED: Final = re.compile(r"[ \t\r\n]+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DECLARED: Final = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"']")
_ROOT: Final = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)(?=[\s/>])", re.ASCII)
_ROOT_TAG: Final = re.compile(r"<[^<>]*>")
_DOCTYPE_END: Final = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prolog:
    """The start of an XML file: prefix and local name of the root, its start tag as text, and the encoding.

    ``encoding`` is a Python codec in which the file's ASCII text can be found in its bytes (not always the one that
    reads the rest), ``declared`` the name in the XML declaration, ``mark`` the byte-order mark.
    """

    prefix: str | None
    root: str
    start_tag: str
    encoding: str
    declared: str | None
    mark: bytes

    @property
    def wide(self) -> bool:
        """Whether a character takes two bytes or more."""
        return self.encoding.startswith(("utf-16", "utf-32"))

    def qualified(self, name: str) -> str:
        """A local name with the root's prefix."""
        return f"{self.prefix}:{name}" if self.prefix else name


def root_of(head: bytes) -> str | None:
    """The local name of the root; ``None`` where ``head`` does not begin like XML. A document type hides nothing."""
    _, _, text = _decode(head)
    at = _after_skipped(text, 0)
    if doctype := _DOCTYPE_END.match(text, at):
        at = _after_skipped(text, doctype.end())
    match = _ROOT.match(text, at)
    return match.group(2) if match else None


def begins_like_xml(head: bytes) -> bool:
    """The first thing that stands in the file is a declaration, a comment or a document type, as only XML has them."""
    _, _, text = _decode(head)
    return text.lstrip(" \t\r\n").startswith(("<?xml", "<!--", "<!DOCTYPE"))


def read_prolog(head: bytes) -> Prolog:
    """The prolog of a file from its first bytes. Raises :class:`Unreadable` for what is no acceptable XML."""
    if not head.strip(b" \t\r\n\0"):
        raise Unreadable("intake.empty", "The file is empty.", place="byte 0", todo="Ask the sender to send it again.")
    encoding, mark, text = _decode(head)
    at = _after_skipped(text, 0)
    if text.startswith("<!DOCTYPE", at):
        raise Unreadable(
            "intake.xml_doctype",
            "The file begins with a document type definition, which trade messages do not have and attacks do.",
            place="document type",
            todo="Ask the sender for the message without a DOCTYPE.",
        )
    match, tag = _ROOT.match(text, at), _ROOT_TAG.match(text, at)
    if match is None or tag is None:
        raise Unreadable("intake.xml_not_xml", "The file does not begin like an XML message.", place="byte 0")
    declared = _DECLARED.match(text)
    prolog = Prolog(
        match.group(1), match.group(2), tag.group(0), encoding, declared.group(1) if declared else None, mark
    )
    if prolog.declared and not _encoding_fits(prolog.declared, wide=prolog.wide):
        raise Unreadable(
            "intake.xml_encoding",
            f"The file says that it is written in {prolog.declared}, which its bytes are not or nobody knows.",
            place="XML declaration",
            todo="Ask the sender to correct the encoding in the first line.",
        )
    return prolog


def _encoding_fits(declared: str, *, wide: bool) -> bool:
    try:
        etree.XMLParser(encoding=declared)
    except LookupError:
        return False
    return wide or not declared.lower().startswith(("utf-16", "utf16", "utf-32", "utf32", "ucs", "iso-10646"))


def _decode(head: bytes) -> tuple[str, bytes, str]:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, mark, head[len(mark) :].decode(encoding, errors="replace")
    for pattern, encoding in _UNMARKED:
        if head.startswith(pattern):
            return encoding, b"", head.decode(encoding, errors="replace")
    return "latin-1", b"", head.decode("latin-1")


def _after_skipped(text: str, at: int) -> int:
    while match := _SKIPPED.match(text, at):
        at = match.end()
    return at
