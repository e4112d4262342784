"""What a table says becomes frames, by a mapping profile that is data."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import polars as pl
import pytest

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.table import Table
from pratique.flow.intake.mapping import load_mapping
from pratique.vocabulary.frames import PURPOSE, RETENTION_CLASS

HEADINGS = "bill_number,container_number,description,hs_code,packages,package_type,gross_weight_kg"


def read(text: str, *, mapping: str | None = None, name: str = "m.csv") -> Reading:
    context = ReadContext(name, "ab" * 32, load_mapping(mapping) if mapping else None)
    return Table().read(io.BytesIO(text.encode()), context=context)


def rules(reading: Reading) -> dict[str, dict[str, object]]:
    found = reading.manifest.findings
    return {rule: json.loads(params) for rule, params in found.select("rule", "params").iter_rows()}


def test_rows_of_one_bill_are_one_consignment_in_order_of_first_appearance() -> None:
    manifest = read(f"{HEADINGS}\nB,C1,x,,1,,1\nA,C2,x,,1,,1\nB,C3,x,,1,,1\n").manifest
    bills = manifest.consignments.select("transport_contract_document_id", "place")
    assert bills.rows() == [("B", "row 2"), ("A", "row 3")]


def test_goods_of_a_row_are_added_up_and_a_consolidated_box_stands_under_each_of_its_bills() -> None:
    text = f"{HEADINGS}\nA,BOX1,shoes,6403,10,CT,100.5\nA,BOX2,shoes,6403,5,CT,50\nB,BOX1,hats,6505,2,BX,7\n"
    manifest = read(text).manifest
    goods = manifest.goods_items.select("consignment", "package_count", "gross_mass_g", "equipment_ids").rows()
    assert goods == [(0, 15, 150_500, ["BOX1", "BOX2"]), (1, 2, 7_000, ["BOX1"])]
    assert manifest.consignments["gross_mass_g"].to_list() == [150_500, 7_000]
    assert manifest.equipment.select("consignment", "equipment_id_raw", "goods_mass_g").rows() == [
        (0, "BOX1", 100_500),
        (0, "BOX2", 50_000),
        (1, "BOX1", 7_000),
    ]
    assert manifest.goods_items["packaging"].to_list()[0] == [{"type_code": "CT", "quantity": 15, "marks": None}]


def test_goods_without_a_container_make_none() -> None:
    manifest = read(
        "bill_number,container_number,container_type,description,packages\nA,,,coal,1\nB,,22G1,x,1\n"
    ).manifest
    assert manifest.equipment.select("consignment", "equipment_id_raw", "size_type_raw").rows() == [(1, None, "22G1")]


def test_mass_of_the_bill_that_stands_on_each_of_its_rows_counts_once() -> None:
    manifest = read(
        "bill_number,container_number,description,bill_gross_weight_kg,bill_packages\n"
        "A,BOX1,shoes,900,40\nA,BOX2,shoes,900,40\n"
    ).manifest
    assert manifest.consignments.select("gross_mass_g", "package_count").rows() == [(900_000, 40)]
    assert manifest.goods_items["gross_mass_g"].to_list() == [None]


def test_sum_of_some_rows_only_is_said() -> None:
    reading = read(f"{HEADINGS}\nA,BOX1,shoes,,10,,100\nA,BOX2,shoes,,10,,\n")
    assert reading.manifest.consignments["gross_mass_g"].to_list() == [100_000]
    assert rules(reading)["table.partly_given"] == {"field": "goods_item.gross_mass_g", "given": 1, "rows": 2}


def test_rows_of_a_bill_that_contradict_each_other_are_a_finding_and_every_party_is_kept() -> None:
    reading = read(
        "bill_number,description,consignee_name,port_of_loading\nA,x,Beta,CNSHA\nA,x,Gamma,CNSHA\nA,x,Beta,CNNGB\n"
    )
    assert reading.manifest.parties["name"].to_list() == ["Beta", "Gamma"]
    assert reading.manifest.consignments["loading_location"].to_list() == ["CNSHA"]
    told = [
        json.loads(params)
        for rule, params in reading.manifest.findings.select("rule", "params").iter_rows()
        if rule == "table.conflicting_values"
    ]
    assert told == [
        {"field": "consignment.loading_location", "values": "CNSHA; CNNGB"},
        {"field": "party.CN.name", "values": "Beta; Gamma"},
    ]


def test_party_given_on_one_row_of_the_bill_only_is_one_party_with_its_purpose() -> None:
    reading = read("bill_number,description,shipper_name,shipper_country\nA,x,Acme,\nA,y,,CN\n")
    found = reading.manifest.parties.select("role_code", "name", "country", "purpose", "retention_class").rows()
    assert found == [("CZ", "Acme", "CN", PURPOSE, RETENTION_CLASS)]


def test_vessel_and_times_are_read_once_for_the_file_and_as_utc() -> None:
    reading = read(
        "bill_number,description,vessel_name,imo_number,voyage,eta\n"
        "A,x,EVER SO,9074729,12W,2026-03-04T06:00+02:00\nB,x,,,,\n"
    )
    transport = reading.manifest.transport
    assert transport.select("name", "identification", "identification_scheme", "journey_id", "stage").rows() == [
        ("EVER SO", "9074729", "IMO", "12W", "border")
    ]
    assert transport["arrival_datetime"].to_list() == [datetime(2026, 3, 4, 4, 0, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2026-03-04T06:30:00Z", datetime(2026, 3, 4, 6, 30, tzinfo=UTC)),
        ("2026-03-04 06:30", datetime(2026, 3, 4, 6, 30, tzinfo=UTC)),
        ("04/03/2026 06:30", datetime(2026, 3, 4, 6, 30, tzinfo=UTC)),
        ("04/03/26", None),
        ("soon", None),
        ("2026-02-30", None),
    ],
)
def test_time_is_read_as_the_profile_writes_it_or_is_a_finding(text: str, read_as: datetime | None) -> None:
    reading = read(f"bill_number,description,eta\nA,x,{text}\n")
    arrivals = reading.manifest.transport["arrival_datetime"].to_list()
    assert (arrivals[0] if arrivals else None) == read_as
    assert ("table.not_a_time" in rules(reading)) is (read_as is None)


def test_two_voyages_in_one_file_are_two_messages_and_the_same_bill_stands_in_both() -> None:
    manifest = read("bill_number,description,imo_number,voyage\nA,x,9074729,1\nA,x,9074729,2\n").manifest
    assert manifest.message.height == 2
    assert manifest.consignments.select("message", "transport_contract_document_id").rows() == [(0, "A"), (1, "A")]
    assert manifest.transport["journey_id"].to_list() == ["1", "2"]


def test_what_is_no_number_or_no_known_code_is_null_and_a_finding_with_its_text_and_row() -> None:
    reading = read(
        "bill_number,description,gross_weight_kg,value,currency,nature\n"
        "A,x,12 kg,100,,sideways\nB,x,1,5.005,EUR,transit\n"
    )
    assert reading.manifest.goods_items["gross_mass_g"].to_list() == [None, 1_000]
    assert reading.manifest.goods_items["customs_value_minor"].to_list() == [None, 501]
    assert reading.manifest.consignments["nature_code"].to_list() == [None, "24"]
    found = reading.manifest.findings.filter(pl.col("place") == "row 2").sort("rule")
    assert found["rule"].to_list() == ["table.amount_without_currency", "table.code_unknown", "table.not_a_number"]
    assert found["consignment"].to_list() == [0, 0, 0]
    assert rules(reading)["table.not_a_number"] == {"column": "gross_weight_kg", "text": "12 kg"}


def test_amounts_of_one_item_in_two_currencies_are_not_added_up() -> None:
    reading = read("bill_number,description,value,currency\nA,x,1,EUR\nA,x,2,USD\n")
    assert reading.manifest.goods_items["customs_value_minor"].to_list() == [None]
    assert rules(reading)["table.conflicting_values"]["values"] == "EUR; USD"


def test_row_without_bill_number_stands_alone_with_a_finding() -> None:
    reading = read("bill_number,description\n,x\n,y\nA,z\n")
    assert reading.manifest.consignments["transport_contract_document_id"].to_list() == [None, None, "A"]
    assert reading.manifest.findings.filter(pl.col("rule") == "table.key_empty")["place"].to_list() == [
        "row 2",
        "row 3",
    ]


def test_totals_that_the_sender_declares_are_kept_apart_from_the_rows() -> None:
    manifest = read("bill_number,description,total_bills,total_gross_weight_kg\nA,x,3,1500\nB,x,,\n").manifest
    assert manifest.declared.select("consignment_count", "gross_mass_g").rows() == [(3, 1_500_000)]
    assert manifest.computed.is_empty()


def test_headings_may_differ_in_case_blanks_and_order() -> None:
    manifest = read("Description;Bill Number;GROSS-WEIGHT kg\nshoes;A;5\n").manifest
    assert manifest.consignments["transport_contract_document_id"].to_list() == ["A"]
    assert manifest.goods_items["gross_mass_g"].to_list() == [5_000]


def test_columns_that_are_not_read_and_headings_that_stand_twice_are_said() -> None:
    reading = read("bill_number,description,Bill number,remarks,\nA,x,B,hello,\n")
    assert reading.manifest.consignments["transport_contract_document_id"].to_list() == ["A"]
    assert rules(reading)["table.heading_twice"] == {"heading": "bill_number"}
    assert rules(reading)["table.columns_not_used"] == {"count": 3, "headings": "Bill number, remarks, (blank)"}


def test_constants_of_the_profile_are_used_only_without_a_column_and_are_said() -> None:
    without = read("bill_number,description\nA,x\n")
    assert without.manifest.message["function_code"].to_list() == ["9"]
    assert "message.function_code = 9" in str(rules(without)["table.constants_applied"]["fields"])
    given = read("bill_number,description,function\nA,x,replace\n")
    assert given.manifest.message["function_code"].to_list() == ["5"]
    empty = read("bill_number,description,function\nA,x,\n")
    assert empty.manifest.message["function_code"].to_list() == [None]


def test_table_with_half_its_columns_is_refused_with_its_headings_and_what_misses() -> None:
    with pytest.raises(Unreadable) as refused:
        read("container_number,consignee_name,gross_weight_kg\nX,Y,1\n")
    assert refused.value.code == "table.no_mapping"
    assert "'container_number', 'consignee_name', 'gross_weight_kg'" in refused.value.happened
    assert "'manifest-en', also needs: bill_number, description" in refused.value.happened


def test_declarations_are_a_message_each_with_their_lines() -> None:
    reading = read(
        "lrn,line_number,commodity_code,customs_value,currency,supplementary_quantity,supplementary_unit,importer_name\n"
        "D1,1,640399,100,EUR,12.5,NPR,Acme\nD1,2,650500,50,EUR,,,Acme\nD2,1,847130,7,JPY,,,Beta\n"
    )
    manifest = reading.manifest
    assert manifest.message.select("functional_reference_id", "message_type").rows() == [
        ("D1", "DECLARATION"),
        ("D2", "DECLARATION"),
    ]
    assert manifest.goods_items.select("sequence", "customs_value_minor", "supplementary_quantity_milli").rows() == [
        (1, 10_000, 12_500),
        (2, 5_000, None),
        (1, 7, None),
    ]
    assert manifest.consignments.select("customs_value_minor", "customs_value_currency").rows() == [
        (15_000, "EUR"),
        (7, "JPY"),
    ]
    assert manifest.parties["role_code"].to_list() == ["IM", "IM"]


GERMAN = """
id: frachtliste
message_type: MANIFEST
header_row: 2
decimal_mark: ","
utc_offset: "+01:00"
datetime_formats: ["%d.%m.%Y %H:%M"]
keys: {consignment: [Konnossement], goods_item: [Warenbezeichnung]}
required: [Konnossement, Warenbezeichnung]
constants: {goods_item.customs_value_currency: CHF}
columns:
  Konnossement: {to: consignment.transport_contract_document_id}
  Warenbezeichnung: {to: goods_item.description}
  Gewicht: {to: goods_item.gross_mass_g, unit: TNE}
  Wert: {to: goods_item.customs_value_minor}
  Ankunft: {to: transport.arrival_datetime}
  Behälter: {to: equipment.equipment_id_raw, split: "/"}
