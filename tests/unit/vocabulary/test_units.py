"""Numbers become integers exactly, or not at all."""

from decimal import Decimal

import pytest

from pratique.vocabulary.units import cubic_decimetres, decimal_number, grams, minor_units


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("750", "KGM", 750_000),
        ("0.1", "KGM", 100),
        ("750", "K", 750_000),
        ("750", "KG", 750_000),
        ("12.5", "TNE", 12_500_000),
        ("12.5", "TON", 12_500_000),
        ("3", "T", 3_000_000),
        ("999", "GRM", 999),
        ("1", "LBR", 454),
        ("100", "L", 45_359),
        ("100000", "LB", 45_359_237),
        ("0.0005", "KGM", 1),
        ("0.0004", "KGM", 0),
        ("1", "kgm ", 1_000),
    ],
)
def test_a_mass_becomes_the_grams_it_says(text: str, unit: str, expected: int) -> None:
    assert grams(text, unit) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-1",
        "+1",
        "1-",
        "1.",
        ".",
        "1,5",
        "1 000",
        "1e3",
        "١٢",
        "0x1",
        "1.2.3",
        "9" * 5000,
        "1.٢",
        "²",
        "1.²",
        "1,2.3",
        "-.5",
    ],
)
def test_text_that_is_no_mass_gives_nothing(text: str) -> None:
    assert grams(text, "KGM") is None


def test_an_unknown_unit_gives_nothing() -> None:
    assert grams("1", "XYZ") is None
    assert cubic_decimetres("1", "KGM") is None


def test_a_mass_beyond_64_bits_gives_nothing() -> None:
    assert grams("9223372036854775.807", "KGM") == 2**63 - 1
    assert grams("9223372036854775.808", "KGM") is None
    assert grams("9223372036854776", "KGM") is None


def test_the_decimal_mark_is_the_one_asked_for() -> None:
    assert grams("1,5", "KGM", mark=",") == 1_500
    assert grams("1.5", "KGM", mark=",") is None
    assert grams("1,5", "KGM", mark=".,") == grams("1.5", "KGM", mark=".,") == 1_500
    assert grams("1.500,5", "KGM", mark=".,") is None


def test_a_number_has_at_most_forty_digits_on_either_side_of_its_mark() -> None:
    assert grams("0" * 39 + "1." + "0" * 40, "KGM") == 1_000
    assert grams("0" * 40 + "1.0", "KGM") is None
    assert grams("0" * 40 + "1", "KGM") is None
    assert grams("1." + "0" * 41, "KGM") is None
    assert grams(".5", "KGM") == 500


def test_no_other_decimal_mark_can_be_asked_for() -> None:
    with pytest.raises(ValueError, match="decimal mark"):
        decimal_number("1", mark="x")


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("12.34", "EUR", 1_234),
        ("12.345", "EUR", 1_235),
        ("1234", "JPY", 1_234),
        ("1.234", "KWD", 1_234),
        ("-12.34", "EUR", -1_234),
        ("5", "???", 500),
        ("--5", "EUR", None),
        ("", "EUR", None),
    ],
)
def test_an_amount_becomes_minor_units_of_its_currency(text: str, currency: str, expected: int | None) -> None:
    assert minor_units(text, currency) == expected


def test_a_volume_becomes_cubic_decimetres() -> None:
    assert cubic_decimetres("33.2", "MTQ") == 33_200
    assert cubic_decimetres("1", "FTQ") == 28
    assert cubic_decimetres("2.5", "LTR") == 3
    assert cubic_decimetres("1", "CBM") == 1_000


def test_a_decimal_number_is_read_exactly() -> None:
    assert decimal_number("0.1") == Decimal("0.1")
    assert decimal_number(".5") == Decimal("0.5")
    assert decimal_number("-7,25", mark=",") == Decimal("-7.25")
