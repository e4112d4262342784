"""Code checks: each odd code is one finding with its value and place, and nothing is rejected."""

import json
from dataclasses import replace

import pytest
from normalise_manifests import normalised, told

from pratique.vocabulary.codes import shipped_tables
from pratique.vocabulary.codes.location_list import parse_unlocode
from pratique.vocabulary.sentences import known_codes, sentence


def test_a_wrong_check_digit_names_the_right_one():
    read = normalised(equipment=[{"equipment_id_raw": "csqu 305438-4"}])
    assert told(read) == [
        ("container.check_digit", "warning", "equipment 0", {"value": "csqu 305438-4", "expected": 3})
    ]
    assert read.equipment["equipment_id_valid"].to_list() == [False]


@pytest.mark.parametrize("number", ["CSQU305438", "NONE", "CSQX3054383", "ЖСQU3054383", "=1+1", "../../etc"])
def test_what_has_not_the_form_of_a_container_number_is_told_as_given(number):
    read = normalised(equipment=[{"equipment_id_raw": number}])
    assert told(read) == [("container.format", "warning", "equipment 0", {"value": number})]


def test_good_codes_are_not_told():
    read = normalised(
        consignments=[
            {
                "loading_location": "CNSHA",
                "transit_countries": ["SG", "XI"],
                "freight_charge_currency": "USD",
                "transport_contract_document_type_code": "741",
                "transport_contract_document_id": "888-11111111",
            }
        ],
        equipment=[{"equipment_id_raw": "CSQU3054383", "size_type_raw": "22G1"}],
        goods_items=[
            {
                "commodity_code_raw": "8471.30.00",
                "origin_country": "XK",
                "un_number": "UN1263",
                "supplementary_unit_code": "NAR",
                "packaging": [{"type_code": "CT", "quantity": 1, "marks": None}],
            }
        ],
        parties=[{"country": "KE"}],
        transport=[{"mode_code": "1", "identification": "9074729", "identification_scheme": "IMO"}],
    )
    assert told(read) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            {"goods_items": [{"commodity_code_raw": "pens"}]},
            ("commodity.format", "warning", "goods_items 0", {"value": "pens"}),
        ),
        (
            {"goods_items": [{"commodity_code_raw": "10121"}]},
            ("commodity.odd_length", "warning", "goods_items 0", {"value": "10121"}),
        ),
        (
            {"goods_items": [{"commodity_code_raw": "8471.30.00.10.99"}]},
            ("commodity.shortened", "note", "goods_items 0", {"value": "8471.30.00.10.99"}),
        ),
        (
            {"goods_items": [{"commodity_code_raw": "123456"}]},
            ("commodity.unknown", "warning", "goods_items 0", {"value": "123456"}),
        ),
        (
            {"goods_items": [{"origin_country": "qq1"}]},
            ("country.unknown", "warning", "goods_items 0", {"value": "qq1", "field": "origin_country"}),
        ),
        (
            {"parties": [{"country": "Kenya"}]},
            ("country.unknown", "warning", "parties 0", {"value": "Kenya", "field": "country"}),
        ),
        (
            {"consignments": [{"transit_countries": ["NL", "AA"]}]},
            ("country.unknown", "warning", "consignments 0", {"value": "AA", "field": "transit_countries"}),
        ),
        (
            {"consignments": [{"freight_charge_currency": "ZZZ"}]},
            ("currency.unknown", "warning", "consignments 0", {"value": "ZZZ", "field": "freight_charge_currency"}),
        ),
        (
            {"goods_items": [{"statistical_value_currency": "XYZ"}]},
            ("currency.unknown", "warning", "goods_items 0", {"value": "XYZ", "field": "statistical_value_currency"}),
        ),
        (
            {"goods_items": [{"supplementary_unit_code": "KG"}]},
            ("unit.unknown", "warning", "goods_items 0", {"value": "KG", "field": "supplementary_unit_code"}),
        ),
        (
            {
                "goods_items": [
                    {"packaging": [{"type_code": code, "quantity": 1, "marks": None} for code in ("CTN", "ctn", "CT")]}
                ]
            },
            ("package.unknown", "warning", "goods_items 0", {"value": "CTN", "field": "package_type"}),
        ),
        (
            {"goods_items": [{"un_number": "unsafe"}]},
            ("dangerous_goods.format", "warning", "goods_items 0", {"value": "UNSAFE"}),
        ),
        (
            {"consignments": [{"loading_location": "Shanghai"}]},
            ("location.format", "note", "consignments 0", {"value": "Shanghai", "field": "loading_location"}),
        ),
        (
            {"transport": [{"mode_code": "1", "identification": "907472", "identification_scheme": "IMO"}]},
            ("vessel.imo_format", "warning", "transport 0", {"value": "907472"}),
        ),
        (
            {"transport": [{"mode_code": "1", "identification": "9074720", "identification_scheme": "imo"}]},
            ("vessel.imo_check_digit", "warning", "transport 0", {"value": "9074720"}),
        ),
        (
            {"transport": [{"mode_code": "1", "identification": "123", "identification_scheme": "MMSI"}]},
            ("vessel.mmsi_format", "warning", "transport 0", {"value": "123"}),
        ),
        (
            {
                "consignments": [
                    {"transport_contract_document_type_code": "740", "transport_contract_document_id": "888-1"}
                ]
            },
            ("awb.format", "warning", "consignments 0", {"value": "888-1"}),
        ),
        (
            {"consignments": [{"transport_contract_document_type_code": "703", "master_document_id": "888-11111117"}]},
            ("awb.check_digit", "warning", "consignments 0", {"value": "888-11111117"}),
        ),
        (
            {
                "consignments": [
                    {"transport_contract_document_type_code": "750", "transport_contract_document_id": "EE123456780JP"}
                ]
            },
            ("postal_item.check_digit", "warning", "consignments 0", {"value": "EE123456780JP"}),
        ),
    ],
)
def test_an_odd_code_is_one_finding_with_its_value_and_place(rows, expected):
    assert told(normalised(**rows)) == [expected]


