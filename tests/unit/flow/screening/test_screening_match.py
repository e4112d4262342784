"""How two names are compared, and that the comparison explains itself."""

from __future__ import annotations

import json

import pytest

from pratique.flow.screening import compare, score_from_reasons
from pratique.flow.screening.doubts import OWN_WORDS, UNSAID
from pratique.flow.screening.match import NUMBERS_DIFFER

SAME = [
    ("HUSSEIN MOHAMMAD ALI", "HUSSEIN, Mohammad Ali", "person"),
    ("ALI MOHAMMAD HUSSEIN", "HUSSEIN, Mohammad Ali", "person"),
    ("CNOOC ENERGY TECH & SRVCES", "CNOOC Energy Technology and Services Limited", "organisation"),
    ("TO THE ORDER OF CIMEX S.A.", "CIMEX, S.A.", "party"),
    ("Владимир Иванов", "IVANOV, Vladimir", "person"),
]
CLOSE = [
    ("MOHAMMDA ALI HUSSEIN", "HUSSEIN, Mohammad Ali", "person"),
    ("ZARKARI MOHAMMADHASNI", "Zarkari Mohammad Hasni", "person"),
    ("ZARKARI MOHAMMAD HASNI", "Zarkari Mohammadhasni", "person"),
    ("JOHN SMITHSON", "John Adam Smithson", "person"),
    ("COMERCIALIZACION DE PRODUCTOS VARIA", "COMERCIALIZACION DE PRODUCTOS VARIADOS DEL SUR", "organisation"),
]
OTHERS = [
    ("JOHN BROWN", "John Smith", "person"),
    ("EMMA LLC", "Emma Daniels", "party"),
    ("GENERAL TRADING LLC", "AZARI GENERAL TRADING LLC", "organisation"),
    ("STAR 1", "STAR 2", "vessel"),
    ("TO ORDER", "ORDER BANK", "party"),
    ("?!", "?!", "party"),
]


@pytest.mark.parametrize(("left", "right", "kind"), SAME)
def test_the_same_name_in_another_order_script_or_legal_form_scores_as_itself(left: str, right: str, kind: str) -> None:
    assert compare(left, right, kind).score == compare(right, right, kind).score


@pytest.mark.parametrize(("left", "right", "kind"), CLOSE)
def test_a_typing_error_a_missing_part_or_a_lost_blank_costs_little(left: str, right: str, kind: str) -> None:
    itself = compare(right, right, kind).score
    assert 0.65 * itself <= compare(left, right, kind).score < itself


@pytest.mark.parametrize(("left", "right", "kind"), OTHERS)
def test_another_name_scores_low(left: str, right: str, kind: str) -> None:
    assert compare(left, right, kind).score < 0.6


def test_a_name_of_rare_words_proves_more_than_one_of_common_words() -> None:
    rare, common = (compare(name, name, "person").score for name in ("ZARKARI QUTEYBE", "MUHAMMAD ALI"))
    assert rare > 0.9 > 0.75 > common


def test_no_score_is_full_and_more_agreeing_words_score_higher() -> None:
    scores = [compare(name, name, "person").score for name in ("ZARKARI", "ZARKARI HASNI", "ZARKARI HASNI QUTEYBE")]
    assert scores == sorted(scores)
    assert scores[-1] < 1


@pytest.mark.parametrize(
    "spaced", ["QUILLABAMBATRADING CO LTD", "QUILLA BAMBATRADING", "QUILLABAMB ATRADING", "QUILLABAMBA TRADINGCO LTD"]
)
def test_blanks_in_other_places_change_little(spaced: str) -> None:
    right = "QUILLABAMBA TRADING CO LTD"
    itself = compare(right, right, "organisation").score
    assert compare(spaced, right, "organisation").score > 0.6 * itself


def test_numbers_must_agree() -> None:
    same = compare("BOTTLING FACTORY 7", "BOTTLING FACTORY 7", "organisation").score
    other = compare("BOTTLING FACTORY 9", "BOTTLING FACTORY 7", "organisation")
    assert other.score < same * NUMBERS_DIFFER / 1000
    assert "screening.numbers_differ" in other.reasons


