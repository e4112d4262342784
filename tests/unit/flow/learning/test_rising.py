"""What rises: a jump of what is rare is a sign by itself, in few weeks; what is usual, grows slowly or comes in heaps
is none."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pratique.flow.learning.rising import BY_CHANCE, Place, Rising, Weeks, places_of, rising, shows, weeks_of
from pratique.flow.learning.sound import Unsound, card_of
from pratique.flow.learning.typologies import TYPOLOGIES
from pratique.vocabulary.sentences import known_codes

WEEKS = 30
DECLARED = np.full(WEEKS, 800)


def weeks(*shown: int, declared: np.ndarray | None = None) -> Weeks:
    return Weeks(DECLARED if declared is None else declared, {"false_origin": np.array(shown)})


def test_a_way_from_two_to_fifteen_in_a_thousand_is_seen_in_its_second_week() -> None:
    usual = [1, 2] * 14
    assert rising(weeks(*usual, 2, 1)) == ()
    found = rising(weeks(*usual, 12, 12))
    assert [(each.way, each.weeks, each.seen) for each in found] == [("false_origin", 2, 24)]
    assert found[0].usual == pytest.approx((sum(usual[2:]) + 0.5) / 26 * 2)  # of the 26 weeks before the two
    assert found[0].surplus == pytest.approx(1 - found[0].usual / 24)


def test_what_chance_gives_to_so_many_declarations_is_a_sign_once_in_many_years() -> None:
    draws = np.random.default_rng(20261128).poisson(4, size=(2000, WEEKS))
    signs = sum(bool(rising(weeks(*each))) for each in draws.tolist())
    assert signs <= 2  # 2,000 weeks of one way, four stretches each: 0.08 expected at most
    assert BY_CHANCE * 4 * len(draws) < 0.1


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        ([40] * 29 + [60], "half as much again is no sign: it grows"),
        ([0] * 29 + [4], "four are too few to speak of"),
        ([0, 0, 0, 0, 30] * 5 + [0, 0, 0, 0, 30], "what comes in heaps has come in heaps before"),
        ([1] * 10 + [12], "ten weeks do not tell what is usual"),
    ],
)
def test_no_sign(shown: list[int], why: str) -> None:
    assert rising(weeks(*shown, declared=np.full(len(shown), 800))) == (), why


def test_it_is_the_share_that_counts_and_not_that_more_is_declared() -> None:
    more = np.concatenate([np.full(26, 800), np.full(4, 4000)])
    assert rising(weeks(*[2] * 26, 10, 10, 10, 10, declared=more)) == ()
    assert rising(weeks(*[2] * 26, 10, 10, 10, 10)) != ()


def test_weeks_end_with_the_last_day_and_follow_those_of_the_card() -> None:
    days = np.array([0, 1, 7, 8, 14, 15])
    flags = {"split": np.array([True, False, True, True, True, False])}
    later = weeks_of(days, flags, until=14)
    assert (later.declared.tolist(), later.shown["split"].tolist()) == ([1, 2, 2], [1, 1, 2])  # 1 to 7, 8 to 14
    card = {"watch": {"ways": Weeks(np.array([9, 9]), {"shell": np.array([1, 0])}).words}}
    both = Weeks.of_card(card).then(later)
    assert both.declared.tolist() == [9, 9, 1, 2, 2]
    assert {way: counts.tolist() for way, counts in both.shown.items()} == {
        "shell": [1, 0, 0, 0, 0],
        "split": [0, 0, 1, 1, 2],
    }
    assert Weeks.of_card({"watch": {}}).declared.tolist() == []
    assert rising(Weeks.of_card({"watch": {}})) == ()


def test_the_places_of_a_sign_name_goods_and_way_and_no_person() -> None:
    rows = pl.DataFrame(
        {
            "hs6": ["690721", "690722", "690723", "851712"],
            "origin": ["MY", "MY", "VN", None],
            "transhipment": ["SGSIN", None, "SGSIN", "SGSIN"],
            "dispatch": ["MY", "MY", "MY", "MY"],
            "importer": ["A", "A", "A", "A"],
        }
    )
    assert places_of(rows) == (Place("heading", "6907", 3), Place("through", "SGSIN", 3))
    assert places_of(rows.head(0)) == ()


def test_a_row_shows_a_way_from_the_half_on() -> None:
    told = shows(("size", "typology.split"), np.array([[9, 0.49], [9, 0.5], [9, np.nan]], dtype=np.float32))
    assert {way: flags.tolist() for way, flags in told.items()} == {"split": [False, True, False]}


def test_a_way_that_grows_with_the_age_of_the_table_is_not_watched() -> None:
    told = shows(("typology.young_ring", "typology.split"), np.ones((2, 2), dtype=np.float32))
    assert list(told) == ["split"]


@pytest.mark.parametrize(
    "ways",
    [
        {"declared": [3], "shown": {"split": [4]}},
        {"declared": [3, 3], "shown": {"split": [1]}},
        {"declared": [3], "shown": {"no such way": [1]}},
        {"declared": [2**62], "shown": {}},
    ],
)
def test_a_card_that_counts_what_cannot_be_is_refused(ways: object) -> None:
    number = dict.fromkeys(("rows", "labelled", "found"), 1)
    data = {**number, "first_day": "", "last_day": "", "digest": ""}
    figure = {"value": 0.5, "low": None, "high": None}
    card = {"data": data, "metrics": {"auc": figure}, "stake": "", "limits": [], "missing": []}
    watch = {"rows": 1, "inputs": {}, "chance": {"edges": [], "reaches": []}}
    assert card_of({**card, "watch": watch}, ())
    with pytest.raises(Unsound, match="watch"):
        card_of({**card, "watch": {**watch, "ways": ways}}, ())


def test_the_clearest_comes_first() -> None:
    both = Weeks(DECLARED, {"split": np.array([1] * 28 + [9, 9]), "shell": np.array([1] * 28 + [30, 30])})
    assert [each.way for each in rising(both)] == ["shell", "split"]
    assert Rising("split", 2, 18, 4.5).surplus == 0.75


def test_every_way_has_its_words() -> None:
    """Whoever adds a way says it to officers too."""
    assert [way for way in TYPOLOGIES if f"way.{way}" not in known_codes()] == []
