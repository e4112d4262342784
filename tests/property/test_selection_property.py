"""What no capacity, however small, may break: mandatory first, no slot given twice, chances that fit the draw."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.flow.selection import Capacity, select
from pratique.vocabulary.reasons import SCORE, RiskType

RESOURCES = ("open", "scan", "documents")
ROWS = st.lists(
    st.tuples(st.integers(0, 99), st.sampled_from([*RESOURCES, "audit", "none"]), st.booleans(), st.booleans()),
    max_size=12,
)
CAPACITY = st.builds(
    Capacity,
    open=st.integers(0, 3),
    scan=st.integers(0, 3),
    documents=st.integers(0, 3),
    random_share_permille=st.integers(0, 1000),
)


def decided(rows: list[tuple[int, str, bool, bool]], capacity: Capacity, seed: int) -> pl.DataFrame:
    """Decisions on rows of (security points, control asked for, mandatory, eligible), with the last two beside them."""
    points, controls, mandatory, eligible = zip(*rows, strict=True) if rows else ((), (), (), ())
    kinds = {f"points_{kind.value}": [0] * len(rows) for kind in RiskType} | {"points_security": points}
    columns = {"consignment": range(len(rows)), "score": points, "mandatory": mandatory, "control": controls, **kinds}
    may = pl.Series("eligible", eligible, dtype=pl.Boolean)
    scores = pl.DataFrame(columns, schema=pl.Schema(SCORE))
    decisions = select(scores, eligible=may, capacity=capacity, high_line=60, seed=seed)
    return decisions.join(
        scores.select("consignment", "mandatory").with_columns(may), on="consignment", maintain_order="left"
    )


@settings(deadline=None)
@given(ROWS, CAPACITY, st.integers(0, 2**63 - 1))
def test_a_mandatory_row_goes_without_only_where_mandatory_rows_hold_every_slot(
    rows: list[tuple[int, str, bool, bool]], capacity: Capacity, seed: int
) -> None:
    decisions = decided(rows, capacity, seed)
    must = decisions.filter(pl.col("mandatory") & pl.col("eligible"))
    assert set(must["basis"]) <= {"mandatory"}
    placed = must.filter(~pl.col("unplaced")).height
    assert placed == min(must.height, capacity.open + capacity.scan + capacity.documents)


@settings(deadline=None)
@given(ROWS, CAPACITY, st.integers(0, 2**63 - 1))
def test_no_resource_gives_more_slots_than_it_has_and_no_more_than_its_floor_by_lot(
    rows: list[tuple[int, str, bool, bool]], capacity: Capacity, seed: int
) -> None:
    decisions = decided(rows, capacity, seed)
    pool = decisions.filter(
        "eligible", pl.col("basis").is_in(["random", "none", "line"]), ~(pl.col("mandatory") & pl.col("unplaced"))
    )
    for name in RESOURCES:
        slots = getattr(capacity, name)
        given_slots = decisions.filter(pl.col("control") == name)
        by_lot = given_slots.filter(pl.col("basis") == "random").height
        held = given_slots.filter(pl.col("basis") == "mandatory").height
        assert given_slots.height <= slots
        assert by_lot <= min(-(-slots * capacity.random_share_permille // 1000), slots - held)
        assert pool[f"probability_{name}"].to_list() == [by_lot / max(pool.height, 1)] * pool.height


@settings(deadline=None)
@given(ROWS, CAPACITY)
def test_the_chances_do_not_depend_on_the_seed(rows: list[tuple[int, str, bool, bool]], capacity: Capacity) -> None:
    chances = [
        decided(rows, capacity, seed)
        .filter(~pl.col("basis").is_in(["points", "mandatory"]))
        .select("consignment", *(f"probability_{name}" for name in RESOURCES))
        for seed in (1, 2)
    ]
    assert chances[0].equals(chances[1])
