"""What controls achieved: counts by hand, intervals, the random part, and the outcome test."""

from datetime import date

import polars as pl
import pytest

from pratique.flow.controls.effectiveness import FIRED, POPULATION, TOO_OFTEN, TOO_SELDOM, effectiveness
from pratique.flow.controls.results import CONTROL_RESULT
from pratique.vocabulary.intervals import wilson

DAY = date(2026, 10, 5)


def population(*rows: tuple[str, str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=POPULATION, orient="row")


def result(
    consignment: str, found: bool, *, by: str = "risk", control: str = "scan", duty: int | None = None
) -> dict[str, object]:
    return {
        "consignment": consignment,
        "run": "R1",
        "controlled_on": DAY,
        "known_on": date(2026, 10, 7),
        "control_type": control,
        "found": found,
        "duty_recovered_minor": duty,
        "duty_currency": None if duty is None else "EUR",
        "drawn_at_random": by == "random",
        "probability": {"random": 0.1, "risk": 1.0, "officer": None}[by],
    }


def results(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CONTROL_RESULT)


def test_counts_are_those_of_a_person_and_a_result_of_another_period_enters_no_share() -> None:
    known = population(*((f"C{n}", "PORT", "CN" if n < 6 else "DE", f"T{n % 3}") for n in range(10)))
    told = effectiveness(
        known,
        pl.DataFrame([("C0", "P1"), ("C1", "P1"), ("C2", "P2")], schema=FIRED, orient="row"),
        results(
            result("C0", True, duty=500),
            result("C1", False, control="open"),
            result("C2", True, by="officer", duty=70),
            result("C3", False, by="random"),
            result("OLD", True),
        ),
    )
    assert (told.consignments, told.controlled, told.unplaced) == (10, 4, 1)
    assert [(each.name, each.controlled, each.found) for each in told.by_reason] == [
        ("officer", 1, 1),
        ("random", 1, 0),
        ("risk", 2, 1),
    ]
    assert [(each.name, each.controlled, each.found) for each in told.by_control] == [("open", 1, 0), ("scan", 3, 2)]
    assert [(each.name, each.controlled, each.found) for each in told.by_profile] == [("P1", 2, 1), ("P2", 1, 1)]
    assert (told.unnecessary.controlled, told.unnecessary.found) == (3, 1)
    assert told.recovered_minor == (("EUR", 570),)
    assert told.days_until_known == pytest.approx(2.0)
    assert [(each.name, each.consignments, each.selected_permille) for each in told.origins] == [
        ("CN", 6, 333),
        ("DE", 4, 0),
    ]


def test_only_the_random_part_speaks_of_what_nobody_controlled() -> None:
    known = population(*((f"C{n}", "PORT", "CN", "T") for n in range(1000)))
    drawn = [result(f"C{n}", n < 4, by="random") for n in range(100)]
    told = effectiveness(known, pl.DataFrame(schema=FIRED), results(*drawn))
    low, high = wilson(0.04, 100)
    assert told.missed is not None
    assert told.missed[0] <= 900 * low <= 900 * high <= told.missed[1] <= 900 * high + 1
    assert effectiveness(known, pl.DataFrame(schema=FIRED), results(result("C0", True))).missed is None


def test_a_group_controlled_more_while_less_is_found_is_told_and_the_other_one_too() -> None:
    known = population(
        *((f"A{n}", "PORT", "AA", f"a{n}") for n in range(400)), *((f"B{n}", "PORT", "BB", f"b{n}") for n in range(400))
    )
    often = [result(f"A{n}", n < 2) for n in range(200)]
    seldom = [result(f"B{n}", n < 20) for n in range(40)]
    told = effectiveness(known, pl.DataFrame(schema=FIRED), results(*often, *seldom))
    assert {each.name: each.sign for each in told.origins} == {"AA": TOO_OFTEN, "BB": TOO_SELDOM}
    alike = [result(f"{group}{n}", n < 10) for group in "AB" for n in range(100)]
    told = effectiveness(known, pl.DataFrame(schema=FIRED), results(*alike))
    assert {each.sign for each in told.origins} == {None}


def test_nothing_at_all_is_told_as_nothing() -> None:
    told = effectiveness(population(), pl.DataFrame(schema=FIRED), results())
    assert (told.consignments, told.controlled, told.by_reason, told.missed, told.days_until_known) == (
        0,
        0,
        (),
        None,
        None,
    )
