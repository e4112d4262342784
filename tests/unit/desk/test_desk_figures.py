"""Figures of the pages: digits are 0 to 9, separators and names those of the language, times those of the office."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pratique.desk.figures import Figures

MORNING = datetime(2026, 11, 23, 6, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "1,234,567.5"),
        ("fr", "1\u202f234\u202f567,5"),
        ("es", "1.234.567,5"),
        ("ar", "1,234,567.5"),
        ("de", "1,234,567.5"),
    ],
)
def test_numbers_have_the_separators_of_the_language(language, shown):
    assert Figures(language).number(1_234_567.5) == shown


def test_decimals_can_be_fixed():
    assert Figures("es").number(1234, decimals=2) == "1.234,00"
    assert Figures("en").number(1234.56, decimals=0) == "1,235"


def test_a_share_is_a_percentage():
    assert Figures("en").percent(0.25) == "25%"
    assert Figures("fr").percent(0.253, decimals=1) == "25,3\xa0%"


def test_days_and_moments_are_named_in_the_language():
    assert Figures("en").moment(MORNING) == "Mon 23 Nov 06:31"
    assert Figures("fr").full_date(MORNING) == "23 novembre 2026"
    assert Figures("es").day(date(2026, 11, 23)) == "lun 23 nov"
    assert Figures("ar").full_date(MORNING) == "23 نوفمبر 2026"
    assert Figures("en").stamp(MORNING) == "23 Nov 2026 06:31"


def test_moments_are_in_the_time_of_the_office():
    office = Figures("en", ZoneInfo("Asia/Dubai"))
    assert office.time(MORNING) == "10:31"
    assert office.moment(MORNING.replace(tzinfo=None, hour=22)) == "Tue 24 Nov 02:31"


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=12, minutes=39), "12 h 39 min"),
        (timedelta(hours=48), "2 d 0 h"),
        (timedelta(minutes=-5), "5 min ago"),
    ],
)
def test_a_countdown_says_what_is_left_or_how_long_ago_it_was(left, shown):
    assert Figures("en").countdown(MORNING + left, MORNING) == shown


def test_a_countdown_is_in_the_language():
    assert Figures("ar").countdown(MORNING + timedelta(hours=12, minutes=39), MORNING) == "12 س 39 د"
    assert Figures("fr").countdown(MORNING, MORNING + timedelta(minutes=5)) == "il y a 5 min"


def test_masses_are_in_the_unit_of_the_language():
    assert [Figures(tag).mass(12_615_500) for tag in ("en", "es", "ar")] == [
        "12,615.5 kg",
        "12.615,5 kg",
        "12,615.5 كغ",
    ]
