"""The life of a request, its clock, and how long partners take."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pratique.partners.assistance.answer_times import Waited, answer_times, kaplan_meier
from pratique.partners.assistance.clocks import Pressure, clock, lapses, reminder_due
from pratique.partners.assistance.model import Reply
from pratique.partners.assistance.states import (
    ENDED,
    Event,
    Happened,
    NotPossible,
    Side,
    Standing,
    State,
    possible,
    require,
    standing_after,
)

START = datetime(2026, 10, 12, 8, tzinfo=UTC)
REPLY = Reply("within_days", "Art. 11(2)", 90)


def after(*events: tuple[Event, int], items: tuple[int, ...] = (), until: date | None = None) -> Standing:
    return standing_after(Happened(event, START + timedelta(days=day), items, until) for event, day in events)


def on(day: int) -> date:
    return (START + timedelta(days=day)).date()


def test_the_way_of_a_request_that_is_answered_in_parts() -> None:
    standing = standing_after([
        Happened(Event.SENT, START),
        Happened(Event.RECEIVED, START + timedelta(days=2)),
        Happened(Event.PARTLY_ANSWERED, START + timedelta(days=31), (1, 2)),
        Happened(Event.ANSWERED, START + timedelta(days=80), (3,)),
    ])  # fmt: skip
    assert (standing.state, standing.answered) == (State.ANSWERED, frozenset({1, 2, 3}))
    assert standing.ended_at == START + timedelta(days=80)


@pytest.mark.parametrize("end", sorted(ENDED))
def test_nothing_happens_to_a_request_that_ended(end: State) -> None:
    event = Event(end.value)
    standing = after((Event.SENT, 0), (event, 1))
    assert standing.state is end
    assert possible(standing, Side.ASKING) == possible(standing, Side.ASKED) == ()
    with pytest.raises(NotPossible, match="state"):
        after((Event.SENT, 0), (event, 1), (Event.REMINDED, 2))


def test_a_side_cannot_act_for_the_other() -> None:
    standing = after((Event.SENT, 0))
    with pytest.raises(NotPossible, match="side"):
        require(standing, Event.REFUSED, Side.ASKING)
    with pytest.raises(NotPossible, match="side"):
        require(standing, Event.WITHDRAWN, Side.ASKED)


def test_a_further_version_leaves_the_state_and_the_clock_a_completed_one_starts_it_anew() -> None:
    further = after((Event.SENT, 0), (Event.ACKNOWLEDGED, 1), (Event.COMPLETED, 14))
    assert (further.state, further.clock_from) == (State.ACKNOWLEDGED, START)
    completed = after((Event.SENT, 0), (Event.RETURNED, 5), (Event.COMPLETED, 14))
    assert (completed.state, completed.clock_from) == (State.COMPLETED, START + timedelta(days=14))
    assert completed.sent_at == START


@pytest.mark.parametrize(
    ("day", "pressure", "left"),
    [(0, Pressure.RUNNING, 90), (30, Pressure.FIRST_REMINDER, 60), (60, Pressure.SECOND_REMINDER, 30),
     (90, Pressure.SECOND_REMINDER, 0), (91, Pressure.OVERDUE, -1)],
)  # fmt: skip
def test_the_clock_has_marks_at_a_third_and_two_thirds(day: int, pressure: Pressure, left: int) -> None:
    found = clock(after((Event.SENT, 0)), REPLY, today=on(day))
    assert found is not None
    assert (found.day, found.left, found.pressure) == (day, left, pressure)
    assert (found.due, found.reminders) == (date(2027, 1, 10), (date(2026, 11, 11), date(2026, 12, 11)))


def test_a_reminder_is_due_once_for_each_mark_and_monthly_when_overdue() -> None:
    def due(day: int, *reminded: int) -> bool:
        standing = after((Event.SENT, 0), *((Event.REMINDED, each) for each in reminded))
        found = clock(standing, REPLY, today=on(day))
        assert found is not None
        return reminder_due(standing, found)

    assert [due(29), due(30), due(45, 31), due(60, 31), due(91, 31, 61), due(100, 31, 61, 92)] == [
        False, True, False, True, True, False,
    ]  # fmt: skip


def test_the_clock_stands_while_it_is_with_us_or_put_off() -> None:
    returned = clock(after((Event.SENT, 0), (Event.RETURNED, 5)), REPLY, today=on(200))
    assert returned is not None
    assert returned.pressure is Pressure.STOPPED
    put_off = after((Event.SENT, 0), (Event.POSTPONED, 5), until=on(120))
    found = clock(put_off, REPLY, today=on(100))
    assert found is not None
    assert (found.due, found.pressure) == (on(120), Pressure.STOPPED)


def test_a_request_lapses_after_a_year_and_twice_its_time() -> None:
    standing = after((Event.SENT, 0))
    days = {day: clock(standing, REPLY, today=on(day)) for day in (365, 366)}
    assert [lapses(standing, each) for each in days.values() if each] == [False, True]


def test_open_requests_count_as_not_answered_so_far() -> None:
    ended = [Waited(days, settled=True, within=days <= 90) for days in (12, 20, 58, 88)]
    closed = answer_times(ended)
    assert (closed.median_days, closed.within, closed.dots) == (20, 4, (12, 20, 58, 88))
    honest = answer_times(ended, still_open=(100, 110, 120, 130))
    assert honest.median_days == 88  # not 20, which leaving the open ones out would say
    assert (honest.open, honest.oldest_open_days) == (4, 130)
    assert answer_times([], still_open=(3,)).median_days is None


def test_the_estimate_is_that_of_a_published_example() -> None:
    # Freireich et al. 1963, remission of leukaemia under 6-MP, as in Kaplan-Meier texts: 21 patients, + is censored
    settled = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = kaplan_meier(
        [Waited(day, settled=True) for day in settled] + [Waited(day, settled=False) for day in censored]
    )
    assert [(step.day, round(step.waiting, 3)) for step in curve] == [
        (6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448),
    ]  # fmt: skip
    assert all(step.low <= step.waiting <= step.high for step in curve)
