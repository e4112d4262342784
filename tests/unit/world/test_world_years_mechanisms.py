"""Each mechanism changes what its docstring says, in the time that the mix gives it, and honest rows show the like."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest

from pratique_world.years import Plan, World, build_world, mix_of
from pratique_world.years.frames import SILENT
from pratique_world.years.goods import PREFERENCE, RELIEF_MINOR
from pratique_world.years.mix import MECHANISMS
from pratique_world.years.relations import HUB_LANDS

ROWS, DAYS = 20_000, 400
ELSEWHERE = pl.col("loading").str.slice(0, 2) != pl.col("origin")
FROM_A_HUB = pl.col("dispatch").is_in(list(HUB_LANDS)) & (pl.col("dispatch") != pl.col("origin"))


@cache
def only(mechanism: str, extra: str = "") -> pl.DataFrame:
    """A world with one mechanism: declarations with the truth beside them."""
    mix = mix_of(f"mechanisms: {{{mechanism}: {{share: 1{extra}}}}}")
    return together(build_world(Plan(seed=4, days=DAYS, rows=ROWS, illicit=0.03, mix=mix)))


def together(world: World) -> pl.DataFrame:
    price = (pl.col("value_minor") / pl.col("net_mass_g")).log()
    peers = world.declarations.with_columns(price=price).with_columns(
        deviation=pl.col("price") - pl.col("price").median().over("hs6", "origin"),
        day=(pl.col("lodged_on") - pl.lit("2023-01-01").str.to_date()).dt.total_days(),
    )
    return peers.join(world.truth, on="consignment", maintain_order="left")


def part(frame: pl.DataFrame, condition: pl.Expr, *, illicit: bool) -> float:
    chosen = frame.filter(pl.col("illicit") == illicit)
    return chosen.filter(condition).height / chosen.height


@pytest.mark.parametrize(
    ("mechanism", "trace", "least", "honest"),
    [
        ("undervaluation", pl.col("deviation") < -0.5, 0.5, (0.005, 0.12)),
        ("shell_importers", pl.col("deviation") < -0.3, 0.35, (0.02, 0.25)),
        ("dual_use", pl.col("deviation") > 0.4, 0.4, (0.01, 0.2)),
        ("false_origin", pl.col("preference") & ELSEWHERE, 0.3, (0.001, 0.05)),
        ("wrong_preference", pl.col("preference"), 1.0, (0.02, 0.3)),
        ("splitting", pl.col("value_minor").is_between(RELIEF_MINOR * 0.4, RELIEF_MINOR - 1), 1.0, (0.001, 0.1)),
        ("prohibited_goods", pl.col("description").is_in(list(SILENT)), 0.25, (0.02, 0.06)),
        ("sanctions_evasion", FROM_A_HUB, 0.35, (0.02, 0.2)),
        ("rip_on_rip_off", pl.col("net_mass_g") >= 8_000_000, 1.0, (0.2, 0.9)),
        ("misclassification", pl.col("duty_rate_ppm") < 350_000, 0.9, (0.3, 1.0)),
    ],
)  # fmt: skip
def test_a_mechanism_leaves_its_trace_and_honest_rows_show_it_too(
    mechanism: str, trace: pl.Expr, least: float, honest: tuple[float, float]
) -> None:
    frame = only(mechanism)
    assert set(frame["mechanism"].drop_nulls()) == {mechanism}
    assert frame["illicit"].sum() == round(ROWS * 0.03)
    assert part(frame, trace, illicit=True) >= least
    assert honest[0] < part(frame, trace, illicit=False) < honest[1]


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_mechanism_keeps_to_its_time(mechanism: str) -> None:
    false = only(mechanism, ", start: 100, end: 300").filter("illicit")
    assert false.height == round(ROWS * 0.03)
    assert false["day"].min() >= 100  # type: ignore[operator]
    assert false["day"].max() < 300 + 10 * (mechanism == "splitting")  # type: ignore[operator]


def test_the_parts_of_a_split_purchase_come_together() -> None:
    false = only("splitting").filter("illicit")
    purchases = false.group_by("importer", "exporter", "hs6", "day").len()
    assert purchases.filter(pl.col("len") > 1)["len"].sum() > 0.5 * false.height
    assert (false["duty_minor"] == 0).all()
    assert false["duty_lost_minor"].sum() > 0


def test_a_misclassified_consignment_loses_the_difference_of_the_rates() -> None:
    false = only("misclassification").filter("illicit")
    assert (false["duty_lost_minor"] > 0).mean() > 0.95  # type: ignore[operator]
    assert (false["duty_lost_minor"] < false["value_minor"]).mean() > 0.95  # type: ignore[operator]


def test_a_false_origin_is_one_with_a_preference() -> None:
    false = only("false_origin").filter("illicit")
    assert false["origin"].is_in(list(PREFERENCE)).all()
    assert false["preference"].all()


def test_offenders_repeat_but_not_always() -> None:
    frame = only("undervaluation")
    by_importer = frame.group_by("importer").agg(pl.col("illicit").sum(), pl.len())
    offenders = by_importer.filter(pl.col("illicit") >= 3)
    assert offenders["illicit"].sum() > 0.4 * frame["illicit"].sum()
    assert (offenders["illicit"] < offenders["len"]).mean() > 0.8  # type: ignore[operator]


def test_the_members_of_a_ring_share_and_are_new() -> None:
    frame = only("shell_importers")
    members = frame.filter("illicit").unique("importer")
    assert members["importer_phone"].is_duplicated().mean() > 0.5  # type: ignore[operator]
    assert members["importer_director"].is_duplicated().mean() > 0.3  # type: ignore[operator]
    assert members["importer_name"].n_unique() > 0.95 * members.height


def test_a_ring_takes_another_identity_and_keeps_its_suppliers() -> None:
    mix = mix_of(
        "mechanisms: {shell_importers: {share: 1}}\n"
        "drift: [{event: identities, mechanism: shell_importers, start: 200}]"
    )
    frame = together(build_world(Plan(seed=4, days=DAYS, rows=ROWS, illicit=0.03, mix=mix))).filter("illicit")
    before, after = frame.filter(pl.col("day") < 200), frame.filter(pl.col("day") >= 200)
    for column in ("importer", "importer_phone", "importer_director"):
        assert not set(before[column]) & set(after[column])
    assert len(set(before["exporter"]) & set(after["exporter"])) > 0.2 * after["exporter"].n_unique()


def test_routes_change_on_their_day() -> None:
    mix = mix_of(
        "mechanisms: {rip_on_rip_off: {share: 1}}\ndrift: [{event: routes, mechanism: rip_on_rip_off, start: 200}]"
    )
    frame = together(build_world(Plan(seed=4, days=DAYS, rows=ROWS, illicit=0.03, mix=mix))).filter("illicit")
    lanes = frame.with_columns(lane=pl.concat_str("carrier", "loading", pl.col("transhipment").fill_null("-")))
    busy = [
        set(period["lane"].value_counts().filter(pl.col("count") >= 5)["lane"])
        for period in (lanes.filter(pl.col("day") < 200), lanes.filter(pl.col("day") >= 200))
    ]
    assert busy[0]
    assert busy[1]
    assert not busy[0] & busy[1]


def test_the_tariff_changes_on_its_day() -> None:
    mix = mix_of(
        'mechanisms: {undervaluation: {share: 1}}\ndrift: [{event: tariff, start: 200, chapters: ["64"], factor: 1.2}]'
    )
    frame = together(build_world(Plan(seed=4, days=DAYS, rows=ROWS, illicit=0.03, mix=mix)))
    shoes = frame.filter(
        pl.col("hs6").str.starts_with("64"), ~pl.col("preference"), pl.col("value_minor") >= RELIEF_MINOR
    )
    rates = shoes.group_by("hs6", later=pl.col("day") >= 200).agg(pl.col("duty_rate_ppm").unique())
    assert (rates["duty_rate_ppm"].list.len() == 1).all()
    both = rates.explode("duty_rate_ppm").pivot("later", index="hs6", values="duty_rate_ppm").drop_nulls()
    assert both.height > 0
    assert (both["true"] == (both["false"] * 1.2).round()).all()


def test_a_wave_comes_in_its_days() -> None:
    frame = together(
        build_world(
            Plan(
                seed=4,
                days=DAYS,
                rows=ROWS,
                illicit=0.03,
                mix=mix_of(
                    "mechanisms: {misclassification: {share: 1}}\n"
                    "drift: [{event: wave, mechanism: misclassification, start: 200, end: 240, factor: 8}]"
                ),
            )
        )
    ).filter("illicit")
    inside = frame.filter(pl.col("day").is_between(200, 239)).height / 40
    outside = frame.filter(~pl.col("day").is_between(200, 239)).height / 360
    assert inside > 3 * outside
