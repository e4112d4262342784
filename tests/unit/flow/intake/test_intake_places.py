"""From a place to the bytes that stand there."""

import io
from pathlib import Path

import openpyxl
import pytest

from pratique.flow.intake.places import LONGEST, Located, locate
from pratique_world.bench import write_manifest

EDI = (
    b"UNA:+.? 'UNB+UNOA:1+A+B+260101:1200+1'\r\n"
    b"UNH+1+CUSCAR:D:95B:UN'BGM+85+X'FTX+AAA+++IT?'S ?? FINE'UNT+4+1'\n"
    b"UNH+2+CUSCAR:D:95B:UN'\n\nBGM+85+Y??'UNT+3+2'UNZ+2+1'"
)
XML = "<?xml version='1.0' encoding='utf-8'?><A><B><C>1</C></B><D/><B><C>é</C><C x='2'/></B></A>".encode()
CSV = b'a,b\n1,"two\nlines"\n3,four\n'


def text_at(data: bytes, place: str) -> str:
    found = locate(data, place)
    assert found is not None
    assert found.offset is not None
    assert found.length is not None
    return data[found.offset : found.offset + found.length].decode()


@pytest.mark.parametrize(
    ("data", "place", "text"),
    [
        (EDI, "segment 1", "UNH+1+CUSCAR:D:95B:UN"),
        (EDI, "segment 3", "FTX+AAA+++IT?'S ?? FINE"),
        (EDI, "message 2 (2), segment 1", "UNH+2+CUSCAR:D:95B:UN"),
        (EDI, "message 2 (2), segment 2", "BGM+85+Y??"),
        (XML, "/A[1]", XML[XML.index(b"<A>") :].decode()),
        (XML, "/A[1]/B[2]/C[1]", "<C>é</C>"),
        (XML, "/A[1]/B[2]/C[2]", "<C x='2'/>"),
        (XML, "/A[1]/D[1]", "<D/>"),
        (b"<A><B><C/></B></A>", "/A[1]/B[1]", "<B><C/></B>"),
        (b"<C><C/></C>", "/C[1]/C[1]", "<C/>"),
        (b"<A><B>/></B></A>", "/A[1]/B[1]", "<B>/></B>"),
        (b"<A><B></B></A>", "/A[1]/B[1]", "<B></B>"),
        (CSV, "row 1", "a,b\n"),
        (CSV, "row 2", '1,"two\nlines"\n'),
        (CSV, "row 3", "3,four\n"),
    ],
)
def test_a_place_leads_to_exactly_what_stands_there(data: bytes, place: str, text: str) -> None:
    assert text_at(data, place) == text


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (EDI, "segment 0"),
        (EDI, "segment 99"),
        (EDI, "message 3 (3), segment 1"),
        (EDI, "somewhere"),
        (XML, "/A[1]/B[3]"),
        (XML, "/A[1]/B[1]/C[2]"),
        (XML, "/A"),
        (b"<!DOCTYPE A [<!ENTITY e 'x'>]><A><B>&e;</B></A>", "/A[1]/B[1]"),
        (b"<A><B></A>", "/A[1]/B[1]"),
        (CSV, "row 0"),
        (CSV, "row 4"),
        (CSV, "Sheet!row 9"),
        (CSV, "byte 9999"),
        (b"", "row 1"),
        (b"\x00" * 50, "row 1"),
    ],
)
def test_a_place_that_is_none_leads_nowhere(data: bytes, place: str) -> None:
    assert locate(data, place) is None


def test_a_row_of_a_workbook_is_shown_as_its_cells() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Cargo"
    sheet.append(["bill", "goods"])
    sheet.append(["B1", "TILES"])
    sink = io.BytesIO()
    book.save(sink)
    assert locate(sink.getvalue(), "Cargo!row 2") == Located(None, None, "", "B1 | TILES", "", is_cut=False)
    assert locate(sink.getvalue(), "Other!row 2") is None


def test_control_characters_are_made_visible_and_long_text_is_cut() -> None:
    found = locate(b"UNA:+.? 'UNB+UNOA:1+A+B'UNH+1+X'FTX+\x1b[2J\x00" + b"A" * 9000 + b"'", "segment 2")
    assert found is not None
    assert found.is_cut
    assert found.text.startswith("FTX+␛[2J␀A")
    assert len(found.text) == LONGEST
    assert found.length == 9009


def test_every_segment_of_a_manifest_is_found_where_the_reader_counts_it(tmp_path: Path) -> None:
    write_manifest(tmp_path / "m.edi", consignments=20, seed=3)
    data = (tmp_path / "m.edi").read_bytes()
    message = data[data.index(b"UNH") :].split(b"'")
    for number in (1, 2, 7, 50, 99):
        assert text_at(data, f"segment {number}") == message[number - 1].strip().decode()
