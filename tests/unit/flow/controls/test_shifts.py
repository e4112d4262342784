"""Shifts in local time: over midnight, over the change of the clock, and what a resource out of use takes away."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from pratique.flow.controls.shifts import Down, Shift, seconds_down, seconds_on_duty, slots_of, window

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Shift("night", time(22), time(6), 4)
WEEKDAYS = Shift("early", time(6), time(14), 12, (1, 2, 3, 4, 5))
HOUR = 3600


def test_a_shift_over_midnight_ends_on_the_next_day_and_has_an_hour_more_when_clocks_go_back() -> None:
    lasts = window(NIGHT, date(2026, 10, 24), BERLIN)
    assert lasts is not None
    assert [each.astimezone(UTC).isoformat() for each in lasts] == [
        "2026-10-24T20:00:00+00:00",
        "2026-10-25T05:00:00+00:00",
    ]
    since, until = datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert seconds_on_duty([NIGHT], BERLIN, since, until) == 9 * HOUR


def test_a_shift_of_weekdays_does_not_begin_on_a_sunday() -> None:
    assert window(WEEKDAYS, date(2026, 10, 4), BERLIN) is None
    week = datetime(2026, 10, 5, tzinfo=UTC), datetime(2026, 10, 12, tzinfo=UTC)
    assert seconds_on_duty([WEEKDAYS], BERLIN, *week) == 5 * 8 * HOUR


def test_only_what_is_lost_of_a_shift_counts_as_down() -> None:
    since, until = datetime(2026, 10, 5, tzinfo=UTC), datetime(2026, 10, 6, tzinfo=UTC)
    early = Shift("early", time(6), time(14), 12)
    downs = [
        Down(datetime(2026, 10, 5, 4, tzinfo=UTC), datetime(2026, 10, 5, 7, tzinfo=UTC), "defect"),
        Down(datetime(2026, 10, 5, 13, 30, tzinfo=UTC), None, "power"),
    ]
    assert seconds_down([early], ZoneInfo("UTC"), since, until, downs) == {"defect": HOUR, "power": HOUR // 2}


def test_slots_come_from_the_kinds_that_take_one() -> None:
    on_duty = [("scanner", 40), ("scanner", 20), ("opening_team", 12), ("dog_team", 5), ("documents_desk", 200)]
    assert slots_of(on_duty) == {"open": 12, "scan": 60, "documents": 200}