def test_a_country_alone_is_a_coarse_place_but_no_fault():
    assert told(normalised(consignments=[{"final_destination": "KE"}])) == []


def test_a_very_long_value_is_cut_in_the_finding():
    read = normalised(equipment=[{"equipment_id_raw": "X" * 50_000}])
    assert told(read)[0][3] == {"value": "X" * 200 + "…"}


def test_a_sea_bill_is_not_judged_as_an_air_waybill():
    bill = {"transport_contract_document_type_code": "705", "transport_contract_document_id": "888-1"}
    assert told(normalised(consignments=[bill])) == []


def test_findings_know_their_message_and_consignment_even_from_a_goods_item():
    read = normalised(
        message=[{"format": "cuscar"}, {"format": "cuscar"}],
        consignments=[{}, {"message": 1}],
        transport=[{"mode_code": "1"}, {"message": 1, "mode_code": "1"}],
        goods_items=[{"consignment": 1, "origin_country": "AA"}],
        parties=[{"message": 1, "consignment": None, "country": "AA"}],
    )
    assert read.findings.select("rule", "message", "consignment").rows() == [
        ("country.unknown", 1, 1),
        ("country.unknown", 1, None),
    ]


LIST = parse_unlocode([b',"NL",,".NETHERLANDS",,,,,,,,\n,"NL","RTM","Rotterdam","Rotterdam",,"1","AF","0501",,,\n'])


def test_a_location_is_unknown_only_where_the_list_of_its_country_is_loaded():
    bill = [{"loading_location": "CNQQQ", "unloading_location": "NLQQQ", "final_destination": "NLRTM"}]
    assert told(normalised(consignments=bill)) == []
    loaded = replace(shipped_tables(), locations=LIST)
    assert told(normalised(consignments=bill, tables=loaded)) == [
        ("location.unknown", "warning", "consignments 0", {"value": "NLQQQ", "field": "unloading_location"})
    ]


def test_ports_of_call_are_held_against_the_loaded_list_and_countries_among_them_are_not():
    loaded = replace(shipped_tables(), locations=LIST)
    voyage = [{"mode_code": "1", "itinerary": ["NL", "NLRTM", "NLQQQ", "CNQQQ"]}]
    assert [finding[3]["value"] for finding in told(normalised(transport=voyage, tables=loaded))] == ["NLQQQ"]


def test_every_finding_has_its_sentence_without_a_hole():
    read = normalised(
        message=[{"format": "cuscar", "sender_id": "X"}],
        transport=[{"mode_code": "3", "nationality_country": "AA"}],
        equipment=[{"equipment_id_raw": "csqu 305438-4", "size_type_raw": "zz"}, {"equipment_id_raw": "x"}],
        goods_items=[{"commodity_code_raw": "1", "supplementary_unit_code": "?"}, {"commodity_code_raw": "123456"}],
        declared=[{"gross_mass_g": 1, "consignment_count": 3, "package_count": 5, "equipment_count": 9}],
    )
    assert read.findings.height >= 10
    for row in read.findings.iter_rows(named=True):
        assert row["rule"] in known_codes()
        text = sentence(row["rule"], json.loads(row["params"]))
        assert "{" not in text, text
