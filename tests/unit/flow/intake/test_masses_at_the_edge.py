"""Masses that whole grams cannot say, and masses whose sum no column can hold, are told in every format."""

from __future__ import annotations

import io
import json

import pytest
from normalise_manifests import normalised

from pratique.flow.intake.format import ReadContext
from pratique.flow.intake.formats.table import Table
from pratique.flow.intake.read import read as read_file
from pratique.flow.intake.sender_profiles import SenderProfile, shipped_sender_profiles
from pratique.vocabulary.codes.tables import shipped_tables
from pratique.vocabulary.frames import Manifest

LARGEST_KG = "9223372036854775.807"
LARGEST_COUNT = "9223372036854775807"
FORMS = {
    "cuscar": (
        "UNB+UNOA:2+S:ZZ+R:ZZ+260115:0930+1'UNH+1+CUSCAR:D:95B:UN'BGM+785+R1+9'CNI+1'RFF+BM:B1'"
        "GID+1+1:CT'FTX+AAA+++TOYS'MEA+AAE+G+KGM:{mass}'UNT+7+1'UNZ+1+1'"
    ),
    "awmds": (
        "<Awmds><General_segment><General_segment_id><Customs_office_code>A</Customs_office_code></General_segment_id>"
        "</General_segment><Bol_segment><Bol_id><Bol_reference>B1</Bol_reference></Bol_id>"
        "<Goods_segment><Gross_mass>{mass}</Gross_mass></Goods_segment></Bol_segment></Awmds>"
    ),
    "ens": (
        "<CC315A><MesSenMES3>S</MesSenMES3><HEAHEA><RefNumHEA4>R1</RefNumHEA4></HEAHEA><GOOITEGDS>"
        "<IteNumGDS7>1</IteNumGDS7><GroMasGDS46>{mass}</GroMasGDS46></GOOITEGDS></CC315A>"
    ),
    "wco": (
        "<Declaration><FunctionalReferenceID>R1</FunctionalReferenceID><GoodsShipment><GovernmentAgencyGoodsItem>"
        '<Commodity><GoodsMeasure><GrossMassMeasure unitCode="KGM">{mass}</GrossMassMeasure></GoodsMeasure></Commodity>'
        "</GovernmentAgencyGoodsItem></GoodsShipment></Declaration>"
    ),
    "table": "bill_number,description,gross_weight_kg\nB1,toys,{mass}\n",
}


def read(form: str, mass: str) -> Manifest:
    return read_text(FORMS[form].format(mass=mass))


def read_text(text: str) -> Manifest:
    context, profiles = ReadContext("m", "ab" * 32), shipped_sender_profiles()
    return read_file(io.BytesIO(text.encode()), context=context, tables=shipped_tables(), profiles=profiles).manifest


def told(manifest: Manifest, rule: str) -> list[dict[str, object]]:
    return [json.loads(params) for params in manifest.findings.filter(rule=rule)["params"]]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("mass", "grams"), [("0.0004", 0), ("0.00001", 0), ("0.0006", 1), ("0.000999", 1)])
def test_mass_below_one_gram_is_told_as_it_was_written(form: str, mass: str, grams: int) -> None:
    manifest = read(form, mass)
    assert manifest.goods_items["gross_mass_g"].to_list() == [grams]
    [params] = told(manifest, "mass.below_one_gram")
    assert (params["text"], params["grams"]) == (mass, grams)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mass", ["0", "0.000", "0.001", "1", "750.5"])
def test_whole_grams_and_nothing_are_not_told(form: str, mass: str) -> None:
    assert told(read(form, mass), "mass.below_one_gram") == []


@pytest.mark.parametrize("form", FORMS)
def test_largest_mass_is_kept_and_a_larger_one_is_told(form: str) -> None:
    assert read(form, LARGEST_KG).goods_items["gross_mass_g"].to_list() == [2**63 - 1]
    larger = read(form, "9223372036854775.808")
    assert larger.goods_items["gross_mass_g"].to_list() == [None]
    assert larger.findings.height > read(form, LARGEST_KG).findings.height


def test_mass_in_milligrams_is_told_too() -> None:
    manifest = read_text(FORMS["cuscar"].replace("KGM:", "MGM:").format(mass="400"))
    assert [each["unit"] for each in told(manifest, "mass.below_one_gram")] == ["MGM"]


def shares(first: str, second: str) -> Manifest:
    body = (
        "UNB+UNOA:2+S:ZZ+R:ZZ+260115:0930+1'UNH+1+CUSCAR:D:95B:UN'BGM+785+R1+9'CNI+1'RFF+BM:B1'"
        f"GID+1'PAC+{LARGEST_COUNT}++CT'PAC+{LARGEST_COUNT}++CT'FTX+AAA+++TOYS'"
        f"SGP+ABCU1111110+{LARGEST_COUNT}'MEA+AAE+AAB+KGM:{first}'"
        f"SGP+ABCU1111110+{LARGEST_COUNT}'MEA+AAE+AAB+KGM:{second}'UNT+7+1'UNZ+1+1'"
    )
    return read_text(body)


def test_shares_of_a_goods_item_that_cannot_be_added_up_leave_no_sum_and_are_told() -> None:
    manifest = shares(LARGEST_KG, LARGEST_KG)
    assert manifest.goods_items.select("gross_mass_g", "package_count").rows() == [(None, None)]
    assert manifest.equipment.select("goods_mass_g", "package_count").rows() == [(None, None)]
    assert len(told(manifest, "cuscar.shares_beyond_counting")) == 4
    assert shares("1", "2").goods_items["gross_mass_g"].to_list() == [3_000]


def own(unit: str) -> SenderProfile:
    return SenderProfile(id="own", title="Own", matches={"format": ("cuscar",)}, weight_unit=unit)


def test_mass_in_the_unit_of_the_sender_that_is_nothing_or_beyond_counting_is_told() -> None:
    rows = {"consignments": [{"gross_mass_g": 400}, {"gross_mass_g": 2**63 - 1}, {"gross_mass_g": 0}]}
    grams = own("GRM")
    tonnes = own("TNE")
    small = normalised(profiles=(grams,), **rows)
    assert small.consignments["gross_mass_g"].to_list() == [0, 9_223_372_036_854_776, 0]
    assert len(told(small, "profile.mass_below_one_gram")) == 1
    large = normalised(profiles=(tonnes,), **rows)
    assert large.consignments["gross_mass_g"].to_list() == [400_000, None, 0]
    assert [each["stated"] for each in told(large, "profile.mass_beyond_counting")] == [9_223_372_036_854_775]


def test_table_with_a_decimal_comma_is_told_too() -> None:
    text = FORMS["table"].replace(",", ";").format(mass="0.0004")
    read = Table().read(io.BytesIO(text.encode()), context=ReadContext("m.csv", "ab" * 32))
    assert len(told(read.manifest, "mass.below_one_gram")) == 1
