"""What every watchlist source must do, the built-in ones and those of others."""

from __future__ import annotations

import gzip

import polars as pl
import pytest

from pratique.flow.screening import BrokenList, ListFile, Screener, list_source, list_sources
from pratique.flow.screening.source import unpacked
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.listings import KINDS, LISTING, NAME_QUALITIES
from pratique.vocabulary.sentences import known_codes

WHOLE = {
    "ofac": ("sdn.csv", b'7,"SMITHSON, John","individual","X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1970." \n'),
    "un": (
        "list.xml",
        b'<CONSOLIDATED_LIST dateGenerated="2026-02-27"><INDIVIDUALS><INDIVIDUAL><DATAID>7</DATAID>'
        b"<FIRST_NAME>John</FIRST_NAME><SECOND_NAME>Smithson</SECOND_NAME></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>",
    ),
    "ftm": ("e.json", b'{"id": "7", "schema": "Person", "properties": {"name": ["John Smithson"]}}\n'),
    "bis": (
        "dpl.txt",
        b'"Name"\t"Street_Address"\t"City"\t"State"\t"Country"\t"Postal_Code"\t"Effective_Date"\t"Expiration_Date"\t'
        b'"Standard_Order"\t"Last_Update"\t"Action"\t"FR_Citation"\n'
        b'"JOHN SMITHSON"\t""\t""\t""\t"US"\t""\t""\t""\t""\t"2020-01-01"\t""\t""\n',
    ),
    "own": (
        "own.csv",
        b"id,name,kind,aliases,country,birth_date,identifiers,programme,remarks\n7,John Smithson,person,,,,,,\n",
    ),
}
HOSTILE = {
    "empty": b"",
    "blank": b"  \n \n",
    "web page": b"<!DOCTYPE html><html><body>Please enable JavaScript</body></html>",
    "binary": bytes(range(256)) * 40,
    "UTF-16": "id,name,kind\n1,A,person\n".encode("utf-16"),
    "gzip cut short": gzip.compress(b"x" * 10_000)[:-12],
    "one endless line": b"x" * 3_000_000,
}


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_source_is_found_by_its_name_and_says_what_it_accepts(name: str) -> None:
    assert list_source(name).name == name
    assert list_source(name).title
    assert list_source(name).accepts.endswith(".")


def test_every_source_installed_is_held_to_this_contract() -> None:
    assert set(WHOLE) == set(list_sources())


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_whole_list_becomes_rows_of_the_schema_that_can_be_screened(name: str, packed: bool) -> None:
    file_name, content = WHOLE[name]
    loaded = list_source(name).load([ListFile(file_name, gzip.compress(content) if packed else content)])
    assert loaded.listings.schema == pl.Schema(LISTING)
    assert loaded.listings["listing_id"].is_unique().all()
    assert set(loaded.listings["list_id"]) == {name}
    assert set(loaded.listings["kind"]) <= set(KINDS)
    assert set(loaded.listings["name_quality"]) <= set(NAME_QUALITIES)
    assert loaded.counts["names"] == loaded.listings.height == 1
    asked = pl.DataFrame({"id": [1], "name": ["SMITHSON JOHN"], "kind": [None]}, schema_overrides={"kind": pl.String})
    assert Screener.build(loaded.listings).screen(asked).height == 1


@pytest.mark.parametrize("what", sorted(HOSTILE))
@pytest.mark.parametrize("name", sorted(WHOLE))
def test_what_is_no_list_is_refused_whole(name: str, what: str) -> None:
    with pytest.raises(BrokenList) as refused:
        list_source(name).load([ListFile(WHOLE[name][0], HOSTILE[what])])
    assert refused.value.code == "lists.broken"
    assert refused.value.kept
    assert refused.value.todo


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_no_files_are_no_list(name: str) -> None:
    with pytest.raises(BrokenList):
        list_source(name).load([])


def test_a_packed_file_that_unpacks_without_end_is_refused() -> None:
    bomb = ListFile("list.gz", gzip.compress(b"0" * 5_000_000))
    with pytest.raises(BrokenList, match="no watchlist is that large"):
        unpacked(bomb, limit=1_000_000)


def test_an_unknown_source_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PratiqueError, match="ofac") as refused:
        list_source("nowhere")
    assert refused.value.code == "lists.unknown_source"


def test_every_code_of_lists_has_its_sentence() -> None:
    assert {"lists.broken", "lists.unknown_source", "lists.schema_skipped", "lists.date_implausible"} <= known_codes()
