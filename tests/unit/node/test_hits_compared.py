"""Which field of a hit carries its points."""

import json

import polars as pl

from pratique.node.hits.compared import fields_compared

LISTED = pl.DataFrame(
    {"identifiers": [None], "countries": [None], "address": ["1 QUAY"], "birth_dates": [None]},
    schema={
        "identifiers": pl.List(pl.String),
        "countries": pl.List(pl.String),
        "address": pl.String,
        "birth_dates": pl.List(pl.String),
    },
)


def points(score: int, *reasons: tuple[str, dict[str, object]]) -> dict[str, int]:
    told = json.dumps([{"code": f"screening.{code}", "params": params} for code, params in reasons])
    hit = {"screened_value": "A", "listed_name": "B", "score_permille": score, "reasons": told}
    return {each.field: each.points for each in fields_compared(hit, {}, LISTED) if each.points}


def test_a_number_that_is_the_listed_one_carries_the_points_and_not_the_name() -> None:
    number = ("identifier_equal", {"scheme": "container", "number": "ZJKU0818152"})
    assert points(1000, number) == {"number": 1000}


def test_a_name_carries_what_the_other_fields_do_not() -> None:
    country = ("country_differs", {"declared": "KE", "listed": "LY", "points": -50})
    assert points(700, country) == {"name": 750, "country": -50}


def test_a_number_the_list_keeps_as_a_name_stands_on_both_sides() -> None:
    told = json.dumps([{"code": "screening.identifier_equal", "params": {"scheme": "container", "number": "X1"}}])
    hit = {"screened_value": "X1", "listed_name": "X1", "score_permille": 1000, "reasons": told}
    (number,) = (each for each in fields_compared(hit, {}, LISTED) if each.field == "number")
    assert (number.declared, number.listed) == (("X1",), ("X1",))
