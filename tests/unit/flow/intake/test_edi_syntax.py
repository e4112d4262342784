"""EDIFACT syntax: whatever the wrapping, the same messages come out, and every tolerance is told."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest

from pratique.flow.intake.edi.envelope import EdiReader
from pratique.flow.intake.edi.splitter import LONGEST_SEGMENT
from pratique.flow.intake.edi.syntax import Syntax, advised, restore
from pratique.flow.intake.edi.times import moment
from pratique.flow.intake.format import Unreadable
from samples import sample

PLAIN = (
    "UNB+UNOA:3+ME+YOU+260101:1200+R1'UNH+1+CUSCAR:D:95B:UN'BGM+785+M1+9'FTX+AAA+++IT?'S 5?+5 ?: WHAT??'UNT+4+1'"
    "UNZ+1+R1'"
)
SEGMENTS = ["BGM+785+M1+9", "FTX+AAA+++IT'S 5+5 : WHAT?"]


def parse(data: bytes | str) -> tuple[list[list[str]], EdiReader]:
    reader = EdiReader(io.BytesIO(data.encode() if isinstance(data, str) else data))
    read = [[restore(segment) for run in message.runs for segment in run.segments] for message in reader.messages()]
    return read, reader


def rules(reader: EdiReader) -> list[str]:
    return [finding.rule for finding in reader.notes.findings()]


def params(reader: EdiReader, rule: str) -> dict[str, str | int]:
    return next(finding.params for finding in reader.notes.findings() if finding.rule == rule)


def test_a_plain_interchange_gives_its_segments_without_a_finding() -> None:
    assert parse(PLAIN)[0] == [SEGMENTS]
    assert rules(parse(PLAIN)[1]) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("UNA:+.? '" + PLAIN, []),
        ("\ufeff" + PLAIN, ["edi.byte_order_mark"]),
        (PLAIN.replace("'U", "'\r\nU").replace("'B", "'\r\nB"), ["edi.line_breaks_between_segments"]),
        (PLAIN.replace("'BGM", "' \tBGM"), ["edi.blanks_before_tag"]),
        (PLAIN.replace("'UNT", "'''UNT"), ["edi.empty_segments"]),
        ("QU LONCSXX\r\n.PARXXYY 011200\r\n" + PLAIN, ["edi.text_before_interchange"]),
        (PLAIN + "\r\n=\r\nNNNN", ["edi.text_after_interchange"]),
        (PLAIN[:-1], ["edi.last_terminator_missing"]),
        (
            PLAIN.removeprefix("UNB+UNOA:3+ME+YOU+260101:1200+R1'").removesuffix("UNZ+1+R1'"),
            ["edi.interchange_header_missing"],
        ),
        (PLAIN.removesuffix("UNZ+1+R1'"), ["edi.interchange_trailer_missing"]),
        (PLAIN.replace("UNT+4+1'", ""), ["edi.message_trailer_missing"]),
        (PLAIN.replace("UNT+4+1", "UNT+7+1"), ["edi.segment_count_differs"]),
        (PLAIN.replace("UNT+4+1", "UNT+4+2"), ["edi.message_reference_differs"]),
        (PLAIN.replace("UNZ+1+R1", "UNZ+2+R1"), ["edi.interchange_count_differs"]),
        (PLAIN.replace("UNZ+1+R1", "UNZ+1+R2"), ["edi.interchange_reference_differs"]),
        (PLAIN.replace("UNOA", "IATA"), ["edi.character_set_unknown"]),
        ("UNA:+.?'" + PLAIN, ["edi.advice_squeezed"]),
        ("UNAABCDEF" + PLAIN, ["edi.advice_ignored"]),
        ("UNA++.? '" + PLAIN, ["edi.advice_ignored"]),
    ],
)
def test_every_tolerance_gives_the_same_segments_and_its_own_finding(data: str, expected: list[str]) -> None:
    read, reader = parse(data)
    assert read == [SEGMENTS]
    assert rules(reader) == expected


def respelled(una: str) -> str:
    """The plain interchange in other separators: component, element, decimal, release, reserved, terminator."""
    marked = PLAIN.replace("??", "\x01").replace("?'", "\x02").replace("?+", "\x03").replace("?:", "\x04")
    component, element, _, release, _, terminator = una
    text = marked.translate({ord(":"): component, ord("+"): element, ord("'"): terminator})
    own = {"\x01": "?", "\x02": "'", "\x03": "+", "\x04": ":"}
    return (
        "UNA"
        + una
        + "".join((release if own[char] in una else "") + own[char] if char in own else char for char in text)
    )


@pytest.mark.parametrize("una", [":*.? $", ":-.? *", ":+.\\*'", "/|,! ~", "'+.? :"])
def test_other_separators_are_those_that_una_tells(una: str) -> None:
    read, reader = parse(respelled(una))
    assert read == [[segment.replace("+", "+") for segment in SEGMENTS]]
    assert rules(reader) == []


def test_separators_without_una_are_inferred_from_the_header_and_told() -> None:
    read, reader = parse("UNB*UNOA:3*ME*YOU*260101:1200*R1~UNH*1*CUSCAR:D:95B:UN~BGM*785*M1*9~UNT*3*1~UNZ*1*R1~")
    assert read == [["BGM+785+M1+9"]]
    assert rules(reader) == ["edi.separators_inferred"]


@pytest.mark.parametrize("una", ["UNA:+.? \n", "UNA:+.? \r\n", ""])
def test_segments_may_end_with_line_breaks(una: str) -> None:
    text = "UNB+UNOA:3+ME+YOU+260101:1200+R1\nUNH+1+CUSCAR:D:95B:UN\nBGM+785+M1+9\nUNT+3+1\nUNZ+1+R1\n"
    read, reader = parse(una + (text.replace("\n", "\r\n") if "\r" in una else text))
    assert read == [["BGM+785+M1+9"]]
    assert rules(reader) == ([] if una else ["edi.newline_terminated"])


def test_a_telegram_folded_at_64_characters_is_joined_in_the_middle_of_tokens() -> None:
    body = PLAIN.replace("M1", "MANIFEST-0001")
    folded = "\r\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    read, reader = parse("QU ANRCUXX\r\n" + folded)
    assert read == [[segment.replace("M1", "MANIFEST-0001") for segment in SEGMENTS]]
    assert rules(reader) == ["edi.text_before_interchange", "edi.folded_lines_joined"]


def test_a_break_after_a_short_line_inside_text_stands_for_a_blank() -> None:
    read, reader = parse(
        "UNB+UNOA:3+A+B+260101:1200+R'\nUNH+1+CUSCAR:D:95B:UN'\nFTX+AAA+++HIGH\nSTREET'\nUNT+3+1'\nUNZ+1+R'\n"
    )
    assert read == [["FTX+AAA+++HIGH STREET"]]
    assert "edi.line_breaks_in_text" in rules(reader)


def test_groups_are_read_and_their_counts_compared() -> None:
    grouped = PLAIN.replace("'UNH", "'UNG+CUSCAR+ME+YOU+260101:1200+G1+UN+D:95B'UNH").replace("'UNZ", "'UNE+1+G1'UNZ")
    assert parse(grouped)[0] == [SEGMENTS]
    assert rules(parse(grouped)[1]) == []
    assert rules(parse(grouped.replace("UNE+1+G1", "UNE+2+G9"))[1]) == [
        "edi.group_count_differs",
        "edi.group_reference_differs",
    ]
    assert rules(parse(grouped.replace("UNE+1+G1'", ""))[1]) == ["edi.group_trailer_missing"]


def test_several_interchanges_in_one_file_may_differ_in_their_separators() -> None:
    read, reader = parse(PLAIN + "\r\n" + respelled(":*.? $") + PLAIN.replace("UNZ+1+R1'", "") + PLAIN)
    assert read == [SEGMENTS] * 4
    assert rules(reader) == ["edi.interchange_trailer_missing"]


def test_the_name_of_a_service_segment_inside_text_ends_nothing() -> None:
    text = PLAIN.replace("WHAT", "?'UNZ?+1?+R1?' TUNA UNB")
    assert parse(text)[0] == [[SEGMENTS[0], SEGMENTS[1].replace("WHAT", "'UNZ+1+R1' TUNA UNB")]]


def test_a_file_cut_at_any_byte_keeps_what_was_complete() -> None:
    data = PLAIN.encode()
    ends = (PLAIN.index("FTX"), PLAIN.index("UNT"))
    for length in range(len("UNB+UNOA:3+ME+YOU+260101:1200+R1'UNH+1+CUSCAR:D:95B:UN'"), len(data) - 1):
        read, reader = parse(data[:length])
        complete = [segment for segment, end in zip(SEGMENTS, ends, strict=True) if length >= end]
        assert len(read) == 1
        assert read[0] == complete
        assert rules(reader), f"cut at {length} without a finding"


def test_a_cut_segment_is_quarantined_with_its_place() -> None:
    data = PLAIN.encode()[:80]
    _, reader = parse(data)
    part = reader.notes.quarantined()[0]
    assert part.reason.rule == "edi.segment_cut_off"
    assert data[part.offset : (part.offset or 0) + (part.length or 0)] == data[data.rindex(b"'") + 1 :]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "intake.edi_empty"),
        (b"  \r\n ", "intake.edi_empty"),
        (bytes(range(256)) * 40, "intake.edi_binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200_000), "intake.edi_binary"),
        (PLAIN.encode("utf-16"), "intake.edi_wide_characters"),
        (b"<xml/>" * 100_000, "intake.edi_no_interchange"),
    ],
)
def test_what_is_no_edifact_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("identifier", "raw", "text", "told"),
    [
        ("UNOC", "MÜLLER".encode("latin-1"), "MÜLLER", None),
        ("UNOD", "ŁÓDŹ".encode("iso8859-2"), "ŁÓDŹ", None),
        ("UNOE", "МОСКВА".encode("iso8859-5"), "МОСКВА", None),
        ("UNOF", "ΠΕΙΡΑΙΑΣ".encode("iso8859-7"), "ΠΕΙΡΑΙΑΣ", None),
        ("UNOY", "上海".encode(), "上海", None),
        ("UNOB", "MÜLLER".encode("cp1252"), "MÜLLER", "iso8859-1"),
        ("UNOA", "МОСКВА".encode(), "МОСКВА", "utf-8"),
    ],
)
def test_text_is_decoded_by_the_syntax_identifier_and_never_otherwise_in_silence(
    identifier: str, raw: bytes, text: str, told: str | None
) -> None:
    data = PLAIN.replace("UNOA", identifier).encode().replace(b"WHAT", raw)
    read, reader = parse(data)
    assert read[0][1].endswith(f"{text}?")
    assert rules(reader) == ([] if told is None else ["edi.character_set_differs"])
    assert told is None or params(reader, "edi.character_set_differs")["used"] == told


def test_bytes_outside_of_the_character_set_are_replaced_and_told() -> None:
    read, reader = parse(PLAIN.replace("UNOA", "UNOY").encode().replace(b"WHAT", b"\xff\xfe"))
    assert "\ufffd" in read[0][1]
    assert rules(reader) == ["edi.bytes_not_decoded"]


def test_nuls_and_noncharacters_cannot_pose_as_separators() -> None:
    data = PLAIN.replace("UNOA", "UNOY").replace("WHAT", "\x00\ufdd1\ufdd2").encode()
    read, reader = parse(data)
    assert read[0][1].endswith("\ufffd\ufffd\ufffd?")
    assert rules(reader) == ["edi.unfit_characters"]


class Endless(io.RawIOBase):
    """A head, then one pattern again and again up to ``size`` bytes, never held in memory."""

    def __init__(self, head: bytes, pattern: bytes, size: int) -> None:
        self.head, self.block, self.left = head, (pattern * (65_536 // len(pattern) + 1))[:65_536], size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self.head:
            given, self.head = self.head[:size], self.head[size:]
            return given
        given = self.block[: min(size, self.left)]
        self.left -= len(given)
        return given


HEAD = b"UNB+UNOA:3+ME+YOU+260101:1200+R1'UNH+1+CUSCAR:D:95B:UN'BGM+785+M1+9'FTX+AAA+++"


@pytest.mark.parametrize("pattern", [b"A", b"A:", b"?'", b"???????'", b"A+B:C\r\n"])
def test_an_endless_segment_is_passed_over_in_bounded_memory(pattern: bytes) -> None:
    reader = EdiReader(Endless(HEAD, pattern, 200_000_000 if pattern == b"A" else 8_000_000))  # type: ignore[arg-type]
    tracemalloc.start()
    read = [segment for message in reader.messages() for run in message.runs for segment in run.segments]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read[0] == "BGM+785+M1+9"
    assert read[1].startswith("UN\x00+")
    assert len(read) == 2
    assert peak < 8_000_000


def test_text_without_any_interchange_is_refused_in_bounded_memory() -> None:
    tracemalloc.start()
    with pytest.raises(Unreadable):
        list(EdiReader(Endless(b"UN", b"UNA", 8_000_000)).messages())  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_the_segment_behind_one_that_is_too_long_is_read_again() -> None:
    long = b"FTX+AAA+++" + b"A" * (LONGEST_SEGMENT + 1)
    read, _ = parse(PLAIN.encode().replace(b"BGM", long + b"'BGM"))
    assert [segment[:3] for segment in read[0]] == ["UN\x00", "BGM", "FTX"]
    _, offset, length, excerpt = read[0][0].split("+", 3)
    assert PLAIN.encode().index(b"BGM") == int(offset)
    assert int(length) == len(long)
    assert excerpt.startswith("FTX+AAA+++AAA")


def test_a_million_components_in_one_segment_are_one_segment_that_is_too_long() -> None:
    read, _ = parse(PLAIN.replace("WHAT", "A:" * 1_000_000))
    assert read[0][1].startswith("UN\x00+")


def test_findings_of_one_kind_are_counted_beyond_their_limit() -> None:
    _, reader = parse(PLAIN.replace("UNZ", "UNT+1+1'" * 10_050 + "UNZ"))
    assert rules(reader).count("edi.message_trailer_without_header") == 10_000
    assert params(reader, "edi.further_findings") == {"rule": "edi.message_trailer_without_header", "count": 50}


def test_segments_outside_of_a_message_are_quarantined() -> None:
    _, reader = parse(PLAIN.replace("UNH", "LOC+9+NLRTM'UNH"))
    part = reader.notes.quarantined()[0]
    assert (part.reason.rule, part.excerpt) == ("edi.segments_outside_message", "LOC+9+NLRTM")
    assert part.offset == PLAIN.index("UNH")


def test_small_reads_give_the_same_as_one_large_read() -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(7)

    reader = EdiReader(Trickle(("UNA:+.? '" + PLAIN * 20).encode()))
    read = [[restore(segment) for run in message.runs for segment in run.segments] for message in reader.messages()]
    assert read == [SEGMENTS] * 20
    assert rules(reader) == []


@pytest.mark.parametrize("count", [1, 9, 1_000])
def test_every_one_of_many_small_interchanges_is_read(count: int) -> None:
    read, reader = parse(("UNA:+.? '" + PLAIN + "\r\n") * count)
    assert read == [SEGMENTS] * count
    assert rules(reader) == []


@pytest.mark.parametrize(
    ("advice", "expected"),
    [
        (":+.? '", Syntax(":", "+", ".", "?", "'")),
        (":*,  $", Syntax(":", "*", ",", "", "$")),
        (":+.?A'", None),
        (":+.? 1", None),
        ("::.? '", None),
        (":+x? '", None),
        (" +.? '", None),
        (":+.?", None),
        (":+.? \x07", None),
        (":+.?é'", None),
    ],
)
def test_service_string_advice_is_six_distinct_characters_that_are_no_letters_or_digits(
    advice: str, expected: Syntax | None
) -> None:
    assert advised(advice) == expected


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("20260120", "102", "2026-01-20T00:00:00+00:00"),
        ("260120", "101", "2026-01-20T00:00:00+00:00"),
        ("202601201215", "203", "2026-01-20T12:15:00+00:00"),
        ("20260120121530", "204", "2026-01-20T12:15:30+00:00"),
        ("202601201215UTC", "303", "2026-01-20T12:15:00+00:00"),
        ("202601201215+0200", "205", "2026-01-20T10:15:00+00:00"),
        ("202601201215-05", "303", "2026-01-20T17:15:00+00:00"),
        ("202613201215", "203", None),
        ("20260120", "203", None),
        ("202601201215XYZ", "303", None),
        ("202601201215", "999", None),
        ("000101010000+0100", "205", None),
    ],
)
def test_a_time_is_read_by_its_format_and_zone(text: str, code: str, expected: str | None) -> None:
    value = moment(text, code)
    assert (None if value is None else value.isoformat()) == expected


def samples() -> Iterator[tuple[str, str, int]]:
    """File, message type, segments between UNH and UNT as counted by hand."""
    yield "edifact-aperak-contrl/aperak.edi", "APERAK", 5
    yield "edifact-coprar/d95b_coprar.edi", "COPRAR", 27
    yield "edifact-cuscar/cuscar_d03b_ace_truck.edi", "CUSCAR", 36
    yield "edifact-paxlst/airline2.edi", "PAXLST", 109
    yield "edifact-paxlst/multiple_flight_leg_apis.txt", "PAXLST", 44


@pytest.mark.parametrize(("name", "kind", "count"), list(samples()))
def test_messages_of_others_are_split_as_a_person_would(name: str, kind: str, count: int) -> None:
    with sample(f"messages/{name}").open("rb") as stream:
        reader = EdiReader(stream)
        messages = [
            (message.message_type, sum(len(run.segments) for run in message.runs)) for message in reader.messages()
        ]
    assert messages == [(kind, count)]
    assert json.dumps([finding.params for finding in reader.notes.findings()])
