"""The score card of known ways, the ways of a settled trade, and the price beside a trade's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from pratique.flow.learning.packed import Unsound
from pratique.flow.learning.peers import STEPS
from pratique.flow.learning.reasons import GROUPS
from pratique.flow.learning.scorecard import (
    EXPECTED,
    LEAST_EXPECTED,
    MOST_EXPECTED,
    SHOWN_BY,
    Matrix,
    ScoreCard,
    Term,
    card_of_line,
    fit_card,
)
from pratique.flow.learning.traces import Floats, Known
from pratique.flow.learning.trade import beside_own_trade
from pratique.flow.learning.typologies import (
    COMMON,
    KINDS,
    TYPOLOGIES,
    cheap_both_ways,
    cheaper_heading,
    claim_by_new_seller,
    claim_odd_way,
    claim_of_other_land,
    claim_on_the_way,
    heading_from_elsewhere,
    heading_of_one,
    low_for_trade,
    lower_heading,
    mass_both_ways,
    misdescribed,
    new_preference,
    origin_and_claim,
    origin_for_relief,
    other_price,
    quiet_switch,
    same_goods,
    seller_elsewhere,
    shell_cheap,
    split_by_payer,
    split_near,
    split_over_days,
    successor,
    surprising_claim,
    young_ring,
)

NAMES = ("typology.renamed", "importer.rate", "said.hs6", "typology.shell")


def column(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def fitted(shown: int, found: int) -> ScoreCard:
    """The card of 4,000 rows with 80 finds, and ``shown`` more that show the way in full, ``found`` of them finds."""
    matrix = np.zeros((4000 + shown, len(NAMES)), dtype=np.float32)
    matrix[4000:, 0] = 1
    finds = np.zeros(len(matrix))
    finds[:80] = finds[4000 : 4000 + found] = 1
    return fit_card(NAMES, matrix, finds, np.ones(len(matrix)), everyday(0.01))


def everyday(share: float) -> Matrix:
    """A thousand declarations as they come, of which that share shows the way in full."""
    told = np.zeros((1000, len(NAMES)), dtype=np.float32)
    told[: round(share * 1000), 0] = 1
    return told


def odds_of_the_way(card: ScoreCard) -> float:
    rows = np.array([[0, 0, 0, 0], [1, 0, 0, 0]], dtype=np.float32)
    return float(np.diff(card.margin(rows))[0])


def test_a_way_counts_as_expected_before_anything_was_found_and_results_move_it() -> None:
    expected = np.log(SHOWN_BY / 0.01) + EXPECTED["plain"]
    assert odds_of_the_way(fitted(0, 0)) == pytest.approx(expected, abs=0.01)
    assert odds_of_the_way(fitted(3, 3)) > expected
    told = [odds_of_the_way(fitted(honest, honest // 50)) for honest in (0, 100, 1000)]
    assert told[1] < expected / 2
    assert 0 <= told[2] < told[1] / 2


def test_the_seldomer_declarations_show_a_way_the_more_it_counts_within_bounds() -> None:
    nothing = np.zeros((200, len(NAMES)), dtype=np.float32)
    found = np.arange(200) < 4
    odds = [
        odds_of_the_way(fit_card(NAMES, nothing, found.astype(float), np.ones(200), everyday(share)))
        for share in (0, 0.002, 0.02, 0.9)
    ]
    expected = np.array([MOST_EXPECTED, np.log(SHOWN_BY / 0.002), np.log(SHOWN_BY / 0.02), LEAST_EXPECTED])
    assert odds == pytest.approx(expected + EXPECTED["plain"], abs=0.01)


def test_a_card_asks_for_ways_and_rates_alone_and_never_lowers_a_chance() -> None:
    card = fitted(100, 0)
    assert card.asked == {0, 1}
    assert all(term.weight >= 0 for term in card.terms)


def test_contributions_add_up_to_the_margin_and_what_is_unknown_says_nothing() -> None:
    card = fitted(30, 20)
    rows = np.array([[0.5, 0.4, 1, 1], [np.nan, np.nan, np.nan, np.nan], [0, 0.01, 0, 0]], dtype=np.float32)
    assert card.contributions(rows).sum(axis=1) == pytest.approx(card.margin(rows))
    assert card.margin(rows[1:]) == pytest.approx(card.start)


def test_odds_of_ways_of_one_kind_multiply_and_those_of_different_kinds_add_up() -> None:
    one, other = Term(0, "shows", 2.0, 0.5, "seller"), Term(1, "shows", 1.0, 0.5, "seller")
    row = np.array([[1, 1], [0, 0]], dtype=np.float32)
    same = ScoreCard(-3.0, (one, other))
    assert same.margin(row) == pytest.approx([-3 + 2 + 1, -3])
    apart = ScoreCard(-3.0, (one, other._replace(about="goods")))
    assert apart.margin(row) == pytest.approx([-3 + np.log(np.exp(2) + np.exp(1) - 1), -3])
    of_all = ScoreCard(-3.0, (one, other._replace(about="")))
    assert of_all.margin(row) == pytest.approx(same.margin(row))
    assert apart.contributions(row).sum(axis=1) == pytest.approx(apart.margin(row))


def test_every_way_that_is_not_common_is_of_one_kind() -> None:
    assert sorted(way for ways in KINDS.values() for way in ways) == sorted(set(TYPOLOGIES) - COMMON)


def test_a_card_is_the_same_from_its_line() -> None:
    card = fitted(30, 20)
    assert card_of_line(card.line, len(NAMES)) == card


@pytest.mark.parametrize(
    "line",
    [
        "", "tree", "[]", '{"start": NaN, "terms": []}', '{"start": 1e9, "terms": []}', '{"start": 0, "terms": [[0]]}',
        *(
            json.dumps({"start": 0, "terms": [term]})
            for term in (
                [4, "above", 1, 0], [-1, "above", 1, 0], [0.5, "above", 1, 0], [0, "other", 1, 0], [0, [], 1, 0],
                [0, "above", 1, 0, "other"],
                [0, "above", -1, 0], [0, "above", 1e9, 0], [0, "above", 1, float("nan")], [0, "above", "1", 0],
            )
        ),
    ],
)  # fmt: skip
def test_a_line_that_no_training_wrote_is_refused(line: str) -> None:
    with pytest.raises(Unsound):
        card_of_line(line, len(NAMES))


def test_one_odd_price_is_not_what_a_trade_usually_has_and_many_are() -> None:
    away = column(0, 0, 0)  # each row lies where its peers do
    known = {
        "unit_value.away": away,
        "series.rows": column(1, 50, 0),
        "series.price_shift": column(-2, -2, np.nan),  # the trade lay two doublings above them, so often
    }
    told = beside_own_trade(known)
    assert set(told) == {"unit_value.own"}
    assert told["unit_value.own"] == pytest.approx([-2 / 3, -100 / 52, 0])


SETTLED = {"importer.rows": column(30, 30), "importer_exporter.rows": column(20, 20)}
LESS_DUTY = {"importer_exporter.duty_shift": (-0.2, -0.2)}
CLOSE = {"relief.near": (1, 0)}
CLAIMED = {"said.preference": (1, 1), "importer_hs4.duty_shift": (-0.1, -0.1)}
DUTY_ELSE = {"heading_duty.above": (100, 100)}
CHEAP = {"unit_value.own": (-1.5, -1.5), "unit_value.under": (-1, -1)}
RING = {"address.met": (3, 3), "text_value.over": (-2, -2)}
SELDOM = {"series.fit": (0.1, 0.1)}


@pytest.mark.parametrize(
    ("way", "plain"),
    [
        (same_goods, {"series.fit": (0.02, 0.9), "importer_exporter.duty_shift": (-0.15, -0.15)}),
        (same_goods, {"series.fit": (0.02, 0.02), "importer_exporter.duty_shift": (-0.15, 0)}),
        (
            origin_for_relief,
            {
                "importer_exporter_origin.fit": (0.02, 0.02),
                "importer_exporter_preference.fit": (0.02, 0.98),
                "said.preference": (1, 0),
            },
        ),
        (claim_on_the_way, {"importer_exporter_preference.fit": (0.02, 0.98), "said.preference": (1, 1)}),
        (successor, {"exporter.rows": (0, 40), "exporter.met": (1, 1), "importer_hs4.rows": (20, 20)}),
        (
            split_by_payer,
            {"series.today_relieved": (3, 3), "said.relieved": (1, 1), "importer_exporter.duty_shift": (-0.2, 0)},
        ),
        (quiet_switch, {**LESS_DUTY, "exporter_hs6.rows": (1, 300), "importer_exporter_loading.fit": (0.9, 0.9)}),
        (heading_of_one, {**LESS_DUTY, "exporter_hs6.rows": (6, 300), "series.rows": (5, 5), "series.fit": (0.2, 0.2)}),
        (other_price, {**LESS_DUTY, "unit_value.strange": (7, 2), "series.fit": (0.1, 0.1)}),
        (split_near, {**CLOSE, "series.today_near": (3, 3), "importer_exporter.lot_shift": (-2, -2)}),
        (
            split_over_days,
            {
                **LESS_DUTY,
                "said.relieved": (1, 1),
                "relief.limit": (12, 12),
                "series.recent": (1, 1),
                "series.today_relieved": (1, 1),
                "series.recent_value": (11, 16),  # the other lot of these days lay below the limit, or far above
                "importer_exporter.lot_shift": (-3, -3),
            },
        ),
        (cheap_both_ways, {"unit_value.own": (-1.5, -1.5), "unit_value.under": (-1, 1)}),
        (
            origin_and_claim,
            {
                "importer_exporter_origin.fit": (0.02, 0.9),
                "importer_exporter_preference.fit": (0.02, 0.02),
                "said.preference": (1, 1),
                "said.other_shore": (1, 1),
            },
        ),
        (
            claim_odd_way,
            {
                "importer_exporter_preference.fit": (0.02, 0.02),
                "said.preference": (1, 1),
                "origin_route.fit": (0.002, 0.3),
            },
        ),
        (shell_cheap, {"importer.age": (20, 20), "address.met": (4, 40), "unit_value.own": (-1, -1)}),
        (
            seller_elsewhere,
            {"exporter.rows": (0, 0), "importer_hs4.rows": (20, 20), "origin_dispatch.fit": (0.02, 0.9)},
        ),
        (mass_both_ways, {"package_mass.over": (1, 1), "package_mass.own": (2, 0)}),
        (cheaper_heading, {**LESS_DUTY, "series.fit": (0.1, 0.1), "importer_exporter_loading.fit": (0.9, 0.1)}),
        (heading_from_elsewhere, {**LESS_DUTY, **SELDOM, "exporter_hs6.rows": (1, 1), "origin_hs6.fit": (0.02, 0.5)}),
        (surprising_claim, {**CLAIMED, "importer_exporter_preference.fit": (0.1, 0.1), "novelty.surprise": (20, 5)}),
        (
            claim_of_other_land,
            {**CLAIMED, **DUTY_ELSE, "origin_route.fit": (0.002, 0.002), "exporter_origin.fit": (0.05, 0.9)},
        ),
        (claim_by_new_seller, {**CLAIMED, **DUTY_ELSE, "exporter.steps_in": (0.8, 0), "exporter_hs6.fit": (0.5, 0.5)}),
        (young_ring, {**RING, "address.age": (90, 2000), "origin.age": (900, 900)}),
        (young_ring, {**RING, "address.age": (90, 90), "origin.age": (900, 100)}),  # everybody is new in a new table
        (young_ring, {**RING, "address.age": (90, np.nan), "origin.age": (900, 900)}),
    ],
)
def test_a_way_shows_in_the_first_row_and_not_in_the_second(
    way: Callable[[Known], Floats], plain: Mapping[str, tuple[float, float]]
) -> None:
    told = way({**SETTLED, **{name: column(*values) for name, values in plain.items()}})
    assert told[0] >= 0.4
    assert told[1] == 0


@pytest.mark.parametrize(
    ("way", "plain"),
    [
        (cheap_both_ways, {**CHEAP, "said.duty_rate_ppm": (50_000, 0)}),
        (low_for_trade, {**CHEAP, "said.relieved": (0, 1)}),
        (misdescribed, {"text.heading_fit": (0.01, 0.01), "importer_exporter_hs4.fit": (0.1, 0.95)}),
        (
            lower_heading,
            {
                **LESS_DUTY,
                "importer_exporter_hs4.fit": (0.02, 0.02),
                "exporter_hs6.rows": (1, 90),
                "series.rows": (1, 1),
            },
        ),
        (
            new_preference,
            {
                "said.preference": (1, 1),
                "importer_preference.fit": (0.02, 0.02),
                "importer_exporter_preference.fit": (0.9, 0.9),
                "importer_exporter_preference.rows": (1, 12),
            },
        ),
    ],
)
def test_a_way_shows_less_where_honest_trade_explains_it(
    way: Callable[[Known], Floats], plain: Mapping[str, tuple[float, float]]
) -> None:
    rows = column(30, 30)
    told = way({"importer.rows": rows, "text.rows": rows, **{name: column(*values) for name, values in plain.items()}})
    assert 0 < told[1] < 0.5 * told[0]


def evidence(code: str, row: Mapping[str, float]) -> dict[str, int | None]:
    group = next(group for group in GROUPS if group.code == code)
    return {name: param(row) for name, param in group.params.items()}


def test_the_evidence_of_what_is_shared_is_that_of_which_most_was_found() -> None:
    alone = {"network.size": 1, "network.found": 0, "network.labelled": 0}
    centre = {"address.met": 40, "address.found": 3, "address.labelled": 9, "phone.found": 1, "phone.met": 2}
    assert evidence("model.network", alone) == {"size": 1, "found": 0, "labelled": 0}
    assert evidence("model.network", {**alone, **centre}) == {"size": 40, "found": 3, "labelled": 9}


def test_the_evidence_of_a_trade_is_its_own_usual_price_and_its_own_claims() -> None:
    priced = {"unit_value.p50": STEPS * 10 + 2**15, "unit_value.away": -2, "unit_value.own": -1, "importer_hs4.rows": 9}
    told = evidence("model.own_price", priced)
    assert (told["own"], told["usual"], told["rows"]) == (256, 512, 9)
    trade = {"importer_exporter.rows": 20, "importer_exporter_preference.rows": 3, "importer_exporter_origin.rows": 4}
    assert evidence("model.first_claim", {**trade, "said.preference": 1})["claims"] == 3
    assert evidence("model.first_claim", {**trade, "said.preference": 0})["claims"] == 17
    assert evidence("model.other_heading", {"importer_exporter.duty_shift": -0.15})["more_permille"] == 150


@pytest.mark.parametrize("code", [group.code for group in GROUPS])
def test_a_reason_of_which_nothing_is_known_has_no_evidence(code: str) -> None:
    assert set(evidence(code, {}).values()) <= {None}
