"""The languages that sentences and pages come in, and how each writes direction and figures.

Digits are 0 to 9 in every language: numbers of boxes and bills must read the same on paper, screen and radio.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ENGLISH: Final = "en"
LANGUAGES: Final[Mapping[str, str]] = {ENGLISH: "English", "fr": "Français", "es": "Español", "ar": "العربية"}
"""Every shipped language with the name it gives itself."""

ISOLATE: Final = "\N{FIRST STRONG ISOLATE}"
ISOLATE_ENDS: Final = "\N{POP DIRECTIONAL ISOLATE}"

_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur"})
_SEPARATORS: Final[Mapping[str, dict[int, int]]] = {
    "fr": str.maketrans(",.", "\N{NARROW NO-BREAK SPACE},"),
    "es": str.maketrans(",.", ".,"),
}


def shipped(tag: str) -> str | None:
    """The shipped language of a tag such as ``fr-CA``; ``None`` where its language is not shipped."""
    primary = tag.strip().replace("_", "-").split("-")[0].lower()
    return primary if primary in LANGUAGES else None


def right_to_left(tag: str) -> bool:
    """Whether the language of the tag is written from right to left."""
    return tag.replace("_", "-").split("-")[0].lower() in _RIGHT_TO_LEFT


def separated(figure: str, tag: str) -> str:
    """A figure written as ``1,234.5`` with the separators of the language: ``1.234,5`` in Spanish."""
    return figure.translate(_SEPARATORS.get(tag.split("-")[0], {}))


def isolates_closed(text: str) -> bool:
    """Every isolate that opens in the text is closed on its line, and none is closed that is not open."""
    depth = 0
    for character in text:
        depth += {ISOLATE: 1, ISOLATE_ENDS: -1}.get(character, 0)
        if depth < 0 or (depth and character == "\n"):
            return False
    return depth == 0
