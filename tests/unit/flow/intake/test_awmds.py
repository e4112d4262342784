"""ASYCUDA World manifests: the counts of the sample, and what national variants and faults do to them."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import polars as pl
import pytest
from tests.samples import sample

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.awmds import Awmds
from pratique.vocabulary.frames import PURPOSE, RETENTION_CLASS
from pratique.vocabulary.sentences import known_codes

CONTEXT = ReadContext("manifest.xml", "ab" * 32)
GENERAL = (
    "<General_segment><General_segment_id><Customs_office_code>AAA</Customs_office_code>"
    "<Voyage_number>V1</Voyage_number></General_segment_id></General_segment>"
)


def read(text: str | bytes) -> Reading:
    return Awmds().read(io.BytesIO(text.encode() if isinstance(text, str) else text), context=CONTEXT)


def bill(inner: str = "", *, number: str = "B1", goods: str = "<Gross_mass>1</Gross_mass>") -> str:
    return (
        f"<Bol_segment><Bol_id><Bol_reference>{number}</Bol_reference></Bol_id>{inner}"
        f"<Goods_segment>{goods}</Goods_segment></Bol_segment>"
    )


def manifest(*bills: str) -> str:
    return f"<Awmds>{GENERAL}{''.join(bills)}</Awmds>"


def found(reading: Reading) -> dict[str, dict[str, object]]:
    return {rule: json.loads(params) for rule, params in reading.manifest.findings.select("rule", "params").rows()}


@pytest.fixture(scope="module")
def demo() -> Reading:
    return read(sample("messages/asycuda-xml/awmds_own_demo.xml").read_bytes())


def test_the_sample_has_the_counts_a_person_gets_by_hand(demo: Reading) -> None:
    frames = demo.manifest
    assert frames.message.height == 1
    assert frames.consignments.height == 3
    assert frames.goods_items.height == 3
    assert frames.equipment["equipment_id_raw"].to_list() == ["MSCU1111113", "TCLU2222221", "CMAU3333334"]
    assert frames.parties.height == 13  # one carrier of the voyage, four parties in each of three bills
    assert frames.consignments["package_count"].to_list() == [1200, 320, 0]
    assert frames.consignments["gross_mass_g"].to_list() == [41_000_000, 18_500_000, 2_000_000]
    assert frames.consignments["volume_dm3"].to_list() == [52_100, 30_000, 18_000]
    assert frames.declared.select("consignment_count", "package_count", "equipment_count", "gross_mass_g").rows() == [
        (3, 1520, 3, 61_500_000)
    ]
    assert frames.computed.height == 0
    assert demo.quarantined == ()


def test_the_sample_keeps_what_the_sender_said(demo: Reading) -> None:
    frames = demo.manifest
    first = frames.consignments.row(0, named=True)
    assert first["transport_contract_document_id"] == "DEMO0001"
    assert first["transport_contract_document_type_code"] == "705"
    assert (first["nature_code"], first["house_level"]) == ("23", "simple")
    assert (first["loading_location"], first["unloading_location"]) == ("CNSHA", "KEMBA")
    assert first["freight_charge_minor"] is None
    assert first["freight_charge_currency"] is None
    assert frames.consignments["nature_code"].to_list() == ["23", "23", "24"]
    box = frames.equipment.row(0, named=True)
    assert (box["size_type_raw"], box["fullness_code"], box["tare_g"]) == ("22G1", "5", 2_200_000)
    assert (box["package_count"], box["seal_ids"]) == (800, ["SL11113"])
    assert box["equipment_id"] is None
    assert box["size_type"] is None
    item = frames.goods_items.row(1, named=True)
    assert item["description"] == "FROZEN FISH -18C"
    assert item["packaging"] == [{"type_code": "PK", "quantity": 320, "marks": None}]


def test_the_sample_tells_message_and_transport(demo: Reading) -> None:
    message = demo.manifest.message.row(0, named=True)
    assert message["functional_reference_id"] == "KEMBA/V2601/2026-01-02"
    assert (message["message_type"], message["format"], message["raw_sha256"]) == ("AWMDS", "awmds", "ab" * 32)
    assert message["profile"] is None
    voyage = demo.manifest.transport.row(0, named=True)
    assert (voyage["mode_code"], voyage["name"], voyage["journey_id"]) == ("1", "DEMO SPIRIT", "V2601")
    assert (voyage["nationality_country"], voyage["operator_id"]) == ("PA", "MSC")
    assert voyage["arrival_datetime"] == datetime(2026, 1, 20, 6, 30, tzinfo=UTC)
    assert (voyage["departure_location"], voyage["arrival_location"]) == ("CNSHA", "KEMBA")


def test_parties_carry_role_purpose_and_the_text_as_it_stands(demo: Reading) -> None:
    parties = demo.manifest.parties
    assert set(parties["role_code"]) == {"CA", "CZ", "CN", "NI"}
    assert parties.filter(role_code="NI")["name"].unique().to_list() == ["SAME AS CONSIGNEE"]
    assert parties["purpose"].unique().to_list() == [PURPOSE]
    assert parties["retention_class"].unique().to_list() == [RETENTION_CLASS]
    assert parties["consignment"].null_count() == 1
    assert parties.filter(pl.col("party_id") == "P051000001A")["role_code"].to_list() == ["CN"]


def test_the_sample_says_what_was_not_stated_and_names_no_unknown_element(demo: Reading) -> None:
    assert found(demo) == {"xml.time_without_zone": {}, "awmds.value_not_stated": {"count": 3}}


def test_goods_weight_and_a_size_without_type_are_kept_as_the_sender_wrote_them() -> None:
    box = "<ctn_segment><Ctn_reference>A 1</Ctn_reference><Type_of_container>40</Type_of_container>"
    frames = read(manifest(bill(box + "<Goods_weight>12.5</Goods_weight></ctn_segment>"))).manifest
    row = frames.equipment.row(0, named=True)
    assert (row["equipment_id_raw"], row["size_type_raw"], row["goods_mass_g"]) == ("A 1", "40", 12_500)
    assert row["tare_g"] is None


def test_mass_is_summed_once_over_the_goods_of_a_bill() -> None:
    two = bill().replace("</Bol_segment>", "<Goods_segment><Gross_mass>2.5</Gross_mass></Goods_segment></Bol_segment>")
    frames = read(manifest(two)).manifest
    assert frames.consignments["gross_mass_g"].to_list() == [3_500]
    assert frames.goods_items.select("goods_item", "place").rows() == [
        (0, "/Awmds[1]/Bol_segment[1]/Goods_segment[1]"),
        (1, "/Awmds[1]/Bol_segment[1]/Goods_segment[2]"),
    ]


def test_amounts_with_a_currency_are_minor_units_and_a_zero_in_no_currency_is_not_stated() -> None:
    value = (
        "<Value_segment><Freight_segment><PC_indicator>P</PC_indicator><Freight_value>10.5</Freight_value>"
        "<Freight_currency>USD</Freight_currency></Freight_segment><Customs_segment><Customs_value>0.0</Customs_value>"
        "<Customs_currency>ZZZ</Customs_currency></Customs_segment></Value_segment>"
    )
    reading = read(manifest(bill(value)))
    row = reading.manifest.consignments.row(0, named=True)
    assert (row["freight_charge_minor"], row["freight_charge_currency"]) == (1_050, "USD")
    assert (row["customs_value_minor"], row["customs_value_currency"]) == (None, None)
    assert row["freight_payment_method_code"] == "P"
    assert found(reading)["awmds.value_not_stated"] == {"count": 1}


def test_numbers_that_are_none_leave_the_field_empty_and_are_told_with_their_place() -> None:
    reading = read(manifest(bill(goods="<Gross_mass>12 t</Gross_mass><Number_of_packages>x</Number_of_packages>")))
    assert reading.manifest.consignments.select("gross_mass_g", "package_count").rows() == [(None, None)]
    unreadable = reading.manifest.findings.filter(rule="xml.value_unreadable")
    assert sorted(json.loads(params)["text"] for params in unreadable["params"]) == ["12 t", "x"]
    assert unreadable["place"].unique().to_list() == ["/Awmds[1]/Bol_segment[1]/Goods_segment[1]"]
    assert unreadable["consignment"].unique().to_list() == [0]


def test_a_house_bill_of_a_degroupage_names_its_master() -> None:
    text = (
        "<Awbolds><Master_bol><Customs_office_code>AAA</Customs_office_code><Voyage_number>V1</Voyage_number>"
        "<Date_of_departure>2026-01-02</Date_of_departure><Reference_number>MASTER9</Reference_number></Master_bol>"
        + bill().replace("</Bol_id>", "<Bol_type_code>BOL</Bol_type_code></Bol_id>")
        + "</Awbolds>"
    )
    frames = read(text).manifest
    row = frames.consignments.row(0, named=True)
    assert (row["master_document_id"], row["house_level"]) == ("MASTER9", "house")
    assert row["transport_contract_document_type_code"] == "714"
    assert frames.message["functional_reference_id"].to_list() == ["AAA/V1/2026-01-02"]


def test_null_elements_are_empty_values() -> None:
    traders = "<Traders_segment><Consignee><Consignee_code><null/></Consignee_code></Consignee></Traders_segment>"
    reading = read(manifest(bill(traders)))
    assert reading.manifest.parties.height == 0
    assert found(reading) == {}


def test_elements_that_the_map_does_not_know_are_named() -> None:
    extra = "<Vehicle><Chassis_number>JT1</Chassis_number></Vehicle>"
    reading = read(manifest(bill(extra), bill(extra)))
    assert found(reading)["xml.unknown_elements"] == {"count": 2, "names": "Chassis_number (2)"}


def test_other_letter_case_is_read_and_told() -> None:
    reading = read(manifest(bill()).replace("Gross_mass", "GROSS_MASS").replace("<Awmds>", "<AWMDS>")[:-8] + "</AWMDS>")
    assert reading.manifest.consignments["gross_mass_g"].to_list() == [1_000]
    assert found(reading)["awmds.letter_case"] == {"names": "AWMDS, GROSS_MASS"}


def test_a_default_namespace_does_not_hide_the_elements() -> None:
    reading = read(manifest(bill()).replace("<Awmds>", '<Awmds xmlns="urn:x">'))
    assert reading.manifest.consignments["gross_mass_g"].to_list() == [1_000]
    assert found(reading) == {}


def test_a_declared_number_of_containers_that_is_not_the_one_listed_is_told() -> None:
    reading = read(manifest(bill(goods="<Num_of_ctn_for_this_bol>2</Num_of_ctn_for_this_bol>")))
    assert found(reading) == {"awmds.container_count_differs": {"declared": 2, "computed": 0}}


def test_a_broken_bill_is_set_aside_and_the_others_are_read() -> None:
    reading = read(manifest(bill(number="B1"), bill(number="B & 2"), bill(number="B3")))
    assert reading.manifest.consignments["transport_contract_document_id"].to_list() == ["B1", "B3"]
    assert reading.manifest.consignments["place"].to_list()[1] == "/Awmds[1]/Bol_segment[3]"
    (broken,) = reading.quarantined
    assert broken.reason.place == "/Awmds[1]/Bol_segment[2]"
    assert "B & 2" in broken.excerpt
    assert reading.manifest.findings.filter(severity="error")["rule"].to_list() == ["xml.not_well_formed"]


def test_a_truncated_manifest_keeps_its_whole_bills() -> None:
    whole = manifest(bill(number="B1"), bill(number="B2"))
    reading = read(whole[: whole.rindex("<Goods_segment>")])
    assert reading.manifest.consignments["transport_contract_document_id"].to_list() == ["B1"]
    assert [part.reason.rule for part in reading.quarantined] == ["xml.truncated"]


def test_a_manifest_of_which_nothing_can_be_read_is_refused_with_the_reason() -> None:
    with pytest.raises(Unreadable) as refused:
        read("<Awmds><General_segment>")
    assert refused.value.code == "intake.xml_truncated"


def test_a_declaration_of_asycuda_world_is_recognised_and_refused_by_its_name() -> None:
    template = sample("messages/asycuda-xml/blank-asycuda-template.xml").read_bytes()
    assert Awmds().detect(template, "x.xml") == 60
    with pytest.raises(Unreadable) as refused:
        read(template)
    assert (refused.value.code, refused.value.place) == ("intake.sad_not_read", "/ASYCUDA[1]")


@pytest.mark.parametrize(
    ("head", "sure"),
    [(b"<Awmds>", 100), (b"<?xml version='1.0'?>\n<!-- x --><Awbolds>", 100), (b"<AWMDS>", 90), (b"<Invoice>", 0)],
)
def test_a_manifest_is_known_by_its_root(head: bytes, sure: int) -> None:
    assert Awmds().detect(head, "any.txt") == sure


def test_every_code_has_a_sentence() -> None:
    assert {"awmds.value_not_stated", "awmds.letter_case", "awmds.container_count_differs"} <= known_codes()


def test_packages_whose_sum_is_beyond_counting_leave_the_bill_without_a_sum_and_with_its_items() -> None:
    packages = "<Number_of_packages>999999999999999999</Number_of_packages>"
    many = "</Goods_segment><Goods_segment>".join([packages] * 11)
    reading = read(manifest(bill(goods=many)))
    assert reading.manifest.goods_items.height == 11
    assert reading.manifest.consignments["package_count"].to_list() == [None]
