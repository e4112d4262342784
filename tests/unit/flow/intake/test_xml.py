"""The XML door: what is refused, what is read up to a break, and what it costs."""

from __future__ import annotations

import io
import resource
from collections.abc import Iterator

import pytest

from pratique.flow.intake.format import Unreadable
from pratique.flow.intake.xml import Branch, Break, Limits, Part, PartReader, root_of
from pratique.vocabulary.sentences import known_codes

BOMB = b"""<?xml version="1.0"?><!DOCTYPE A [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><A><B>&c;</B></A>"""
EXTERNAL = b'<!DOCTYPE A [<!ENTITY secret SYSTEM "file:///etc/passwd">]><A><B>&secret;</B></A>'


class Generated(io.RawIOBase):
    """A stream that is made while it is read, so that its size is never in memory."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def read(self, size: int = -1) -> bytes:
        return next(self.pieces, b"")


def told(data: bytes, *, limits: Limits | None = None, repeated: str | None = "B") -> list[tuple[str, str | None]]:
    """Place and text of each part; place and rule of each break."""
    reader = PartReader(io.BytesIO(data), wanted=["B"], repeated=repeated, limits=limits)
    return [
        (item.place, item.element.text)
        if isinstance(item, Part)
        else (str(item.quarantined.reason.place), item.quarantined.reason.rule)
        for item in reader
    ]


def break_in(data: bytes, **options: object) -> Break:
    reader = PartReader(io.BytesIO(data), wanted=["B"], repeated="B")
    return next(item for item in reader if isinstance(item, Break))


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        PartReader(io.BytesIO(data), wanted=["B"], repeated="B")
    assert refused.value.happened
    return refused.value.code


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("data", [BOMB, EXTERNAL, b"<!-- first --><!DOCTYPE html><A/>", BOMB.decode().encode("utf-16")])
def test_a_document_type_is_refused_before_any_entity_is_looked_at(data: bytes) -> None:
    assert refusal(data) == "intake.xml_doctype"


def test_a_document_type_does_not_hide_the_root_from_detection() -> None:
    assert root_of(BOMB) == "A"


def test_an_entity_that_nothing_declares_breaks_only_its_own_part() -> None:
    parts = told(b"<A><B>1</B><B>&secret;</B><B>3</B></A>")
    assert parts == [("/A[1]/B[1]", "1"), ("/A[1]/B[2]", "xml.not_well_formed"), ("/A[1]/B[3]", "3")]


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\0" * 100])
def test_an_empty_file_is_refused_as_empty(data: bytes) -> None:
    assert refusal(data) == "intake.empty"


@pytest.mark.parametrize("data", [bytes(range(1, 256)) * 300, b"UNA:+.? '", b"PK\3\4", b'{"a": 1}', b"<>", b"< A/>"])
def test_what_is_no_xml_is_refused_as_that(data: bytes) -> None:
    assert refusal(data) == "intake.xml_not_xml"


def test_a_name_tag_that_never_ends_is_refused_without_being_kept_whole() -> None:
    before = peak_bytes()
    endless = Generated(iter([b'<A x="', *[b"y" * 65536] * 400]))
    with pytest.raises(Unreadable):
        PartReader(endless, wanted=["B"])  # type: ignore[arg-type]
    assert peak_bytes() - before < 30_000_000


def test_a_truncated_file_is_read_up_to_the_break_and_the_rest_is_set_aside() -> None:
    data = b"<A><B>1</B><B>2</B><B>3"
    assert told(data) == [("/A[1]/B[1]", "1"), ("/A[1]/B[2]", "2"), ("/A[1]/B[3]", "xml.truncated")]
    rest = break_in(data).quarantined
    assert (rest.offset, rest.length, rest.excerpt) == (19, 4, "<B>3")


@pytest.mark.parametrize(
    "broken", [b"<B>2 & 3</B>", b"<B x=2>2</B>", b"<B><c></B>", b"<B>\0</B>", b"<B>\x05</B>", b"<B><![CDATA[</B>"]
)
def test_reading_goes_on_after_a_broken_part_and_places_keep_their_numbers(broken: bytes) -> None:
    parts = told(b"<A><B>1</B>" + broken + b"<B>3</B><B>4</B></A>")
    assert [place for place, _ in parts] == ["/A[1]/B[1]", "/A[1]/B[2]", "/A[1]/B[3]", "/A[1]/B[4]"]
    assert [text for _, text in parts[2:]] == ["3", "4"]


def test_a_break_names_the_very_bytes_that_were_not_read() -> None:
    data = b"<A><B>1</B><B>2 & 3</B><B>3</B></A>"
    broken = break_in(data).quarantined
    assert broken.offset is not None
    assert broken.length is not None
    assert data[broken.offset : broken.offset + broken.length] == b"<B>2 & 3</B>"


def test_a_break_before_the_first_part_does_not_cost_the_first_part() -> None:
    parts = told(b"<A><G>this & that</G><B>1</B><B>2</B></A>")
    assert parts == [("line 1", "xml.not_well_formed"), ("/A[1]/B[1]", "1"), ("/A[1]/B[2]", "2")]


def test_so_many_broken_parts_that_the_rest_is_given_up_are_told_as_that() -> None:
    parts = told(b"<A>" + b"<B>&</B>" * 50 + b"</A>", limits=Limits(breaks=10))
    assert [rule for _, rule in parts] == ["xml.not_well_formed"] * 10 + ["xml.too_many_breaks"]


def test_ten_thousand_levels_break_their_part_only() -> None:
    deep = b"<c>" * 10_000 + b"</c>" * 10_000
    assert told(b"<A><B>1</B><B>" + deep + b"</B><B>3</B></A>") == [
        ("/A[1]/B[1]", "1"),
        ("/A[1]/B[2]", "xml.too_deep"),
        ("/A[1]/B[3]", "3"),
    ]


def test_a_text_of_eleven_megabytes_breaks_its_part_only() -> None:
    parts = told(b"<A><B>1</B><B>" + b"x" * 11_000_000 + b"</B><B>3</B></A>")
    assert parts == [("/A[1]/B[1]", "1"), ("/A[1]/B[2]", "xml.too_large"), ("/A[1]/B[3]", "3")]


def test_an_attribute_of_twenty_megabytes_is_set_aside_and_the_rest_goes_on() -> None:
    parts = told(b'<A><B>1</B><B a="' + b"x" * 20_000_000 + b'">2</B><B>3</B></A>')
    assert parts[0] == ("/A[1]/B[1]", "1")
    assert parts[1][1] in {"xml.part_too_large", "xml.too_large"}
    assert parts[-1] == ("/A[1]/B[3]", "3")


@pytest.mark.parametrize("flood", [b"<c/>", b'<c d="1"/>', b"<!-- -->", b"<?p?>"])
def test_a_flood_of_marks_in_one_part_is_refused_with_bounded_memory(flood: bytes) -> None:
    before = peak_bytes()
    pieces = iter([b"<A><B>1</B><B>", *[flood * 6000] * 500, b"</B><B>3</B></A>"])
    reader = PartReader(Generated(pieces), wanted=["B"], repeated="B", limits=Limits(part_marks=100_000))  # type: ignore[arg-type]
    items = list(reader)
    assert [item.quarantined.reason.rule for item in items if isinstance(item, Break)] == ["xml.part_too_large"]
    assert isinstance(items[-1], Part)
    assert peak_bytes() - before < 100_000_000


def test_memory_does_not_grow_with_the_number_of_parts() -> None:
    part = b"<B>" + b"<c>some text of a bill</c>" * 40 + b"</B>"
    pieces = iter([b"<A>", *[part * 60] * 400, b"</A>"])
    before = peak_bytes()
    reader = PartReader(Generated(pieces), wanted=["B"], repeated="B")  # type: ignore[arg-type]
    assert sum(isinstance(item, Part) for item in reader) == 24_000
    assert peak_bytes() - before < 20_000_000


def test_bytes_that_are_not_in_the_declared_encoding_break_their_part() -> None:
    parts = told(b'<?xml version="1.0" encoding="UTF-8"?><A><B>1</B><B>caf\xe9</B><B>3</B></A>')
    assert parts == [("/A[1]/B[1]", "1"), ("/A[1]/B[2]", "xml.encoding"), ("/A[1]/B[3]", "3")]


@pytest.mark.parametrize("declared", ["UTF-16", "UTF-99", "ISO-10646-UCS-4"])
def test_a_declared_encoding_that_cannot_be_true_is_refused(declared: str) -> None:
    assert refusal(f'<?xml version="1.0" encoding="{declared}"?><A><B>1</B></A>'.encode()) == "intake.xml_encoding"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "iso-8859-1", "windows-1252"])
def test_every_encoding_that_is_declared_truly_is_read(codec: str) -> None:
    declared = {"utf-8-sig": "utf-8", "utf-16-be": "utf-16"}.get(codec, codec)
    text = f'<?xml version="1.0" encoding="{declared}"?><A><B>Zürich</B><B>two</B></A>'
    assert told(text.encode(codec)) == [("/A[1]/B[1]", "Zürich"), ("/A[1]/B[2]", "two")]


def test_a_break_in_two_byte_characters_is_found_and_passed() -> None:
    data = '<?xml version="1.0" encoding="UTF-16"?><A><B>1</B><B>&</B><B>Ł</B></A>'.encode("utf-16")
    assert told(data) == [("/A[1]/B[1]", "1"), ("/A[1]/B[2]", "xml.not_well_formed"), ("/A[1]/B[3]", "Ł")]


def test_what_no_map_asked_for_is_counted_by_name() -> None:
    reader = PartReader(io.BytesIO(b'<A><B>1</B><C>x</C><D e="1"/><B>2</B>stray<E>y</E></A>'), wanted=["B"])
    assert sum(1 for _ in reader) == 2
    found = {finding.rule: finding.params for finding in reader.survey.findings(0)}
    assert found == {
        "xml.unknown_elements": {"names": "C (1), D (1), E (1)", "count": 3},
        "xml.stray_text": {"count": 1},
    }


def test_what_follows_the_end_of_the_message_is_set_aside() -> None:
    assert told(b"<A><B>1</B></A><A><B>2</B></A>") == [("/A[1]/B[1]", "1"), ("line 1", "xml.extra_content")]


def test_a_part_inside_other_elements_has_its_whole_path_as_place() -> None:
    assert told(b'<w><r><x:B xmlns:x="u">1</x:B></r></w>', repeated=None) == [("/w[1]/r[1]/x:B[1]", "1")]


def test_a_branch_tells_what_nobody_read() -> None:
    (part,) = PartReader(io.BytesIO(b'<B><x u="1">1</x><y><z>2</z></y><y/><w>3</w><w>4</w></B>'), wanted=["B"])
    assert isinstance(part, Part)
    branch = Branch(part.element, part.place)
    assert (branch.text("x"), branch.text("y", "z"), branch.text("w"), branch.text("none")) == ("1", "2", "3", None)
    assert [inner.place for inner in branch.called("y")] == ["/B[1]/y[1]", "/B[1]/y[2]"]
    assert branch.unread() == {"x@u": 1, "B/w": 1}


def test_every_code_of_the_door_has_a_sentence() -> None:
    names = "truncated encoding too_deep too_large part_too_large not_well_formed extra_content namespace_undeclared"
    names += " too_many_breaks unknown_elements stray_text value_unreadable amount_without_currency time_without_zone"
    assert {f"xml.{name}" for name in names.split()} <= known_codes()


def test_parts_in_wrappers_of_their_own_keep_their_places_and_cost_no_memory() -> None:
    wrapped = b"<w><x/><B>1</B></w><w/>"
    assert told(b"<r>" + wrapped * 2 + b"</r>", repeated=None) == [("/r[1]/w[1]/B[1]", "1"), ("/r[1]/w[3]/B[1]", "1")]
    before = peak_bytes()
    reader = PartReader(Generated(iter([b"<r>", *[wrapped * 2000] * 15, b"</r>"])), wanted=["B"])  # type: ignore[arg-type]
    last = [item.place for item in reader if isinstance(item, Part)][-1]
    assert last == "/r[1]/w[59999]/B[1]"
    assert peak_bytes() - before < 40_000_000
