"""A list that is asked in another process gives what it gives here."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
import pytest

from pratique.cli.second import answer
from pratique.flow.screening import Screener

NAMES = ["QUILLABAMBA TRADNG", "SAND SWAN", "QUILLABAMBA TRADING", "NOBODY AT ALL"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    listed = pl.DataFrame(
        {
            "listing_id": ["a", "b"],
            "entity_id": ["a", "b"],
            "name": ["QUILLABAMBA TRADING", "SAND SWAN"],
            "kind": ["organisation", "vessel"],
        }
    )
    kept = tmp_path_factory.mktemp("list")
    Screener.build(listed, list_id="own", version="v1").save(kept)
    return kept


def rows(names: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"id": range(len(names)), "name": names, "kind": ["party"] * len(names)})


def question(folder: Path, frame: pl.DataFrame | None) -> bytes:
    told = io.BytesIO()
    if frame is not None:
        frame.write_ipc_stream(told)
    return json.dumps({"lists": [str(folder)], "bytes": told.tell()}).encode() + b"\n" + told.getvalue()


def answered(questions: bytes) -> list[pl.DataFrame]:
    sink = io.BytesIO()
    answer(io.BytesIO(questions), sink, None)
    source, found = io.BytesIO(sink.getvalue()), []
    while size := source.readline():
        found.append(pl.read_ipc_stream(source.read(int(size))))
    return found


def test_answers_are_the_hits_of_the_list_question_by_question(folder: Path) -> None:
    asked = question(folder, None) + question(folder, rows(NAMES)) + question(folder, rows(NAMES[3:]))
    first, second = answered(asked)
    here = Screener.open(folder)
    assert first.height > 0
    assert first.equals(here.hits(rows(NAMES)))
    assert second.equals(here.hits(rows(NAMES[3:])))


@pytest.mark.parametrize("asked", [b"what\n", b'{"lists": ["gone"], "bytes": 0}\n', b'{"bytes": 9}\n'])
def test_a_question_that_makes_no_sense_ends_it(asked: bytes) -> None:
    with pytest.raises(Exception, match=r"gone|Expecting value|lists"):
        answer(io.BytesIO(asked), io.BytesIO(), None)