def test_an_organisation_answers_to_its_first_letters_and_a_person_does_not() -> None:
    full, short = "QUILLABAMBA RIVER TRANSPORT AND LIGHTERAGE", "QRTL"
    assert "screening.aligned.acronym" in compare(short, full, "organisation").reasons
    assert "screening.aligned.acronym" in compare(full, short, "organisation").reasons
    assert compare("ABCD", "Ali Bakr Cem Dib", "person").score == 0


def test_initials_of_a_person_stand_for_names_each_and_those_of_a_company_for_one_word() -> None:
    initials = compare("J. A. RUEDA MEDINA", "RUEDA MEDINA, Jose Arnoldo", "person")
    assert initials.score > compare("J. B. RUEDA MEDINA", "RUEDA MEDINA, Jose Arnoldo", "person").score > 0
    assert initials.reasons.count("screening.aligned.initial") == 2
    assert compare("A.B.C. TRADING", "ABC TRADING", "organisation").score == compare("ABC TRADING", "ABC TRADING").score


def test_a_missing_part_costs_less_than_a_contradicting_one() -> None:
    missing = compare("JOHN SMITHSON", "John Adam Smithson", "person")
    contradicting = compare("JOHN PETER SMITHSON", "John Adam Smithson", "person")
    assert missing.score > contradicting.score


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        ("ZARKARI HASNI PETERSON", "unanswered"),
        ("ZARKARI HASNI PETERSON OKONKWO", "more_unanswered"),
        ("ZARKARI PETERSON", "short_proof"),
        ("ZARKARI", "unsaid"),
        ("MUHAMMAD", "more_unsaid"),
        ("ALI PETERSON", "one_telling"),
        ("ZARKARY HASNI", "sound"),
        ("ZARKARI HOSNO", "unlike"),
        ("ALI MUHAMMAD", "little_proof"),
    ],
)
def test_a_doubt_takes_its_share_off_the_score(declared: str, why: str) -> None:
    listed = {
        "little_proof": "Zarkari Hasni Muhammad Ali",
        "more_unsaid": "Zarkari Hasni Muhammad Ali",
        "one_telling": "Zarkari Ali",
    }
    doubted = compare(declared, listed.get(why, "Zarkari Hasni"), "person")
    kept = [each["params"]["kept"] for each in json.loads(doubted.reasons) if each["code"] == f"screening.doubt.{why}"]
    assert len(kept) == 1
    without = json.dumps([each for each in json.loads(doubted.reasons) if each["code"] != f"screening.doubt.{why}"])
    assert round(1000 * doubted.score) == pytest.approx(score_from_reasons(without) * kept[0] / 1000, abs=2)


def test_names_that_share_less_than_each_has_of_its_own_are_doubted() -> None:
    told = compare("KAZIMBA GENERAL TRADING LIMITED", "Bekelu General Trading", "organisation")
    assert json.loads(told.reasons)[-1] == {"code": "screening.doubt.own_words", "params": {"kept": OWN_WORDS}}
    assert score_from_reasons(told.reasons) == round(1000 * told.score)


@pytest.mark.parametrize("listed", ["General Trading", "Kazimba Bekelu General Trading", "Kazimba Solar"])
def test_what_only_one_name_has_of_its_own_is_no_such_doubt(listed: str) -> None:
    assert "own_words" not in compare("KAZIMBA GENERAL TRADING LIMITED", listed, "organisation").reasons


def test_first_letters_of_a_declared_name_that_make_a_listed_word_are_doubted() -> None:
    told = compare("STAR TEXVI ENERGY PAINTS", "STEP", "organisation")
    assert "screening.doubt.letters" in told.reasons
    assert "screening.doubt.letters" not in compare("STEP", "STAR TEXVI ENERGY PAINTS", "organisation").reasons


