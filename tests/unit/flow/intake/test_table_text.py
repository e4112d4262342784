"""Broken and hostile text tables: what can be read is read, the rest is in quarantine with its place."""

from __future__ import annotations

import io

import pytest

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.table import Table
from pratique.flow.intake.formats.table.text import MOST_LINE_CHARACTERS
from pratique.flow.intake.mapping import load_mapping

HEAD = "bill_number,description\n"


def read(data: str | bytes) -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    return Table().read(io.BytesIO(raw), context=ReadContext("t.csv", "cd" * 32))


def bills(reading: Reading) -> list[str]:
    return reading.manifest.consignments["transport_contract_document_id"].to_list()


def quarantined(reading: Reading) -> list[tuple[str, str | None]]:
    return [(part.reason.rule, part.reason.place) for part in reading.quarantined]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-with-bom"])
def test_delimiter_and_encoding_are_found_and_reported(delimiter: str, encoding: str) -> None:
    text = f"bill_number{delimiter}description{delimiter}consignee_name\nÄ1{delimiter}schön, teuer{delimiter}Žižka\n"
    text = text.replace("schön, teuer", '"schön, teuer"')
    raw = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-with-bom" else text.encode(encoding)
    reading = read(raw)
    assert reading.manifest.goods_items["description"].to_list() == ["schön, teuer"]
    assert reading.manifest.parties["name"].to_list() == ["Žižka"]
    assert repr(delimiter) in reading.manifest.message["format_version"][0]


def test_text_that_is_not_utf8_is_read_as_windows_1252_with_a_finding() -> None:
    reading = read("bill_number,description\nA,caf\u00e9 \u2013 5 \u20ac\n".encode("cp1252"))
    assert reading.manifest.goods_items["description"].to_list() == ["café – 5 €"]
    assert reading.manifest.findings.filter(rule="table.not_utf8").height == 1


def test_byte_that_windows_1252_does_not_have_makes_it_latin_1() -> None:
    reading = read(b"bill_number,description\nA,caf\xe9 \x81\n")
    assert reading.manifest.goods_items["description"].to_list() == ["caf\xe9 \x81"]


def test_file_cut_inside_a_character_is_still_utf8_and_says_so() -> None:
    reading = read((HEAD + "A,schön\nB,schö").encode()[:-1])
    assert reading.manifest.goods_items["description"].to_list() == ["schön", "sch\ufffd"]
    assert reading.manifest.findings.filter(rule="table.cut_inside_character").height == 1


