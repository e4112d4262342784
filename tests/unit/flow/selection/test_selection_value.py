"""Selection by value: chance times stake under visible knobs, rules beside the model, and slots where it is unsure."""

import numpy as np
import polars as pl
import pytest

from pratique.flow.selection import Capacity, Knobs, select, value_of
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.frames import frame
from pratique.vocabulary.reasons import LEARNED, SCORE, RiskType


def scored(points: list[int], *, mandatory: tuple[int, ...] = ()) -> pl.DataFrame:
    """Scores of undervaluation points."""
    empty = {f"points_{kind.value}": [0] * len(points) for kind in RiskType}
    columns = {
        "consignment": range(len(points)),
        "score": points,
        "mandatory": [number in mandatory for number in range(len(points))],
        "control": ["documents"] * len(points),
        **empty,
        "points_undervaluation": points,
    }
    return pl.DataFrame(columns, schema=pl.Schema(SCORE))


def learned(chances: list[int], stakes: list[int], *, width: list[int] | None = None) -> pl.DataFrame:
    """What a model said, in millionths and minor units; it gave no points."""
    wide = width or [0] * len(chances)
    return frame(
        LEARNED,
        {
            "consignment": list(range(len(chances))),
            "chance_ppm": chances,
            "low_ppm": [max(chance - each, 0) for chance, each in zip(chances, wide, strict=True)],
            "high_ppm": chances,
            "stake_minor": stakes,
            "expected_minor": [chance * stake // 10**6 for chance, stake in zip(chances, stakes, strict=True)],
            "points": [0] * len(chances),
            "would_change": [None] * len(chances),
        },
    )


def order(scores: pl.DataFrame, said: pl.DataFrame, knobs: Knobs) -> list[int]:
    """The consignments by rank."""
    value = value_of(said, scores, knobs)
    assert value is not None
    return (
        select(
            scores,
            eligible=pl.Series([True] * scores.height),
            capacity=Capacity(),
            high_line=60,
            seed=1,
            value=value,
        )
        .sort("rank")["consignment"]
        .to_list()
    )


def test_the_knob_decides_between_the_surer_find_and_the_dearer_one() -> None:
    scores, said = scored([0, 0]), learned([500_000, 50_000], [10_000, 10_000_000])
    assert order(scores, said, Knobs(money_permille=0, harm_minor=0)) == [0, 1]
    assert order(scores, said, Knobs(money_permille=1000, harm_minor=0)) == [1, 0]


def test_a_find_that_recovers_nothing_is_worth_what_is_set() -> None:
    scores, said = scored([0, 0]), learned([300_000, 100_000], [0, 400_000])
    assert order(scores, said, Knobs(money_permille=1000, harm_minor=0)) == [1, 0]
    assert order(scores, said, Knobs(money_permille=1000, harm_minor=400_000)) == [0, 1]


def test_ten_points_of_rules_double_the_odds_that_the_model_tells() -> None:
    value = value_of(learned([200_000, 333_333], [0, 0]), scored([10, 0]), Knobs(money_permille=0))
    assert value is not None
    odds = 2 * 0.2 / 0.8
    first, second = value["worth"].to_list()
    assert first / second == pytest.approx(odds / (1 + odds) / 0.333333, rel=1e-6)


def test_what_the_model_does_not_know_counts_as_the_middle_of_the_others() -> None:
    said = learned([100_000, 300_000, 500_000], [0, 0, 0])
    value = value_of(said, scored([0, 0, 0, 0]), Knobs())
    assert value is not None
    assert value["worth"][3] == value["worth"][1]


def test_a_model_that_says_nothing_leaves_the_order_to_points() -> None:
    assert value_of(frame(LEARNED), scored([5, 9]), Knobs()) is None


def test_mandatory_rows_come_first_whatever_they_are_worth() -> None:
    scores = scored([0, 0, 0], mandatory=(2,))
    assert order(scores, learned([900_000, 800_000, 1], [0, 0, 0]), Knobs())[0] == 2


def test_unsure_slots_go_to_the_widest_intervals_and_the_draw_is_as_likely_for_each() -> None:
    rows = 40
    said = learned([100_000 - 1000 * each for each in range(rows)], [0] * rows, width=[0] * 30 + [50_000] * 10)
    scores = scored([0] * rows)
    told = select(
        scores,
        eligible=pl.Series([True] * rows),
        capacity=Capacity(open=0, scan=0, documents=10, random_with_model_permille=200, unsure_share_permille=300),
        high_line=60,
        seed=3,
        value=value_of(said, scores, Knobs()),
    )
    counted = dict(told.filter(pl.col("basis") != "none").group_by("basis").len().iter_rows())
    assert counted == {"value": 5, "random": 2, "unsure": 3}
    assert set(told.filter(basis="unsure")["consignment"]) <= set(range(30, 40))
    drawn = told.filter(basis="random")["probability_documents"].to_list()
    assert drawn == [pytest.approx(2 / 35)] * 2


def test_unsure_slots_count_only_where_a_model_speaks() -> None:
    given = {"eligible": pl.Series([True] * 9), "high_line": 60, "seed": 1}
    scores = scored(list(range(1, 10)))
    with_share = select(scores, capacity=Capacity(unsure_share_permille=300), **given)
    assert with_share.equals(select(scores, capacity=Capacity(), **given))


@pytest.mark.parametrize("knobs", [{"money_permille": 1001}, {"money_permille": -1}, {"harm_minor": -1}])
def test_knobs_beyond_their_bounds_are_refused(knobs: dict[str, int]) -> None:
    with pytest.raises(PratiqueError, match="weight of money"):
        Knobs(**knobs)


def test_a_share_of_its_own_is_drawn_where_a_model_speaks() -> None:
    rows = 200
    given = {"eligible": pl.Series([True] * rows), "high_line": 60, "seed": 1}
    scores = scored([0] * rows)
    value = value_of(learned([1000] * rows, [0] * rows), scores, Knobs())
    capacity = Capacity(open=0, scan=0, documents=100, random_share_permille=100, random_with_model_permille=30)
    drawn = [select(scores, capacity=capacity, value=each, **given).filter(basis="random") for each in (None, value)]
    assert [each.height for each in drawn] == [10, 3]
    assert drawn[1]["probability_documents"].unique().to_list() == [pytest.approx(3 / (rows - 97))]
    with pytest.raises(PratiqueError, match="beside a model must be from 0"):
        Capacity(random_with_model_permille=1001)


def test_more_than_a_third_of_the_slots_never_explores() -> None:
    with pytest.raises(PratiqueError, match="unsure share"):
        Capacity(unsure_share_permille=301)


def test_the_greatest_stakes_and_points_stay_whole_numbers() -> None:
    said = learned([1, 999_999], [0, 2**53])
    value = value_of(said, scored([-10_000, 10_000]), Knobs(money_permille=1000))
    assert value is not None
    assert np.all(value["worth"].to_numpy() >= 0)
    assert value["worth"].max() <= 10**12
