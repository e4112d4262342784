"""Workbooks as tables, sound, broken and hostile."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.table import Table
from pratique.flow.intake.mapping import load_mapping

pytestmark = pytest.mark.long

PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml")
HEADINGS = ("bill_number", "description", "gross_weight_kg", "value", "currency", "eta")


def workbook(*rows: Sequence[object], title: str = "Sheet1") -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(raw: bytes, *, mapping: str | None = None) -> Reading:
    context = ReadContext("t.xlsx", "ef" * 32, load_mapping(mapping) if mapping else None)
    return Table().read(io.BytesIO(raw), context=context)


def with_part(raw: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return out.getvalue()


def sheet_of(raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as container:
        return container.read("xl/worksheets/sheet1.xml")


def test_numbers_and_dates_of_a_workbook_are_read_exactly_with_sheet_and_row() -> None:
    raw = workbook(
        HEADINGS,
        ("A", "shoes", 0.1, 1234.56, "EUR", datetime(2026, 3, 4, 6, 30)),  # noqa: DTZ001 - a workbook knows no zones
        ("B", 7, 3, 1e7, "JPY", date(2026, 3, 5)),
    )
    manifest = read(raw).manifest
    assert manifest.goods_items.select("description", "gross_mass_g", "customs_value_minor").rows() == [
        ("shoes", 100, 123_456),
        ("7", 3_000, 10_000_000),
    ]
    assert manifest.consignments["place"].to_list() == ["Sheet1!row 2", "Sheet1!row 3"]
    assert manifest.transport["arrival_datetime"].to_list() == [datetime(2026, 3, 4, 6, 30, tzinfo=UTC)]


def test_blank_rows_count_and_short_rows_are_filled_as_the_spreadsheet_shows_them() -> None:
    manifest = read(workbook(HEADINGS, ("A", "x"), (), ("B", "y", 5))).manifest
    assert manifest.consignments["place"].to_list() == ["Sheet1!row 2", "Sheet1!row 4"]


def test_cell_beyond_the_headings_puts_its_row_in_quarantine() -> None:
    reading = read(workbook(("bill_number", "description"), ("A", "x"), ("B", "y", "surplus")))
    assert [(part.reason.rule, part.reason.place) for part in reading.quarantined] == [
        ("table.ragged_row", "Sheet1!row 3")
    ]


def test_formula_is_its_kept_value_and_without_one_its_text_with_a_finding() -> None:
    raw = workbook(HEADINGS, ("A", "x", "=1+1"), ("B", "=CMD|'/c calc'!A1"))
    cached = (
        sheet_of(raw)
        .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
        .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    )
    reading = read(with_part(raw, "xl/worksheets/sheet1.xml", cached))
    goods = reading.manifest.goods_items
    assert goods.select("description", "gross_mass_g").rows() == [("x", 2_000), ("=CMD|'/c calc'!A1", None)]
    found = reading.manifest.findings.filter(rule="table.formula_without_value")
    assert found["place"].to_list() == ["Sheet1!row 3"]


def test_sheet_is_the_one_that_the_profile_names() -> None:
    profile = """
id: second
message_type: MANIFEST
sheet: Cargo
keys: {consignment: [Bill]}
required: [Bill]
columns: {Bill: {to: consignment.transport_contract_document_id}}
"""
    assert read(workbook(("Bill",), ("A",), title="Cargo"), mapping=profile).manifest.consignments[
        "place"
    ].to_list() == ["Cargo!row 2"]
    with pytest.raises(Unreadable) as refused:
        read(workbook(("Bill",), ("A",)), mapping=profile)
    assert refused.value.code == "table.no_sheet"


def test_workbook_that_unpacks_beyond_measure_is_refused_before_it_is_opened() -> None:
    raw = with_part(workbook(HEADINGS), "xl/media/zeros.xml", bytes(40 * 1024 * 1024))
    assert len(raw) < 200_000
    with pytest.raises(Unreadable) as refused:
        read(raw)
    assert refused.value.code == "table.workbook_bomb"


def test_workbook_that_lies_about_its_size_is_refused() -> None:
    raw = bytearray(with_part(workbook(HEADINGS, ("A", "x")), "xl/worksheets/sheet1.xml", b" " * 1_000_000))
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = raw.find(signature)
        while start >= 0:
            if raw[start + at : start + at + 4] == struct.pack("<I", 1_000_000):
                raw[start + at : start + at + 4] = struct.pack("<I", 1_000)
            start = raw.find(signature, start + 4)
    with pytest.raises(Unreadable) as refused:
        read(bytes(raw))
    assert refused.value.code == "table.workbook_broken"


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_workbook_that_declares_entities_is_refused(part: str) -> None:
    raw = workbook(HEADINGS, ("A", "x"))
    with zipfile.ZipFile(io.BytesIO(raw)) as container:
        content = container.read(part)
    declared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = content.partition(b"?>")[2] if content.startswith(b"<?xml") else content
    with pytest.raises(Unreadable) as refused:
        read(with_part(raw, part, declared + body))
    assert refused.value.code == "table.workbook_entities"


def test_entities_behind_another_character_set_are_refused_too() -> None:
    raw = workbook(HEADINGS, ("A", "x"))
    hidden = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16")
    with pytest.raises(Unreadable) as refused:
        read(with_part(raw, "xl/worksheets/sheet1.xml", hidden))
    assert refused.value.code == "table.workbook_entities"


def test_size_that_the_sheet_claims_is_not_believed() -> None:
    raw = workbook(("bill_number", "description"), ("A", "x"))
    vast = sheet_of(raw).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert vast != sheet_of(raw)
    assert read(with_part(raw, "xl/worksheets/sheet1.xml", vast)).manifest.consignments.height == 1


def test_sheet_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    raw = workbook(("bill_number", "description"), *((f"B{number}", "x" * 50) for number in range(2_000)))
    content = sheet_of(raw)
    cut = content[: content.index(b'<row r="1500"')]
    reading = read(with_part(raw, "xl/worksheets/sheet1.xml", cut))
    assert reading.manifest.consignments.height > 1_000
    assert [part.reason.rule for part in reading.quarantined] == ["table.workbook_cut"]


@pytest.mark.parametrize("part", PARTS)
def test_part_that_is_damaged_anywhere_is_read_in_part_or_refused(part: str) -> None:
    raw = workbook(HEADINGS, *((f"B{number}", "x", 1) for number in range(20)))
    with zipfile.ZipFile(io.BytesIO(raw)) as container:
        content = container.read(part)
    for at in range(0, len(content), max(1, len(content) // 15)):
        for damage in (b"<", b"&x;", b"\xff", b"</c>"):
            try:
                reading = read(with_part(raw, part, content[:at] + damage + content[at + 1 :]))
            except Unreadable:
                continue
            assert reading.manifest.consignments.height + len(reading.quarantined) > 0


@pytest.mark.parametrize("keep", [4, 30, 200, 2_000, -30])
def test_truncated_workbook_is_refused(keep: int) -> None:
    with pytest.raises(Unreadable) as refused:
        read(workbook(HEADINGS, ("A", "x"))[:keep])
    assert refused.value.code == "table.workbook_broken"


def test_zip_that_is_no_workbook_is_not_a_table() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("message.edi", "UNB+UNOA:1")
    assert Table().detect(out.getvalue(), "m.xlsx") == 0
    assert Table().detect(workbook(HEADINGS), "m.bin") == 95
