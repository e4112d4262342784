"""Reading plain bills by columns gives what the handlers give, segment by segment: every frame and every finding."""

from __future__ import annotations

import io
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.cuscar import Cuscar, reader
from pratique.flow.intake.formats.cuscar.plain.forms import by_tag, taken_apart
from pratique.flow.intake.formats.cuscar.plain.shapes import is_plain_bill, is_plain_box

NEVER = 10**9
PLACES = ("9", "11", "12", "10", "88", "7", "8", "20", "83", "27", "13", "5")
CODES = st.sampled_from(("", "A", "KEMBA", "CNSHA", "B1", "B2", "x?+y", "ä", " z ", "22", "10"))
NUMBERS = st.sampled_from(("", "0", "7", "0012", "5.5", "5,25", "1.", ".5", "9.12345", "-3", "1e3", "9" * 12, "9" * 25))
UNITS = st.sampled_from(("KGM", "KGM", "TNE", "MTQ", "LBR", "XXX", ""))
CURRENCIES = st.sampled_from(("USD", "JPY", "KWD", "CLF", "XXX", "usd", ""))
MEASURED = st.sampled_from(("AAE", "G", "AAB", "AAL", "N", "T", "VOL", "AAW", "ABS", "WT", "", "Q"))
TEXTS = st.sampled_from(("TOYS", "TOYS:GAMES", " A :: B ", ":", " ", "", "O?'HARA", "1+2", "é"))


