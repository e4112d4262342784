"""Watchlist sources: real lists read to the counts of a person, and broken ones are refused whole."""

from __future__ import annotations

import gzip
import json
from datetime import date

import polars as pl
import pytest

from pratique.flow.screening import BrokenList, ListFile, LoadedList
from pratique.flow.screening.sources.bis import DeniedPersons
from pratique.flow.screening.sources.dates import country_code, dates_in
from pratique.flow.screening.sources.ftm import FollowTheMoney
from pratique.flow.screening.sources.ofac import Ofac
from pratique.flow.screening.sources.own import OwnList
from pratique.flow.screening.sources.un import UnitedNations
from samples import sample

OWN_HEADINGS = b"id,name,kind,aliases,country,birth_date,identifiers,programme,remarks\n"


def real(name: str) -> ListFile:
    return ListFile(name, sample(f"watchlists/{name}").read_bytes())


def plain(name: str) -> bytes:
    return gzip.decompress(real(name).content)


@pytest.fixture(scope="module")
def ofac() -> LoadedList:
    return Ofac().load([real(f"ofac_{part}.csv.gz") for part in ("sdn", "alt", "add", "sdn_comments")])


@pytest.fixture(scope="module")
def un() -> LoadedList:
    return UnitedNations().load([real("un_consolidated_part.xml.gz")])


def of(loaded: LoadedList, entity: str) -> pl.DataFrame:
    return loaded.listings.filter(pl.col("entity_id") == entity)


def test_ofac_reads_to_the_counts_of_its_files(ofac: LoadedList) -> None:
    # 8,976 lines of SDN.CSV: 4,620 individuals, 406 vessels, 277 aircraft, the rest organisations
    assert ofac.counts["entities"] == 8976
    assert (ofac.counts["person"], ofac.counts["vessel"], ofac.counts["other"]) == (4620, 406, 277)
    assert ofac.counts["organisation"] == 8976 - 4620 - 406 - 277
    assert ofac.listings.filter(name_quality="primary").height == 8976
    # 11,910 other names, six of which only repeat a spelling of the same entry
    assert ofac.listings.filter(name_quality="strong").height == 11904


def test_ofac_takes_dates_numbers_countries_and_weak_names_out_of_the_remarks(ofac: LoadedList) -> None:
    zawahiri = of(ofac, "2676")
    assert zawahiri["name"].to_list() == [
        "AL ZAWAHIRI, Dr. Ayman",
        "AL-ZAWAHIRI, Ayman",
        "SALIM, Ahmad Fuad",
        "AL-ZAWAHIRI, Aiman Muhammad Rabi",
    ]
    assert zawahiri["birth_dates"][0].to_list() == ["1951-06-19"]
    assert zawahiri["identifiers"][0].to_list() == ["passport:1084010", "passport:19820215"]
    banco = of(ofac, "306")
    assert banco.filter(name_quality="weak")["name"].to_list() == ["BNC"]
    assert banco["countries"][0].to_list() == ["CH", "ES", "JP", "PA"]
    assert banco["programme"][0] == "CUBA"
    assert of(ofac, "4243")["countries"][0].to_list() == ["CY"]


def test_ofac_reads_on_in_the_overflow_of_remarks(ofac: LoadedList) -> None:
    names = of(ofac, "28264").filter(name_quality="weak")["name"].to_list()
    assert {"blackjack1987", "khaleesi"} <= set(names)


def test_ofac_understands_a_list_without_its_other_files() -> None:
    alone = Ofac().load(
        [ListFile("SDN.CSV", b'7,"SMITH, John","individual","X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a')]
    )
    assert alone.listings["name"].to_list() == ["SMITH, John"]


@pytest.mark.parametrize("keep", [6, 11])
def test_ofac_with_half_its_columns_is_refused_with_the_line(keep: int) -> None:
    row = b'7,"SMITH, John","individual","X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- '
    half = b",".join(row.split(b",")[: keep + 1])
    with pytest.raises(BrokenList, match=r"sdn\.csv, line 2: .* 12 columns"):
        Ofac().load([ListFile("sdn.csv", row + b"\n" + half + b"\n")])