"""


def test_own_profile_reads_other_headings_units_marks_and_zones() -> None:
    text = (
        "Frachtliste MS Anna;;;;;\nKonnossement;Warenbezeichnung;Gewicht;Wert;Ankunft;Behälter\n"
        "K1;Schuhe;1,25;99,90;04.03.2026 06:00;AAA/BBB\n"
    )
    manifest = read(text, mapping=GERMAN).manifest
    assert manifest.goods_items.select("gross_mass_g", "customs_value_minor", "equipment_ids").rows() == [
        (1_250_000, 9_990, ["AAA", "BBB"])
    ]
    assert manifest.transport["arrival_datetime"].to_list() == [datetime(2026, 3, 4, 5, 0, tzinfo=UTC)]
    assert manifest.equipment["equipment_id_raw"].to_list() == ["AAA", "BBB"]


def test_mass_of_a_row_with_several_containers_is_not_said_of_each() -> None:
    profile = GERMAN.replace("to: goods_item.gross_mass_g", "to: [goods_item.gross_mass_g, equipment.goods_mass_g]")
    text = "-;;\nKonnossement;Warenbezeichnung;Gewicht;Behälter\nK1;x;2;AAA/BBB\nK2;x;2;CCC\n"
    manifest = read(text, mapping=profile).manifest
    assert manifest.equipment.select("equipment_id_raw", "goods_mass_g").rows() == [
        ("AAA", None),
        ("BBB", None),
        ("CCC", 2_000_000),
    ]


def test_formulas_in_cells_and_paths_in_names_are_kept_as_they_are() -> None:
    reading = read(
        'bill_number,description,shipper_name\n../../etc/passwd,"=HYPERLINK(""http://x"")",@SUM(1)\n',
        name="../../../etc/passwd.csv",
    )
    assert reading.manifest.consignments["transport_contract_document_id"].to_list() == ["../../etc/passwd"]
    assert reading.manifest.goods_items["description"].to_list() == ['=HYPERLINK("http://x")']
    assert reading.manifest.parties["name"].to_list() == ["@SUM(1)"]


@pytest.mark.parametrize(
    ("head", "name", "score"),
    [
        (b"bill_number,description\nA,x\n", "a.bin", 90),
        (b"\xef\xbb\xbfBill number;Description\nA;x\n", "a.csv", 90),
        ("bill_number\tdescription\nA\tx\n".encode("utf-16"), "a.txt", 90),
        (b"a,b\n1,2\n", "a.txt", 30),
        (b"only one line\n", "a.csv", 20),
        (b"only one line\n", "a.txt", 0),
        (b"UNB+UNOA:1+S+R'UNH+1,2'\nUNH+1,2'\n", "a.csv", 0),
        (b"<a>1,2\n3,4</a>", "a.csv", 0),
        (b"", "a.csv", 0),
        (bytes(range(256)) * 8, "a.csv", 0),
    ],
)
def test_table_is_known_by_its_headings_first(head: bytes, name: str, score: int) -> None:
    assert Table().detect(head, name) == score
