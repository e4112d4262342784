"""In which ways two words may stand for one another, and how sure each way is."""

from __future__ import annotations

import pytest

from pratique.flow.screening.scripts import without_vowels
from pratique.flow.screening.similarity import LEAST, Likeness, likeness
from pratique.flow.screening.variants import are_one_name, other_forms


@pytest.mark.parametrize(
    ("left", "right", "how"),
    [
        ("KARIM", "KARIM", "equal"),
        ("ZARKARI", "ZARLARI", "alike"),
        ("ZARKARI", "ZARRKAI", "alike"),
        ("ZARKARI", "ZARKORA", "skeleton"),
        ("KHALID", "KHALED", "sound"),
        ("GUTIERREZ", "GUTYERRES", "sound"),
        ("QUTAIBI", "QUTEYBE", "sound"),
        ("ZARK4RI", "ZARKARI", "misread"),
        ("M0RENO", "MORENO", "misread"),
        ("ALHARITHI", "HARITHI", "article"),
        (without_vowels("زرقاوي"), "ZARQAWI", "unvowelled"),
    ],
)
def test_the_way_in_which_words_are_alike_is_told(left: str, right: str, how: str) -> None:
    assert likeness(left, right).how == likeness(right, left).how == how
    assert likeness(left, right).similarity == likeness(right, left).similarity >= LEAST


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("LI", "LU"),
        ("TAN", "LAN"),
        ("KARIM", "MARIK"),
        ("1234567", "1234568"),
        ("12", "7"),
        ("A4", "B4"),
        ("SHIPPING", "TRADING"),
        (without_vowels("حسن"), "KARIM"),
    ],
)
def test_other_words_are_different(left: str, right: str) -> None:
    assert likeness(left, right) == likeness(right, left) == Likeness(0, "")


def test_two_names_that_many_bear_are_less_alike_than_a_name_and_its_misspelling() -> None:
    assert likeness("KAMAL", "JAMAL").similarity < likeness("ZAMQAL", "ZAMQIL").similarity


def test_written_vowels_speak_against_another_name_of_the_same_consonants() -> None:
    husayn = without_vowels("حسين")
    assert likeness(husayn, "HUSSEIN").similarity > likeness(husayn, "HASSAN").similarity


@pytest.mark.parametrize(
    ("left", "right"), [("WILLIAM", "BILL"), ("ALEKSANDR", "SASHA"), ("MUHAMMAD", without_vowels("محمد"))]
)
def test_forms_of_one_name_stand_in_the_table(left: str, right: str) -> None:
    assert are_one_name(left, right)
    assert right in other_forms(left)
    assert likeness(left, right, one_name=True).how == "variant"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("KATAIB", "BRIGADE"),
        ("KHAYRIYYA", "CHARITABLE"),
        ("VEZARAT", "WIZARAT"),
        ("bnk", "BANK"),
        ("LIWA", "TUGAY"),
    ],
)
def test_words_for_one_sort_of_organisation_are_one_name(left: str, right: str) -> None:
    assert are_one_name(left, right)
    assert likeness(left, right, one_name=True).similarity > 0


def test_other_names_do_not_stand_in_the_table() -> None:
    assert not are_one_name("WILLIAM", "ROBERT")
    assert other_forms("QUILLABAMBA") == frozenset()
