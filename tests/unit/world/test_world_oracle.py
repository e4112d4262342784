"""The oracle looks back only, learns from labels when they are known, and does better than any plain ranking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from learning_needs import needs_lightgbm
from pratique_world.years import Plan, World, build_world, first_labels, results, shipped
from pratique_world.years.goods import Floats, Ints
from pratique_world.years.mechanisms import UNDERVALUATION
from pratique_world.years.oracle import answer, expected, school, trees, yields
from pratique_world.years.oracle.actors import NO_LABEL, NOT_FOUND, THIS_KIND, Evidence, Prior, chances
from pratique_world.years.oracle.laws import Known
from pratique_world.years.oracle.prices import usual_prices
from pratique_world.years.oracle.seen import seen
from pratique_world.years.oracle.texts import wares_in_texts
from pratique_world.years.plan import FIRST_DAY

pytestmark = [needs_lightgbm, pytest.mark.long]


DAYS, ROWS, ILLICIT = 400, 24_000, 0.03
PLAN = Plan(seed=21, days=DAYS, rows=ROWS, illicit=ILLICIT, mix=shipped("calm"))


@pytest.fixture(scope="module", autouse=True)
def small_school() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(school, "SCHOOL_ROWS", 24_000)
    patch.setattr(trees, "KINDS_ROUNDS", 40)
    patch.setattr(trees, "WEIGHING_ROUNDS", 80)
    yield
    patch.undo()
    answer._school.cache_clear()


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(PLAN)


@pytest.fixture(scope="module")
def labels(world: World) -> pl.DataFrame:
    return first_labels(world.declarations, world.truth, PLAN)


def asked(declarations: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    return expected(declarations, labels, PLAN.mix, illicit=ILLICIT, days=DAYS)


@pytest.fixture(scope="module")
def told(world: World, labels: pl.DataFrame) -> pl.DataFrame:
    return asked(world.declarations, labels)


def precision(rank_by: Floats, truth: pl.DataFrame) -> float:
    return yields("", rank_by, truth, [0.02])[0].precision


def test_it_answers_for_each_declaration_with_a_chance_and_a_loss(world: World, told: pl.DataFrame) -> None:
    assert told.columns == ["consignment", "chance", "expected_duty_lost_minor"]
    assert told["consignment"].equals(world.declarations["consignment"])
    assert told["chance"].is_between(0, 1).all()
    assert (told["expected_duty_lost_minor"] >= 0).all()
    assert float(told["chance"].mean()) == pytest.approx(ILLICIT, rel=0.3)  # type: ignore[arg-type]


def test_it_finds_more_than_low_prices_or_known_offenders_do(
    world: World, labels: pl.DataFrame, told: pl.DataFrame
) -> None:
    late = np.arange(ROWS) >= ROWS // 2
    truth = world.truth.filter(pl.Series(late))
    price = (pl.col("value_minor") / pl.col("net_mass_g")).log()
    low = world.declarations.select(pl.col("hs6").len().over("hs6") * 0 - price + price.median().over("hs6", "origin"))
    caught = world.declarations.join(labels, on="consignment").filter("found")["importer"].value_counts()
    known = world.declarations.join(caught, on="importer", how="left", maintain_order="left")["count"].fill_null(0)
    best = precision(told["chance"].to_numpy()[late], truth)
    assert best > 0.5
    assert best > precision(low.to_series().to_numpy()[late], truth) + 0.1
    assert best > precision(known.to_numpy()[late].astype(np.float64), truth) + 0.1


def test_what_comes_later_changes_nothing_before(world: World, labels: pl.DataFrame, told: pl.DataFrame) -> None:
    until = world.declarations["lodged_on"][ROWS // 2]
    before = world.declarations["lodged_on"] < until
    some = asked(world.declarations.filter(before), labels.filter(pl.col("known_on") < until))
    assert some.equals(told.filter(before))


def test_a_find_raises_the_chance_of_the_importers_later_consignments(world: World) -> None:
    none = results(world.truth, [], FIRST_DAY, 1)
    rows = world.declarations.join(world.truth, on="consignment", maintain_order="left")
    first = rows.filter(pl.col("mechanism") == "undervaluation").group_by("importer", maintain_order=True).first()
    controlled = results(world.truth, first["consignment"], first["lodged_on"], 1)
    later = rows.join(first.select("importer", since="lodged_on"), on="importer", how="left", maintain_order="left")
    after = (later["lodged_on"] > later["since"] + timedelta(days=90)).fill_null(value=False)
    touched = after & (rows["mechanism"] == "undervaluation").fill_null(value=False)
    ignorant, informed = (asked(world.declarations, given)["chance"] for given in (none, controlled))
    assert float(informed.filter(touched).mean()) > float(ignorant.filter(touched).mean())  # type: ignore[arg-type]


def test_declarations_out_of_order_are_refused(world: World, labels: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="sorted by lodged_on"):
        asked(world.declarations.reverse(), labels)


def test_two_labels_of_one_consignment_are_refused(world: World, labels: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="two labels"):
        asked(world.declarations, pl.concat([labels, labels.head(1)]))


def test_what_is_seen_of_a_row_is_the_same_without_the_rows_after_it(world: World) -> None:
    market = school.reference_market(Known(PLAN.mix, ILLICIT, DAYS))
    until = world.declarations["lodged_on"][ROWS // 2]
    before = world.declarations["lodged_on"] < until
    whole, some = seen(world.declarations, market), seen(world.declarations.filter(before), market)
    assert some.equals(whole.filter(before))


def test_texts_are_read_back_to_the_goods_they_are_about(world: World) -> None:
    from pratique_world.years.goods import traded

    places = wares_in_texts(world.declarations["description"])
    codes = np.array([ware.code for ware in traded()])
    honest = ~world.truth["illicit"].to_numpy() & (places >= 0)
    assert (places >= 0).mean() > 0.9
    assert (codes[places[honest]] == world.declarations["hs6"].to_numpy()[honest]).mean() > 0.94


def evidence(ratio: list[float], label: list[int]) -> Evidence:
    days: Ints = np.arange(len(ratio)) * 7
    return Evidence(
        actor=np.zeros(len(ratio), dtype=np.int64),
        day=days,
        ratio=np.array(ratio),
        eligible=np.ones(len(ratio), dtype=np.bool_),
        label=np.array(label),
        known=days,
    )


PRIOR = Prior(law=UNDERVALUATION.law, active=0.02, single=0.005, eligible=0.5, intensity=np.ones(400))


def test_a_filter_without_evidence_stays_at_the_prior() -> None:
    told = chances(evidence([2.0] * 40, [NO_LABEL] * 40), PRIOR)  # half of the rows eligible, twice as likely: nothing
    assert told == pytest.approx(np.full(40, 0.005 + 0.02 * PRIOR.law.propensity), rel=0.02)


def test_a_filter_rises_with_suspicious_rows_and_with_finds_and_falls_with_honest_results() -> None:
    quiet = chances(evidence([0.0] * 10, [NO_LABEL] * 10), PRIOR)
    suspicious = chances(evidence([50.0] * 10, [NO_LABEL] * 10), PRIOR)
    found = chances(evidence([2.0] * 10, [THIS_KIND] * 10), PRIOR)
    cleared = chances(evidence([50.0] * 10, [NOT_FOUND] * 10), PRIOR)
    assert quiet[-1] < quiet[0] < suspicious[-1]
    assert found[1] > 10 * found[0]
    assert cleared[-1] < suspicious[-1] / 3
    assert found[0] == quiet[0]


def test_a_trades_usual_price_is_learnt_and_one_odd_price_hardly_moves_it() -> None:
    prices = np.array([0.3, 0.32, 0.28, 0.3, -1.2, 0.31])
    usual = usual_prices(np.zeros(6, dtype=np.int64), prices, np.full(6, 0.3))
    assert usual.mean[0] == 0
    assert usual.mean[4] == pytest.approx(0.29, abs=0.03)
    assert usual.mean[5] == pytest.approx(usual.mean[4], abs=0.05)
    assert np.all(np.diff(usual.variance) <= 0)
    assert usual.count.tolist() == [0, 1, 2, 3, 4, 5]