def test_quoted_newlines_and_quotes_belong_to_their_cell_and_rows_count_as_in_a_spreadsheet() -> None:
    reading = read(HEAD + 'A,"two\r\nlines, ""quoted"""\n\nB,x\n')
    assert reading.manifest.goods_items["description"].to_list() == ['two\r\nlines, "quoted"', "x"]
    assert reading.manifest.consignments["place"].to_list() == ["row 2", "row 4"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_newline_ends_a_row(newline: str) -> None:
    assert bills(read(newline.join(["bill_number,description", "A,x", "B,y", ""]))) == ["A", "B"]


def test_ragged_rows_are_put_in_quarantine_with_their_bytes_and_the_rest_is_read() -> None:
    raw = (HEAD + "A,x\nB\nC,x,surplus\nÖ,y,,\nD,z\n").encode()
    reading = read(raw)
    assert bills(reading) == ["A", "Ö", "D"]
    assert quarantined(reading) == [("table.ragged_row", "row 3"), ("table.ragged_row", "row 4")]
    pieces = [raw[part.offset : part.offset + (part.length or 0)] for part in reading.quarantined if part.offset]
    assert pieces == [b"B\n", b"C,x,surplus\n"]


def test_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    reading = read(HEAD + 'A,x\nB,"no end\n' + "".join(f"C{number},y\n" for number in range(300)))
    assert len(bills(reading)) == 301
    assert quarantined(reading) == [("table.quote_not_closed", "row 3")]


def test_two_stray_quotes_do_not_swallow_the_rows_between_them() -> None:
    reading = read(HEAD + 'A,"stray\nB,x\nC,y\nD,"stray\nE,z\n')
    assert bills(reading) == ["B", "C", "E"]
    assert quarantined(reading) == [("table.quote_not_closed", "row 2"), ("table.quote_not_closed", "row 5")]


def test_heading_and_title_above_it_may_be_written_on_several_lines() -> None:
    mapping = load_mapping(
        "{id: own, message_type: M, header_row: 2, keys: {consignment: [Bill no]}, required: [Bill no],"
        " columns: {Bill no: {to: consignment.transport_contract_document_id}, Goods: {to: goods_item.description}}}"
    )
    raw = io.BytesIO(b'"Cargo\nof MV X"\n"Bill\nno",Goods\nA,shoes\n')
    reading = Table().read(raw, context=ReadContext("t.csv", "cd" * 32, mapping))
    assert reading.manifest.consignments.select("transport_contract_document_id", "place").rows() == [("A", "row 3")]


def test_file_that_ends_inside_a_quote_says_so() -> None:
    reading = read(HEAD + 'A,x\nB,"cut o')
    assert bills(reading) == ["A"]
    assert quarantined(reading) == [("table.quote_not_closed", "row 3")]


def test_quote_in_the_middle_of_a_cell_is_a_character_like_any_other() -> None:
    assert read(HEAD + 'A,5" pipe').manifest.goods_items["description"].to_list() == ['5" pipe']


def test_nul_characters_put_their_row_in_quarantine() -> None:
    reading = read(HEAD + "A,x\nB,y\x00\nC,z\n")
    assert bills(reading) == ["A", "C"]
    assert quarantined(reading) == [("table.nul", "row 3")]


@pytest.mark.parametrize("quote", ["", '"'])
def test_cell_of_a_megabyte_goes_to_quarantine_as_an_excerpt(quote: str) -> None:
    cell = "x" * (1024 * 1024)
    reading = read(HEAD + f"A,x\nB,{quote}{cell}{quote}\nC,z\n")
    assert bills(reading) == ["A", "C"]
    assert [rule for rule, _ in quarantined(reading)] == ["table.line_too_long"]
    assert len(reading.quarantined[0].excerpt) <= 2_000
    assert (reading.quarantined[0].length or 0) > 1024 * 1024


def test_cell_beyond_the_limit_in_a_line_below_it_goes_to_quarantine() -> None:
    reading = read(HEAD + f"A,{'x' * 200_000}\nC,z\n")
    assert bills(reading) == ["C"]
    assert quarantined(reading) == [("table.cell_too_long", "row 2")]


def test_one_endless_line_is_refused_without_holding_it() -> None:
    class Endless(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1, /) -> bytes:
            Endless.most = max(Endless.most, size if size is not None and size >= 0 else 2**40)
            return super().read(size)

    with pytest.raises(Unreadable) as refused:
        Table().read(Endless(b"a," * (8 * 1024 * 1024)), context=ReadContext("t.csv", "cd" * 32))
    assert refused.value.code == "table.no_mapping"
    assert Endless.most <= MOST_LINE_CHARACTERS


def test_two_thousand_columns_are_read_by_the_ones_that_are_known() -> None:
    names = [f"extra {number}" for number in range(2_000)]
    text = ",".join(["bill_number", *names, "description"]) + "\nA" + ",1" * 2_000 + ",x\n"
    reading = read(text)
    assert reading.manifest.goods_items["description"].to_list() == ["x"]
    assert '"count": 2000' in reading.manifest.findings.filter(rule="table.columns_not_used")["params"][0]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\x00\x01\x02\x03" * 500, "table.binary"),
        (bytes(range(1, 32)) * 100, "table.binary"),
        (b"bill_number,description\n", "table.no_rows"),
        (b"bill_number,description\nA\nB\n", "table.no_rows"),
        (b"\n\n\n", "table.no_mapping"),
        (b"", "table.no_mapping"),
        (b"\xff\xfe", "table.no_mapping"),
    ],
)
def test_what_is_no_table_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(raw)
    assert refused.value.code == code
