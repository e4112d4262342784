"""Parquet as a table: the same as the CSV of the same rows, measured before it is unpacked, refused by name."""

import io
import random
from pathlib import Path

import polars as pl
import pytest

from nodes import write_manifest
from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.table import Table
from pratique.flow.intake.formats.table.parquet_measure import measure

CONTEXT = ReadContext("table.parquet", "0" * 64)


def read(content: bytes) -> Reading:
    return Table().read(io.BytesIO(content), context=CONTEXT)


def parquet(rows: pl.DataFrame, **how: object) -> bytes:
    sink = io.BytesIO()
    rows.write_parquet(sink, **how)  # type: ignore[arg-type]
    return sink.getvalue()


@pytest.fixture
def rows(tmp_path: Path) -> pl.DataFrame:
    return pl.read_csv(write_manifest(tmp_path / "manifest.csv", bills=60))


@pytest.mark.parametrize("compression", ["zstd", "snappy", "gzip", "lz4", "brotli", "uncompressed"])
def test_parquet_reads_as_the_csv_of_the_same_rows(tmp_path: Path, rows: pl.DataFrame, compression: str) -> None:
    content = parquet(rows, compression=compression, row_group_size=25, data_page_size=300)
    found = read(content).manifest
    with (tmp_path / "manifest.csv").open("rb") as stream:
        expected = Table().read(stream, context=CONTEXT).manifest
    for name in ("consignments", "goods_items", "parties"):
        assert getattr(found, name).drop("place").equals(getattr(expected, name).drop("place"))
    assert found.consignments["place"][0] == "record 1"
    assert found.message["format_version"][0] == "manifest-en; Parquet"


def test_parquet_is_told_by_its_content() -> None:
    assert Table().detect(b"PAR1" + bytes(100), "whatever.bin") == 95


def test_numbers_and_moments_keep_their_value() -> None:
    columns = {"bill_number": ["B1"], "description": ["PARTS"], "gross_weight_kg": [1250.5], "packages": [12]}
    found = read(parquet(pl.DataFrame(columns))).manifest
    assert (found.consignments["gross_mass_g"][0], found.consignments["package_count"][0]) == (1_250_500, 12)


def test_bytes_that_are_no_text_annotation_are_read_as_utf_8(rows: pl.DataFrame) -> None:
    found = read(parquet(rows.with_columns(pl.col("description").cast(pl.Binary)))).manifest
    assert found.goods_items["description"][0] == "MACHINE PARTS LOT 0"


@pytest.mark.parametrize(
    ("cell", "rule"), [("A\0B", "table.nul"), ("X" * 200_000, "table.cell_too_long")], ids=["nul", "too long"]
)
def test_row_with_a_cell_that_cannot_be_kept_is_quarantined_alone(rows: pl.DataFrame, cell: str, rule: str) -> None:
    first = pl.int_range(pl.len()) == 0
    content = parquet(rows.with_columns(description=pl.when(first).then(pl.lit(cell)).otherwise("description")))
    reading = read(content)
    assert [(part.reason.rule, part.reason.place) for part in reading.quarantined] == [(rule, "record 1")]
    assert reading.manifest.consignments.height == rows.height - 1


def refused(content: bytes) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(content)
    return refusal.value.code


def test_small_file_of_endless_text_is_refused_before_it_becomes_cells() -> None:
    text = "MACHINE PARTS " * 1000
    rows = pl.LazyFrame({"bill_number": pl.int_range(80_000, eager=True)}).with_columns(description=pl.lit(text))
    sink = io.BytesIO()
    rows.sink_parquet(sink, row_group_size=2_000)  # piece by piece: unpacked it is more than a gigabyte
    assert len(sink.getvalue()) < 5_000_000
    assert refused(sink.getvalue()) == "table.parquet_bomb"


def test_small_file_of_endless_rows_is_refused_by_its_notes() -> None:
    content = parquet(pl.DataFrame({"bill_number": pl.repeat("B1", 5_000_001, eager=True)}))
    assert len(content) < 1_000_000
    assert refused(content) == "table.parquet_bomb"


def test_size_counted_is_what_the_pages_say_whatever_the_notes_say(rows: pl.DataFrame) -> None:
    """The header of the first page: its field 2, a number of two bytes, made as large as two bytes can be."""
    content = parquet(rows.select("bill_number", "description"), compression="uncompressed", statistics=False)
    at = content.index(b"\x15\x04\x15", 4) + 3
    lying = content[:at] + b"\xfe\x7f" + content[at + 2 :]
    honest, said = (measure(io.BytesIO(each)).unpacked_bytes for each in (content, lying))
    assert honest < len(content)
    assert said > honest + 7_000


def test_columns_inside_columns_are_refused() -> None:
    nested = pl.DataFrame({"bill_number": ["B1"], "description": [["A", "B"]]})
    assert refused(parquet(nested)) == "table.parquet_nested"


def test_cut_or_changed_file_is_refused_and_never_anything_else(rows: pl.DataFrame) -> None:
    content, chance = parquet(rows), random.Random(7)
    refusals, readings = [], []
    for _ in range(120):
        changed = bytearray(content)
        for _ in range(chance.choice((1, 2, 5))):
            changed[chance.choice((chance.randrange(len(changed)), -chance.randrange(1, 900)))] = chance.randrange(256)
        piece = bytes(changed if chance.random() < 0.8 else changed[: chance.randrange(len(changed))])
        try:
            readings.append(read(piece if piece.startswith(b"PAR1") else b"PAR1" + piece))
        except Unreadable as refused:
            refusals.append(refused.code)
    assert len(refusals) + len(readings) == 120
    assert len(refusals) > 30
    assert {code.partition(".")[0] for code in refusals} == {"table"}
    assert all(each.manifest.consignments.height <= rows.height for each in readings)