def spelled(form: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A segment of that form with its parts drawn."""
    return st.fixed_dictionaries(parts).map(lambda drawn: form.format(**drawn))


HEAD = st.one_of(
    spelled("RFF+{kind}:{value}", kind=st.sampled_from(("BM", "HWB", "MB", "UCN", "AAM", "XX")), value=CODES),
    spelled(
        "CNT+{kind}:{number}:{unit}", kind=st.sampled_from(("7", "8", "11", "15", "5")), number=NUMBERS, unit=UNITS
    ),
    spelled("LOC+{kind}+{place}:139:6", kind=st.sampled_from(PLACES), place=CODES),
    spelled(
        "GIS+{code}{rest}",
        code=st.sampled_from(("22", "23", "28", "42")),
        rest=st.sampled_from(("", ":109", ":1", "+1")),
    ),
    spelled(
        "MOA+{kind}:{number}:{unit}", kind=st.sampled_from(("40", "43", "64", "9")), number=NUMBERS, unit=CURRENCIES
    ),
    spelled("CPI+4+{code}+P", code=CODES),
    spelled("NAD+{role}+++{name}", role=st.sampled_from(("CZ", "CN", "N1")), name=TEXTS),
    spelled("MEA+{name}+{kind}+{unit}:{number}", name=MEASURED, kind=MEASURED, unit=UNITS, number=NUMBERS),
)
GOODS = st.one_of(
    spelled(
        "GID+{sequence}+{count}:{kind}{rest}",
        sequence=NUMBERS,
        count=NUMBERS,
        kind=st.sampled_from(("CT", "", "P?:K")),
        rest=st.sampled_from(("", "+", "+1:CT", ":1", "++2")),
    ),
    spelled("FTX+{kind}+++{text}", kind=st.sampled_from(("AAA", "AAA", "ABV")), text=TEXTS),
    spelled("MEA+{name}+{kind}:1+{unit}:{number}", name=MEASURED, kind=MEASURED, unit=UNITS, number=NUMBERS),
    spelled(
        "MEA+AAE+{kind}+KGM:{number}", kind=st.sampled_from(("G", "N", "AAB")), number=st.sampled_from(("5", "5.5"))
    ),
    spelled(
        "SGP+{box}{rest}",
        box=st.sampled_from(("ABCU1234560", "X1", "", "X2:1")),
        rest=st.sampled_from(("", "+", "+3", "+3+4", "+x", "+3:CT", "+" + "9" * 13)),
    ),
    spelled("CST++{code}:122", code=CODES),
    spelled(
        "DGS+IMD+{kind}+{number}",
        kind=st.sampled_from(("3", "", "3:1")),
        number=st.sampled_from(("1263", "", "1263:x")),
    ),
    spelled("LOC+27+{place}", place=CODES),
    spelled("MOA+40:{number}:{unit}", number=NUMBERS, unit=CURRENCIES),
    st.sampled_from(
        (
            "PAC+3++CT",
            "PCI++MARKS",
            "HAN+6",
            "PIA+1+9503:HS",
            "TMP+2+5:CEL",
            "DTM+137:20260101:102",
            "TDT+20+1",
            "QTY+1:2",
            "ZZZ+1",
            "COM+1:TE",
            "DOC+703+H1",
            "CNI",
            "SEL+S9",
        )
    ),
)
BOX = st.one_of(
    spelled(
        "EQD+CN+{box}+{size}++{status}+{full}",
        box=st.sampled_from(("ABCU1234560", "X1", "")),
        size=st.sampled_from(("22G1:102", ":::T", "")),
        status=CODES,
        full=st.sampled_from(("5", "", "4:1")),
    ),
    spelled("SEL+{seal}+CA", seal=CODES),
    spelled("MEA+AAE+{kind}+KGM:{number}", kind=MEASURED, number=NUMBERS),
)

GID = "GID+1+3:CT"
PLAIN = (
    "CNI+1+B1",
    "RFF+BM:B1",
    "CNT+7:5.5:KGM",
    "LOC+9+CNSHA",
    "GIS+23",
    "MOA+40:9.99:USD",
    "NAD+CZ+++A",
    "NAD+CN+++B",
    GID,
    "FTX+AAA+++TOYS",
    "MEA+AAE+G+KGM:5.5",
    "SGP+X1+3",
    "MEA+AAE+G+KGM:2",
    "CST++9503:122",
    GID,
    "SGP+X1+4",
)


@st.composite
def bills(draw: st.DrawFn) -> list[str]:
    """A plain bill, now and then with segments taken out, put in or repeated, or one of nothing but oddities."""
    if draw(st.integers(0, 9)) == 0:
        return [
            draw(spelled("CNI+{a}+{b}", a=NUMBERS, b=CODES)),
            *draw(st.lists(st.one_of(HEAD, GOODS, BOX), max_size=8)),
        ]
    segments = list(PLAIN)
    segments[0] = draw(st.sampled_from(("CNI+1+B1", "CNI+2+B1", "CNI+2", "CNI+2+", "CNI+2+B2")))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(1, len(segments)))
        segments[at : at + draw(st.integers(0, 1))] = draw(st.lists(st.one_of(HEAD, GOODS), max_size=2))
    return segments


def message(boxes: list[list[str]], drawn: list[list[str]], mark: str) -> bytes:
    """An interchange of one message: boxes of its own, then bills."""
    head = [f"UNA:+{mark}? 'UNB+UNOC:3+A+B+260101:1200+I", "UNH+1+CUSCAR:D:95B:UN", "BGM+785+M+9", "GIS+22"]
    body = [segment for part in (*boxes, *drawn) for segment in part]
    return ("'".join([*head, *body, "UNT+9+1", "UNZ+1+I"]) + "'").encode("latin-1")


def read(data: bytes, *, fewest: int) -> Reading | str:
    """What is read, or the code of the refusal."""
    try:
        return Cuscar(fewest=fewest).read(io.BytesIO(data), context=ReadContext(file_name="f", raw_sha256="0" * 64))
    except Unreadable as refusal:
        return refusal.code


@given(
    st.lists(st.lists(BOX, min_size=1, max_size=4), max_size=3), st.lists(bills(), max_size=6), st.sampled_from(".,")
)
def test_columns_and_handlers_read_the_same(boxes: list[list[str]], drawn: list[list[str]], mark: str) -> None:
    assert_read_the_same(message(boxes, drawn, mark))


def test_windows_that_cut_a_message_anywhere_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "WINDOW", 1)  # one for each piece that the splitter reads
    boxes = [["EQD+CN+X1+22G1:102:5++3+5", f"SEL+S{number}"] for number in range(5_000)]
    odd = [*PLAIN, "COM+1:TE"]
    assert_read_the_same(message(boxes, [odd if number % 50 == 0 else list(PLAIN) for number in range(1_500)], "."))


def assert_read_the_same(data: bytes) -> None:
    plain, reference = read(data, fewest=1), read(data, fewest=NEVER)
    if isinstance(plain, str) or isinstance(reference, str):
        assert plain == reference
        return
    for each in fields(plain.manifest):
        told, expected = getattr(plain.manifest, each.name), getattr(reference.manifest, each.name)
        assert told.schema == expected.schema, each.name
        assert told.equals(expected), each.name
    assert plain.quarantined == reference.quarantined


def test_a_usual_bill_is_plain() -> None:
    assert is_plain_bill(taken_apart(by_tag(PLAIN), ".").shape.tobytes())


@pytest.mark.parametrize("count", ["x", "3:CT", "9" * 13, "-3"])
def test_a_share_whose_count_is_no_plain_number_is_told_apart_by_the_handlers(count: str) -> None:
    odd = [segment.replace("SGP+X1+3", f"SGP+X1+{count}") for segment in PLAIN]
    assert_read_the_same(message([], [odd, list(PLAIN)], "."))
    assert not is_plain_bill(taken_apart(by_tag(odd), ".").shape.tobytes())


@pytest.mark.parametrize(
    "added",
    ["RFF+BM:B1", "COM+1:TE", "LOC+9+CNSHA", "GIS+22", "MEA+AAE+G+LBR:5", "EQD+CN+X1", "DOC+703+H1", "ZZZ+1"],
)
def test_a_bill_in_which_anything_is_odd_or_said_twice_is_not_plain(added: str) -> None:
    assert not is_plain_bill(taken_apart(by_tag([*PLAIN[:6], added, *PLAIN[6:]]), ".").shape.tobytes())


def test_a_box_of_the_message_with_measure_and_seals_is_plain() -> None:
    usual = ("EQD+CN+ABCU1234560+22G1:102:5++3+5", "MEA+AAE+G+KGM:5", "SEL+S1+CA", "SEL+S2")
    assert is_plain_box(taken_apart(by_tag(usual), ".").shape.tobytes())
