"""The separators of an interchange (UNA, ISO 9735 clause 7) and the one canonical spelling behind them.

Whatever the sender's separators, segments leave this package with ``+`` between elements and ``:`` between components.
A character that the sender released, or that is a separator here but not there, stands as a *mark*, a Unicode
noncharacter that no text may contain; :func:`restore` turns marks into what the sender wrote. So a segment can be split
without looking for release characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

MARKS: Final = "\ufdd0\ufdd1\ufdd2\ufdd3"  # ? ' + : as the sender meant them: as text
MARKED: Final = "?'+:"
REPLACEMENT: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class Syntax:
    """Component, element, decimal, release and terminator characters; ``release`` is empty where there is none."""

    component: str = ":"
    element: str = "+"
    decimal: str = ".,"  # without UNA either mark may stand (ISO 9735 clause 10)
    release: str = "?"
    terminator: str = "'"

    @property
    def is_default(self) -> bool:
        """Whether the separators are those of character set UNOA."""
        return (self.component, self.element, self.release, self.terminator) == (":", "+", "?", "'")


def advised(advice: str) -> Syntax | None:
    """The separators that six characters after ``UNA`` ask for; ``None`` where they cannot be meant.

    They must be distinct, printable and neither letters nor digits. A blank means that the character is not used, which
    only the release character and the fifth (reserved, or repetition) may be; a line break may only be the terminator.
    """
    if len(advice) != 6:
        return None
    advice = advice.replace("\r", "\n")
    component, element, decimal, release, _, terminator = list(advice)
    if " " in component + element + terminator or decimal not in ".,":
        return None
    used = [char for char in advice if char != " "]
    if len(set(used)) != len(used) or not all(_may_separate(char) for char in used[:-1]):
        return None
    if not _may_separate(terminator) and terminator != "\n":
        return None
    return Syntax(component, element, decimal, release.strip(" "), terminator)


def restore(text: str) -> str:
    """The text with its marks turned back into the characters they stand for."""
    return text.translate(_restoring())


def canonical(text: str, syntax: Syntax) -> tuple[str, int]:
    """``text`` in canonical spelling, with ``'`` behind every segment.

    The second value counts release characters that released nothing; they are kept as text.
    """
    stray = 0
    if syntax.release and syntax.release in text:
        text, stray = _mark_released(text, syntax)
    if not syntax.is_default:
        text = text.translate(_respelling(syntax))
    return text, stray


def _may_separate(char: str) -> bool:
    return char.isascii() and char.isprintable() and not char.isalnum() and char != " "


def _mark_released(text: str, syntax: Syntax) -> tuple[str, int]:
    release = syntax.release
    text = text.replace(release + release, MARKS[0] if release == "?" else "\ufdd4")
    for separator, mark in (
        (syntax.terminator, "\ufdd5"),
        (syntax.element, "\ufdd6"),
        (syntax.component, "\ufdd7"),
    ):
        text = text.replace(release + separator, _mark_of(separator, mark))
    return text, text.count(release)


def _mark_of(separator: str, mark: str) -> str:
    index = MARKED.find(separator)
    return MARKS[index] if index >= 0 else mark


@cache
def _respelling(syntax: Syntax) -> dict[int, str]:
    table = dict(zip(map(ord, MARKED), MARKS, strict=True))
    table |= {ord(syntax.component): ":", ord(syntax.element): "+", ord(syntax.terminator): "'"}
    table |= {0xFDD4: syntax.release, 0xFDD5: syntax.terminator, 0xFDD6: syntax.element, 0xFDD7: syntax.component}
    return table


@cache
def _restoring() -> dict[int, str]:
    return dict(zip(map(ord, MARKS), MARKED, strict=True))
