"""Years of declarations hold what their contract says, and the same plan gives the same bytes."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pratique_world.numbers import container_check_digit
from pratique_world.years import Plan, World, build_world, first_labels, mix_of, shipped, write_years
from pratique_world.years import write as write_module
from pratique_world.years.goods import RELIEF_MINOR
from pratique_world.years.mix import MECHANISMS

TEXT = (
    "consignment", "office", "importer", "importer_name", "importer_address", "importer_phone", "importer_director",
    "exporter", "exporter_name", "broker", "carrier", "container", "container_operator", "hs6", "description", "origin",
    "dispatch", "loading", "transhipment", "package_type", "procedure",
)  # fmt: skip
WHOLE = (
    "gross_mass_g", "net_mass_g", "packages", "value_minor", "freight_minor", "duty_rate_ppm", "duty_minor",
)  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(seed=5, days=500, rows=30_000, illicit=0.03)


@pytest.fixture(scope="module")
def world(plan: Plan) -> World:
    return build_world(plan)


def test_declarations_have_the_columns_of_the_contract(world: World) -> None:
    schema = dict(world.declarations.schema)
    expected = dict.fromkeys(TEXT, pl.String) | dict.fromkeys(WHOLE, pl.Int64)
    assert schema == expected | {"lodged_on": pl.Date, "preference": pl.Boolean}
    assert [name for name in schema if world.declarations[name].null_count()] == ["transhipment"]


def test_declarations_are_in_order_with_numbers_that_pass_their_check(world: World, plan: Plan) -> None:
    rows = world.declarations
    assert len(rows) == plan.rows
    assert rows.equals(rows.sort("lodged_on", "consignment"))
    assert rows["consignment"].n_unique() == len(rows)
    assert rows["hs6"].str.contains(r"^\d{6}$").all()
    assert all(container_check_digit(number[:10]) == int(number[10]) for number in rows["container"].unique())
    assert rows["container"].n_unique() < len(rows) / 5  # boxes come again
    assert (rows["lodged_on"].max(), rows["lodged_on"].min()) == (date(2024, 5, 14), date(2023, 1, 1))


def test_duty_is_value_times_rate_and_nothing_below_the_relief(world: World) -> None:
    rows = world.declarations
    due = (rows["value_minor"] * rows["duty_rate_ppm"] + 500_000) // 1_000_000
    assert rows["duty_minor"].equals(due.rename("duty_minor"))
    low = rows["value_minor"] < RELIEF_MINOR
    assert (rows.filter(low)["duty_minor"] == 0).all()
    assert ((rows["procedure"] == "4000C07") == low).all()
    assert (rows["gross_mass_g"] > rows["net_mass_g"]).all()


def test_the_share_of_wrongdoing_and_of_each_mechanism_is_what_was_asked(world: World, plan: Plan) -> None:
    truth = world.truth
    assert truth["illicit"].sum() == round(plan.rows * plan.illicit)
    counts = dict(truth.filter("illicit")["mechanism"].value_counts().iter_rows())
    for name, share in plan.mix.shares().items():
        assert counts[name] == pytest.approx(share * plan.rows * plan.illicit, rel=0.05, abs=4)


def test_the_truth_is_whole_and_honest_consignments_lose_nothing(world: World) -> None:
    truth = world.truth.with_columns(world.declarations["lodged_on"])
    honest = truth.filter(~pl.col("illicit"))
    assert honest["mechanism"].null_count() == honest["first_day"].null_count() == len(honest)
    assert honest["duty_lost_minor"].sum() == 0
    false = truth.filter("illicit")
    assert false["mechanism"].is_in(list(MECHANISMS)).all()
    assert (false["first_day"] <= false["lodged_on"]).all()
    assert false.filter(pl.col("first_day") < pl.col("lodged_on")).height > len(false) / 3  # offenders repeat
    lossless = pl.col("mechanism").is_in(["rip_on_rip_off", "dual_use", "sanctions_evasion"])
    assert false.filter(lossless)["duty_lost_minor"].sum() == 0
    assert (false.filter(~lossless)["duty_lost_minor"] > 0).mean() > 0.9  # type: ignore[operator]


def test_importers_are_born_and_leave_and_a_few_make_much_of_the_trade(world: World) -> None:
    rows = world.declarations
    spans = rows.group_by("importer").agg(
        first=pl.col("lodged_on").min(), last=pl.col("lodged_on").max(), count=pl.len()
    )
    assert 0.2 < (spans["first"] > date(2023, 7, 1)).mean() < 0.6  # type: ignore[operator]
    assert (spans["last"] < date(2024, 1, 1)).mean() > 0.1  # type: ignore[operator]
    largest = spans.sort("count", descending=True).head(len(spans) // 10)
    assert largest["count"].sum() > 0.3 * len(rows)


def test_honest_importers_share_addresses_telephones_and_directors(world: World) -> None:
    honest = world.declarations.filter(~world.truth["illicit"]).unique("importer")
    for column in ("importer_address", "importer_phone", "importer_director"):
        shared = honest[column].is_duplicated().mean()
        assert shared is not None
        assert 0.04 < shared < 0.4


def test_labels_are_late_sometimes_wrong_and_partly_drawn_at_random(world: World, plan: Plan) -> None:
    labels = first_labels(world.declarations, world.truth, plan)
    told = labels.join(world.truth, on="consignment").join(world.declarations, on="consignment")
    assert (told["controlled_on"] >= told["lodged_on"]).all()
    late = (told["known_on"] - told["controlled_on"]).dt.total_days()
    assert late.min() == 2
    assert 6 < float(late.mean()) < 18  # type: ignore[arg-type]
    drawn = labels.filter("drawn_at_random")
    assert len(drawn) == pytest.approx(plan.random_share * plan.rows, rel=0.15)
    assert set(drawn["probability"].unique()) == {plan.random_share}
    assert set(labels.filter(~pl.col("drawn_at_random"))["probability"].unique()) == {1.0}
    missed = told.filter("illicit")["found"].not_().mean()
    assert missed is not None
    assert 0.0 < missed < 0.15
    assert (told.filter(~pl.col("found"))["duty_recovered_minor"] == 0).all()
    assert (told["duty_recovered_minor"] <= told["duty_lost_minor"]).all()
    assert told.filter("found")["finding"].null_count() == 0


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_the_same_plan_writes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    small = Plan(seed=9, days=120, rows=3000)
    for name in ("one", "two"):
        write_years(tmp_path / name, small)
    write_years(tmp_path / "other", Plan(seed=10, days=120, rows=3000))
    first = digests(tmp_path / "one")
    assert first == digests(tmp_path / "two")
    names = ["README.txt", "declarations.parquet", "events.json", "labels.parquet", "mix.json", "truth.parquet"]
    assert sorted(first) == [*names, "world.json"]
    other = digests(tmp_path / "other")
    assert all(first[name] != other[name] for name in ("declarations.parquet", "labels.parquet", "truth.parquet"))


def test_the_written_mix_can_be_given_again(tmp_path: Path) -> None:
    summary = write_years(tmp_path, Plan(seed=2, days=200, rows=2000, illicit=0.05))
    assert mix_of((tmp_path / "mix.json").read_text(encoding="utf-8")).described() == shipped("default").described()
    assert summary.illicit == sum(summary.mechanisms.values()) == 100
    assert pl.read_parquet(tmp_path / "truth.parquet")["illicit"].sum() == 100
    told = json.loads((tmp_path / "events.json").read_text(encoding="utf-8"))
    assert [(event["event"], event["day"]) for event in told] == [
        ("tariff", 100), ("routes", 110), ("wave", 124), ("identities", 132)
    ]  # fmt: skip
    assert told[2]["last_day"] == 147


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, document: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(write_module, "_write_json", full)
    with pytest.raises(OSError, match="no space"):
        write_years(tmp_path / "out", Plan(seed=1, days=60, rows=1000))
    assert list((tmp_path / "out").iterdir()) == []


def test_what_cannot_be_made_is_refused() -> None:
    for wrong, told in (
        ({"rows": 999}, "rows must be from 1,000"),
        ({"days": 3}, "days must be from 28"),
        ({"illicit": 0.5}, "illicit must be from"),
        ({"illicit": float("nan")}, "illicit must be from"),
        ({"random_share": -0.1}, "random share must be from"),
        ({"seed": -1}, "seed must be from"),
    ):
        with pytest.raises(ValueError, match=told):
            Plan(**{"seed": 1, **wrong})  # type: ignore[arg-type]


def test_a_world_without_wrongdoing_can_be_made() -> None:
    honest = build_world(Plan(seed=1, days=60, rows=1000, illicit=0.0))
    assert not honest.truth["illicit"].any()
    assert np.all(honest.truth["duty_lost_minor"].to_numpy() == 0)
