"""A sum is right or is not there; it never wraps round to another number."""

import polars as pl

from pratique.vocabulary.sums import LARGEST, total, total_of, total_or_null


def test_a_sum_beyond_64_bits_is_null_and_its_neighbours_are_right() -> None:
    rows = pl.DataFrame({"bill": [1, 1, 2, 2, 3], "mass": [LARGEST, 1, LARGEST - 1, 1, None]})
    summed = rows.group_by("bill", maintain_order=True).agg(zero=total("mass"), null=total_or_null("mass"))
    assert summed.rows() == [(1, None, None), (2, LARGEST, LARGEST), (3, 0, None)]


def test_values_that_are_not_given_do_not_count() -> None:
    assert total_of([1, None, 2]) == 3
    assert total_of([None]) is None
    assert total_of([LARGEST, 1]) is None
