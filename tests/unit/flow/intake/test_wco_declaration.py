"""WCO data model declarations and responses: the counts of the samples and where each field goes."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from tests.samples import sample

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.wco_declaration import WcoDeclaration
from pratique.vocabulary.sentences import known_codes


def read(data: bytes) -> Reading:
    return WcoDeclaration().read(io.BytesIO(data), context=ReadContext("dec.xml", "ab" * 32))


def read_sample(name: str) -> Reading:
    return read(sample(f"messages/wco-dm-xml/{name}").read_bytes())


def of_goods(inner: str) -> dict[str, object]:
    item = f"<GovernmentAgencyGoodsItem>{inner}</GovernmentAgencyGoodsItem>"
    text = f"<Declaration><GoodsShipment>{item}</GoodsShipment></Declaration>"
    return read(text.encode()).manifest.goods_items.row(0, named=True)


# consignments, goods items, boxes, parties, packages, grams: counted in the files by hand
COUNTS = {
    "IMY_Aggregated_Supplementary_Declaration.xml": (1, 2, 1, 3, 20, 15_000_000),
    "TT_EX001a.xml": (1, 1, 1, 4, 10, 10_000),
    "TT_EX004a.xml": (1, 2, 1, 4, 2, 35_000),
}
RESPONSES = {
    "01_DMSACC.xml": ("01", "a6e4e95b91be4fe4a95800c235c7c010", "19GBCKKCQSXV2FGVA8", "3.1_P1_TT_1311RM41"),
    "03_DMSREJ.xml": ("03", "561fb99741a94910913f9bd1e4d4055e", "20GB1NA4Y2YSRFGVR6", "Sample_A_TC01_1102_03"),
    "05_DMSCTL.xml": ("05", "cf614e6aa7fe4c01ae675b40ef4dffcf", "20GB1Q3RTK463FGVR4", "IM08a_PHYCTL_002"),
    "08_DMSROG.xml": ("08", "b850b7f5b53a4e699713199658a2d17f", "20GB1OJPU2P01FGVR4", "R251_TC05_2111_13"),
    "13_DMSTAX.xml": ("13", "026dbf69ad164b92868f5df716955cad", "20GB1Q3RTK463FGVR4", "IM08a_PHYCTL_002"),
}


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_a_declaration_has_the_counts_a_person_gets_by_hand(name: str) -> None:
    frames = read_sample(name).manifest
    (packages, grams) = frames.consignments.select("package_count", "gross_mass_g").row(0)
    heights = (frames.consignments.height, frames.goods_items.height, frames.equipment.height, frames.parties.height)
    assert (*heights, packages, grams) == COUNTS[name]
    assert frames.message.height == 1


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_a_response_is_a_message_without_a_consignment(name: str) -> None:
    frames = read_sample(name).manifest
    function, reference, registration, answered = RESPONSES[name]
    message = frames.message.row(0, named=True)
    assert (message["message_type"], message["format_version"]) == ("RES", "3.6")
    assert (message["function_code"], message["functional_reference_id"]) == (function, reference)
    assert message["registration_id"] == registration
    assert (frames.consignments.height, frames.goods_items.height, frames.parties.height) == (0, 0, 0)
    told = frames.findings.filter(rule="wco.response_only")
    assert json.loads(told["params"][0]) == {"reference": answered}


def test_a_response_says_when_and_why() -> None:
    frames = read_sample("03_DMSREJ.xml").manifest
    assert frames.message["issue_datetime"].to_list() == [datetime(2020, 2, 11, 11, 42, 12, tzinfo=UTC)]
    reason = frames.findings.filter(rule="wco.refused_for").row(0, named=True)
    assert json.loads(reason["params"]) == {"code": "CDS12005", "pointer": "42A/17C.R144"}
    assert reason["place"] == "/MetaData[1]/Response[1]/Error[1]"


def test_an_import_keeps_its_header_and_totals() -> None:
    frames = read_sample("IMY_Aggregated_Supplementary_Declaration.xml").manifest
    message = frames.message.row(0, named=True)
    assert (message["message_type"], message["format_version"], message["function_code"]) == ("DEC", "3.6", "9")
    assert (message["functional_reference_id"], message["receiver_id"]) == ("Agg_Supp_Dec_Y_TC1", "HMRC")
    assert frames.declared.select("goods_item_count", "package_count").rows() == [(2, 20)]
    row = frames.consignments.row(0, named=True)
    assert (row["nature_code"], row["loading_location"], row["final_destination"]) == ("23", "EG", "GB")
    assert (row["customs_value_minor"], row["customs_value_currency"]) == (1_300_000, "GBP")
    assert row["ucr"] is None  # two of them: none is the one
    assert [paper["document_id"] for paper in row["documents"]] == [
        *("1108654", "DUCRGB553202734852-1111111", "DUCRGB553202734852-2222222")
    ]


def test_an_import_keeps_its_goods_items() -> None:
    first, second = read_sample("IMY_Aggregated_Supplementary_Declaration.xml").manifest.goods_items.rows(named=True)
    assert first["commodity_code_raw"] == second["commodity_code_raw"] == "0709931000"
    assert (first["origin_country"], first["procedure_current"], first["procedure_previous"]) == ("EG", "40", "00")
    assert (first["gross_mass_g"], first["net_mass_g"]) == (7_500_000, 7_000_000)
    assert (second["gross_mass_g"], second["net_mass_g"]) == (7_500_000, 6_000_000)
    assert (first["customs_value_minor"], first["customs_value_currency"]) == (650_000, "GBP")
    assert first["packaging"] == [{"type_code": "BX", "quantity": 10, "marks": "BX12345"}]
    assert (len(first["documents"]), len(second["documents"])) == (10, 9)
    assert first["documents"][0] == {"type_code": "C501", "document_id": "GB AEOC 14274/19"}
    assert first["description"] == "Fresh courgettes from Egypt, 1500kg"


def test_an_import_keeps_its_parties_and_transport() -> None:
    frames = read_sample("IMY_Aggregated_Supplementary_Declaration.xml").manifest
    assert frames.parties.select("role_code", "party_id", "name", "consignment").rows() == [
        ("CZ", None, "Egyptian Vegetable Company", 0),
        ("DT", "GB553202734852", None, 0),
        ("IM", "GB553202734852", None, 0),
    ]
    assert frames.transport.select("stage", "mode_code", "nationality_country", "identification").rows() == [
        ("border", "1", "EG", None),
        ("arrival", None, None, "12345"),
    ]
    assert frames.equipment["equipment_id_raw"].to_list() == ["DM1234"]


def test_an_export_keeps_routing_references_and_seals() -> None:
    frames = read_sample("TT_EX001a.xml").manifest
    row = frames.consignments.row(0, named=True)
    assert (row["nature_code"], row["transit_countries"]) == ("22", ["GB", "CA", "US"])
    assert (row["ucr"], row["master_document_id"]) == ("5GB348579783333-AVCVSC", "GB/AIGI-SULE72WT1Q4CE5O20WJ7LTCAL")
    assert (row["freight_payment_method_code"], row["final_destination"]) == ("D", "US")
    assert frames.equipment.select("equipment_id_raw", "seal_ids").rows() == [("CONU1234567", ["333"])]
    assert frames.parties["role_code"].to_list() == ["CZ", "DT", "CA", "CN"]
    consignee = frames.parties.filter(role_code="CN").row(0, named=True)
    assert (consignee["city"], consignee["postcode"], consignee["country"]) == ("New York", "NY1 234", "US")
    assert frames.transport.select("stage", "name", "identification_scheme").rows() == [
        ("border", "CSCLGLOBE", "name"),
        ("departure", "CSCLGLOBE", "name"),
    ]
    assert frames.message["declaration_office_id"].to_list() == ["GB000040"]


def test_an_export_keeps_statistical_value_and_tariff_quantity() -> None:
    frames = read_sample("TT_EX004a.xml").manifest
    first, second = frames.goods_items.rows(named=True)
    assert (first["statistical_value_minor"], first["statistical_value_currency"]) == (5_000_000, "GBP")
    assert first["supplementary_quantity_milli"] == 20_000
    assert second["supplementary_quantity_milli"] is None
    assert [row["commodity_code_raw"] for row in (first, second)] == ["93019000", "93059100"]
    assert frames.consignments.select("customs_value_minor", "final_destination").rows() == [(10_000_000, "SD")]
    assert [len(row["documents"]) for row in (first, second)] == [5, 7]


def test_values_that_no_frame_has_a_place_for_are_named_with_their_parent() -> None:
    told = read_sample("IMY_Aggregated_Supplementary_Declaration.xml").manifest.findings.row(0, named=True)
    assert told["rule"] == "xml.unknown_elements"
    assert told["severity"] == "note"
    assert "AuthorisationHolder/ID (4)" in json.loads(told["params"])["names"]


def test_a_unit_code_is_obeyed_and_one_that_is_no_mass_leaves_the_field_empty() -> None:
    measure = "<GoodsMeasure><GrossMassMeasure unitCode='{}'>2</GrossMassMeasure></GoodsMeasure>"
    assert of_goods(measure.format("TNE"))["gross_mass_g"] == 2_000_000
    assert of_goods(measure.format("LTR"))["gross_mass_g"] is None


def test_an_amount_without_a_currency_leaves_the_field_empty_and_is_told() -> None:
    item = "<GovernmentAgencyGoodsItem><StatisticalValueAmount>5</StatisticalValueAmount></GovernmentAgencyGoodsItem>"
    frames = read(f"<Declaration><GoodsShipment>{item}</GoodsShipment></Declaration>".encode()).manifest
    assert frames.goods_items["statistical_value_minor"].to_list() == [None]
    assert frames.findings["rule"].to_list() == ["xml.amount_without_currency"]


def test_dangerous_goods_and_parties_of_a_goods_item_are_kept_with_it() -> None:
    inner = (
        "<Commodity><DangerousGoods><UNDGID>1203</UNDGID></DangerousGoods></Commodity>"
        "<Consignee><Name>Own Buyer</Name></Consignee>"
    )
    text = f"<GovernmentAgencyGoodsItem>{inner}</GovernmentAgencyGoodsItem>"
    frames = read(f"<Declaration><GoodsShipment>{text}</GoodsShipment></Declaration>".encode()).manifest
    assert frames.goods_items["un_number"].to_list() == ["1203"]
    assert frames.parties.select("role_code", "name", "goods_item").rows() == [("CN", "Own Buyer", 0)]


def test_several_shipments_are_several_consignments_and_share_the_parties_of_the_declaration() -> None:
    shipments = "<GoodsShipment/><GoodsShipment><Consignee><Name>B</Name></Consignee></GoodsShipment>"
    frames = read(f"<Declaration><Exporter><Name>A</Name></Exporter>{shipments}</Declaration>".encode()).manifest
    assert frames.consignments["consignment"].to_list() == [0, 1]
    assert frames.parties.select("name", "consignment").rows() == [("A", None), ("B", 1)]


@pytest.mark.parametrize(("told", "hour"), [("20250731112200+01", 10), ("20250731112200Z", 11), ("20250731112200", 11)])
def test_a_time_is_kept_in_utc_and_one_without_a_zone_is_told(told: str, hour: int) -> None:
    time = f"<IssueDateTime><p:DateTimeString formatCode='304'>{told}</p:DateTimeString></IssueDateTime>"
    frames = read(f"<Declaration xmlns:p='urn:p'>{time}</Declaration>".encode()).manifest
    assert frames.message["issue_datetime"].to_list() == [datetime(2025, 7, 31, hour, 22, tzinfo=UTC)]
    assert frames.findings["rule"].to_list() == (["xml.time_without_zone"] if len(told) == 14 else [])


def test_a_change_names_the_declaration_it_replaces() -> None:
    text = "<Declaration><FunctionCode>4</FunctionCode><ID>MRN1</ID></Declaration>"
    assert read(text.encode()).manifest.message["replaces_id"].to_list() == ["MRN1"]


def test_any_namespace_of_the_data_model_is_read_by_local_names() -> None:
    text = sample("messages/wco-dm-xml/TT_EX001a.xml").read_text()
    other = text.replace("urn:wco:datamodel:WCO:DEC-DMS:2", "urn:wco:datamodel:WCO:DEC:3")
    assert read(other.encode()).manifest.goods_items.height == 1


def test_a_truncated_declaration_is_refused() -> None:
    whole = sample("messages/wco-dm-xml/TT_EX004a.xml").read_bytes()
    with pytest.raises(Unreadable) as refused:
        read(whole[: len(whole) // 2])
    assert refused.value.code == "intake.xml_truncated"


def test_a_file_without_declaration_and_response_is_refused_by_name() -> None:
    with pytest.raises(Unreadable) as refused:
        read(b"<MetaData><WCOTypeName>CRI</WCOTypeName></MetaData>")
    assert refused.value.code == "intake.wco_no_declaration"


def test_a_declaration_is_known_by_root_and_content() -> None:
    wco = WcoDeclaration()
    assert wco.detect(sample("messages/wco-dm-xml/13_DMSTAX.xml").read_bytes(), "x") == 100
    assert wco.detect(b"<Declaration><GoodsShipment>", "x") == 60
    assert wco.detect(b"<MetaData><title>", "x") == 0
    assert wco.detect(b"<Invoice>WCOTypeName", "x") == 0


def test_every_code_has_a_sentence() -> None:
    assert {"wco.response_only", "wco.refused_for"} <= known_codes()
