"""What a name becomes before it is compared."""

from __future__ import annotations

import pytest

from pratique.flow.screening.normalise import MAX_TOKENS, kind_of, normalise
from pratique.vocabulary.errors import PratiqueError


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("Müller & Söhne GmbH", "organisation", ("MULLER", "AND", "SOHNE")),
        ("CIMEX, S.A.", "organisation", ("CIMEX",)),
        ("GUANGZHOU HAIGE COMM GRP CO., LTD", "party", ("GUANGZHOU", "HAIGE", "COMMERCIAL", "GROUP")),
        ("O'NEIL, Mr. John", "person", ("ONEIL", "MR", "JOHN")),
        ("Dr. Ayman AL-ZAWAHIRI", "person", ("AYMAN", "ZAWAHIRI")),
        ("Mullah ABDUL RAHMAN", "person", ("ABDRAHMAN",)),
        ("خالد الحسن", "person", ("kald", "hsn")),
        ("BEHRAN OIL PUBLIC JOINT STOCK COMPANY", "organisation", ("BEHRAN", "OIL")),
        ("Владимир", "person", ("VLADIMIR",)),
        ("M/V SAND SWAN", "vessel", ("SAND", "SWAN")),
        ("A.B.C. Lines", "party", ("ABC", "LINES")),
        ("LTD", "organisation", ("LTD",)),
    ],
)
def test_a_name_becomes_its_latin_words_without_titles_and_legal_forms(
    name: str, kind: str, words: tuple[str, ...]
) -> None:
    assert normalise(name, kind).tokens == words


@pytest.mark.parametrize(
    "nobody", ["TO ORDER", "to the order", "SAME AS CONSIGNEE", "N/A", "", "   ", "?!*--", "\u200f\u202e", "\x00\x07"]
)
def test_what_names_no_one_has_no_words(nobody: str) -> None:
    assert normalise(nobody, "party").tokens == ()


def test_who_stands_behind_to_the_order_of_is_the_name() -> None:
    assert normalise("TO THE ORDER OF BANCO NACIONAL", "party").tokens == ("BANK", "NATIONAL")


def test_direction_marks_inside_a_name_do_not_change_it() -> None:
    assert normalise("AH\u200fMED\u202e ALI", "person") == normalise("AHMED ALI", "person")


@pytest.mark.parametrize("length", [1_000, 10_000, 200_000])
def test_a_very_long_name_is_capped_and_says_so(length: int) -> None:
    name = normalise("A B" * (length // 3), "person")
    assert name.capped
    assert len(name.tokens) <= MAX_TOKENS


@pytest.mark.parametrize(("length", "cut"), [(33, False), (34, True), (35, True), (36, False), (70, True)])
def test_a_name_as_long_as_a_field_may_have_been_cut(length: int, cut: bool) -> None:
    assert normalise("A" * length, "party").cut is cut


def test_kinds_and_schema_names_are_understood_and_others_refused() -> None:
    assert [kind_of(kind) for kind in (None, "Person", "Company", "LegalEntity", "vessel")] == [
        "party",
        "person",
        "organisation",
        "party",
        "vessel",
    ]
    with pytest.raises(PratiqueError) as refused:
        kind_of("alien")
    assert refused.value.code == "screening.kind_unknown"
