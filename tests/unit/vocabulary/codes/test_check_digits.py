"""Codes with a check digit: vectors written by others, and what writing is taken off."""

import json

import polars as pl
import pytest

from pratique.vocabulary.codes import air_waybill, container, dangerous_goods, postal_item, vessel
from samples import sample


def vectors(name: str) -> list[tuple[str, bool]]:
    return [(code, answer) for code, answer in json.loads(sample("messages/codes/check_digits.json").read_text())[name]]


@pytest.mark.parametrize(
    ("name", "normalise", "is_valid", "valid"),
    [
        ("iso6346_container", container.normalise, container.is_valid, container.valid),
        ("imo_ship", vessel.normalise_imo, vessel.is_valid_imo, vessel.valid_imo),
        ("upu_s10_item", postal_item.normalise, postal_item.is_valid, postal_item.valid),
        ("iata_awb_mod7", air_waybill.normalise, air_waybill.is_valid, air_waybill.valid),
    ],
)
def test_published_vectors_are_judged_alike_one_by_one_and_as_a_column(name, normalise, is_valid, valid):
    codes = [(normalise(code), answer) for code, answer in vectors(name)]
    assert [is_valid(code) for code, _ in codes] == [answer for _, answer in codes]
    assert valid(pl.Series([code for code, _ in codes])).to_list() == [answer for _, answer in codes]


@pytest.mark.parametrize("valid", [container.valid, vessel.valid_imo, postal_item.valid, air_waybill.valid])
def test_a_missing_code_is_neither_right_nor_wrong(valid):
    assert valid(pl.Series([None, ""], dtype=pl.String)).to_list() == [None, False]
    assert valid(pl.Series([], dtype=pl.String)).to_list() == []


def test_a_container_number_is_read_through_blanks_hyphens_dots_slashes_and_case():
    written = ["csqu 305438-3", "CSQU/305.438/3", " CSQU3054383\u00a0"]
    assert [container.normalise(text) for text in written] == ["CSQU3054383"] * 3
    column = pl.DataFrame({"id": written}).select(container.normalised(pl.col("id"))).to_series()
    assert column.to_list() == ["CSQU3054383"] * 3


def test_a_remainder_of_ten_is_written_as_check_digit_zero():
    assert container.check_digit("HLXU200841") == 9
    tens = [f"AAAU{number:06d}" for number in range(200) if container.check_digit(f"AAAU{number:06d}") == 0]
    values = dict(zip("AU0123456789", [10, 32, *range(10)], strict=True))
    remainders = {sum(values[sign] * 2**at for at, sign in enumerate(number)) % 11 for number in tens}
    assert remainders == {0, 10}


@pytest.mark.parametrize(
    "text", ["CSQX3054383", "CSQU305438", "CSQU30543833", "1SQU3054383", "CSQU30543 3", "CSQU3O54383"]
)
def test_another_shape_is_no_container_number(text):
    assert not container.has_shape(text)
    assert not container.is_valid(text)
    assert container.valid(pl.Series([text])).to_list() == [False]


def test_the_right_check_digit_is_given_where_the_first_ten_characters_allow_one():
    column = pl.Series(["CSQU3054384", "CSQU305438", "CSQU30543", None])
    assert container.check_digits(column).to_list() == [3, 3, None, None]


def test_a_check_digit_alone_is_no_proof_of_a_ship():
    assert vessel.is_valid_imo("1234567")


def test_an_imo_number_is_read_without_its_prefix():
    assert [vessel.normalise_imo(text) for text in ("IMO 9074729", "imo9074729", "IMO No. 9074729", "9074729")] == [
        "9074729"
    ] * 4


def test_an_mmsi_of_a_ship_has_nine_digits_and_begins_with_two_to_seven():
    column = pl.Series(["244660000", "044660000", "94466000", "24466000A", None])
    assert vessel.ship_mmsi(column).to_list() == [True, False, False, False, None]
    assert vessel.is_ship_mmsi("244660000")
    assert not vessel.is_ship_mmsi("044660000")


def test_a_un_number_has_four_digits_and_is_not_zero():
    given = ["UN 1263", "un1263", "1263", "0004"]
    assert [dangerous_goods.normalise(text) for text in given] == ["1263", "1263", "1263", "0004"]
    column = pl.Series(["1263", "0004", "0000", "126", "4000", "12633", "126A", None])
    assert dangerous_goods.shaped(column).to_list() == [True, True, False, False, False, False, False, None]
    assert dangerous_goods.has_shape("3560")


def test_digits_of_other_scripts_are_not_taken_for_digits():
    arabic = "٩٠٧٤٧٢٩"
    assert not vessel.is_valid_imo(arabic)
    assert vessel.valid_imo(pl.Series([arabic])).to_list() == [False]
    assert air_waybill.valid(pl.Series(["888١١١١١١١١"])).to_list() == [False]
