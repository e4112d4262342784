"""Sentences: every code has one, none can raise, and figures are shown as people read them."""

import re
from importlib.resources import files

import pytest
import yaml

from pratique.flow.risk import parse_profile
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.sentences import fill, kilograms, known_codes, money, retold, sentence


def test_a_code_becomes_its_sentence():
    assert sentence("commodity.odd_length", {"value": "10121"}).startswith("The commodity code 10121 has an odd number")


def test_a_missing_parameter_is_told_as_missing():
    told = sentence("location.format", {"value": "DET"})
    assert told == "DET ((not stated)) does not have the form of a UN/LOCODE."
    assert fill("{a} and {b}", {"a": None, "b": 0}) == "(not stated) and 0"


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_no_sentence_shows_a_reader_the_name_of_a_field_whatever_is_missing(language):
    told = {code: sentence(code, {}, language) for code in known_codes(language) if not code.startswith("figure.")}
    assert len(told) > 1000
    assert [text for text in told.values() if re.search(r"\{\w*[:}]", text)] == []


def test_a_code_without_a_sentence_hides_nothing():
    assert sentence("no.such_code", {"value": "x", "count": 3}) == "no.such_code: value x, count 3"
    assert sentence("no.such_code", {}) == "no.such_code"


@pytest.mark.parametrize("language", ["xx", "de-CH", "../../codes", "en/../en", "", "EN", "a" * 500])
def test_a_language_that_is_not_there_falls_back_to_english(language):
    assert sentence("awb.format", {"value": "1"}, language) == sentence("awb.format", {"value": "1"})


def test_a_value_cannot_smuggle_a_field_or_reach_into_an_object():
    assert fill("{a}", {"a": "{b}", "b": "secret"}) == "{b}"
    assert fill("{a.__class__} {a[0]} {0}", {"a": "x"}) == "{a.__class__} {a[0]} (not stated)"
    assert fill("100 % of {a} {", {"a": 1}) == "100 % of 1 {"


@pytest.mark.parametrize(
    ("grams", "shown"),
    [
        (0, "0 kg"),
        (1, "0.001 kg"),
        (500, "0.5 kg"),
        (1_234_500, "1,234.5 kg"),
        (30_480_000, "30,480 kg"),
        (-1000, "-1 kg"),
    ],
)
def test_grams_are_shown_in_kilograms(grams, shown):
    assert kilograms(grams) == shown


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (123_450, "EUR", "1,234.50 EUR"),
        (5, "EUR", "0.05 EUR"),
        (1_234, "JPY", "1,234 JPY"),
        (-1_234, "BHD", "-1.234 BHD"),
        (7, "XAU", "7 minor units of XAU"),
        (7, None, "7 minor units of an unnamed currency"),
    ],
)
def test_minor_units_are_shown_in_the_currency(minor, currency, shown):
    assert money(minor, currency) == shown


def test_a_template_may_ask_for_kilograms_and_money():
    params = {"mass": 1500, "value": 100, "currency": "JPY", "other": "EUR", "text": "heavy"}
    assert fill("{mass:kilograms}; {value:money}; {value:money:other}", params) == "1.5 kg; 100 JPY; 1.00 EUR"
    assert fill("{text:kilograms}", params) == "heavy"


def test_no_code_has_two_english_sentences():
    seen: dict[str, str] = {}
    for file in (files("pratique") / "data" / "sentences" / "en").iterdir():
        if file.name.endswith(".yaml"):
            for code in yaml.safe_load(file.read_text(encoding="utf-8")) or {}:
                assert code not in seen, f"{code} stands in {seen.get(code)} and in {file.name}"
                seen[code] = file.name
    assert known_codes() == seen.keys()


def test_values_are_isolated_in_arabic_and_only_there():
    assert fill("الحاوية {a}.", {"a": "QZHU 482016 6"}, "ar") == "الحاوية \u2068QZHU 482016 6\u2069."
    assert fill("Box {a}.", {"a": "QZHU 482016 6"}, "en") == "Box QZHU 482016 6."


def test_a_value_cannot_leave_its_isolate():
    told = fill("{a}", {"a": "x\u2069\u202e\u200fy\u2068\u2067"}, "ar")
    assert told == "\u2068xy\u2069"


def test_figures_have_the_separators_and_units_of_the_language():
    assert kilograms(1_234_500, "fr") == "1\u202f234,5 kg"
    assert money(123_450, "EUR", "es") == "1.234,50 EUR"
    assert kilograms(1_234_500, "ar").startswith("1,234.5 ")


def test_a_regional_tag_reads_its_language():
    assert known_codes("fr-CA") == known_codes("fr") != frozenset()
    assert known_codes("de") == frozenset()


def test_an_error_is_told_again_in_another_language():
    error = PratiqueError(
        "lists.no_source", "There is no list source x.", category=Category.NOT_FOUND, todo="The sources are: y."
    )
    error.params = {"source": "x", "known": "y"}
    told = retold(error, "fr")
    assert (told.code, told.category, told.kept) == ("lists.no_source", Category.NOT_FOUND, "")
    assert told.happened != error.happened
    assert told.todo.endswith("y.")
    assert told.todo != error.todo
    assert retold(error, "en").happened == error.happened


def test_an_error_whose_code_wants_values_that_are_not_known_stays_as_it_is():
    error = PratiqueError("lists.no_source", "Made by hand.")
    assert retold(error, "fr") is error


def test_a_fault_inside_a_fault_is_told_again_too():
    with pytest.raises(PratiqueError) as caught:
        parse_profile(
            "id: a\nsentence: s\nrule: gros_mass_g > 1\nowner: o\nlegal_basis: l\nrisk_type: security\npoints: 1\n"
            "valid_from: 2026-01-01\ncontrol: none\n"
        )
    told = retold(caught.value, "es")
    assert sentence("rules.unknown_field", caught.value.__cause__.params, "es") in told.happened
    assert told.todo == sentence("profiles.todo", {}, "es") != caught.value.todo


def test_an_error_that_no_template_made_keeps_its_words_behind_what_its_code_says():
    error = PratiqueError("lists.broken", "SDN.CSV, line 3: not a CSV row.", kept="The list in force stays.")
    assert retold(error, "en") is error
    assert retold(error, "fr").happened == f"{sentence('lists.broken', {}, 'fr')} SDN.CSV, line 3: not a CSV row."
    plain = PratiqueError("intake.empty", "The file is empty.")
    assert retold(plain, "es").happened == "El archivo está vacío."


def test_a_template_may_ask_for_the_words_of_codes():
    told = fill("{able:words:officer}", {"able": "targeting, manager, juggler"}, "es")
    assert told == "Funcionario de selección de riesgos, Responsable, juggler"


def test_what_was_kept_and_what_to_do_are_translated_where_they_are_the_shipped_words():
    error = PratiqueError(
        "lists.broken", "x", kept="The version in force stays in force.", todo="Download the file itself."
    )
    told = retold(error, "es")
    assert told.kept == "La versión vigente sigue vigente."
    assert told.todo == "Download the file itself."
