"""Names of other scripts in the letters in which they are compared, and the coarser forms of words."""

from __future__ import annotations

import pytest

from pratique.flow.screening.compounds import joined_compounds
from pratique.flow.screening.scripts import in_compared_letters, is_without_vowels, without_vowels
from pratique.flow.screening.sounds import consonants, sound, vowels_between


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Владимир Путилин", "VLADIMIR PUTILIN"),
        ("Αλέξανδρος", "ALEXANDROS"),
        ("Müller", "MULLER"),
        ("محمد خالد", "mhmd kald"),
        ("مُحَمَّد", "mhmd"),
        ("الحسن", "hsn"),
        ("דוד כהן", "dwd khn"),
        ("Ali علي", "ALI ely"),
        ("김동호", " KIM  TONG  HO "),
        ("अज़म चीमा", "AZAM CHIMA"),
        ("ΙΜΠΡΑΧΙΜ ΙΝΤΡΙΣ", "IBRAKHIM IDRIS"),
        ("\u200fحسن\u202e", "hsn"),
    ],
)
def test_arabic_and_hebrew_become_small_letters_without_vowels_and_the_rest_capitals(text: str, letters: str) -> None:
    assert in_compared_letters(text) == letters


def test_a_word_without_vowels_shows_it_by_its_form() -> None:
    assert is_without_vowels(without_vowels("محمد"))
    assert not is_without_vowels("MUHAMMAD")


@pytest.mark.parametrize(
    "spellings",
    [
        "HUSSEIN HUSAYN HOSSAIN HUSEYN",
        "SULEIMAN SULAYMAN SOLIMAN",
        "KHALID KHALED",
        "IVANOV IWANOW IVANOFF",
        "DMITRIY DMITRY DMITRI",
        "VLADIMIR WLADIMIR",
        "MUSTAFA MOUSTAPHA",
    ],
)
def test_spellings_of_one_sound_sound_the_same(spellings: str) -> None:
    assert len({sound(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("MUHAMMAD", "محمد"),
        ("AHMED", "احمد"),
        ("KHALID", "خالد"),
        ("WALEED", "وليد"),
        ("YUSUF", "يوسف"),
        ("OMAR", "عمر"),
        ("FATIMA", "فاطمة"),
        ("ABDALLAH", "عبدالله"),
    ],
)
def test_consonants_are_the_same_in_latin_and_in_arabic_script(latin: str, arabic: str) -> None:
    assert consonants(latin) == consonants(without_vowels(arabic))


def test_written_vowels_tell_names_of_the_same_consonants_apart() -> None:
    husayn, hasan = without_vowels("حسين"), without_vowels("حسن")
    assert consonants(husayn) == consonants(hasan) == consonants("HASSAN") == consonants("HUSSEIN")
    assert vowels_between(husayn) == ("", "", "I", "")
    assert vowels_between(hasan) == ("", "", "", "")


@pytest.mark.parametrize(
    "spellings",
    [
        ["ABD AL RAHMAN", "ABDUL RAHMAN", "ABDULRAHMAN", "ABDEL RAHMAN", "ABDURRAHMAN", "ABD AR RAHMAN"],
        ["NUR AL DIN", "NURUDDIN", "NUR EDDIN", "NURALDIN", "NUR UDDIN"],
        ["AL HASSAN", "HASSAN", "EL HASSAN"],
        ["ABU AL FADL", "ABU FADL"],
        ["RAHMAT ULLAH", "RAHMATULLAH", "RAHMAT ALLAH"],
    ],
)
def test_a_name_written_as_one_two_or_three_words_is_the_same(spellings: list[str]) -> None:
    assert len({tuple(joined_compounds(spelling.split())) for spelling in spellings}) == 1


@pytest.mark.parametrize("name", ["ABDI", "ALADIN", "SALVADOR TRADING", "ABD", "AL", "DIN", "ALLAH", ""])
def test_words_that_are_no_such_name_stay(name: str) -> None:
    assert joined_compounds(name.split()) == name.split()
