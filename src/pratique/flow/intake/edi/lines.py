"""Line breaks inside segments: type-B telegrams and mail fold lines, often in the middle of a token.

Between segments a line break means nothing. Inside one it is no character of any EDIFACT character set, so it was put
there on the way: after a long line the two parts belong together as they are, after a short one the break stood for a
blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FOLD: Final = 60  # telegrams fold at 63, 64 or 69 characters


@dataclass(frozen=True, slots=True)
class Unfolded:
    """Text without line breaks inside segments, and how many breaks were joined or became a blank."""

    text: str
    joined: int = 0
    blanks: int = 0


def unfold(text: str, terminator: str, column: int) -> Unfolded:
    """``text`` holds whole segments and begins at ``column`` of its line."""
    breaks = text.count("\n")
    if breaks == text.count(terminator + "\n") + text.count(terminator + "\r\n") + text.startswith(("\n", "\r\n")):
        return Unfolded(text)
    told = [0, 0]
    lines = text.split("\n")
    last = lines.pop()
    parts = []
    for line in lines:
        body = line.removesuffix("\r")
        parts.append(body + _link(body, terminator, column, told))
        column = 0
    return Unfolded("".join(parts) + last, *told)


def next_column(text: str, column: int) -> int:
    """The column after ``text``, which began at ``column``."""
    at = text.rfind("\n")
    return column + len(text) if at < 0 else len(text) - at - 1


def _link(line: str, terminator: str, column: int, told: list[int]) -> str:
    stripped = line.rstrip()
    if not stripped or stripped.endswith(terminator):
        return ""
    folded = column + len(line) >= FOLD
    told[0 if folded else 1] += 1
    return "" if folded else " "
