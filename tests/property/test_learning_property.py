"""What must hold of learning for any table: nothing of the future, whole points, rising chances, order of events."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from learning_tables import harmless, results, table
from pratique.flow.learning import sums
from pratique.flow.learning.calibration import DRAWN_PRIOR, calibrate, leveled
from pratique.flow.learning.columns import brought, fitting
from pratique.flow.learning.explanation import whole_points
from pratique.flow.learning.labels import labels_of_table, results_of
from pratique.flow.learning.look import look
from pratique.flow.learning.looks import days_of
from pratique.flow.learning.profiles import ProfileStore


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), part=st.floats(0.2, 0.9))
def test_a_shuffled_future_changes_no_feature_of_the_past(seed, part):
    declared = table(400, seed=seed % 50, days=90)
    data = brought(declared.drop("_false"), fitting(declared.columns), harmless)
    got = results_of(labels_of_table(results(declared), data, harmless))
    days = days_of(data.rows["lodged_on"])
    cut = int(days[int(len(days) * part)])
    past = int(np.searchsorted(days, cut, side="right"))
    rng = np.random.default_rng(seed)
    future = data.rows[past:]
    shuffled = future.select(
        column if column.name in ("consignment", "lodged_on") else column.sample(len(column), shuffle=True, seed=seed)
        for column in future.iter_columns()
    )
    rows = pl.concat([data.rows[:past], shuffled])
    unknown = got.known >= cut
    found = got.found.copy()
    found[unknown] = rng.integers(0, 2, unknown.sum())
    whole = look(data.rows, got, ProfileStore())
    other = look(rows, type(got)(got.row, got.known, found), ProfileStore())
    assert np.array_equal(whole.matrix[:past], other.matrix[:past], equal_nan=True)


@given(parts=arrays.arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 12)), elements=st.floats(-300, 300)))
def test_whole_points_add_up_to_the_rounded_sum_and_none_is_a_point_off(parts):
    told = whole_points(parts)
    assert (told.sum(axis=1) == np.rint(parts.sum(axis=1))).all()
    assert (np.abs(told - parts) < 1.0 + 1e-9).all()


@given(
    margin=arrays.arrays(np.float64, 200, elements=st.floats(-8, 8)),
    found=arrays.arrays(np.float64, 200, elements=st.sampled_from([0.0, 1.0])),
)
def test_a_higher_margin_never_has_a_lower_chance(margin, found):
    told = calibrate(margin, found, np.ones(200))
    asked = np.sort(margin)
    chance = told.chance(asked)
    assert (np.diff(chance) >= 0).all()
    low, high = told.interval(asked)
    assert ((low <= chance + 1e-12) & (chance <= high + 1e-12)).all()


@given(
    margin=arrays.arrays(np.float64, 60, elements=st.floats(-6, 6)),
    finds=st.integers(0, 40),
    drawn=st.integers(41, 400),
)
def test_the_level_goes_towards_what_was_found_by_lot_and_no_order_changes(margin, finds, drawn):
    found = (np.arange(60) % 3 == 0).astype(np.float64)
    told = calibrate(margin, found, np.ones(60))
    by_lot = (np.arange(drawn) < finds).astype(np.float64)
    moved = leveled(told, margin, by_lot)
    before, after = told.chance(margin).mean(), moved.chance(margin).mean()
    wanted = (finds + DRAWN_PRIOR) / (drawn + DRAWN_PRIOR / before)
    assert abs(after - wanted) < 1e-3
    assert (np.diff(moved.rate) >= 0).all()
    assert leveled(told, margin, by_lot[:0]) is told


@given(
    events=st.lists(st.tuples(st.integers(1, 5), st.integers(1, 60), st.integers(0, 9)), min_size=1, max_size=60),
    cut=st.integers(1, 60),
    seed=st.integers(0, 100),
)
def test_a_snapshot_and_later_events_in_any_order_are_what_all_events_are(events, cut, seed):
    order = np.random.default_rng(seed).permutation(len(events))
    keys, days, counts = (np.array(part) for part in zip(*events, strict=True))

    def made(rows):
        return sums.events(sums.Asked(keys[rows].astype(np.uint64), days[rows]), {"rows": counts[rows]})

    whole = made(np.arange(len(events)))
    early, late = order[days[order] < cut], order[days[order] >= cut]
    again = sums.merged(sums.before(made(early), cut), made(late))
    asked = np.repeat(np.arange(1, 6), 61 - cut).astype(np.uint64)
    when = np.tile(np.arange(cut, 61), 5)
    rows = sums.Asked(asked, when)
    one, other = sums.read(whole, rows), sums.read(again, rows)
    assert (one.sums["rows"] == other.sums["rows"]).all()
    assert (one.first == other.first).all()
    assert (one.last == other.last).all()


@given(
    stored=st.lists(st.tuples(st.integers(1, 6), st.integers(1, 30), st.integers(0, 9)), max_size=40),
    seed=st.integers(0, 100),
    back=st.sampled_from([0, 5, 40]),
)
def test_many_rows_know_in_one_pass_what_they_know_of_all_events_put_together(stored, seed, back):
    draw = np.random.default_rng(seed)
    keys = draw.integers(0, 7, 90).astype(np.uint64)  # nought: no key
    days = draw.integers(20, 60, 90)
    days = np.sort(days) if seed % 2 else days
    adds = {"rows": np.ones(90, dtype=np.int64), "value": draw.integers(0, 9, 90)}
    own = sums.Own(adds, days >= 31)
    store = sums.none(*adds)
    if stored:
        at, when, value = (np.array(part) for part in zip(*stored, strict=True))
        events = {"rows": np.ones_like(value), "value": value}
        store = sums.before(sums.events(sums.Asked(at.astype(np.uint64), when), events), 31, recent=3)
    asked = sums.Asked(keys, days)
    whole = sums.merged(store, sums.events(asked, adds, own.counted))
    told = sums.read(store, asked, back=back, own=own)
    for row in range(90):
        one = sums.read(whole, sums.Asked(keys[row : row + 1], days[row : row + 1]), back=back)
        assert [told.sums[name][row] for name in adds] == [one.sums[name][0] for name in adds]
        assert (told.first[row], told.last[row]) == (one.first[0], one.last[0])
