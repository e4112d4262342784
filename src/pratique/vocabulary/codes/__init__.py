"""Code types with their checks: one file per code, each as a scalar function and over a whole column.

A module gives, as far as the code has it: ``normalise(text)`` and ``normalised(expression)`` (writing only),
``is_valid(text)`` and ``valid(series)`` (shape and check digit), ``is_known(text)`` (in the table).
Nothing is rejected here: what does not agree becomes a finding in intake.
"""

from pratique.vocabulary.codes.tables import CodeTables, shipped_tables

__all__ = ["CodeTables", "shipped_tables"]
