"""UN/LOCODE: the seed of ports, and the importer of the official list."""

import gzip
import json

import polars as pl
import pytest

from pratique.vocabulary.codes import location
from pratique.vocabulary.codes.location_list import LARGEST_PART, LONGEST_LINE, parse_unlocode
from pratique.vocabulary.errors import PratiqueError
from samples import sample

HEAD = ',"NL",,".NETHERLANDS",,,,,,,,\r\n'
ROTTERDAM = ',"NL","RTM","Rotterdam","Rotterdam","ZH","12345---","AF","0501",,"5155N 00430E",\r\n'


def row(place: str, *, coordinates: str = "", change: str = "", remarks: str = "") -> str:
    return f'{change},"NL","{place}","Place","Place","ZH","1-------","AF","0501",,"{coordinates}","{remarks}"\r\n'


def test_the_two_parts_at_hand_read_to_their_countries_and_say_which_are_missing():
    parts = [gzip.decompress(sample(f"codes/unlocode_2023-2_part{part}.csv.gz").read_bytes()) for part in (2, 3)]
    table = parse_unlocode(parts)
    assert table.places.height == 61_418
    assert len(table.complete_countries) == 175
    assert {"NL", "GB", "US", "ZW"} <= table.complete_countries
    assert not {"CN", "DE", "AE", "FR"} & table.complete_countries
    assert table.findings["rule"].unique().to_list() == ["location.coordinates_broken"]
    asked = pl.Series(["NLRTM", "NLQQQ", "CNQQQ", "Rotterdam", None])
    assert table.missing(asked).to_list() == [False, True, False, False, None]
    muenchen_like = table.places.filter(code="SEGOT")["name"].item()
    assert muenchen_like == "Göteborg"


def test_parts_in_any_order_give_the_same_places():
    first, second = (
        (HEAD + ROTTERDAM).encode(),
        b',"OM",,".OMAN",,,,,,,,\n,"OM","SLL","Salalah","Salalah",,"1","AA","0001",,,\n',
    )
    assert parse_unlocode([first, second]).places.equals(parse_unlocode([second, first]).places)


def test_coordinates_are_minutes_of_arc_with_north_and_east_positive():
    table = parse_unlocode(
        [(HEAD + row("AAA", coordinates="0045S 00927W") + row("BBB", coordinates="9160N 00000E")).encode()]
    )
    assert table.places.select("code", "latitude_minutes", "longitude_minutes").rows() == [
        ("NLAAA", -45, -567),
        ("NLBBB", None, None),
    ]
    assert json.loads(table.findings["params"].item()) == {"code": "NLBBB", "text": "9160N 00000E"}


@pytest.mark.parametrize(
    "broken",
    [
        '"NL","RTM"\r\n',
        ',"NL","RT","x","x",,"1","AF","0501",,,\r\n',
        ',"NL","R"M","x","x",,,,,,,\r\n',
        "x" * (LONGEST_LINE + 1) + "\r\n",
    ],
)
def test_a_broken_row_is_a_finding_and_its_country_is_no_longer_complete(broken):
    table = parse_unlocode([(HEAD + ROTTERDAM + broken + row("AMS")).encode()])
    assert table.places["code"].to_list() == ["NLAMS", "NLRTM"]
    assert table.findings.select("rule", "place").rows() == [("location.row_broken", "part 1, line 3")]
    assert table.complete_countries == frozenset()
    assert table.missing(pl.Series(["NLQQQ"])).to_list() == [False]


def test_an_unclosed_quotation_mark_spoils_only_its_own_row():
    text = HEAD + ',"NL","RTM","Rotterdam,,,,,,,,\r\n' + "".join(row(f"A{n:02d}") for n in range(20))
    table = parse_unlocode([text.encode()])
    assert table.places.height == 20
    assert table.findings["place"].to_list() == ["part 1, line 2"]


def test_a_remark_may_run_over_two_lines():
    table = parse_unlocode([(HEAD + row("RTM", remarks="one\r\ntwo") + row("AMS")).encode()])
    assert table.places["code"].to_list() == ["NLAMS", "NLRTM"]
    assert table.findings.is_empty()


def test_cross_references_are_no_places_and_of_two_entries_the_one_with_coordinates_is_kept():
    text = (
        HEAD
        + '"=","NL",,"A = B","A = B",,,,,,,\r\n'
        + row("RTM")
        + row("RTM", coordinates="5155N 00430E", change='"!"')
    )
    table = parse_unlocode([text.encode()])
    assert table.places.select("code", "latitude_minutes").rows() == [("NLRTM", 51 * 60 + 55)]


def test_latin_1_and_utf_8_are_both_read():
    text = HEAD + row("RTM").replace("Place", "Gävle")
    for encoding in ("latin-1", "utf-8", "utf-8-sig"):
        assert parse_unlocode([text.encode(encoding)]).places["name"].to_list() == ["Gävle"]


@pytest.mark.parametrize("parts", [[], [b""], [b"\x00\xff\xfe\x01" * 50], [b"<html>"], [HEAD.encode()]])
def test_files_without_a_place_are_refused_and_the_old_list_stays(parts):
    with pytest.raises(PratiqueError, match="No place could be read") as refused:
        parse_unlocode(parts)
    assert refused.value.code == "location.list_unreadable"
    assert "stays in force" in refused.value.kept


def test_a_part_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(PratiqueError, match="larger than 64 MiB"):
        parse_unlocode([bytes(LARGEST_PART + 1)])


def test_the_seed_confirms_large_ports_and_denies_none():
    seed = location.seed()
    assert {"NLRTM", "SGSIN", "CNSHA", "USLAX", "KEMBA"} <= set(seed.places["code"])
    assert seed.places.height > 150
    assert seed.places["code"].is_unique().all()
    assert location.shaped(seed.places["code"]).all()
    assert seed.places.schema == pl.Schema(location.LOCATION)
    assert seed.missing(pl.Series(["NLQQQ"])).to_list() == [False]
    assert seed.places["latitude_minutes"].is_between(-90 * 60, 90 * 60).all()
    assert seed.places["longitude_minutes"].is_between(-180 * 60, 180 * 60).all()


def test_the_seed_agrees_with_the_official_list_where_both_have_a_place():
    parts = [gzip.decompress(sample(f"codes/unlocode_2023-2_part{part}.csv.gz").read_bytes()) for part in (2, 3)]
    official = parse_unlocode(parts)
    assert not official.missing(location.seed().places["code"]).any()
    both = (
        location.seed()
        .places.join(official.places, on="code", suffix="_official")
        .drop_nulls("latitude_minutes_official")
    )
    apart = (pl.col("latitude_minutes") - pl.col("latitude_minutes_official")).abs()
    assert both.height > 100
    assert both.select(apart.max()).item() == 0


def test_a_location_is_tidied_only_where_it_is_a_code_but_for_its_writing():
    given = ["nlrtm", " NL RTM ", "NL-RTM", "Rotterdam", "new york", "DET", "", None]
    tidy = pl.DataFrame({"x": given}).select(location.normalised(pl.col("x"))).to_series()
    assert tidy.to_list() == ["NLRTM", "NLRTM", "NLRTM", "Rotterdam", "new york", "DET", "", None]


def test_the_country_of_a_code_must_exist():
    assert location.shaped(pl.Series(["NLRTM", "AARTM", "XZ234", "NLRT", None])).to_list() == [
        True,
        False,
        True,
        False,
        None,
    ]
