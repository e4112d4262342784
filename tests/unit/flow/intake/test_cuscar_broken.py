"""CUSCAR that is broken, cut off or out of all proportion: what could be read is kept, what could not is told."""

from __future__ import annotations

import io

from pratique.flow.intake.format import ReadContext, Reading
from pratique.flow.intake.formats.cuscar import Cuscar
from pratique.flow.intake.formats.cuscar.said import MOST_KEPT, Distinct

WRAPPING = "UNB+UNOC:3+S+R+260101:1200+I1'{}UNZ+{}+I1'"
HEAD = "BGM+785+M1+9'TDT+20+1E+1++C:172:182+++9321483:146:11:SHIP:PA'"


def read(text: str) -> Reading:
    return Cuscar().read(io.BytesIO(text.encode()), context=ReadContext("a.edi", "0" * 64))


def message(body: str, *, reference: str = "1") -> str:
    return f"UNH+{reference}+CUSCAR:D:99B:UN'{body}UNT+{body.count(chr(39)) + 2}+{reference}'"


def one(body: str) -> Reading:
    return read(WRAPPING.format(message(HEAD + body), 1))


def rules(reading: Reading) -> list[str]:
    return reading.manifest.findings["rule"].to_list()


def test_a_bill_with_a_segment_too_long_is_quarantined_alone() -> None:
    long = "FTX+AAA+++" + "X" * 70_000 + "'"
    broken = f"CNI+2+B'GID+1+1:CT'NAD+CN+++Y'{long}EQD+CN+Q'"
    data = WRAPPING.format(message(HEAD + f"CNI+1+A'{broken}CNI+3+C'GID+1+1:CT'"), 1)
    reading = read(data)
    manifest = reading.manifest
    assert manifest.consignments["transport_contract_document_id"].to_list() == ["A", "C"]
    assert manifest.consignments["consignment"].to_list() == [0, 1]
    assert manifest.goods_items["consignment"].to_list() == [1]
    assert (manifest.parties.height, manifest.equipment.height) == (0, 0)
    (part,) = reading.quarantined
    assert part.reason.rule == "edi.segment_too_long"
    assert part.reason.place == "segment 8"
    kept = data[part.offset : (part.offset or 0) + (part.length or 0)]
    assert kept == broken


def test_a_message_whose_head_cannot_be_read_is_quarantined_alone() -> None:
    broken = message("FTX+AAA+++" + "X" * 70_000 + "'" + HEAD + "CNI+1+A'", reference="1")
    reading = read(WRAPPING.format(broken + message(HEAD + "CNI+1+B'", reference="2"), 2))
    assert reading.manifest.consignments["transport_contract_document_id"].to_list() == ["B"]
    assert reading.manifest.consignments["message"].to_list() == [0]
    assert reading.manifest.message["message_id"].to_list() == ["2"]
    assert len(reading.quarantined) == 1


def test_a_truncated_file_keeps_every_complete_bill_and_reports_the_cut() -> None:
    data = WRAPPING.format(message(HEAD + "CNI+1+A'GID+1+1:CT'CNI+2+B'GID+1+7:CT'FTX+AAA+++SHOES'"), 1)
    reading = read(data[: data.index("SHOES") + 2])
    assert reading.manifest.consignments["transport_contract_document_id"].to_list() == ["A", "B"]
    cut = reading.manifest.findings.filter(rule="cuscar.bill_cut_off").row(0, named=True)
    assert (cut["consignment"], cut["severity"]) == (1, "error")
    assert {"edi.message_cut_off", "edi.segment_cut_off"} <= set(rules(reading))
    assert reading.quarantined[0].excerpt == "FTX+AAA+++SH"


def test_a_hundred_thousand_seals_of_a_box_and_boxes_of_an_item_are_read_each_once() -> None:
    seals = "".join(f"SEL+S{number}'SEL+S{number}'" for number in range(50_000))
    shares = "".join(f"SGP+B{number}'" for number in range(50_000))
    manifest = one(f"CNI+1+B'GID+1'{shares}EQD+CN+X'{seals}").manifest
    assert manifest.equipment["seal_ids"].list.len().max() == 50_000
    assert manifest.goods_items["equipment_ids"].list.len().to_list() == [50_000]


def test_what_one_message_says_of_a_box_is_not_said_of_it_in_another() -> None:
    first = message("EQD+CN+X+22G1'EQD+CN+X+45G1'CNI+1+A'SGP+X'", reference="1")
    second = message("CNI+1+B'SGP+X'", reference="2")
    boxes = read(WRAPPING.format(first + second, 2)).manifest.equipment
    assert boxes["size_type_raw"].to_list() == ["22G1", "45G1", "45G1", None]
    assert boxes["message"].to_list() == [0, 0, 0, 1]


def test_a_bill_behind_one_in_quarantine_keeps_what_the_message_says_of_its_box() -> None:
    long = "FTX+AAA+++" + "X" * 70_000 + "'"
    boxes = one(f"EQD+CN+X+22G1'SEL+S'CNI+1+A'SGP+X'COM+1:TE'NAD+CN'COM+2:TE'{long}CNI+2+B'NAD+CN'SGP+X'").manifest
    assert boxes.equipment["size_type_raw"].to_list() == ["22G1", "22G1"]
    assert boxes.equipment["seal_ids"].to_list() == [["S"], ["S"]]
    assert boxes.parties["communication"].to_list() == [None]


def test_released_characters_are_text_in_list_columns_too() -> None:
    manifest = one(
        "CNI+1+B'RFF+XX:D?+1'GID+1+1:C?:T'PCI+28+M?'X'SGP+A?:B'SEL+S?+1'SEL+S??2'NAD+CN'COM+?+49:TE'"
    ).manifest
    assert manifest.consignments["documents"].to_list() == [[{"type_code": "XX", "document_id": "D+1"}]]
    assert manifest.goods_items["packaging"].to_list() == [[{"type_code": "C:T", "quantity": 1, "marks": "M'X"}]]
    assert manifest.goods_items["equipment_ids"].to_list() == [["A:B"]]
    assert manifest.equipment["seal_ids"].to_list() == [["S+1", "S?2"]]
    assert manifest.parties["communication"].to_list() == [["TE:+49"]]


def test_distinct_texts_are_kept_only_up_to_a_limit() -> None:
    asked: list[str] = []

    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    lengths = Distinct(length)
    assert [lengths["a"], lengths["a"]] == [1, 1]
    assert asked == ["a"]
    assert all(lengths[str(number)] == len(str(number)) for number in range(MOST_KEPT))
    assert len(lengths) <= MOST_KEPT