@pytest.mark.parametrize(
    ("declared", "listed"),
    [
        ("ABDUL JABBAR", "JABBAR, Abdul"),
        ("ABDUL RASHID BALUCH", "RASHID BALUCH, Abdul"),
        ("Abd al-Hadi al-Iraqi", "AL-IRAQI, Abd al-Hadi"),
    ],
)
def test_abdul_behind_a_comma_belongs_to_the_surname(declared: str, listed: str) -> None:
    assert compare(declared, listed, "person").score == compare(declared, declared, "person").score > 0


def test_a_name_is_known_without_the_servant_before_it() -> None:
    shorter = compare("RAHMAN YASINZADA", "YASINZADA, Abdul Rahman", "person")
    assert "screening.aligned.servant" in shorter.reasons
    assert shorter.score > 0.5


def test_an_address_behind_a_name_is_left_out_of_one_reading_and_hides_nothing() -> None:
    bled = compare("QUILLABAMBA LTD CALLE 15 NO 23-40 CALI", "QUILLABAMBA LTD", "organisation")
    assert bled.score == compare("QUILLABAMBA LTD", "QUILLABAMBA LTD", "organisation").score
    assert "screening.read_as_address" in bled.reasons
    hidden = compare("HARMLESS LTD NO 7 ZARKARI HASNI", "ZARKARI HASNI", "party")
    assert hidden.score > 0.4
    assert compare("FACTORY NO 7", "FACTORY NO 9", "organisation").score < 0.3


@pytest.mark.parametrize("word", ["TRADNG", "TRADIGN", "TRAADING"])
def test_a_company_word_with_a_letter_missing_too_many_or_swapped_is_that_word(word: str) -> None:
    whole = compare("QUILLABAMBA TRADING", "QUILLABAMBA TRADING", "organisation").score
    assert compare(f"QUILLABAMBA {word}", "QUILLABAMBA TRADING", "organisation").score == whole


@pytest.mark.parametrize("name", ["MININT", "EXPERT PARTNERS", "SOUTH WEALTH RESOURCES"])
def test_the_only_word_that_tells_a_firm_is_not_taken_for_an_error(name: str) -> None:
    assert compare(name, name, "organisation").score > 0.8
    assert compare(f"{name} HAVANA", name, "organisation").score > 0.35


@pytest.mark.parametrize(("left", "right", "kind"), SAME + CLOSE + OTHERS)
def test_the_score_follows_from_the_reasons_alone(left: str, right: str, kind: str) -> None:
    comparison = compare(left, right, kind)
    assert score_from_reasons(comparison.reasons) == round(1000 * comparison.score)


def test_reasons_name_each_aligned_pair_and_what_is_missing() -> None:
    reasons = json.loads(compare("ZARLARI HASNI", "HASNI, Zarkari Ali", "person").reasons)
    assert [reason["code"] for reason in reasons] == [
        "screening.aligned.alike",
        "screening.aligned.equal",
        "screening.only_listed",
        "screening.left_over",
        "screening.weighed",
        "screening.doubt.unsaid",
    ]
    first, second, only, left, weighed, doubt = (reason["params"] for reason in reasons)
    assert doubt == {"kept": UNSAID}
    assert (first["declared"], first["listed"], second["declared"]) == ("ZARLARI", "ZARKARI", "HASNI")
    assert first["similarity"] < second["similarity"] == 1000
    assert only == {"word": "ALI"}
    assert left["declared"] == 0 < left["listed"]
    assert weighed["information"] == first["information"] + second["information"]


def test_a_party_of_which_it_is_not_said_what_it_is_is_read_as_a_person_with_initials_too() -> None:
    person = compare("J A RUEDA MEDINA", "JUAN ANTONIO RUEDA MEDINA", "person")
    assert compare("J A RUEDA MEDINA", "JUAN ANTONIO RUEDA MEDINA") == person
    company = compare("RUEDA MEDINA S.A.", "RUEDA MEDINA", "organisation")
    assert compare("RUEDA MEDINA S.A.", "RUEDA MEDINA").score == company.score
