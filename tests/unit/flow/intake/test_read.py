"""One file from bytes to a normalised reading."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest
from tests.samples import sample

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.mapping import load_mapping
from pratique.flow.intake.read import finished, in_order, read, read_as_written
from pratique.flow.intake.sender_profiles import shipped_sender_profiles
from pratique.vocabulary.codes.tables import shipped_tables
from pratique.vocabulary.frames import join_manifests

CSV = (
    "bill_number,container_number,container_type,description,hs_code,gross_weight_kg,total_bills\n"
    "A,msku 1234565,22G1,shoes,6403.99,10,3\nB,MSKU1234566,22G1,hats,650500,x,3\nC\n"
)


def read_bytes(raw: bytes, *, name: str = "m.csv", format_name: str | None = None, most: int = 2**31) -> Reading:
    return read(
        io.BytesIO(raw),
        context=ReadContext(name, "12" * 32, format_name=format_name),
        tables=shipped_tables(),
        profiles=shipped_sender_profiles(),
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
        context=ReadContext("-", "12" * 32, format_name="table"),
        tables=shipped_tables(),
        profiles=shipped_sender_profiles(),
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
        (gzip.compress(b"UNB", mtime=0), "intake.compressed"),
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


FAR = 200 * 1024  # bytes that stand before the root


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("root", ["Awmds", "lolz"])
@pytest.mark.parametrize("far", [0, FAR, 2 * 1024 * 1024])
def test_document_type_is_refused_by_its_name_however_far_the_root_stands(root: str, far: int, encoding: str) -> None:
    entities = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">' + "<!-- x -->" * (far // 10)
    bomb = f"<?xml version='1.0'?><!DOCTYPE {root} [{entities}]><{root}>&b;</{root}>"
    with pytest.raises(Unreadable) as refused:
        read_bytes(bomb.encode(encoding), name="m.xml")
    assert refused.value.code == "intake.xml_doctype"


def test_message_whose_root_stands_behind_a_long_comment_is_read() -> None:
    bill = "<Bol_segment><Bol_id><Bol_reference>B1</Bol_reference></Bol_id></Bol_segment>"
    text = f"<!-- {'x' * FAR} --><Awmds>{bill}</Awmds>"
    assert read_bytes(text.encode(), name="m.xml").manifest.consignments.height == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"<!-- {'x' * FAR} --><Strange/>", "intake.unknown_format"),
        ("<?xml version='1.0'?><Strange/>", "intake.unknown_format"),
        (f"<!-- {'x' * 2 * 1024 * 1024} --><Awmds/>", "intake.xml_not_xml"),
        ("<!-- a comment and nothing else", "intake.xml_not_xml"),
    ],
    ids=["far", "near", "beyond", "none"],
)
def test_root_that_nobody_knows_or_finds_is_told(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_bytes(text.encode(), name="m.xml")
    assert refused.value.code == code


def test_several_files_finished_in_one_go_say_what_each_says_by_itself() -> None:
    files = [
        CSV.encode(),
        sample("messages/asycuda-xml/awmds_own_demo.xml").read_bytes(),
        sample("messages/wco-dm-xml/TT_EX001a.xml").read_bytes(),
        CSV.replace("MSKU1234566", "MSKU7654321").encode(),
        "bill_number,description\nÄ1,latin one\n".encode("latin-1"),
        "bill_number,description\nÖ2,latin one too\n".encode("latin-1"),
    ]
    contexts = [ReadContext(f"m{number}", f"{number:064}") for number in range(len(files))]
    written = [
        read_as_written(io.BytesIO(raw), context=context).manifest for raw, context in zip(files, contexts, strict=True)
    ]
    given = {"tables": shipped_tables(), "profiles": shipped_sender_profiles()}
    together = finished(join_manifests(written), **given)
    apart = join_manifests(finished(each, **given) for each in written)
    for name in ("message", "consignments", "goods_items", "equipment", "parties", "transport", "declared", "computed"):
        assert getattr(together, name).equals(getattr(apart, name)), name
    assert together.findings.equals(in_order(apart.findings))
    assert together.findings.filter(rule="table.not_utf8").height == 2
