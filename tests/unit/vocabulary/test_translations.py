"""Translations of sentences: whole, with the same fields, and really in their language."""

import re
from importlib.resources import files

import pytest
import yaml

from pratique.flow.risk import render_reason, shipped_profiles
from pratique.flow.risk.render import named_in
from pratique.flow.risk.translated import in_language, sentence_pairs
from pratique.vocabulary.languages import ENGLISH, ISOLATE, LANGUAGES, isolates_closed
from pratique.vocabulary.sentences import known_codes, sentence

TRANSLATED = [language for language in LANGUAGES if language != ENGLISH]
FIELD = re.compile(r"\{\w+(?::\w+)*\}")
LITERAL = re.compile(r"\{[^}]*\}|`[^`]*`")
ENGLISH_WORDS = re.compile(r"\b(the|of|is|was|were|not|with|which|has|have|and|are|been|than|there)\b", re.IGNORECASE)
FIGURES = {"figure.kilograms", "figure.cubic_metres", "figure.percent", "figure.hours", "value.between"}
MARKINGS = {
    f"value.term.{code}" for code in ("amber", "amber_strict", "clear", "green", "red", "h0", "h1", "h2", "h3")
}  # TLP and Europol codes are written in Latin letters everywhere
ALIKE_IN_FRENCH = {
    "value.subject.document",
    "value.item_kind.document",
    "value.agreement_kind.arrangement",
    "value.assistance_type.confiscation",
    "value.assistance_type.documents",
    "value.assistance_type.surveillance",
    "value.condition.urgent",
    "value.request_field.instrument",
    *(f"value.term.{word}" for word in ("corruption", "immigration", "police", "transport")),
}
SAME_IN_BOTH = {
    "fr": FIGURES | MARKINGS | ALIKE_IN_FRENCH,
    "es": FIGURES
    | MARKINGS
    | {"value.no", "value.competence.may_not", "value.term.false", "value.term.oral", "gate.met"},
    "ar": MARKINGS | {"gate.met"},
}
"""What the language shares with English: units, codes, figures put side by side, and words spelled alike."""


def templates(language: str) -> dict[str, str]:
    folder = files("pratique") / "data" / "sentences" / language
    found: dict[str, str] = {}
    for file in folder.iterdir():
        found |= yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return {str(code): template for code, template in found.items()}


def in_arabic_letters(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_code_has_a_sentence_in_every_language_and_no_language_has_others(language):
    assert known_codes(language) == known_codes()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_fields_and_styles_of_the_english_sentence(language):
    english, translated = templates(ENGLISH), templates(language)
    differing = {
        code for code in translated if sorted(FIELD.findall(english[code])) != sorted(FIELD.findall(translated[code]))
    }
    assert differing == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_empty_or_left_in_english(language):
    english, translated = templates(ENGLISH), templates(language)
    assert [code for code, template in translated.items() if not template.strip()] == []
    same = {code for code, template in translated.items() if template == english[code]}
    assert same <= SAME_IN_BOTH[language]
    assert [code for code, template in translated.items() if ENGLISH_WORDS.search(LITERAL.sub("", template))] == []


def test_every_arabic_sentence_has_arabic_letters_and_closes_its_isolates():
    for code, template in templates("ar").items():
        words = LITERAL.sub("", template)
        assert code in MARKINGS or in_arabic_letters(words) or not any(letter.isalpha() for letter in words), code
        assert isolates_closed(template), code


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", "Le message déclare une masse brute de 1\u202f200,5 kg\u202f; ses connaissements totalisent 900 kg."),
        ("es", "El mensaje declara una masa bruta de 1.200,5 kg; sus conocimientos suman 900 kg."),
        ("ar", "الوزن الإجمالي المصرّح به في الرسالة \u20681,200.5 كغ\u2069؛ ومجموعه في البوالص \u2068900 كغ\u2069."),
    ],
)
def test_a_sentence_of_each_language_renders(language, told):
    params = {"declared": 1_200_500, "computed": 900_000}
    assert sentence("totals.gross_mass_differ", params, language) == told


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_shipped_indicator_is_translated_from_its_present_sentence_with_its_fields(language):
    pairs = sentence_pairs(language)
    assert {id_: english for id_, (english, _) in pairs.items()} == {one.id: one.sentence for one in shipped_profiles()}
    for id_, (english, translation) in pairs.items():
        assert sorted(named_in(english)) == sorted(named_in(translation)), id_
        assert not ENGLISH_WORDS.search(LITERAL.sub("", translation)), id_
        assert language != "ar" or in_arabic_letters(translation), id_


def test_an_officers_own_sentence_is_never_replaced_by_a_translation_of_another():
    own = "Officers of this port wrote {consignee_name} here."
    assert in_language("parties.consignee_new", own, "fr") == own
    assert render_reason("parties.consignee_new", own, {"consignee_name": "X"}, "fr") == own.format(consignee_name="X")


def test_a_reason_is_told_in_the_language_of_its_reader():
    params = {"equipment.equipment_id": "QZHU4820166", "equipment.load_g": 1_234_000}
    (profile,) = (one for one in shipped_profiles() if one.id == "mass.full_but_light")
    told = {tag: render_reason(profile.id, profile.sentence, params, tag) for tag in LANGUAGES}
    assert told["en"] == "Container QZHU4820166 is declared full and carries 1,234 kg only."
    assert told["fr"] == "Le conteneur QZHU4820166 est déclaré plein et ne porte que 1\u202f234 kg."
    assert told["es"] == "El contenedor QZHU4820166 se declara lleno y solo lleva 1.234 kg."
    assert told["ar"].count(ISOLATE) == 2


def test_what_is_not_known_says_so_in_the_language():
    assert render_reason("parties.consignee_new", "{consignee_name}", {}, "ar") == "\u2068(غير مذكور)\u2069"
    assert render_reason("own.x", "{consignee_name}", {}, "fr") == "(non déclaré)"


def test_codes_in_a_sentence_are_told_in_words():
    params = {"consignee_name": "A", "linked_names": ["B", "C"], "linked_by": ["address", "number"]}
    (profile,) = (one for one in shipped_profiles() if one.id == "combinations.linked_split")
    told = {tag: render_reason(profile.id, profile.sentence, params, tag) for tag in ("en", "fr", "ar")}
    assert told["en"] == "A and B, C share an address, a number and receive the same kind of goods in small lots."
    assert "une adresse, un numéro" in told["fr"]
    assert "\u2068عنوان، رقم\u2069" in told["ar"]


def test_every_theme_and_concern_of_the_risk_data_has_a_name():
    data = files("pratique") / "data" / "risk"
    kinds = {"description_themes.csv": -1, "code_themes.csv": -1, "sensitive_pairs.csv": -1, "route_concerns.csv": -1}
    for name, column in kinds.items():
        lines = [line for line in (data / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        for line in lines[1:]:
            assert f"value.theme.{line.split(',')[column]}" in known_codes(), (name, line)
