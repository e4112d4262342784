"""Attribution, gain and waves: counted by hand, and weighted by the chance of control."""

from datetime import date, timedelta

import polars as pl

from pratique.flow.controls.attribution import RANKED, by_name, gain, spoke, waves
from pratique.flow.controls.results import CONTROL_RESULT

DAY = date(2026, 10, 5)


def result(consignment: str, found: bool, *, chance: float | None = 1.0, **more: object) -> dict[str, object]:
    told = {"run": "R", "controlled_on": DAY, "known_on": DAY, "control_type": "scan", "drawn_at_random": False}
    return {"consignment": consignment, "found": found, "probability": chance, **told, **more}


def results(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CONTROL_RESULT)


def test_a_control_counts_for_every_source_that_spoke_for_it() -> None:
    told = by_name(
        spoke([("A", "list"), ("A", "rules"), ("A", "rules"), ("B", "rules"), ("C", "history"), ("X", "list")]),
        results(result("A", True), result("B", False), result("C", False)),
    )
    assert [(each.name, each.controlled, each.found) for each in told] == [
        ("list", 1, 1),
        ("rules", 2, 1),
        ("history", 1, 0),
    ]


def curve(scores: dict[str, int], *rows: dict[str, object]) -> dict[int, int]:
    ranked = pl.DataFrame(list(scores.items()), schema=RANKED, orient="row")
    found = gain(ranked, results(*rows))
    assert found is not None
    return {point.controlled_permille: point.found_permille for point in found.curve}


def test_a_perfect_ranking_finds_all_at_once_and_a_blind_one_runs_straight() -> None:
    scores = {f"C{n}": 100 - n for n in range(10)}
    perfect = curve(scores, *(result(f"C{n}", n < 2) for n in range(10)))
    assert (perfect[0], perfect[100], perfect[200], perfect[1000]) == (0, 500, 1000, 1000)
    blind = curve(dict.fromkeys(scores, 5), *(result(f"C{n}", n < 2) for n in range(10)))
    assert blind == {step: step for step in range(0, 1001, 50)}


def test_a_result_that_was_drawn_stands_for_all_that_were_not() -> None:
    told = curve({"A": 90, "B": 10}, result("A", True), result("B", True, chance=0.25, drawn_at_random=True))
    assert told[200] == 200  # one of five
    assert told[1000] == 1000


def test_without_a_find_or_a_chance_there_is_no_gain_to_show() -> None:
    ranked = pl.DataFrame([("A", 1)], schema=RANKED, orient="row")
    assert gain(ranked, results(result("A", False))) is None
    assert gain(ranked, results(result("A", True, chance=None))) is None
    assert gain(ranked, results()) is None


def test_a_wave_is_known_once_it_was_found_three_times() -> None:
    def found(consignment: str, threat: str, day: int, *, lot: bool = False) -> dict[str, object]:
        on = DAY + timedelta(days=day)
        return result(consignment, True, finding_kind=threat, controlled_on=on, drawn_at_random=lot)

    new, old = waves(
        results(
            found("A", "drugs", 12),
            found("B", "drugs", 5, lot=True),
            found("C", "undervaluation", 0),
            found("D", "undervaluation", 3),
            found("E", "undervaluation", 9),
            result("F", False),
        )
    )
    assert (new.threat, new.finds, new.first_on, new.days_to_third) == ("drugs", 2, DAY + timedelta(days=5), None)
    assert new.first_by_lot
    assert (old.threat, old.finds, old.days_to_third, old.first_by_lot) == ("undervaluation", 3, 9, False)
