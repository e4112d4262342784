"""One file from bytes to a normalised reading."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.mapping import load_mapping
from pratique.flow.intake.read import read
from pratique.flow.intake.sender_profiles import shipped_sender_profiles
from pratique.vocabulary.codes.tables import shipped_tables

CSV = (
    "bill_number,container_number,container_type,description,hs_code,gross_weight_kg,total_bills\n"
    "A,msku 1234565,22G1,shoes,6403.99,10,3\nB,MSKU1234566,22G1,hats,650500,x,3\nC\n"
)


def read_bytes(raw: bytes, *, name: str = "m.csv", format_name: str | None = None, most: int = 2**31) -> Reading:
    return read(
        io.BytesIO(raw),
        context=ReadContext(name, "12" * 32),
        tables=shipped_tables(),
        profiles=shipped_sender_profiles(),
        format_name=format_name,
        most_bytes=most,
    )


def test_named_format_reads_without_being_asked_whether_it_knows_the_file() -> None:
    manifest = read_bytes(CSV.encode(), format_name="table").manifest
    assert manifest.consignments.height == 2


def test_codes_are_normalised_and_totals_computed_for_what_was_read() -> None:
    manifest = read_bytes(CSV.encode()).manifest
    assert manifest.equipment["equipment_id"].to_list() == ["MSKU1234565", "MSKU1234566"]
    assert manifest.goods_items["commodity_code"].to_list() == ["640399", "650500"]
    assert manifest.computed.select("consignment_count", "gross_mass_g").rows() == [(2, 10_000)]
    assert manifest.findings.filter(rule="totals.consignment_count_differ").height == 1


def test_what_went_to_quarantine_is_among_the_findings() -> None:
    reading = read_bytes(CSV.encode())
    found = reading.manifest.findings.filter(rule="table.ragged_row")
    assert found["place"].to_list() == ["row 4"]
    assert json.loads(found["params"][0]) == {"cells": 1, "headings": 7}
    assert len(reading.quarantined) == 1


def test_findings_come_in_the_order_of_messages_bills_and_rows() -> None:
    text = "bill_number,description,gross_weight_kg\n" + "".join(f"B{n},x,heavy\n" for n in range(12))
    findings = read_bytes(text.encode()).manifest.findings
    bills = findings.filter(rule="table.not_a_number")
    assert bills["place"].to_list() == [f"row {number}" for number in range(2, 14)]
    assert findings["consignment"].to_list() == sorted(
        findings["consignment"].to_list(), key=lambda one: (one is not None, one)
    )


def test_same_bytes_give_the_same_frames() -> None:
    first, second = read_bytes(CSV.encode()).manifest, read_bytes(CSV.encode()).manifest
    assert first.findings.equals(second.findings)
    assert first.consignments.equals(second.consignments)


def test_mapping_says_that_the_file_is_a_table() -> None:
    mapping = load_mapping(
        "{id: own, message_type: M, keys: {consignment: [Nr]}, required: [Nr],"
        " columns: {Nr: {to: consignment.transport_contract_document_id}}}"
    )
    reading = read(
        io.BytesIO(b"Nr\nUNB+1\n"),
        context=ReadContext("x", "12" * 32, mapping),
        tables=shipped_tables(),
        profiles=shipped_sender_profiles(),
    )
    assert reading.manifest.consignments["transport_contract_document_id"].to_list() == ["UNB+1"]


def test_stream_that_cannot_seek_is_read_too() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    reading = read(
        Pipe(CSV.encode()),
        context=ReadContext("-", "12" * 32),
        tables=shipped_tables(),
        profiles=shipped_sender_profiles(),
        format_name="table",
    )
    assert reading.manifest.consignments.height == 2


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("manifest.csv", CSV)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "intake.empty"),
        (b"x" * 101, "intake.too_large"),
        (gzip.compress(b"UNB"), "intake.compressed"),
        (zipped()[:100], "intake.compressed"),
        (bytes(range(256))[:100], "intake.unknown_format"),
    ],
    ids=["empty", "too large", "gzip", "zip", "any bytes"],  # archives hold the second at which they were made
)
def test_file_that_no_format_reads_is_refused_and_kept(raw: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_bytes(raw, name="x.bin", most=100)
    assert refused.value.code == code
    assert refused.value.kept
    assert refused.value.todo
