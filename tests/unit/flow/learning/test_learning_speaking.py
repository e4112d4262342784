"""A model speaks in whole numbers: reasons add up, and below twice the usual odds it gives no points."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache

import polars as pl
import pytest

from learning_needs import needs_lightgbm
from learning_tables import START, lesson
from pratique.flow.intake.amendments import VERSION
from pratique.flow.learning.pointing import POINTS_TO
from pratique.flow.learning.reasons import GROUPS, RISK_OF
from pratique.flow.learning.speaking import LEAST_POINTS, Said, Speaker, said
from pratique.flow.learning.training import train
from pratique.vocabulary.frames import CONSIGNMENT, EQUIPMENT, GOODS_ITEM, MESSAGE, PARTY, frame
from pratique.vocabulary.reasons import LEARNED, REASON

pytestmark = needs_lightgbm
DAY = START + timedelta(days=300)


@cache
def speaker() -> Speaker:
    model = train(*lesson(1500))
    return Speaker("d" * 64, 7, model, model.store)


def frames(
    importers: list[str | None], *, change: str = "new", code: str | None = "870323", value: int = 15_000_000
) -> dict[str, pl.DataFrame]:
    """Consignments of these importers, each with goods of one heading, else at a third of the usual price."""
    numbers = list(range(len(importers)))
    return {
        "message": frame(MESSAGE, {"message": [0]}),
        "consignments": frame(CONSIGNMENT, {"consignment": numbers, "message": [0] * len(numbers)}),
        "goods_items": frame(
            GOODS_ITEM,
            {
                "consignment": numbers,
                "goods_item": [1] * len(numbers),
                "place": [f"row {number}" for number in numbers],
                "commodity_code": [code] * len(numbers),
                "net_mass_g": [50_000_000] * len(numbers),
                "customs_value_minor": [value] * len(numbers),
                "customs_value_currency": ["EUR"] * len(numbers),
            },
        ),
        "equipment": frame(EQUIPMENT),
        "parties": frame(
            PARTY,
            {"consignment": numbers, "role_code": ["CN"] * len(numbers), "party_id": importers},
        ),
        "versions": frame(VERSION, {"consignment": numbers, "change": [change] * len(numbers)}),
    }


def told(importers: list[str | None], **how: str | int | None) -> Said:
    ids = pl.Series([f"ID{number}" for number in range(len(importers))])
    return said(speaker(), frames(importers, **how), ids=ids, on=DAY)  # type: ignore[arg-type]


def test_reasons_of_each_consignment_add_up_to_the_points_it_is_given() -> None:
    spoke = told([f"I{each}" for each in range(90)])
    assert spoke.learned.schema == pl.Schema(LEARNED)
    assert spoke.reasons.schema == pl.Schema(REASON)
    summed = spoke.reasons.group_by("consignment").agg(pl.col("points").sum()).sort("consignment")
    given = spoke.learned.filter(pl.col("points") != 0).select("consignment", "points")
    assert given.height > 5
    assert summed.equals(given)
    assert given["points"].min() >= LEAST_POINTS
    assert set(spoke.reasons["profile_version"]) == {7}
    assert not spoke.reasons["mandatory"].any()


def test_who_was_found_often_is_likelier_than_who_never_was() -> None:
    spoke = told(["I0", "I1"], value=45_000_000).learned
    assert spoke["chance_ppm"][0] > spoke["chance_ppm"][1]
    assert ((spoke["low_ppm"] <= spoke["chance_ppm"]) & (spoke["chance_ppm"] <= spoke["high_ppm"])).all()


def test_the_same_consignments_give_the_same_bytes_in_any_order() -> None:
    importers: list[str | None] = [f"I{each}" for each in range(40)]
    forward, backward = told(importers), told(importers[::-1])
    turned = backward.learned.sort("consignment", descending=True)
    assert forward.learned.drop("consignment").equals(turned.drop("consignment"))


def test_what_lacks_an_importer_or_a_heading_is_not_spoken_of() -> None:
    assert told(["I0", None, "I1"]).learned["consignment"].to_list() == [0, 2]
    assert told(["I0"], code=None).learned.is_empty()
    assert told(["I0"], code="8703").learned.is_empty()


@pytest.mark.parametrize(("change", "spoken"), [("cancelled", 0), ("superseded", 0), ("duplicate", 1), ("changed", 1)])
def test_only_what_is_withdrawn_is_not_spoken_of(change: str, spoken: int) -> None:
    assert told(["I0"], change=change).learned.height == spoken


def test_columns_that_nobody_declares_are_named() -> None:
    assert {"importer_director", "freight_minor"} <= set(told(["I0"]).undeclared)
    assert "importer" not in told(["I0"]).undeclared


def test_a_history_of_later_days_is_refused_but_that_of_the_training_day_is_not() -> None:
    known = date(1970, 1, 1) + timedelta(days=speaker().history.as_of)
    ids = pl.Series(["ID0"])
    assert said(speaker(), frames(["I0"]), ids=ids, on=known - timedelta(days=1)).learned.height == 1
    with pytest.raises(ValueError, match="beyond the day"):
        said(speaker(), frames(["I0"]), ids=ids, on=known - timedelta(days=2))


def test_without_reasons_the_numbers_are_the_same() -> None:
    ids = pl.Series([f"ID{number}" for number in range(30)])
    given = frames([f"I{each}" for each in range(30)])
    short = said(speaker(), given, ids=ids, on=DAY, with_reasons=False)
    assert short.reasons.is_empty()
    whole = said(speaker(), given, ids=ids, on=DAY)
    assert short.learned.drop("would_change").equals(whole.learned.drop("would_change"))


def test_reasons_point_to_what_they_speak_of() -> None:
    reasons = told(["I0"]).reasons
    assert reasons.height > 2
    shown = {row["profile_id"]: json.loads(row["evidence"]) for row in reasons.iter_rows(named=True)}
    priced = {"field": "goods.customs_value_minor", "value": 15_000_000, "place": "row 0"}
    assert priced in shown["model.unit_value"]
    assert all(set(each) == {"field", "value", "place"} for pieces in shown.values() for each in pieces)


def test_every_reason_of_a_model_says_what_could_be_wrong() -> None:
    assert {group.code for group in GROUPS} == set(RISK_OF) == set(POINTS_TO)
