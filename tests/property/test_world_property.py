"""What holds in the world for any numbers, names and sizes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pratique_world.draw import ranked
from pratique_world.loads import plan_loads
from pratique_world.model import EMPTY, Box, Consignment, Goods, Trader, Vessel
from pratique_world.names import company, person
from pratique_world.numbers import container_check_digit, container_numbers, imo_number
from pratique_world.spelling import disguised, mistyped, respelled, shortened
from pratique_world.stock import stock
from pratique_world.tables import cultures
from pratique_world.voyages import BASE_DATE, arriving_voyages
from pratique_world.writers.cuscar import Report, interchange, share_of
from pratique_world.years import Mix, Plan, build_world, results
from pratique_world.years.mix import MECHANISMS, Part
from pratique_world.years.plan import FIRST_DAY

NAMES = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ ?'+:&.", min_size=1, max_size=34).filter(
    lambda name: name == name.strip() and "  " not in name
)
DRAWS = st.lists(st.floats(0, 1, exclude_max=True), min_size=8, max_size=8)


@given(st.integers(0, 2**32), st.integers(1, 400))
@settings(max_examples=60)
def test_loads_come_to_exactly_what_was_asked(seed: int, target: int) -> None:
    boxes = plan_loads(np.random.default_rng(seed), boxes=target)
    bills = plan_loads(np.random.default_rng(seed), bills=target)
    assert sum(load.boxes for load in boxes) == target
    assert sum(load.bills for load in bills) == target
    assert all(load.bills == 1 or load.boxes == 1 for load in (*boxes, *bills))
    assert all(load.bills > 0 and load.boxes > 0 for load in (*boxes, *bills))


@given(st.integers(0, 2**32), st.integers(1, 300))
@settings(max_examples=30)
def test_container_numbers_are_distinct_and_pass_their_check(seed: int, count: int) -> None:
    numbers = container_numbers(np.random.default_rng(seed), count)
    assert len(set(numbers)) == count
    assert all(container_check_digit(number[:10]) == int(number[10]) for number in numbers)


@given(st.integers(0, 999_999))
def test_an_imo_number_ends_with_the_last_digit_of_its_weighted_sum(first_six: int) -> None:
    number = imo_number(first_six)
    assert len(number) == 7
    assert sum(int(number[place]) * (7 - place) for place in range(6)) % 10 == int(number[6])


@given(st.integers(0, 10**9), st.integers(1, 12))
def test_shares_of_the_boxes_come_to_the_whole(total: int, parts: int) -> None:
    assert sum(share_of(total, parts, place) for place in range(parts)) == total


@given(NAMES, DRAWS)
def test_a_disguised_name_is_never_empty(name: str, draws: list[float]) -> None:
    for changed in (mistyped(name, draws), respelled(name, draws), shortened(name, draws)):
        assert changed.strip()
    for is_person in (True, False):
        assert disguised(name, draws, is_person=is_person).strip()


@given(NAMES)
@settings(max_examples=60)
def test_names_with_reserved_characters_come_out_of_the_interchange_as_they_went_in(name: str) -> None:
    vessel: Vessel = arriving_voyages(np.random.default_rng(1), BASE_DATE)[0].ship
    goods = Goods("", "EMPTY CONTAINERS", "", "NE", 1, 2200, 2200, 0)
    box = Box("QXAU0000001", "22G1", EMPTY, 2200, 2200, ())
    bill = Consignment(
        vessel=0, bill="B1", nature="23", loading="CNSHA", unloading="KEMBA", shipper=Trader(name),
        consignee=Trader("X"), notify=Trader("Y"), goods=(goods,), boxes=(box,), freight_cents=0,
        first_port="CNSHA", destination="KEMBA",
    )  # fmt: skip
    content = interchange(
        [Report("R1", "9", vessel, [bill], None)], sender="A", receiver="B", sent=vessel.departure, reference="1"
    )
    text = content.decode("ascii")
    start = text.index("NAD+CZ+++") + len("NAD+CZ+++")
    assert _component(text[start:]) == name


def _component(text: str) -> str:
    """The first component of a text, released characters put back: the obvious reader."""
    out = ""
    place = 0
    while text[place] not in "+:'":
        place += text[place] == "?"
        out += text[place]
        place += 1
    return out


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 5000), st.floats(0.5, 500))
def test_a_ranked_choice_is_always_one_of_the_list_and_the_first_ones_come_more_often(
    uniform: float, count: int, shift: float
) -> None:
    assert 0 <= ranked(range(count), uniform, shift=shift) < count
    assert ranked(range(count), 0.5, shift=shift) <= count / 2


@given(st.sampled_from(sorted(cultures())), DRAWS)
def test_names_of_every_culture_are_plain_capital_words(culture: str, draws: list[float]) -> None:
    names = stock(culture, "lists")
    for name in (person(names, draws), company(names, ["PORT TOWN"], draws)):
        assert name == name.upper().strip()
        assert name.isascii()
        assert all(name.split(" "))


SHARES = st.dictionaries(st.sampled_from(MECHANISMS), st.floats(0.1, 10), min_size=1, max_size=4)


@given(st.integers(0, 2**40), SHARES, st.sampled_from([0.0, 0.01, 0.05]), st.integers(28, 200))
@settings(max_examples=12, deadline=None)
def test_any_mix_gives_the_asked_share_of_wrongdoing_and_sums_that_hold(
    seed: int, shares: dict[str, float], illicit: float, days: int
) -> None:
    mix = Mix({name: Part(share) for name, share in shares.items()})
    world = build_world(Plan(seed=seed, days=days, rows=2000, illicit=illicit, mix=mix))
    truth, rows = world.truth, world.declarations
    assert truth["illicit"].sum() <= round(2000 * illicit)
    if set(shares) & {"undervaluation", "prohibited_goods"}:  # of these there are always enough eligible rows
        assert truth["illicit"].sum() == round(2000 * illicit)
    assert set(truth["mechanism"].drop_nulls()) <= set(shares)
    assert (truth["duty_lost_minor"] >= 0).all()
    assert (rows["duty_minor"] <= rows["value_minor"]).all()
    assert rows["consignment"].equals(truth["consignment"])
    assert rows["lodged_on"].is_sorted()
    assert (rows["lodged_on"] < FIRST_DAY + timedelta(days=days)).all()
    for name in ("value_minor", "net_mass_g", "gross_mass_g", "packages", "freight_minor"):
        assert (rows[name] > 0).all()


def _separation(value: NDArray[np.float64], illicit: NDArray[np.bool_]) -> float:
    """How far a value tells false from honest, in standard errors of the area under the curve (Mann and Whitney)."""
    rank = np.argsort(np.argsort(value, kind="stable"), kind="stable")
    false, honest = int(illicit.sum()), int((~illicit).sum())
    area = (float(rank[illicit].sum()) - false * (false - 1) / 2) / (false * honest)
    return float(abs(area - 0.5) / np.sqrt((false + honest + 1) / (12 * false * honest)))


@given(st.integers(0, 2**40))
@settings(max_examples=3, deadline=None)
def test_no_number_tells_false_consignments_apart(seed: int) -> None:
    world = build_world(Plan(seed=seed, days=300, rows=20_000, illicit=0.08))
    rows, illicit = world.declarations, world.truth["illicit"].to_numpy()
    digits = [
        pl.col("consignment").str.tail(2).cast(pl.Int64),
        pl.int_range(pl.len()).over("lodged_on") / pl.len().over("lodged_on"),
        pl.col("container").str.slice(4, 6).cast(pl.Int64),
        pl.col("value_minor") % 100,
        pl.col("net_mass_g") % 1000,
        pl.col("gross_mass_g") % 1000,
        pl.col("freight_minor") % 100,
    ]
    for expression in digits:
        assert _separation(rows.select(expression.cast(pl.Float64)).to_series().to_numpy(), illicit) < 5
    for party in ("importer", "exporter", "importer_director"):
        each = rows.with_columns(illicit=illicit).group_by(party).agg(pl.col("illicit").any())
        number = each[party].str.slice(1).cast(pl.Int64).to_numpy().astype(np.float64)
        assert _separation(number, each["illicit"].to_numpy()) < 5


@given(st.integers(0, 2**63 - 1), st.lists(st.integers(0, 1999), min_size=1, max_size=40, unique=True))
@settings(max_examples=25, deadline=None)
def test_results_are_the_same_in_whatever_order_and_company_they_are_asked(seed: int, places: list[int]) -> None:
    truth = _small_truth()
    chosen = truth["consignment"].gather(places)
    together = results(truth, chosen, date(2023, 3, 1), seed)
    alone = pl.concat([results(truth, [number], date(2023, 3, 1), seed) for number in chosen])
    assert together.equals(alone)


@cache
def _small_truth() -> pl.DataFrame:
    return build_world(Plan(seed=3, days=60, rows=2000, illicit=0.2)).truth
