"""Acts on a control list: undoing restores, order does not matter where it must not, an approval sees what is shown."""

from __future__ import annotations

from itertools import count
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pratique.node.controls.state import SLOTS, ActKind, list_digest, used_slots, with_acts
from pratique.node.storage.control_acts import StoredAct
from pratique.vocabulary.reasons import CHANNEL, Control

HEIGHT = 12
CONTROLS = [control.value for control in Control]


@st.composite
def lists(draw: Any) -> pl.DataFrame:
    """What a selection gave: every consignment with a control or none."""
    control = draw(st.lists(st.sampled_from(CONTROLS), min_size=HEIGHT, max_size=HEIGHT))
    ranks = draw(st.permutations(range(1, HEIGHT + 1)))
    return pl.DataFrame(
        {
            "consignment": pl.Series(range(HEIGHT), dtype=pl.UInt32),
            "consignment_id": [f"C{number:07}" for number in range(HEIGHT)],
            "rank": ranks,
            "order": ranks,
            "raised_points": draw(st.lists(st.sampled_from([0, 0, 40]), min_size=HEIGHT, max_size=HEIGHT)),
            "control": control,
            "channel": [CHANNEL[Control(each)] for each in control],
            "basis": draw(
                st.lists(st.sampled_from(["points", "random", "mandatory", "none"]), min_size=HEIGHT, max_size=HEIGHT)
            ),
            "above_line": draw(st.lists(st.booleans(), min_size=HEIGHT, max_size=HEIGHT)),
        }
    )


@st.composite
def acts(draw: Any, *, most: int = 8) -> list[StoredAct]:
    """Acts in the order in which they were done."""
    numbers, found = count(1), []
    for _ in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(list(ActKind)))
        wanted = SLOTS if kind is ActKind.SELECTED else CONTROLS
        control = Control.NONE.value if kind is ActKind.WAIVED else draw(st.sampled_from(list(wanted)))
        at = draw(st.integers(0, HEIGHT - 1))
        seq = next(numbers)
        found.append(
            StoredAct(seq, 1, "CALL", f"C{at:07}", at, kind.value, control, "none", "other", "", "", "local:x", 0)
        )
    return found


@given(lists(), acts(), st.data())
def test_undoing_an_act_gives_the_list_that_would_be_there_without_it(
    selected: pl.DataFrame, done: list[StoredAct], data: Any
) -> None:
    if not done:
        return
    gone = data.draw(st.sampled_from(done))
    without = with_acts(selected, [act for act in done if act.seq != gone.seq])
    redone = with_acts(selected, done)
    others = pl.col("consignment") != gone.consignment
    assert redone.filter(others).sort("rank").equals(without.filter(others).sort("rank"))
    if gone.seq == done[-1].seq:
        assert list_digest(with_acts(selected, done[:-1])) == list_digest(without)


@given(lists(), acts(), st.randoms(use_true_random=False))
def test_the_order_of_acts_on_different_consignments_does_not_matter(
    selected: pl.DataFrame, done: list[StoredAct], random: Any
) -> None:
    newest = list({act.consignment: act for act in done}.values())
    shuffled = newest.copy()
    random.shuffle(shuffled)
    assert with_acts(selected, shuffled).equals(with_acts(selected, newest))
    assert list_digest(with_acts(selected, newest)) == list_digest(with_acts(selected, done))


@given(lists(), acts(), acts())
def test_two_lists_have_the_same_digest_exactly_where_they_show_the_same(
    selected: pl.DataFrame, some: list[StoredAct], others: list[StoredAct]
) -> None:
    def seen(state: pl.DataFrame) -> list[tuple[Any, ...]]:
        matters = pl.col("control").is_in(SLOTS) | pl.col("above_line") | pl.col("act").is_not_null()
        return state.filter(matters).sort("rank").select("rank", "control", "basis", "waived").rows()

    one, other = with_acts(selected, some), with_acts(selected, others)
    assert (list_digest(one) == list_digest(other)) == (seen(one) == seen(other))


@given(lists(), acts())
def test_no_row_is_lost_doubled_or_counted_twice(selected: pl.DataFrame, done: list[StoredAct]) -> None:
    state = with_acts(selected, done)
    assert sorted(state["consignment"].to_list()) == list(range(HEIGHT))
    assert state["group"].is_sorted()
    used = used_slots(state)
    for control in SLOTS:
        assert sum(used[control].values()) == state.filter(control=control).height
    decided = {act.consignment for act in done}
    assert not state.filter(pl.col("consignment").is_in(list(decided)))["left_open"].any()
    assert state.filter("left_open").filter(pl.col("control").is_in(SLOTS)).is_empty()
