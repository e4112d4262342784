"""How two names are compared, and that the comparison explains itself."""

from __future__ import annotations

import json

import pytest

from pratique.flow.screening import compare, score_from_reasons
from pratique.flow.screening.match import token_similarity

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
def test_the_same_name_in_another_order_script_or_legal_form_scores_one(left: str, right: str, kind: str) -> None:
    assert compare(left, right, kind).score == 1.0


@pytest.mark.parametrize(("left", "right", "kind"), CLOSE)
def test_a_typing_error_a_missing_part_or_a_lost_blank_still_alerts(left: str, right: str, kind: str) -> None:
    assert 0.8 <= compare(left, right, kind).score < 1.0


@pytest.mark.parametrize(("left", "right", "kind"), OTHERS)
def test_another_name_does_not_alert(left: str, right: str, kind: str) -> None:
    assert compare(left, right, kind).score < 0.75


def test_a_missing_part_costs_less_than_a_contradicting_one() -> None:
    missing = compare("JOHN SMITHSON", "John Adam Smithson", "person")
    contradicting = compare("JOHN PETER SMITHSON", "John Adam Smithson", "person")
    assert missing.score > contradicting.score


@pytest.mark.parametrize(("left", "right", "kind"), SAME + CLOSE + OTHERS)
def test_the_score_follows_from_the_reasons_alone(left: str, right: str, kind: str) -> None:
    comparison = compare(left, right, kind)
    assert score_from_reasons(comparison.reasons) == round(1000 * comparison.score)


def test_reasons_name_each_aligned_pair_and_what_is_missing() -> None:
    reasons = json.loads(compare("MOHAMMDA HUSSEIN", "HUSSEIN, Mohammad Ali", "person").reasons)
    assert [(reason["code"], reason["params"]) for reason in reasons] == [
        (
            "screening.aligned.alike",
            {"declared": "MOHAMMDA", "listed": "MOHAMMAD", "similarity": 850, "weight": 40},
        ),
        (
            "screening.aligned.equal",
            {"declared": "HUSSEIN", "listed": "HUSSEIN", "similarity": 1000, "weight": 40},
        ),
        ("screening.only_listed", {"word": "ALI"}),
        ("screening.left_over", {"absent_listed": 4, "declared": 0, "listed": 40}),
    ]


@pytest.mark.parametrize(
    ("left", "right", "similarity"),
    [
        ("LI", "LU", 0),
        ("LEE", "LEA", 600),
        ("KARIM", "KRAIM", 760),
        ("KARIM", "KRIMA", 0),
        ("MOHAMMAD", "MUHAMMED", 700),
        ("1234567", "1234568", 0),
    ],
)
def test_one_edit_is_allowed_from_three_letters_and_two_from_eight(left: str, right: str, similarity: int) -> None:
    assert token_similarity(left, right) == token_similarity(right, left) == similarity
