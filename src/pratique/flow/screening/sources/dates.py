"""Birth dates and countries as lists write them, in the form of schema ``LISTING``."""

from __future__ import annotations

import re
from typing import Final

from pratique.flow.screening.words import country_codes

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WRITTEN: Final = re.compile(r"(?:(?P<day>\d{1,2})\s+)?(?:(?P<month>[A-Za-z]{3})[a-z]*\.?\s+)?(?P<year>[12]\d{3})")
_ISO: Final = re.compile(r"[12]\d{3}(?:-\d{2}(?:-\d{2})?)?")


def dates_in(text: str) -> list[str]:
    """Every date in ``text`` as ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``: ``10 Dec 1948``, ``circa 1960 to 1962``."""
    plain = text.strip()
    if _ISO.fullmatch(plain):
        return [plain]
    return [date for found in _WRITTEN.finditer(plain) if (date := _date(found))]


def _date(found: re.Match[str]) -> str:
    month = (found["month"] or "").lower()
    if month not in _MONTHS:
        return found["year"]
    written = f"{found['year']}-{_MONTHS.index(month) + 1:02}"
    return f"{written}-{int(found['day']):02}" if found["day"] else written


def country_code(text: str) -> str | None:
    """The alpha-2 code of a country as written; the word itself where it is not known, ``None`` for an empty one."""
    word = " ".join(text.split()).rstrip(".")
    if word.lower() in ("", "na", "undetermined", "unknown", "none identified"):
        return None
    if len(word) == 2 and word.isalpha():
        return word.upper()
    return country_codes().get(word.lower(), word)
