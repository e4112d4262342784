"""Where an interchange starts, and which separators and character set it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pratique.flow.intake.edi.charset import CODECS
from pratique.flow.intake.edi.syntax import Syntax, advised

HEADER_REACH: Final = 1024  # bytes behind a beginning that may be needed to understand it

_UNB: Final = re.compile(rb"UNB(?P<element>[^A-Za-z0-9\s\x80-\xff])(?P<identifier>[A-Z]{3}[A-Z0-9])(?![A-Za-z0-9])")
_UNA: Final = re.compile(rb"UNA(?P<advice>.{1,22}?)(?=UN[BGH][^A-Za-z0-9\s])", re.DOTALL)
_BARE: Final = re.compile(rb"\s*(?P<tag>UN[GH])(?P<element>[^A-Za-z0-9\s])")
_LINES: Final = re.compile(rb"UN[BGH][^'\n]*\n\s*UN[GH]")
_NEXT: Final = re.compile(rb"(?P<terminator>[^A-Za-z0-9\s])\s*UN[GH][^A-Za-z0-9\s]")


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of an interchange: ``at`` its first byte, ``body`` its first segment after UNA.

    ``troubles`` are the tolerances it needed, as rule codes with parameters.
    """

    at: int
    body: int
    syntax: Syntax
    identifier: str
    troubles: tuple[tuple[str, dict[str, str | int]], ...] = ()

    @property
    def codec(self) -> str:
        """The codec of the character set; ASCII where the identifier is not one of ISO 9735."""
        return CODECS.get(self.identifier, "ascii")


def find_start(data: bytes, begin: int, *, bare: bool) -> Start | None:
    """The first beginning (UNA or UNB) in ``data`` from ``begin`` on.

    With ``bare`` a file may also begin with UNG or UNH, without an interchange header.
    """
    header = _UNB.search(data, begin)
    advice = _UNA.search(data, begin, len(data) if header is None else header.start() + 4)
    if advice is not None:
        return _with_advice(data, advice)
    bare_match = _BARE.match(data, begin) if bare else None
    if bare_match is not None and (header is None or bare_match.start("tag") < header.start()):
        return _with_syntax(data, bare_match.start("tag"), Syntax(), ("edi.interchange_header_missing", {}))
    return None if header is None else _with_syntax(data, header.start(), Syntax())


def _with_advice(data: bytes, match: re.Match[bytes]) -> Start:
    advice = match["advice"].decode("latin-1")
    syntax = advised(advice[:6]) if not advice[6:].strip() else None
    squeezed = _one_lost(advice.strip())
    troubles: tuple[tuple[str, dict[str, str | int]], ...] = ()
    if syntax is None:
        syntax = squeezed
        rule = "edi.advice_ignored" if squeezed is None else "edi.advice_squeezed"
        troubles = ((rule, {"advice": advice.strip()}),)
    start = _with_syntax(data, match.end(), syntax or Syntax(), *troubles)
    return Start(match.start(), start.body, start.syntax, start.identifier, start.troubles)


def _one_lost(advice: str) -> Syntax | None:
    """Five characters: the blank was lost on the way, or the decimal mark was never written."""
    if len(advice) != 5:
        return None
    return advised(f"{advice[:4]} {advice[4]}") or advised(f"{advice[:2]}.{advice[2:]}")


def _with_syntax(data: bytes, body: int, syntax: Syntax, *troubles: tuple[str, dict[str, str | int]]) -> Start:
    told = list(troubles)
    header = _UNB.match(data, body)
    identifier = "" if header is None else header["identifier"].decode("ascii")
    if identifier and identifier not in CODECS:
        told.append(("edi.character_set_unknown", {"identifier": identifier}))
    if header is not None and header["element"].decode("ascii") != syntax.element:
        syntax = _inferred(data, header)
        separators = syntax.component + syntax.element + syntax.terminator
        told.append(("edi.separators_inferred", {"separators": separators}))
    if syntax.terminator == "'" and _LINES.match(data, body, body + HEADER_REACH) is not None:
        syntax = Syntax(syntax.component, syntax.element, syntax.decimal, syntax.release, "\n")
        told.append(("edi.newline_terminated", {}))
    return Start(body, body, syntax, identifier, tuple(told))


def _inferred(data: bytes, header: re.Match[bytes]) -> Syntax:
    """The separators as the interchange header itself uses them, where no UNA tells them."""
    element = header["element"].decode("ascii")
    component = data[header.end() : header.end() + 1].decode("latin-1")
    following = _NEXT.search(data, header.end(), header.end() + HEADER_REACH)
    terminator = "'" if following is None else following["terminator"].decode("latin-1")
    tried = advised(f"{component}{element}.  {terminator}")
    return tried or Syntax(element=element)
