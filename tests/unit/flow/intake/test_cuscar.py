"""CUSCAR of every version in use becomes the frames that a person would write down."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from pratique.flow import intake
from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.cuscar import Cuscar
from pratique.vocabulary.sentences import known_codes
from samples import sample

SEA_D95B = """UNA:+.? '
UNB+UNOA:2+CARRIERX:ZZ+CUSTOMSY:ZZ+260115:0930+IC001'
UNH+ME1+CUSCAR:D:95B:UN:LOT10'
BGM+785+MAN2026001+9'
DTM+137:202601150925:203'
LOC+22+NLRTM:139:6'
RFF+ABT:2026NL0001'
NAD+CA+XSHP:172:182+++X SHIPPING LINE'
TDT+20+045W+1++XSHP:172:182+++9321483:146:11:NORTHERN DAWN:PA'
LOC+5+CNSHA:139:6'
LOC+61+NLRTM:139:6'
DTM+133:202512200800:203'
DTM+132:202601200600:203'
CNT+10:3'
CNT+11:1270'
CNT+7:61250.5:KGM'
CNT+16:2'
CNI+1'
RFF+BM:XSHPB0001'
CNT+7:21000:KGM'
CNT+11:500'
LOC+9+CNSHA:139:6'
LOC+11+NLRTM:139:6'
LOC+8+DEDUI:139:6'
LOC+13+SGSIN:139:6'
GIS+23'
MOA+40:125000.50:USD'
MOA+64:1800:USD'
CPI+4++P'
NAD+CZ+++SHANGHAI O?'HARA TOYS:AND GAMES CO+88 NANJING RD:BLOCK ?+ 5+SHANGHAI+SH+200001+CN'
NAD+CN++DUISBURG IMPORT GMBH:HAFENSTRASSE 12:47051 DUISBURG'
COM+?+492031234:TE+info@example.org:EM'
NAD+N1+DE123456789:167+++FREIGHT FORWARDER AG'
GID+1+300:CT'
HAN+6'
FTX+AAA+++PLASTIC TOYS:ASSORTED'
MEA+AAE+G+KGM:12000'
MEA+AAE+AAL+KGM:11000'
MEA+VOL++MTQ:33.2'
SGP+XSHU1234565+300'
CST++9503009590:HS'
LOC+27+CN'
PCI+28+LOT 7:MADE IN CHINA'
GID+2+200:CT'
FTX+AAA+++LITHIUM BATTERIES'
MEA+AAE+G+TNE:9'
SGP+XSHU1234565+200'
DGS+IMD+9+3480'
EQD+CN+XSHU1234565+45G1:102:5+++5'
SEL+SEAL001+CA'
SEL+SEAL002+SH'
MEA+AAE+T+KGM:3800'
MEA+AAE+AET+KGM:24800'
TMP+2+-18.5:CEL'
CNI+2'
RFF+BM:XSHPB0002'
RFF+MB:XSHPM0009'
CNT+7:40250.5:KGM'
CNT+11:770'
LOC+9+SGSIN:139:6'
LOC+11+NLRTM:139:6'
GIS+28'
NAD+CN+++TO ORDER'
GID+1+770:BG'
FTX+AAA+++COFFEE BEANS'
SGP+XSHU7654321+770'
RFF+BM:XSHPB0003'
NAD+CN+++SECOND CONSIGNEE BV'
GID+1+1:PK'
FTX+AAA+++MACHINE PARTS'
EQD+CN+XSHU7654321+22G1:102:5+++4'
UNT+70+ME1'
UNZ+1+IC001'
"""

WRAPPING = "UNB+UNOC:3+S+R+260101:1200+I1'{}UNZ+{}+I1'"
HEAD = "BGM+785+M1+9'TDT+20+1E+1++C:172:182+++9321483:146:11:SHIP:PA'"


def read(text: str | bytes) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return Cuscar().read(io.BytesIO(data), context=ReadContext("a.edi", "0" * 64))


def message(body: str, *, reference: str = "1", name: str = "CUSCAR:D:99B:UN") -> str:
    return f"UNH+{reference}+{name}'{body}UNT+{body.count(chr(39)) + 2}+{reference}'"


def one(body: str) -> Reading:
    return read(WRAPPING.format(message(HEAD + body), 1))


def rules(reading: Reading) -> list[str]:
    return reading.manifest.findings["rule"].to_list()


def told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


@pytest.fixture(scope="module")
def sea() -> Reading:
    return read(SEA_D95B)


def test_the_published_road_sample_reads_to_what_a_person_counts() -> None:
    path = sample("messages/edifact-cuscar/cuscar_d03b_ace_truck.edi")
    with path.open("rb") as stream:
        reading = Cuscar().read(stream, context=ReadContext(path.name, "0" * 64))
    manifest = reading.manifest
    assert reading.quarantined == ()
    assert (manifest.consignments.height, manifest.goods_items.height, manifest.parties.height) == (1, 1, 5)
    assert manifest.equipment["equipment_id_raw"].to_list() == ["10000325", "10000325"]  # declared, and mentioned once
    assert manifest.equipment["consignment"].to_list() == [None, 0]
    assert manifest.equipment["seal_ids"].to_list() == [["SEALEQUNO001"]] * 2
    bill = manifest.consignments.row(0, named=True)
    assert (bill["transport_contract_document_id"], bill["transport_contract_document_type_code"]) == (
        "KH041122106",
        "714",
    )
    assert (bill["sequence"], bill["package_count"], bill["place"]) == (3741, 158, "segment 14")
    assert (bill["house_level"], bill["loading_location"]) == ("house", "U0107")
    item = manifest.goods_items.row(0, named=True)
    assert (item["gross_mass_g"], item["package_count"]) == (750_000, 158)
    assert (item["description"], item["place"]) == ("IRON COIL SHEET METAL", "segment 33")
    assert item["packaging"] == [{"type_code": "COL", "quantity": 158, "marks": None}]
    assert manifest.parties["role_code"].to_list() == ["CA", "VW", "CN", "IM", "OS"]
    assert manifest.parties["name"].to_list() == [None, "AADLER KEN", "KATHY SMITH", "KATHY SMITH", "KATHY SMITH"]
    assert manifest.parties["communication"].to_list()[2:] == [["TE:8005551212"]] * 3
    means = told(manifest.transport.row(0, named=True))
    assert (means["mode_code"], means["identification"], means["arrival_location"]) == ("3", "10000324", "0901")
    assert str(means["arrival_datetime"]) == "2004-12-30 12:00:00+00:00"
    head = manifest.message.row(0, named=True)
    assert (head["message_id"], head["format_version"], head["function_code"]) == ("CUSCAR54", "D:03B", "22")
    assert (head["functional_reference_id"], head["registration_id"]) == ("LOCKKH04112206", "ABO04100000")
    assert (head["sender_id"], head["receiver_id"]) == ("LOCK", "CBP-ACE-TEST")


def test_a_sea_report_says_who_reports_which_voyage(sea: Reading) -> None:
    head = sea.manifest.message.row(0, named=True)
    assert (head["message_type"], head["format"], head["format_version"]) == ("CUSCAR", "cuscar", "D:95B:LOT10")
    assert (head["functional_reference_id"], head["registration_id"]) == ("MAN2026001", "2026NL0001")
    assert (head["declaration_office_id"], head["function_code"]) == ("NLRTM", "9")
    assert str(head["issue_datetime"]) == "2026-01-15 09:25:00+00:00"
    means = sea.manifest.transport.row(0, named=True)
    assert (means["stage"], means["mode_code"], means["journey_id"]) == ("border", "1", "045W")
    assert (means["identification"], means["identification_scheme"]) == ("9321483", "IMO")
    assert (means["name"], means["nationality_country"], means["operator_id"]) == ("NORTHERN DAWN", "PA", "XSHP")
    assert (means["departure_location"], means["arrival_location"]) == ("CNSHA", "NLRTM")
    assert str(means["arrival_datetime"]) == "2026-01-20 06:00:00+00:00"


def test_declared_totals_are_kept_as_declared(sea: Reading) -> None:
    declared = sea.manifest.declared.row(0, named=True)
    assert declared == {
        "message": 0,
        "consignment_count": 3,
        "goods_item_count": None,
        "package_count": 1270,
        "gross_mass_g": 61_250_500,
        "equipment_count": 2,
    }
    assert sea.manifest.computed.is_empty()


def test_a_bill_has_its_number_places_totals_and_amounts(sea: Reading) -> None:
    bill = told(sea.manifest.consignments.row(0, named=True))
    assert bill == {
        "consignment": 0,
        "message": 0,
        "place": "segment 16",
        "sequence": 1,
        "transport_contract_document_id": "XSHPB0001",
        "transport_contract_document_type_code": "705",
        "house_level": "simple",
        "nature_code": "23",
        "loading_location": "CNSHA",
        "unloading_location": "NLRTM",
        "final_destination": "DEDUI",
        "transit_countries": ["SG"],
        "gross_mass_g": 21_000_000,
        "package_count": 500,
        "freight_charge_minor": 180_000,
        "freight_charge_currency": "USD",
        "freight_payment_method_code": "P",
        "customs_value_minor": 12_500_050,
        "customs_value_currency": "USD",
        "handling_codes": ["6"],
    }


def test_several_bills_inside_one_consignment_group_are_several_bills(sea: Reading) -> None:
    bills = sea.manifest.consignments
    assert bills["transport_contract_document_id"].to_list() == ["XSHPB0001", "XSHPB0002", "XSHPB0003"]
    assert bills["sequence"].to_list() == [1, 2, 2]
    assert bills["place"].n_unique() == 3
    assert bills["master_document_id"].to_list() == [None, "XSHPM0009", None]
    assert bills["house_level"].to_list() == ["simple", "house", "simple"]
    assert bills["nature_code"].to_list() == ["23", "28", None]
    assert "cuscar.several_bills_in_consignment" in rules(sea)


def test_goods_items_keep_description_measures_packages_and_dangers(sea: Reading) -> None:
    items = sea.manifest.goods_items
    assert items["consignment"].to_list() == [0, 0, 1, 2]
    assert items["description"].to_list() == [
        "PLASTIC TOYS ASSORTED",
        "LITHIUM BATTERIES",
        "COFFEE BEANS",
        "MACHINE PARTS",
    ]
    first, second = items.row(0, named=True), items.row(1, named=True)
    assert (first["gross_mass_g"], first["net_mass_g"], first["volume_dm3"]) == (12_000_000, 11_000_000, 33_200)
    assert (first["commodity_code_raw"], first["commodity_code"], first["origin_country"]) == ("9503009590", None, "CN")
    assert first["packaging"] == [{"type_code": "CT", "quantity": 300, "marks": "LOT 7 MADE IN CHINA"}]
    assert first["equipment_ids"] == ["XSHU1234565"]
    assert (second["gross_mass_g"], second["un_number"], second["imdg_class"]) == (9_000_000, "3480", "9")
    assert second["package_count"] == 200


def test_a_box_is_one_mention_for_each_bill_with_what_is_said_of_it(sea: Reading) -> None:
    boxes = sea.manifest.equipment
    assert boxes["consignment"].to_list() == [0, 1, 2]
    assert boxes["equipment_id_raw"].to_list() == ["XSHU1234565", "XSHU7654321", "XSHU7654321"]
    assert boxes["fullness_code"].to_list() == ["5", None, "4"]
    assert boxes["equipment_id"].null_count() == 3
    box = boxes.row(0, named=True)
    assert (box["size_type_raw"], box["seal_ids"], box["package_count"]) == ("45G1", ["SEAL001", "SEAL002"], 500)
    assert (box["tare_g"], box["gross_mass_g"], box["temperature_milli_c"]) == (3_800_000, 24_800_000, -18_500)


def test_parties_are_read_coded_structured_or_as_lines(sea: Reading) -> None:
    parties = sea.manifest.parties
    assert parties["role_code"].to_list() == ["CA", "CZ", "CN", "NI", "CN", "CN"]
    assert parties["consignment"].to_list() == [None, 0, 0, 0, 1, 2]
    shipper, consignee, notified = (parties.row(index, named=True) for index in (1, 2, 3))
    assert shipper["name"] == "SHANGHAI O'HARA TOYS AND GAMES CO"
    assert shipper["address_line"] == "88 NANJING RD, BLOCK + 5"
    assert (shipper["city"], shipper["subdivision"], shipper["postcode"]) == ("SHANGHAI", "SH", "200001")
    assert shipper["country"] == "CN"
    assert (consignee["name"], consignee["address_line"]) == ("DUISBURG IMPORT GMBH", "HAFENSTRASSE 12, 47051 DUISBURG")
    assert consignee["communication"] == ["TE:+492031234", "EM:info@example.org"]
    assert (notified["party_id"], notified["party_id_scheme"]) == ("DE123456789", "167")
    assert parties.row(0, named=True)["party_id_scheme"] == "SCAC"
    assert parties["purpose"].unique().to_list() == ["customs-risk-analysis"]


def test_nothing_else_in_the_sea_report_is_odd(sea: Reading) -> None:
    assert set(rules(sea)) == {
        "edi.line_breaks_between_segments",
        "cuscar.several_bills_in_consignment",
        "cuscar.time_without_zone",
    }


def test_totals_before_the_bills_of_a_consignment_belong_to_none_of_them() -> None:
    reading = one("CNI+1'CNT+11:30'RFF+BM:A'GID+1+10:CT'RFF+BM:B'GID+1+20:CT'")
    assert reading.manifest.consignments["package_count"].to_list() == [None, None]
    assert "cuscar.totals_of_several_bills" in rules(reading)


@pytest.mark.parametrize("last", ["GID+1+1:CT'", "NAD+CN+++X'", "EQD+CN+X'"])
def test_totals_behind_the_last_bill_are_those_of_the_message(last: str) -> None:
    reading = one(f"CNI+1+B'CNT+7:5:KGM'{last}CNT+7:99:KGM'CNT+8:44'CNT+10:1'CNT+16:3'")
    assert reading.manifest.consignments["gross_mass_g"].to_list() == [5_000]
    assert reading.manifest.declared.row(0) == (0, 1, None, 44, 99_000, 3)


def test_south_african_reports_say_the_nature_once_and_list_containers_in_the_head() -> None:
    body = (
        "BGM+833+DEP1:1+9'GEI+5+22:71:ZZZ'RFF+ACW:OLD77'LOC+9+ZADUR'EQD+CN+ABCU1111110+22G1+++5'SEL+Z9'"
        "TDT+20+77S+1++ZIM:172:182+++9074729::11:ROSA'CNI+1'CNT+16:2'RFF+BM:H1'LOC+11+NLRTM'GEI+5+2:42'"
        "NAD+CZ+ZA01:ZZZ+CAPE FRUIT'GID+1+40:PX'PAC+40++PX'FTX+AAA+++GRAPES'SGP+ABCU1111110+40'MEA+AAE+AAB+KGM:800'"
        "SGP+ABCU2222220'MEA+AAE+AAB+KGM:900'"
    )
    reading = read(WRAPPING.format(message(body, name="CUSCAR:D:16A:UN"), 1))
    manifest = reading.manifest
    assert manifest.message["replaces_id"].to_list() == ["OLD77"]
    assert manifest.consignments["nature_code"].to_list() == ["22"]
    assert manifest.goods_items["package_count"].to_list() == [40]
    assert manifest.goods_items["gross_mass_g"].to_list() == [1_700_000]
    assert manifest.equipment["goods_mass_g"].to_list() == [None, 800_000, 900_000]
    assert manifest.equipment["size_type_raw"].to_list() == ["22G1", "22G1", None]
    assert manifest.equipment["seal_ids"].to_list() == [["Z9"], ["Z9"], None]
    assert manifest.transport["departure_location"].to_list() == ["ZADUR"]
    assert "cuscar.mass_from_shares" in rules(reading)


def test_a_house_bill_under_the_number_of_its_consignment_names_its_master() -> None:
    reading = one("CNI+1+MASTER9'RFF+HWB:HOUSE1'CNI+2+BILL5'RFF+BM:BILL5'CNI+3+X:785'DOC+705+Y'RFF+UCN:U1'RFF+BN:K7'")
    bills = reading.manifest.consignments
    assert bills["transport_contract_document_id"].to_list() == ["HOUSE1", "BILL5", "Y"]
    assert bills["master_document_id"].to_list() == ["MASTER9", None, None]
    assert bills["house_level"].to_list() == ["house", "simple", "simple"]
    assert bills["ucr"].to_list() == [None, None, "U1"]
    assert bills["documents"].to_list()[2] == [
        {"type_code": "CNI", "document_id": "X"},
        {"type_code": "BN", "document_id": "K7"},
    ]


def test_the_name_of_a_vessel_in_the_place_of_the_carrier_is_found_and_told() -> None:
    body = "BGM+785+M1+9'TDT+20+1E+1++XSHP:172:182:SEA STAR'CNI+1+B1'"
    reading = read(WRAPPING.format(message(body), 1))
    assert reading.manifest.transport["name"].to_list() == ["SEA STAR"]
    assert reading.manifest.transport["operator_id"].to_list() == ["XSHP"]
    assert "cuscar.vessel_name_as_carrier" in rules(reading)


def test_the_units_of_senders_are_read_and_told_once() -> None:
    reading = one("CNI+1+B'GID+1+1:CT'MEA+WT+AAB+TON:1.5'GID+2+1:CT'MEA+AAE+G+KG:7'GID+3+1:CT'MEA+AAE+G+KG:8'")
    assert reading.manifest.goods_items["gross_mass_g"].to_list() == [1_500_000, 7_000, 8_000]
    assert rules(reading).count("cuscar.unit_not_of_recommendation_20") == 2


@pytest.mark.parametrize(
    ("body", "rule", "column"),
    [
        ("GID+1+XX:CT'", "cuscar.not_a_count", "package_count"),
        ("GID+1+1:CT'MEA+AAE+G+KGM:12kg'", "cuscar.not_a_mass", "gross_mass_g"),
        ("GID+1+1:CT'MEA+AAE+G+KGM:-5'", "cuscar.not_a_mass", "gross_mass_g"),
        ("GID+1+1:CT'MEA+AAE+G+ZZZ:5'", "cuscar.not_a_mass", "gross_mass_g"),
        ("GID+1+1:CT'MEA+AAE+AAW+MTQ:?+5'", "cuscar.not_a_volume", "volume_dm3"),
        ("GID+1+1:CT'MOA+40:1000'", "cuscar.not_an_amount", "customs_value_minor"),
    ],
)
def test_text_that_is_no_number_leaves_a_hole_and_a_finding(body: str, rule: str, column: str) -> None:
    reading = one("CNI+1+B1'" + body)
    assert reading.manifest.goods_items[column].to_list() == [None]
    finding = reading.manifest.findings.filter(rule=rule).row(0, named=True)
    assert finding["consignment"] == 0
    assert finding["place"].startswith("segment ")
    assert json.loads(finding["params"])["text"]


def test_a_comma_is_a_decimal_mark_only_where_the_syntax_allows_it() -> None:
    body = message(HEAD + "CNI+1+B'GID+1+1:CT'MEA+AAE+G+KGM:1,5'")
    assert read(WRAPPING.format(body, 1)).manifest.goods_items["gross_mass_g"].to_list() == [1_500]
    assert read("UNA:+,? '" + WRAPPING.format(body, 1)).manifest.goods_items["gross_mass_g"].to_list() == [1_500]
    strict = read("UNA:+.? '" + WRAPPING.format(body, 1))
    assert strict.manifest.goods_items["gross_mass_g"].to_list() == [None]
    assert "cuscar.not_a_mass" in rules(strict)


def test_a_description_at_the_bill_alone_is_a_goods_item() -> None:
    reading = one("CNI+1+B'FTX+AAA+++SCRAP METAL'CNI+2+C'FTX+AAA+++GENERAL'GID+1+1:CT'FTX+AAA+++SHOES'")
    assert reading.manifest.goods_items["description"].to_list() == ["SCRAP METAL", "SHOES"]
    assert reading.manifest.goods_items["place"].to_list() == ["segment 5", "segment 8"]


def test_several_messages_are_several_rows_and_places_name_them() -> None:
    bodies = message(HEAD + "CNI+1+A'", reference="R1") + message(HEAD + "CNI+1+B'CNI+2+C'", reference="R2")
    manifest = read(WRAPPING.format(bodies, 2)).manifest
    assert manifest.message["message_id"].to_list() == ["R1", "R2"]
    assert manifest.consignments["message"].to_list() == [0, 1, 1]
    assert manifest.consignments["place"].to_list() == [
        "message 1 (R1), segment 4",
        "message 2 (R2), segment 4",
        "message 2 (R2), segment 5",
    ]
    assert manifest.declared["message"].to_list() == [0, 1]


def test_a_message_of_another_type_is_quarantined_alone() -> None:
    other = message("BGM+745'", reference="P", name="PAXLST:D:05B:UN")
    data = WRAPPING.format(other + message(HEAD + "CNI+1+A'", reference="C"), 2)
    reading = read(data)
    assert reading.manifest.consignments["transport_contract_document_id"].to_list() == ["A"]
    assert reading.manifest.message.height == 1
    (part,) = reading.quarantined
    assert part.reason.rule == "cuscar.other_message_type"
    assert part.reason.place == "message 1 (P), segment 1"
    assert data[part.offset : (part.offset or 0) + (part.length or 0)] == "UNH+P+PAXLST:D:05B:UN'BGM+745"


def test_a_file_of_other_messages_alone_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="PAXLST, not CUSCAR"):
        read(WRAPPING.format(message("BGM+745'", name="PAXLST:D:05B:UN"), 1))
    with pytest.raises(Unreadable, match="no message"):
        read(WRAPPING.format("", 0))


def test_a_message_without_its_name_is_taken_for_what_its_group_says() -> None:
    reading = read(WRAPPING.format(message(HEAD + "CNI+1+A'", name=":D:95B:UN"), 1))
    assert reading.manifest.consignments.height == 1
    assert "cuscar.message_name_missing" in rules(reading)


def test_unknown_segments_are_told_and_the_rest_is_read() -> None:
    reading = one("CNI+1+A'XYZ+1'UNKNOWN'nad+cn'GID+1+1:CT'")
    assert rules(reading).count("cuscar.segment_unknown") == 3
    assert reading.manifest.goods_items.height == 1


EMPTIES = "{0}+'{0}+++++++++++'{0}+:::::+::::+:::+::+::+::+::+::::'"
OF_BILLS = (
    "RFF",
    "DOC",
    "CNT",
    "LOC",
    "GIS",
    "GEI",
    "MOA",
    "CPI",
    "GID",
    "PAC",
    "PCI",
    "HAN",
    "FTX",
    "MEA",
    "SGP",
    "DGS",
)
OF_ALL = ("CST", "PIA", "DTM", "NAD", "COM", "TMP", "SEL", "EQD", "TDT", "CNI", "BGM")


@pytest.mark.parametrize("tag", OF_BILLS + OF_ALL)
@pytest.mark.parametrize("before", ["", "CNI+1+A'", "CNI+1+A'GID+1'", "CNI+1+A'EQD+CN+X'", "NAD+CN'"])
def test_segments_with_nothing_in_them_never_raise(tag: str, before: str) -> None:
    assert one(f"{before}{tag}'" + EMPTIES.format(tag)).manifest.message.height == 1


def test_ten_thousand_messages_and_a_hundred_thousand_items_are_read() -> None:
    many = "".join(message("BGM+785+M+9'CNI+1+B'", reference=str(number)) for number in range(10_000))
    manifest = read(WRAPPING.format(many, 10_000)).manifest
    assert (manifest.message.height, manifest.consignments.height) == (10_000, 10_000)
    deep = one("CNI+1+B'" + "GID+1+1:CT'" * 100_000).manifest
    assert deep.goods_items.height == 100_000


def test_the_same_bytes_give_the_same_frames(sea: Reading) -> None:
    again = read(SEA_D95B).manifest
    for name in ("message", "consignments", "goods_items", "equipment", "parties", "transport", "declared", "findings"):
        assert getattr(again, name).equals(getattr(sea.manifest, name))


@pytest.mark.parametrize(
    ("head", "least", "most"),
    [
        (SEA_D95B.encode(), 90, 100),
        (b"\xef\xbb\xbf" + SEA_D95B.encode(), 90, 100),
        (b"QU ABC\r\n" + SEA_D95B.encode(), 90, 100),
        (SEA_D95B.replace("CUSCAR", "PAXLST").encode(), 1, 20),
        (SEA_D95B.replace("CUSCAR", "").encode(), 30, 60),
        (b"<?xml version='1.0'?><Awmds/>", 0, 0),
        (b"bill;container\n1;2\n", 0, 0),
        (b"", 0, 0),
    ],
)
def test_the_format_is_detected_by_content(head: bytes, least: int, most: int) -> None:
    assert least <= Cuscar().detect(head, "x.csv") <= most


def test_every_finding_and_error_has_its_sentence() -> None:
    root = Path(intake.__file__).parent
    code = re.compile(r'"((?:edi|cuscar)\.[a-z_0-9]+|intake\.edi_[a-z_]+)"')
    sources = [path for folder in ("edi", "formats/cuscar") for path in (root / folder).glob("*.py")]
    used = {match for path in sources for match in code.findall(path.read_text(encoding="utf-8"))}
    assert used
    assert used <= known_codes()
