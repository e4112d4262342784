"""Selection places what must be controlled, uses each slot best, and keeps a random floor with known chances."""

import numpy as np
import polars as pl
import pytest

from pratique.flow.selection import Capacity, parse_slots, select
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.reasons import DECISION, SCORE, RiskType


def scores(rows: list[tuple[int, str, bool]]) -> pl.DataFrame:
    """Rows of (security points, control asked for, mandatory)."""
    empty = {f"points_{kind.value}": [0] * len(rows) for kind in RiskType}
    columns = {
        "consignment": range(len(rows)),
        "score": [points for points, _, _ in rows],
        "mandatory": [mandatory for _, _, mandatory in rows],
        "control": [control for _, control, _ in rows],
        **empty,
        "points_security": [points for points, _, _ in rows],
    }
    return pl.DataFrame(columns, schema=pl.Schema(SCORE))


def decide(rows: list[tuple[int, str, bool]], **given: object) -> pl.DataFrame:
    settings: dict[str, object] = {"capacity": Capacity(open=2, scan=2, documents=0), "high_line": 60, "seed": 1}
    settings |= {"eligible": pl.Series([True] * len(rows), dtype=pl.Boolean), **given}
    return select(scores(rows), **settings)  # type: ignore[arg-type]


def test_every_consignment_gets_exactly_one_decision() -> None:
    decisions = decide([(points, "scan", False) for points in range(50)])
    assert decisions.schema == pl.Schema(DECISION)
    assert decisions["consignment"].sort().to_list() == list(range(50))
    assert decisions["rank"].to_list() == list(range(1, 51))


def test_mandatory_goes_before_points_and_gets_the_control_it_asks_for() -> None:
    decisions = decide([(90, "open", False), (5, "scan", True), (80, "open", False)])
    row = decisions.row(by_predicate=pl.col("consignment") == 1, named=True)
    assert (row["rank"], row["control"], row["basis"]) == (1, "scan", "mandatory")


def test_the_random_floor_is_rounded_up_per_resource_and_drawn_from_what_is_not_chosen() -> None:
    capacity = Capacity(open=12, scan=60, documents=200)
    decisions = decide([(points % 40, "scan", False) for points in range(2_000)], capacity=capacity)
    random = decisions.filter(pl.col("basis") == "random")
    assert random.group_by("control").len().sort("control").rows() == [("documents", 20), ("open", 2), ("scan", 6)]
    pool = 2_000 - (12 - 2) - (60 - 6) - (200 - 20)
    assert set(random["probability_scan"]) == {6 / pool}
    assert random["probability_open"].to_list() == [2 / pool] * 28


def test_each_row_of_the_pool_is_drawn_about_equally_often() -> None:
    counts = np.zeros(40)
    for seed in range(400):
        decisions = decide([(0, "none", False)] * 40, capacity=Capacity(4, 0, 0, random_share_permille=1000), seed=seed)
        counts[decisions.filter(pl.col("basis") == "random")["consignment"].to_numpy()] += 1
    assert counts.sum() == 1_600
    assert ((counts - 40) ** 2 / 40).sum() < 80  # chi-square with 39 degrees of freedom, chance of more about 1e-4


def test_what_must_be_controlled_and_finds_no_slot_is_marked() -> None:
    capacity = Capacity(open=0, scan=1, documents=0, random_share_permille=0)
    decisions = decide(
        [(70, "open", False), (65, "scan", False), (10, "scan", True), (59, "scan", False)], capacity=capacity
    )
    unplaced = decisions.filter("unplaced")
    assert unplaced.select("consignment", "basis", "channel").rows() == [(0, "line", "red"), (1, "line", "scan")]


def test_a_cancelled_row_gets_no_slot_and_no_chance() -> None:
    decisions = decide([(99, "open", True), (1, "scan", False)], eligible=pl.Series([False, True]))
    row = decisions.row(by_predicate=pl.col("consignment") == 0, named=True)
    assert (row["channel"], row["basis"], row["unplaced"]) == ("green", "none", False)
    assert row["probability_open"] == row["probability_scan"] == row["probability_documents"] == 0


def test_the_same_seed_draws_the_same_rows() -> None:
    rows = [(points % 7, "scan", False) for points in range(300)]
    assert decide(rows, seed=5).equals(decide(rows, seed=5))
    assert not decide(rows, seed=5).equals(decide(rows, seed=6))


def test_an_audit_takes_no_slot() -> None:
    decisions = decide([(40, "audit", False)], capacity=Capacity(0, 0, 0))
    assert decisions.select("channel", "control", "basis").row(0) == ("blue", "audit", "none")


def test_capacity_is_written_as_resource_and_slots() -> None:
    assert parse_slots("open=3, scan=4") == {"open": 3, "scan": 4}
    assert parse_slots("") == {}
    for faulty in ("open", "open=-1", "dogs=2", "open=1;scan=2", "open=1,open=2", "open=" + "9" * 5000):
        with pytest.raises(PratiqueError, match="is not a resource"):
            parse_slots(faulty)


def test_with_one_slot_of_each_kind_a_mandatory_row_has_it_before_the_random_floor() -> None:
    decisions = decide([(0, "none", False)] * 9 + [(5, "scan", True)], capacity=Capacity(open=1, scan=1, documents=1))
    row = decisions.row(by_predicate=pl.col("consignment") == 9, named=True)
    assert (row["control"], row["basis"], row["unplaced"]) == ("scan", "mandatory", False)
    assert decisions.filter(pl.col("basis") == "random")["control"].sort().to_list() == ["documents", "open"]
    assert decisions.filter(pl.col("consignment") == 0).select("probability_open", "probability_scan").row(0) == (
        1 / 9,
        0,
    )
