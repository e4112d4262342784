"""The gate: instruments clause by clause, and whether one of them permits a disclosure."""
