"""``make bench-read``: 20,000 consignments in each bulk format, from bytes to checked frames.

Beside each, in the same run, the bound of only taking the bytes apart: splitting segments, building the XML tree, or
cutting a table into cells.
"""

from __future__ import annotations

import csv
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from pratique.flow.intake.format import ReadContext
from pratique.flow.intake.read import read
from pratique.flow.intake.sender_profiles import shipped_sender_profiles
from pratique.vocabulary.codes.tables import shipped_tables
from pratique_world import write_manifest

CONSIGNMENTS = 20_000
RUNS = 3


def split_segments(raw: bytes) -> int:
    """Elements of an EDIFACT interchange."""
    return sum(len(segment.split(b"+")) for segment in raw.split(b"'"))


def build_tree(raw: bytes) -> int:
    """Elements of an XML document."""
    return sum(1 for _ in etree.fromstring(raw).iter())


def cut_cells(raw: bytes) -> int:
    """Cells of a table."""
    return sum(len(row) for row in csv.reader(io.StringIO(raw.decode(), newline="")))


BOUNDS: dict[str, Callable[[bytes], int]] = {"cuscar": split_segments, "awmds": build_tree, "table": cut_cells}


def main() -> None:
    """Prints one line per format."""
    with tempfile.TemporaryDirectory(prefix="bench-read-") as folder:
        for name, bound in BOUNDS.items():
            path = Path(folder) / name
            write_manifest(path, consignments=CONSIGNMENTS, seed=1, format=name)
            raw = path.read_bytes()
            whole = statistics.median(seconds(lambda: read_as(raw, name)) for _ in range(RUNS))  # noqa: B023
            least = statistics.median(seconds(lambda: bound(raw)) for _ in range(RUNS))  # noqa: B023
            print(
                f"{name:<8} {len(raw) / 1e6:5.1f} MB: {whole:.2f} s of processor, {CONSIGNMENTS / whole:,.0f} "
                f"consignments/s; {whole / least:.1f} times only taking the bytes apart ({least:.2f} s)"
            )


def read_as(raw: bytes, name: str) -> None:
    """The file through the product's own reader."""
    context = ReadContext(name, "0" * 64)
    read(io.BytesIO(raw), context=context, tables=shipped_tables(), profiles=shipped_sender_profiles())


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
