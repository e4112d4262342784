"""Signs of misuse, each on reads where it must and must not show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from pratique.node.access.misuse import (
    OFFICERS,
    PARTIES,
    READS,
    SIGNS,
    all_signs,
    mass_reads,
    odd_hours,
    out_of_shift,
    own_name,
)

MONDAY = datetime(2026, 10, 5, 9, tzinfo=UTC)


def reads(*rows: tuple[datetime, str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=READS, orient="row")


def officers(*logins: str, zone: str = "UTC", opens: int = 360, closes: int = 1320, interests=()) -> pl.DataFrame:
    rows = [
        (f"officer:{each}", f"{each.title()} Valmar", list(interests), zone, opens, closes, [1, 2, 3, 4, 5])
        for each in logins
    ]
    return pl.DataFrame(rows, schema=OFFICERS, orient="row")


def parties(*rows: tuple[str, str | None, str | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=PARTIES, orient="row")


def found(signs: pl.DataFrame) -> list[tuple[str, str, int]]:
    return [(row["sign"], row["actor"], row["count"]) for row in signs.iter_rows(named=True)]


@pytest.mark.parametrize("name", ["VALMAR, INES", "Inès Valmar", "Valmar Trading SARL"])
def test_record_with_the_own_name_or_family_name_is_a_sign(name: str) -> None:
    signs = own_name(reads((MONDAY, "officer:ines", "AAAA0001")), officers("ines"), parties(("AAAA0001", name, None)))
    assert found(signs) == [("own_name", "officer:ines", 1)]
    assert signs["subjects"].to_list() == [["AAAA0001"]]


@pytest.mark.parametrize("name", ["Ines Trading", "Valmary Ltd", "Northwind Export", None])
def test_other_names_are_none(name: str | None) -> None:
    signs = own_name(reads((MONDAY, "officer:ines", "AAAA0001")), officers("ines"), parties(("AAAA0001", name, None)))
    assert found(signs) == []


def test_declared_address_is_looked_for_in_any_spelling() -> None:
    known = officers("ines", interests=["12 Rue du Port, Mombasa"])
    signs = own_name(
        reads((MONDAY, "officer:ines", "AAAA0001")), known, parties(("AAAA0001", "X", "MOMBASA, RUE DU PORT 12"))
    )
    assert found(signs) == [("own_name", "officer:ines", 1)]


def _day(actor: str, count: int, day: int = 0) -> list[tuple[datetime, str, str]]:
    return [(MONDAY + timedelta(days=day, seconds=each), actor, f"C{day}-{each}") for each in range(count)]


def test_four_times_what_is_usual_for_the_officer_and_colleagues_is_a_mass() -> None:
    rows = [row for day in range(4) for row in _day("officer:ines", 30, day) + _day("officer:omar", 40, day)]
    calm = _day("officer:ines", 160, 4)
    assert found(mass_reads(reads(*rows, *calm), officers("ines", "omar"))) == []
    mass = _day("officer:ines", 161, 4)
    signs = mass_reads(reads(*rows, *mass), officers("ines", "omar"))
    assert found(signs) == [("mass_reads", "officer:ines", 161)]
    assert signs["usual"].to_list() == [40]


def test_same_record_again_and_again_is_no_mass() -> None:
    again = [(MONDAY + timedelta(seconds=each), "officer:ines", "AAAA0001") for each in range(500)]
    assert found(mass_reads(reads(*again), officers("ines"))) == []


@pytest.mark.parametrize(("hours", "sign"), [(0, False), (12.9, False), (13, True), (-3.1, True), (24 * 5, True)])
def test_out_of_shift_is_judged_by_the_hours_and_days_of_the_office(hours: float, sign: bool) -> None:
    signs = out_of_shift(reads((MONDAY + timedelta(hours=hours), "officer:ines", "A")), officers("ines"))
    assert bool(found(signs)) is sign


@pytest.mark.parametrize(("hour", "sign"), [(22, False), (29, False), (31, True), (2, True)])
def test_night_shift_that_began_on_an_open_day_goes_on_past_midnight(hour: int, sign: bool) -> None:
    night = officers("ines", opens=1260, closes=360)  # 21:00 to 06:00, Monday to Friday
    at = MONDAY.replace(hour=0) + timedelta(hours=hour)
    assert bool(found(out_of_shift(reads((at, "officer:ines", "A")), night))) is sign


def test_hours_are_those_of_the_office_not_of_the_server() -> None:
    at = MONDAY.replace(hour=20)  # 23:00 in Nairobi
    signs = out_of_shift(reads((at, "officer:ines", "A")), officers("ines", zone="Africa/Nairobi"))
    assert found(signs) == [("out_of_shift", "officer:ines", 1)]


def test_hour_at_which_a_known_officer_hardly_ever_worked_is_odd() -> None:
    usual = [row for day in range(10) for row in _day("officer:ines", 25, day)]
    night = (MONDAY + timedelta(days=10, hours=14), "officer:ines", "N")
    assert found(odd_hours(reads(*usual, night), officers("ines"))) == [("odd_hours", "officer:ines", 1)]
    assert found(odd_hours(reads(*usual[:199], night), officers("ines"))) == []


def test_nothing_read_gives_no_sign() -> None:
    signs = all_signs(reads(), officers("ines"), parties())
    assert signs.is_empty()
    assert signs.columns == list(SIGNS)
