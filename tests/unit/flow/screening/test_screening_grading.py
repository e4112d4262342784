"""The grade of a hit is that of its entry, else that of its list."""

import polars as pl
import pytest

from pratique.flow.screening.grading import GRADE, no_grades, with_grades
from pratique.vocabulary.grades import graded

HITS = pl.DataFrame({"list_id": ["own", "own", "own", "un"], "entity_id": ["1", "2", "3", "1"]})


def grades(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(GRADE), orient="row")


def test_an_entry_goes_before_its_list_and_a_grade_of_one_kind_is_not_mixed_with_the_lists() -> None:
    given = grades(("own", None, "B", "2"), ("own", "1", "E", "5"), ("own", "3", "D", None))
    told = with_grades(HITS, given).select("source_grade", "information_grade").rows()
    assert told == [("E", "5"), ("B", "2"), ("D", None), (None, None)]


def test_without_grades_there_are_none() -> None:
    assert with_grades(HITS, no_grades())["source_grade"].to_list() == [None] * 4


@pytest.mark.parametrize("text", ["B", "2B", "G1", "A7", "a1", "B2 "])
def test_what_is_no_grade_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        graded(text)


def test_a_grade_is_a_letter_and_a_digit_or_nothing() -> None:
    assert graded("B2") == ("B", "2")
    assert graded("") == (None, None)
