"""CSV, XLSX and Parquet tables, read by a mapping profile that is data (``data/mappings``).

In: the bytes of a table. Out: a ``Manifest`` in which the rows of a bill are one consignment. It never guesses what a
column means: a table that no profile fits is refused with its headings and the nearest profile.
"""

from pratique.flow.intake.formats.table.table import Table

__all__ = ["Table"]