def test_ofac_cut_short_is_refused() -> None:
    whole = plain("ofac_sdn.csv.gz")
    with pytest.raises(BrokenList, match=r"sdn\.csv, line"):
        Ofac().load([ListFile("sdn.csv", whole[: len(whole) // 2])])
    first_lines = b"".join(whole.splitlines(keepends=True)[:4000])
    with pytest.raises(BrokenList, match="refers to entry"):
        Ofac().load([ListFile("sdn.csv", first_lines), real("ofac_alt.csv.gz")])


def test_un_reads_to_the_counts_of_its_file(un: LoadedList) -> None:
    assert (un.counts["person"], un.counts["organisation"]) == (367, 132)
    assert un.list_date == date(2026, 2, 27)
    qualities = dict(un.listings["name_quality"].value_counts().rows())
    assert qualities["primary"] == 499
    assert qualities["weak"] == 307  # aliases of quality Low
    assert qualities["original_script"] == 192


def test_un_joins_the_parts_of_a_name_and_takes_numbers_out_of_documents(un: LoadedList) -> None:
    kaina = un.listings.filter(pl.col("name") == "Colonel Innocent KAINA")
    assert (kaina["name_quality"][0], kaina["countries"][0].to_list()) == ("strong", ["UG"])
    assert kaina["birth_dates"][0].to_list() == ["1973-11"]
    assert of(un, "6907994")["name"][0] == "FRANK KAKOLELE BWAMBALE"
    assert "passport:8208555627" in of(un, "6908574")["identifiers"][0].to_list()


@pytest.mark.parametrize(
    "attack",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><CONSOLIDATED_LIST>&x;</CONSOLIDATED_LIST>',
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><CONSOLIDATED_LIST>&c;</CONSOLIDATED_LIST>',
        b"<CONSOLIDATED_LIST>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</CONSOLIDATED_LIST>",
        b'<CONSOLIDATED_LIST dateGenerated="2026-02-27"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID></INDIVIDUAL>'
        b"</INDIVIDUALS></CONSOLIDATED_LIST>",
        b'<CONSOLIDATED_LIST dateGenerated="soon"/>',
        b"<OTHER_LIST/>",
    ],
)
def test_un_refuses_entities_depth_and_files_of_another_form(attack: bytes) -> None:
    with pytest.raises(BrokenList):
        UnitedNations().load([ListFile("list.xml", attack)])


def test_un_cut_short_is_refused() -> None:
    whole = plain("un_consolidated_part.xml.gz")
    with pytest.raises(BrokenList, match="not whole XML"):
        UnitedNations().load([ListFile("list.xml", whole[:500_000])])


def test_bis_reads_to_the_counts_of_its_file() -> None:
    loaded = DeniedPersons().load([real("bis_dpl.txt.gz")])
    # 581 rows of 459 names; two rows' last updates are dated 2922 and 3017
    assert loaded.counts["entities"] == 459
    assert [finding.params["date"] for finding in loaded.findings] == ["2922-09-01", "3017-08-22"]
    assert loaded.list_date is not None
    assert loaded.list_date.year < 2030
    nasser = loaded.listings.filter(pl.col("name") == "ABDULAH AL NASSER")
    assert nasser["address"][0].splitlines() == [
        "605 TRAIL LAKE DRIVE, RICHARDSON, TX, US, 75081",
        "908 AUDELIA ROAD, SUIE 200, PMB #245, RICHARDSON, TX, US, 75081",
    ]


def test_bis_with_half_its_columns_or_cut_short_is_refused() -> None:
    whole = plain("bis_dpl.txt.gz")
    with pytest.raises(BrokenList, match="line 1"):
        DeniedPersons().load(
            [ListFile("dpl.txt", b"\n".join(b"\t".join(r.split(b"\t")[:6]) for r in whole.splitlines()))]
        )
    with pytest.raises(BrokenList, match="line"):
        DeniedPersons().load([ListFile("dpl.txt", whole[:70_000])])


def ftm(*entities: object) -> ListFile:
    return ListFile("entities.ftm.json", "\n".join(json.dumps(entity) for entity in entities).encode())


def test_ftm_gives_names_by_quality_and_numbers_of_linked_papers() -> None:
    loaded = FollowTheMoney().load(
        [
            ftm(
                {
                    "id": "p1",
                    "schema": "Person",
                    "properties": {
                        "name": ["Ana Falsa"],
                        "alias": ["A. Falsa"],
                        "weakAlias": ["The Fox"],
                        "birthDate": ["1970-05"],
                        "nationality": ["es"],
                    },
                },
                {"id": "d1", "schema": "Passport", "properties": {"holder": ["p1"], "number": ["X123456"]}},
                {"id": "s1", "schema": "Sanction", "properties": {"entity": ["p1"], "program": ["EU-1"]}},
                {"id": "v1", "schema": "Vessel", "properties": {"name": ["Sand Swan"], "imoNumber": ["9074729"]}},
                {"id": "o1", "schema": "Ownership", "properties": {"owner": ["p1"]}},
            )
        ]
    )
    assert loaded.listings.select("name", "name_quality", "kind").rows() == [
        ("Ana Falsa", "primary", "person"),
        ("A. Falsa", "strong", "person"),
        ("The Fox", "weak", "person"),
        ("Sand Swan", "primary", "vessel"),
    ]
    ana = of(loaded, "p1")
    assert ana["identifiers"][0].to_list() == ["passport:X123456"]
    assert (ana["programme"][0], ana["countries"][0].to_list()) == ("EU-1", ["ES"])
    assert of(loaded, "v1")["identifiers"][0].to_list() == ["imo:9074729"]
    assert [finding.params for finding in loaded.findings] == [{"schema": "Ownership", "count": 1}]


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": "a", "schema": "Person", "properties": {"name": ["X"]}',
        b"[" * 100_000,
        b'{"id": "a", "schema": "Person"}',
        b'{"id": "a", "schema": "Person", "properties": {"name": "X"}}',
        b'{"id": "a", "schema": "Person", "properties": {}}',
        b'"text"',
        b'{"id": "a", "schema": "Person", "properties": {"name": ["half \\ud800 a character"]}}',
    ],
)
def test_ftm_refuses_a_line_that_is_no_entity_with_its_place(line: bytes) -> None:
    good = b'{"id": "g", "schema": "Person", "properties": {"name": ["Good"]}}\n'
    with pytest.raises(BrokenList, match=r"e\.json, line 2"):
        FollowTheMoney().load([ListFile("e.json", good + line)])


def test_own_list_gives_aliases_by_quality_and_several_values() -> None:
    row = b'7,"Falsa, Ana",Person,Ana F;~The Fox,es;pt,1970;1971-02,passport:X1;tax:5 5,P,seen twice\n'
    listings = OwnList().load([ListFile("own.csv", b"\xef\xbb\xbf" + OWN_HEADINGS + row)]).listings
    assert listings.select("listing_id", "name", "name_quality", "kind").rows() == [
        ("7/0", "Falsa, Ana", "primary", "person"),
        ("7/1", "Ana F", "strong", "person"),
        ("7/2", "The Fox", "weak", "person"),
    ]
    assert listings["countries"][0].to_list() == ["ES", "PT"]
    assert listings["birth_dates"][0].to_list() == ["1970", "1971-02"]
    assert listings["identifiers"][0].to_list() == ["passport:X1", "tax:5 5"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"id,name,kind,aliases\n1,A,person,\n", "missing: country"),
        (OWN_HEADINGS + b"1,A,person\n", "line 2: 3 cells where 9"),
        (OWN_HEADINGS + b"1,A,person,,,,,,\n1,B,person,,,,,,\n", "stands for two entries"),
        (OWN_HEADINGS + b"1,,person,,,,,,\n", "line 2: name is empty"),
        (OWN_HEADINGS + b"1,A,alien,,,,,,\n", "is no kind"),
        (OWN_HEADINGS + b"1,A,person,,Spain,,,,\n", "two-letter country code"),
        (OWN_HEADINGS + b"1,A,person,,,1.5.70,,,\n", "is not a date"),
        (OWN_HEADINGS + b"1,A,person,,,,X123,,\n", "is not scheme:value"),
        (OWN_HEADINGS + b'1,"A,person,,,,,,\n', "not a CSV row"),
        (OWN_HEADINGS, "no entry with a name"),
    ],
)
def test_own_list_is_refused_with_what_was_expected(content: bytes, expected: str) -> None:
    with pytest.raises(BrokenList, match=expected):
        OwnList().load([ListFile("own.csv", content)])


@pytest.mark.parametrize(
    ("written", "dates"),
    [
        ("10 Dec 1948", ["1948-12-10"]),
        ("circa 1960", ["1960"]),
        ("01 Jan 1960 to 31 Dec 1962", ["1960-01-01", "1962-12-31"]),
        ("Nov. 1973", ["1973-11"]),
        ("1978-04-28", ["1978-04-28"]),
        ("unknown", []),
    ],
)
def test_dates_as_lists_write_them(written: str, dates: list[str]) -> None:
    assert dates_in(written) == dates


@pytest.mark.parametrize(
    ("written", "code"), [("Iran (Islamic Republic of)", "IR"), ("cu", "CU"), ("na", None), ("Atlantis", "Atlantis")]
)
def test_countries_become_codes_where_the_word_is_known(written: str, code: str | None) -> None:
    assert country_code(written) == code
