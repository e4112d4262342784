"""Numbers, dates and durations as a page shows them: in the reader's language and the office's time.

Digits are 0 to 9 in every language. Clock times have 24 hours; English dates are those of Europe (23 Nov 2026), because
an officer's day must not be mistaken for a month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pratique.desk.words import translations
from pratique.vocabulary.languages import ENGLISH, shipped
from pratique.vocabulary.sentences import kilograms

if TYPE_CHECKING:
    from babel import Locale

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Figures:
    """How figures are written in ``language``, moments in ``zone``. Moments without a zone are taken as UTC."""

    language: str
    zone: tzinfo = UTC

    @cached_property
    def locale(self) -> Locale:
        """The locale of the language; English is that of the United Kingdom."""
        from babel import Locale

        tag = shipped(self.language) or ENGLISH
        return Locale("en", "GB") if tag == ENGLISH else Locale(tag)

    def language_names(self) -> dict[str, str]:
        """Every language by its code (ISO 639), as the language of the page calls it."""
        return dict(self.locale.languages)

    def number(self, value: float, decimals: int | None = None) -> str:
        """``1234567`` as ``1,234,567``; ``decimals`` fixes their count, else at most three are shown."""
        from babel.numbers import format_decimal

        pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, format=pattern, locale=self.locale)

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share of 0 to 1 as ``25%``, with the mark where the language puts it."""
        from babel.numbers import format_percent

        marks = self.locale.percent_formats[None].pattern.removeprefix("#,##0")
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + marks
        return format_percent(share, format=pattern, locale=self.locale)

    def mass(self, grams: int) -> str:
        """Grams in kilograms: ``12,615 kg``."""
        return kilograms(grams, self.language)

    def day(self, value: date) -> str:
        """A day of this time of the year: ``Mon 23 Nov``."""
        return self._written(value, "EEE d MMM")

    def full_date(self, value: date) -> str:
        """A date in full: ``23 November 2026``."""
        from babel.dates import format_date

        return format_date(self._local(value), format="long", locale=self.locale)

    def time(self, value: datetime) -> str:
        """A moment of today: ``06:31``."""
        return self._written(value, "HH:mm")

    def moment(self, value: datetime) -> str:
        """A moment of these days: ``Mon 23 Nov 06:31``."""
        return self._written(value, "EEE d MMM HH:mm")

    def stamp(self, value: datetime) -> str:
        """A moment of any year: ``23 Nov 2026 06:31``."""
        return self._written(value, "d MMM y HH:mm")

    def duration(self, length: timedelta) -> str:
        """A length of time in its two largest units: ``12 h 39 min``; below a minute it is ``less than a minute``."""
        _ = translations(self.language).gettext
        minutes = abs(length) // _MINUTE
        if not minutes:
            return _("less than a minute")
        if minutes < 60:
            return _("%(minutes)s min") % {"minutes": minutes}
        if minutes < 48 * 60:
            return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
        days, left = divmod(minutes, 24 * 60)
        return _("%(days)s d %(hours)s h") % {"days": self.number(days), "hours": left // 60}

    def countdown(self, until: datetime, now: datetime) -> str:
        """What is left until a moment, ``12 h 39 min``, or how long it is past: ``12 h 39 min ago``."""
        _ = translations(self.language).gettext
        left = _zoned(until) - _zoned(now)
        told = self.duration(left)
        return told if left >= timedelta() else _("%(duration)s ago") % {"duration": told}

    def _written(self, value: date, pattern: str) -> str:
        from babel.dates import format_date, format_datetime

        local = self._local(value)
        write: Callable[..., str] = format_datetime if isinstance(local, datetime) else format_date
        return write(local, pattern, locale=self.locale)

    def _local(self, value: date) -> date:
        return _zoned(value).astimezone(self.zone) if isinstance(value, datetime) else value


def _zoned(value: datetime) -> datetime:
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)
