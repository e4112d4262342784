"""Whatever a sender writes and however it is wrapped, it comes back as written; and nothing at all makes it raise."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from pratique.flow.intake.edi.envelope import EdiReader
from pratique.flow.intake.edi.syntax import Syntax, restore
from pratique.flow.intake.format import ReadContext, Unreadable
from pratique.flow.intake.formats.cuscar import Cuscar
from pratique.flow.intake.formats.cuscar.party import AGENCIES, party_columns
from pratique.vocabulary.units import grams

SYNTAXES = (
    Syntax(":", "+", ".", "?", "'"),
    Syntax(":", "*", ".", "?", "$"),
    Syntax("-", ":", ",", "\\", "+"),
    Syntax("|", "/", ".", "!", "~"),
)
TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=("Cc",)), min_size=1, max_size=12)
SEGMENT = st.tuples(
    st.sampled_from(("FTX", "NAD", "XYZ")), st.lists(st.lists(TEXT, min_size=1, max_size=3), min_size=1, max_size=4)
)


def written(segments: list[tuple[str, list[list[str]]]], syntax: Syntax) -> str:
    """An interchange as a careful sender writes it."""
    special = syntax.release + syntax.component + syntax.element + syntax.terminator

    def released(text: str) -> str:
        return "".join(syntax.release + char if char in special else char for char in text)

    def line(tag: str, elements: list[list[str]]) -> str:
        parts = [syntax.component.join(map(released, components)) for components in elements]
        return syntax.element.join([tag, *parts]) + syntax.terminator

    body = "".join(line(tag, elements) for tag, elements in segments)
    head = line("UNB", [["UNOC", "3"], ["A"], ["B"], ["260101", "1200"], ["I"]])
    trailer = line("UNT", [[str(len(segments) + 2)], ["1"]]) + line("UNZ", [["1"], ["I"]])
    advice = syntax.component + syntax.element + syntax.decimal + syntax.release + " " + syntax.terminator
    return "UNA" + advice + head + line("UNH", [["1"], ["CUSCAR", "D", "95B", "UN"]]) + body + trailer


@given(st.lists(SEGMENT, max_size=6), st.sampled_from(SYNTAXES))
def test_what_a_sender_writes_comes_back_as_written(
    segments: list[tuple[str, list[list[str]]]], syntax: Syntax
) -> None:
    reader = EdiReader(io.BytesIO(written(segments, syntax).encode("latin-1")))
    read = [segment.split("+") for message in reader.messages() for run in message.runs for segment in run.segments]
    parts = [(tag, [[restore(part) for part in element.split(":")] for element in elements]) for tag, *elements in read]
    assert parts == segments
    assert reader.notes.findings() == []


@given(st.lists(SEGMENT, max_size=6), st.integers(1, 50))
def test_the_size_of_the_reads_changes_nothing(segments: list[tuple[str, list[list[str]]]], size: int) -> None:
    data = written(segments, SYNTAXES[0]).encode("latin-1")

    class Trickle(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    def read(stream: io.BytesIO) -> list[str]:
        return [segment for message in EdiReader(stream).messages() for run in message.runs for segment in run.segments]

    assert read(Trickle(data)) == read(io.BytesIO(data))


ENVELOPES = (
    "UNA:+.? '",
    "UNB+UNOA:3+A+B+260101:1200+I'",
    "UNH+1+CUSCAR:D:95B:UN'",
    "UNT+2+1'",
    "UNZ+1+I'",
    "UNG+CUSCAR'",
)
BILLS = ("UNE+1'", "BGM+785+M+9'", "CNI+1+B'", "RFF+BM:B2'", "GID+1+5:CT'", "MEA+AAE+G+KGM:5'", "SGP+X+3'", "EQD+CN+X'")
ODD = ("?", "'", "+", ":", "\r\n", " ", "\x00", "é", "A" * 70_000, "NAD+CN+++N'", "LOC+9+X'", "DTM+132:2026:203'")
FRAGMENTS = st.sampled_from(ENVELOPES + BILLS + ODD)


@given(st.lists(FRAGMENTS, max_size=25))
def test_nothing_makes_the_reading_raise_but_the_refusal(fragments: list[str]) -> None:
    try:
        reading = Cuscar().read(io.BytesIO("".join(fragments).encode()), context=ReadContext("x", "0" * 64))
    except Unreadable:
        return
    manifest = reading.manifest
    known = set(manifest.consignments["consignment"].to_list())
    assert known == set(range(manifest.consignments.height))
    assert set(manifest.goods_items["consignment"].to_list()) <= known
    assert set(manifest.findings["consignment"].drop_nulls().to_list()) <= known
    assert set(manifest.findings["message"].drop_nulls().to_list()) <= set(range(manifest.message.height))


@given(st.binary(max_size=300))
def test_any_bytes_behind_a_header_are_read_or_refused(tail: bytes) -> None:
    head = b"UNB+UNOA:3+A+B+260101:1200+I'UNH+1+CUSCAR:D:95B:UN'BGM+785+M+9'CNI+1+B'"
    reading = Cuscar().read(io.BytesIO(head + tail), context=ReadContext("x", "0" * 64))
    assert reading.manifest.message.height == 1


@given(st.integers(0, 10**12), st.integers(0, 999))
def test_kilograms_with_decimals_are_exactly_their_grams(whole: int, thousandths: int) -> None:
    assert grams(f"{whole}.{thousandths:03d}", "KGM") == whole * 1000 + thousandths


def party_by_hand(text: str) -> tuple[str | None, ...]:
    """One NAD segment, element by element, as the columns of parties must give it."""
    elements = text.split("+") + [""] * 10
    identity = [*elements[2].split(":"), "", ""]
    lines = elements[3].split(":")
    name = elements[4].split(":")[:5] if elements[4] else [lines.pop(0)]
    address = [*lines, *elements[5].split(":")]
    scheme = AGENCIES.get(identity[2]) or identity[1] or identity[2]
    subdivision = elements[7].split(":") + [""] * 3
    told = (
        {"N1": "NI"}.get(elements[1], elements[1]),
        identity[0],
        scheme if identity[0] else "",
        " ".join(filter(None, map(str.strip, name))),
        ", ".join(filter(None, map(str.strip, address))),
        elements[6].strip(),
        subdivision[0] or subdivision[3],
        elements[8],
        elements[9],
    )
    return tuple(value or None for value in told)


BLANKS = " \t\x0b\x1c\x1f\x85\xa0\u2003"
NAD = st.text(st.sampled_from("AZ9.$\\é\ufdd0" + BLANKS + ":::++++++"), max_size=40)
CODED = st.sampled_from(("CN+X:1:9+", "N1+X::182+", "CZ+X:ZZ:77:Y+", "++A:B+N:M", "CN+++1:2:3:4:5:6:7+R", ""))


@given(st.lists(st.builds(lambda coded, text: f"NAD+{coded}{text}", CODED, NAD), min_size=1, max_size=8))
def test_parties_taken_apart_by_columns_are_those_taken_apart_by_hand(texts: list[str]) -> None:
    assert party_columns(texts).rows() == [party_by_hand(text) for text in texts]
