"""Formats are found by entry point, loaded when asked, and chosen by content."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import BinaryIO

import pytest

from pratique.flow.intake import registry
from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.frames import empty_manifest


@dataclass
class Sure:
    """A format that is as sure as it is told to be."""

    name: str
    score: int
    asked: int = 0

    def detect(self, head: bytes, file_name: str) -> int:
        self.asked += 1
        return self.score

    def read(self, stream: BinaryIO, *, context: ReadContext) -> Reading:
        return Reading(empty_manifest())


def test_built_in_formats_come_through_the_entry_points_too() -> None:
    assert set(registry.format_names()) >= {"cuscar", "awmds", "ens", "wco_declaration", "table"}
    assert registry.format_named("table").name == "table"
    assert registry.format_named("table") is registry.format_named("table")


def test_surest_format_is_taken() -> None:
    formats = [Sure("a", 10), Sure("b", 60), Sure("c", 30)]
    assert registry.detect(b"x", "x", among=formats) is formats[1]


def test_nobody_is_asked_after_one_is_certain() -> None:
    formats = [Sure("a", 10), Sure("b", 95), Sure("c", 100)]
    assert registry.detect(b"x", "x", among=formats) is formats[1]
    assert formats[2].asked == 0


def test_unknown_file_is_refused_with_what_was_looked_for_and_its_first_bytes_made_safe() -> None:
    with pytest.raises(Unreadable) as refused:
        registry.detect(b"\x1b[2J\xff\n" + b"z" * 500, "x", among=[Sure("a", 0), Sure("b", 0)])
    assert refused.value.code == "intake.unknown_format"
    assert "Looked for: a, b." in refused.value.happened
    assert "\\x1b[2J\\xff\\nzzz" in refused.value.happened.replace("\\\\", "\\")
    assert refused.value.happened.isprintable()
    assert len(refused.value.happened) < 400


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an older office program"),
        ("\ufeffUNB+UNOA".encode("utf-16-le"), "text in UTF-16"),
        ("UNB+UNOA:1+X+Y".encode("utf-16-le"), "text in UTF-16"),
        (b"\n<!DOCTYPE html><html>", "a web page"),
        (b"Received: from a by b", "an e-mail"),
        (bytes(range(64)), "binary data"),
    ],
)
def test_unknown_file_is_told_by_its_kind_and_not_by_its_bytes(head: bytes, kind: str) -> None:
    with pytest.raises(Unreadable) as refused:
        registry.detect(head, "x", among=[Sure("a", 0)])
    assert kind in refused.value.happened
    assert "begins with" not in refused.value.happened


def test_two_formats_that_are_equally_sure_are_a_refusal_not_a_guess() -> None:
    with pytest.raises(Unreadable) as refused:
        registry.detect(b"x", "x", among=[Sure("a", 50), Sure("b", 50), Sure("c", 10)])
    assert "a and b are equally sure" in refused.value.happened


def test_format_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(PratiqueError) as refused:
        registry.format_named("nonsense")
    assert (refused.value.code, refused.value.category) == ("intake.no_such_format", Category.NOT_FOUND)
    assert "table" in refused.value.todo


def test_edifact_is_known_without_loading_the_formats_that_parse_xml_or_workbooks() -> None:
    program = (
        "import sys; from pratique.flow.intake.registry import detect; "
        "chosen = detect(b\"UNB+UNOA:1+S+R+260304:0600+1'UNH+1+CUSCAR:D:95B:UN'BGM+785+R1+9'\", 'x'); "
        "print(chosen.name, sorted({'lxml', 'openpyxl', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == "cuscar"
    assert "lxml" not in done.stdout
    assert "openpyxl" not in done.stdout
