"""Scorecards counted by hand, and the grounds on which a rule is proposed to leave."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from pratique.flow.controls.effectiveness import rate
from pratique.flow.controls.results import CONTROL_RESULT
from pratique.flow.controls.rule_life import Bounds, Ground, Life, grounds
from pratique.flow.controls.scorecard import FIRING, Overlap, Scorecard, scorecards

DAY = date(2026, 10, 5)
BOUNDS = Bounds(floor_permille=10, silent_days=180, overlap_permille=1000, review_days=365)


def fired(*rows: tuple[str, str, int]) -> pl.DataFrame:
    told = [(consignment, profile, DAY + timedelta(days=day)) for consignment, profile, day in rows]
    return pl.DataFrame(told, schema=FIRING, orient="row")


def results(**found: bool) -> pl.DataFrame:
    rows = [
        {
            "consignment": name,
            "run": "R",
            "controlled_on": DAY,
            "known_on": DAY,
            "control_type": "scan",
            "found": each,
            "drawn_at_random": name == "c4",
        }
        for name, each in found.items()
    ]
    return pl.DataFrame(rows, schema=CONTROL_RESULT)


def test_a_scorecard_counts_each_consignment_once() -> None:
    all_of_them = pl.Series([f"c{number}" for number in range(10)])
    rows = fired(
        ("c1", "A", 0), ("c1", "A", 3), ("c2", "A", 1), ("c4", "A", 0), ("c1", "B", 0), ("c2", "B", 0), ("c9", "B", 0),
        ("gone", "A", 9),
    )  # fmt: skip
    mine, other, silent = scorecards(all_of_them, rows, results(c1=True, c4=False, c9=True), ["A", "B", "C"])
    assert (mine.consignments, mine.fires, mine.alone, mine.fires_permille) == (10, 3, 1, 300)
    assert mine.last_fired == DAY + timedelta(days=3)
    assert (mine.finds.controlled, mine.finds.found, mine.drawn.controlled, mine.drawn.found) == (2, 1, 1, 0)
    assert mine.overlaps == (Overlap("B", 2, 666, 3),)
    assert (other.fires, other.finds.found, other.overlaps) == (3, 2, (Overlap("A", 2, 666, 3),))
    assert (silent.fires, silent.last_fired, silent.finds.permille, silent.overlaps) == (0, None, None, ())


def card(**given: object) -> Scorecard:
    blank = Scorecard("A", 1000, 50, DAY, 5, rate("finds", 0, 0), rate("drawn", 0, 0), ())
    return replace(blank, **given)  # type: ignore[arg-type]


def life(profile: str = "A", **given: object) -> Life:
    begun = DAY - timedelta(days=300)
    return replace(Life(profile, begun, begun, None, False), **given)  # type: ignore[arg-type]


def told(of: Scorecard, given: Life | None = None, *others: Life, day: date = DAY) -> list[Ground]:
    lives = [given or life(), *others]
    cards = {each.profile: of if each.profile == "A" else card(profile=each.profile) for each in lives}
    return [each.ground for each in grounds(lives, cards, bounds=BOUNDS, day=day).get("A", ())]


@pytest.mark.parametrize(
    ("controlled", "found", "proposed"),
    [(0, 0, False), (10, 0, False), (422, 0, False), (423, 0, True), (1000, 2, True), (1000, 5, False)],
)
def test_few_finds_are_held_against_a_rule_only_where_the_whole_interval_is_below(
    controlled: int, found: int, proposed: bool
) -> None:
    assert told(card(finds=rate("finds", controlled, found))) == ([Ground.FEW_FINDS] if proposed else [])


def test_silence_is_held_against_a_rule_that_had_the_time_to_speak() -> None:
    late = DAY + timedelta(days=181)
    assert told(card(), day=DAY + timedelta(days=180 - 120)) == []
    assert told(card(), life(looked_at=late), day=late) == [Ground.SILENT]
    assert told(card(consignments=0), life(looked_at=late), day=late) == []
    assert told(card(last_fired=None), life(in_force_since=DAY, looked_at=DAY)) == []
    assert told(card(), life(looked_at=late, mandatory=True), day=late) == []


def test_of_two_rules_that_say_the_same_the_narrower_or_the_younger_is_proposed() -> None:
    wider, equal = Overlap("B", 50, 1000, 60), Overlap("B", 50, 1000, 50)
    older, younger = life("B", in_force_since=date(2020, 1, 1)), life("B", in_force_since=DAY)
    assert told(card(overlaps=(wider,)), None, younger) == [Ground.OVERLAPPED]
    assert told(card(overlaps=(equal,)), None, older) == [Ground.OVERLAPPED]
    assert told(card(overlaps=(equal,)), None, younger) == []
    assert told(card(overlaps=(Overlap("B", 49, 980, 60),)), None, older) == []
    assert told(card(overlaps=(Overlap("B", 50, 1000, 63),)), None, older) == []  # it fires on much more
    assert told(card(overlaps=(wider,))) == []  # the other is in force no more
    assert told(card(fires=19, overlaps=(Overlap("B", 19, 1000, 20),)), None, older) == []


def test_a_rule_nobody_looked_at_is_due_and_one_that_has_ended_says_only_that() -> None:
    assert told(card(), life(looked_at=DAY - timedelta(days=366))) == [Ground.REVIEW_DUE]
    ended = life(ends=DAY - timedelta(days=1), looked_at=date(2020, 1, 1))
    assert told(card(finds=rate("finds", 1000, 0)), ended) == [Ground.ENDED]
    assert told(card(), life(ends=DAY)) == []
