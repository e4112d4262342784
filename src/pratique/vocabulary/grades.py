"""Grades of intelligence: how reliable a source is, and how credible what it says.

The letters and digits are those of the Admiralty code, which police, customs and armed forces share: reliability of the
source A to F, credibility of the information 1 to 6, each judged without regard to the other (NATO AJP-2.1, annex on
evaluation; before it STANAG 2511). The wording of the grades was taken from practice and not compared with the text
of that publication; ``VERIFIED`` says so. How it answers to the 4x4 grid of Regulation (EU) 2016/794, Article 29, and
to the 5x5x5 form, is in ``docs/reference/grades.md``.
"""

from __future__ import annotations

import re
from typing import Final

SOURCE_GRADES: Final = ("A", "B", "C", "D", "E", "F")
"""Completely, usually, fairly, not usually reliable; unreliable; cannot be judged."""

INFORMATION_GRADES: Final = ("1", "2", "3", "4", "5", "6")
"""Confirmed by other sources, probably true, possibly true, doubtful, improbable; cannot be judged."""

LOW_SOURCES: Final = ("D", "E", "F")
LOW_INFORMATION: Final = ("4", "5", "6")
VERIFIED: Final = False  # no published text of the scale was compared with it
_GRADE: Final = re.compile("([A-F])([1-6])")


def graded(text: str) -> tuple[str | None, str | None]:
    """The two grades in a text such as ``B2``; nothing in an empty one. Raises ``ValueError`` for any other."""
    if not text:
        return None, None
    found = _GRADE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found[1], found[2]
