"""Orders, outcomes, second looks: whatever is recorded, each consignment is counted once and no share is beyond 1."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from pratique.flow.controls.agreement import Pair, agreement
from pratique.flow.controls.draw import MILLION, is_drawn
from pratique.flow.controls.lifecycle import OPEN, OrderEvent, OrderState, permits, state_after
from pratique.flow.controls.reconcile import Gap, Selected, reconcile
from pratique.vocabulary.intervals import wilson

EVENTS = st.lists(st.sampled_from(list(OrderEvent)), max_size=12)
ROWS = st.lists(
    st.builds(
        Selected,
        consignment_id=st.uuids().map(str),
        bill=st.none(),
        control=st.just("scan"),
        waived=st.booleans(),
        ordered=st.booleans(),
        outcomes=st.lists(st.sampled_from(["conform", "seizure"]), max_size=3).map(tuple),
        released=st.booleans(),
    ),
    max_size=20,
)
PAIRS = st.lists(st.builds(Pair, st.booleans(), st.booleans(), st.integers(1, MILLION)), max_size=40)


@given(EVENTS)
def test_an_order_that_ended_takes_nothing_more(wanted: list[OrderEvent]) -> None:
    recorded: list[OrderEvent] = []
    for event in wanted:
        if permits(state_after(recorded), event):
            recorded.append(event)
    state = state_after(recorded)
    assert (state in OPEN) or not any(permits(state, event) for event in OrderEvent)
    assert recorded.count(OrderEvent.CONCLUDED) + recorded.count(OrderEvent.GIVEN_UP) <= 1
    assert OrderEvent.CONCLUDED not in recorded or OrderEvent.STARTED in recorded
    cancelled = state_after(recorded, cancelled=True)
    assert cancelled is (OrderState.CANCELLED if state in OPEN else state)


@given(ROWS)
def test_every_selected_consignment_is_counted_exactly_once(rows: list[Selected]) -> None:
    proof = reconcile(rows)
    assert proof.selected == len(rows) == sum(proof.outcomes.values()) + len(proof.open)
    assert proof.is_whole == all(len(row.outcomes) + row.waived == 1 for row in rows)
    several = {row.consignment_id for row in rows if len(row.outcomes) + row.waived > 1}
    assert {each.consignment_id for each in proof.open if each.gap is Gap.SEVERAL_OUTCOMES} == several


@given(PAIRS)
def test_disagreement_stands_inside_its_interval(pairs: list[Pair]) -> None:
    found = agreement(pairs)
    assert found.both + found.neither + found.only_first + found.only_second == len(pairs)
    if pairs:
        assert found.disagreement_permille is not None
        assert 0 <= (found.low_permille or 0) <= found.disagreement_permille <= (found.high_permille or 0) <= 1000
    else:
        assert found.disagreement_permille is None


def test_the_interval_is_that_of_the_literature() -> None:
    """Brown, Cai and DasGupta (2001): 0 of 10 and 5 of 10 by Wilson's method."""
    assert [round(each, 4) for each in wilson(0.0, 10)] == [0.0, 0.2775]
    assert [round(each, 4) for each in wilson(0.5, 10)] == [0.2366, 0.7634]


@given(st.integers(0, 2**63 - 1))
def test_the_lot_draws_the_share_that_it_says_and_more_where_the_share_is_more(seed: int) -> None:
    orders = [f"ORDER{number:04}" for number in range(2_000)]
    few = {each for each in orders if is_drawn(each, seed=seed, probability_ppm=100_000)}
    many = {each for each in orders if is_drawn(each, seed=seed, probability_ppm=300_000)}
    assert few <= many
    assert abs(len(few) - 200) < 6 * math.sqrt(2_000 * 0.1 * 0.9)
    assert all(is_drawn(each, seed=seed, probability_ppm=MILLION) for each in orders[:20])
    assert not any(is_drawn(each, seed=seed, probability_ppm=0) for each in orders[:20])
