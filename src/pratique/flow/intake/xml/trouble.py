"""What can be wrong with the text of an XML file, in codes, and the sentence where nothing could be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lxml import etree

from pratique.flow.intake.format import Quarantined, Unreadable

_ENCODING_ERRORS: Final = frozenset({32, 81})  # libxml2: unsupported encoding, invalid bytes
_LIMIT_ERRORS: Final = frozenset({110, 114})  # libxml2: name too long, resource limit
_NAMESPACE_ERRORS: Final = range(200, 206)
_TRUNCATED: Final = 77
_EXTRA_CONTENT: Final = 5

_HAPPENED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "xml.truncated": "The file ends in the middle of an element.",
        "xml.encoding": "The file has bytes that are not in the encoding that it declares.",
        "xml.too_deep": "The file has elements inside elements more than 256 levels deep.",
        "xml.too_large": "The file has a name, a value or a text that is longer than any message needs.",
        "xml.part_too_large": "The file has one part that is larger than any message needs.",
        "xml.not_well_formed": "The file is not well-formed XML.",
    }
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why reading stopped: our code and the parser's own words."""

    rule: str
    detail: str
    line: int = 0
    only_a_namespace: bool = False


def trouble_of(error: etree.XMLSyntaxError, *, cut: bool) -> Trouble:
    """The trouble that the parser reports; ``cut``: the file ends before its root does."""
    code = int(getattr(error, "code", 0))
    detail = (error.msg or "").split(", line ")[0].strip()
    line = error.position[0] if error.position else 0
    return Trouble(_rule(code, detail, cut=cut), detail, line or 0, code in _NAMESPACE_ERRORS)


def unreadable(broken: Quarantined) -> Unreadable:
    """The refusal of a whole file that was broken before anything in it could be read."""
    rule = broken.reason.rule
    return Unreadable(
        f"intake.{rule.replace('.', '_')}",
        f"{_HAPPENED.get(rule, _HAPPENED['xml.not_well_formed'])} Nothing in it could be read.",
        place=broken.reason.place,
        todo="Ask the sender to send it again, whole and corrected.",
    )


def _rule(code: int, detail: str, *, cut: bool) -> str:
    if code in _ENCODING_ERRORS:
        return "xml.encoding"
    if code in _LIMIT_ERRORS:
        return "xml.too_deep" if "depth" in detail else "xml.too_large"
    if code in _NAMESPACE_ERRORS:
        return "xml.namespace_undeclared"
    if code == _EXTRA_CONTENT:
        return "xml.extra_content"
    return "xml.truncated" if cut or code == _TRUNCATED else "xml.not_well_formed"
