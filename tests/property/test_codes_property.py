"""Check digits on random input: a column agrees with one-by-one, and both with implementations by others."""

import re

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from stdnum import imo, iso6346

from pratique.vocabulary.codes import air_waybill, commodity, container, postal_item, vessel

NEARLY_CONTAINERS = st.from_regex(r"\A[A-Z]{2,4}[UJZX][0-9]{6,8}\Z") | st.text(max_size=14)
SEVEN_DIGITS = st.from_regex(r"\A[0-9]{6,8}\Z") | st.text(max_size=9)


@given(st.from_regex(r"\A[A-Z]{3}[UJZ][0-9]{7}\Z"))
def test_container_numbers_are_judged_as_stdnum_does(number):
    assert container.is_valid(number) is iso6346.is_valid(number)
    assert str(container.check_digit(number)) == iso6346.calc_check_digit(number[:10])


@given(st.from_regex(r"\A[0-9]{7}\Z"))
def test_imo_numbers_are_judged_as_stdnum_does(number):
    assert vessel.is_valid_imo(number) is imo.is_valid(number)


@given(st.lists(NEARLY_CONTAINERS | st.none(), max_size=8))
def test_a_column_of_container_numbers_is_judged_as_one_by_one(numbers):
    column = pl.Series(numbers, dtype=pl.String)
    assert container.valid(column).to_list() == [None if text is None else container.is_valid(text) for text in numbers]


@given(st.lists(SEVEN_DIGITS | st.none(), max_size=8))
def test_a_column_of_imo_numbers_is_judged_as_one_by_one(numbers):
    column = pl.Series(numbers, dtype=pl.String)
    assert vessel.valid_imo(column).to_list() == [
        None if text is None else vessel.is_valid_imo(text) for text in numbers
    ]


@given(st.lists(st.from_regex(r"\A[0-9]{10,12}\Z") | st.none(), max_size=8))
def test_a_column_of_air_waybills_is_judged_as_one_by_one(numbers):
    column = pl.Series(numbers, dtype=pl.String)
    judged = [None if text is None else air_waybill.is_valid(text) for text in numbers]
    assert air_waybill.valid(column).to_list() == judged


@given(st.lists(st.from_regex(r"\A[A-Z]{2}[0-9]{8,9}[A-Z]{2}\Z") | st.none(), max_size=8))
def test_a_column_of_postal_items_is_judged_as_one_by_one(numbers):
    column = pl.Series(numbers, dtype=pl.String)
    judged = [None if text is None else postal_item.is_valid(text) for text in numbers]
    assert postal_item.valid(column).to_list() == judged


@given(st.from_regex(r"\A[A-Z]{3}[UJZ][0-9]{6}\Z"), st.integers(4, 9), st.integers(1, 9))
def test_one_wrong_digit_is_seen_unless_the_remainders_are_ten_and_zero(start, at, step):
    number = f"{start}{container.check_digit(start)}"
    wrong = f"{number[:at]}{(int(number[at]) + step) % 10}{number[at + 1 :]}"
    assert container.is_valid(number)
    if container.is_valid(wrong):
        difference = (int(wrong[at]) - int(number[at])) * 2**at
        assert number[10] == "0"
        assert difference % 11 in (1, 10)


@given(st.lists(st.text(alphabet="abcXYZ019 -./\t", max_size=12), max_size=10))
def test_normalising_a_column_is_normalising_one_by_one_and_twice_changes_nothing(texts):
    frame = pl.DataFrame({"x": texts}, schema={"x": pl.String})
    for one, column in (
        (container.normalise, container.normalised),
        (vessel.normalise_imo, vessel.normalised_imo),
        (commodity.normalise, commodity.normalised),
        (air_waybill.normalise, air_waybill.normalised),
        (postal_item.normalise, postal_item.normalised),
    ):
        singly = [one(text) for text in texts]
        assert frame.select(column(pl.col("x"))).to_series().to_list() == singly
        assert [one(text) for text in singly] == singly
        assert all(re.search(r"[ \-./\t]", text) is None for text in singly)
