"""Normalising: codes in one shape, totals by the counting rules, sender profiles applied."""

import pytest
from normalise_manifests import manifest, normalised, told

from pratique.flow.intake.normalise import normalise
from pratique.flow.intake.sender_profiles import SenderProfile, shipped_sender_profiles
from pratique.vocabulary.codes import shipped_tables
from pratique.vocabulary.frames import empty_manifest


def test_a_manifest_without_a_row_stays_without_a_row():
    read = normalise(empty_manifest(), tables=shipped_tables(), profiles=shipped_sender_profiles())
    assert read.findings.is_empty()
    assert read.computed.is_empty()


def test_container_numbers_are_normalised_and_what_the_sender_wrote_is_kept():
    read = normalised(equipment=[{"equipment_id_raw": "csqu 305438-3"}, {"equipment_id_raw": ""}, {}])
    columns = read.equipment.select("equipment_id", "equipment_id_raw", "equipment_id_valid")
    assert columns.rows() == [("CSQU3054383", "csqu 305438-3", True), (None, "", None), (None, None, None)]


def test_the_containers_of_a_goods_item_are_written_like_those_of_the_equipment():
    read = normalised(
        goods_items=[{"equipment_ids": ["csqu 305438-3"]}, {"equipment_ids": None}, {"equipment_ids": []}]
    )
    assert read.goods_items["equipment_ids"].to_list() == [["CSQU3054383"], None, []]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("8471.30", "847130"),
        (" 8471 30 00 10 ", "8471300010"),
        ("84713000101", "8471300010"),
        ("10121", "10121"),
        ("1", None),
        ("8471X", None),
        ("", None),
        (None, None),
    ],
)
def test_commodity_codes_are_reduced_to_their_digits(raw, code):
    read = normalised(goods_items=[{"commodity_code_raw": raw}])
    assert read.goods_items.select("commodity_code", "commodity_code_raw").row(0) == (code, raw)


def test_only_the_writing_of_places_countries_and_currencies_is_changed():
    read = normalised(
        consignments=[
            {
                "loading_location": " cn sha",
                "unloading_location": "Rotterdam ",
                "final_destination": "",
                "transit_countries": ["sg", " NL ", "Holland"],
                "freight_charge_currency": "usd ",
                "customs_value_currency": "Dollar",
            }
        ],
        parties=[{"country": " nl"}, {"country": "Kenya"}],
        transport=[
            {
                "mode_code": "1",
                "nationality_country": "pa",
                "departure_location": "cnsha",
                "itinerary": ["cn sha", "NL"],
            }
        ],
    )
    bill = read.consignments.row(0, named=True)
    assert (bill["loading_location"], bill["unloading_location"], bill["final_destination"]) == (
        "CNSHA",
        "Rotterdam",
        None,
    )
    assert bill["transit_countries"] == ["SG", "NL", "Holland"]
    assert (bill["freight_charge_currency"], bill["customs_value_currency"]) == ("USD", "Dollar")
    assert read.parties["country"].to_list() == ["NL", "Kenya"]
    voyage = read.transport.row(0, named=True)
    assert (voyage["nationality_country"], voyage["departure_location"]) == ("PA", "CNSHA")
    assert voyage["itinerary"] == ["CNSHA", "NL"]


def test_an_imo_number_loses_its_prefix_and_another_scheme_is_left_alone():
    ships = [
        {"mode_code": "1", "identification": "IMO 9074729", "identification_scheme": "IMO"},
        {"mode_code": "1", "identification": "IMOGEN 3", "identification_scheme": "name"},
    ]
    assert normalised(transport=ships).transport["identification"].to_list() == ["9074729", "IMOGEN 3"]


def test_normalising_twice_changes_nothing_but_says_it_again():
    once = normalised(equipment=[{"equipment_id_raw": "csqu 305438-4", "size_type_raw": "40HC"}])
    twice = normalise(once, tables=shipped_tables(), profiles=shipped_sender_profiles())
    assert twice.equipment.equals(once.equipment)
    assert twice.consignments.equals(once.consignments)
    assert twice.findings.height == 2 * once.findings.height


def test_mass_and_packages_are_those_of_the_bill_and_never_of_its_containers():
    read = normalised(
        consignments=[{"gross_mass_g": 41_000_000, "package_count": 1200}, {}],
        goods_items=[
            {"gross_mass_g": 1, "package_count": 1},
            {"consignment": 1, "gross_mass_g": 5_000, "package_count": 3},
            {"consignment": 1, "gross_mass_g": 6_000, "package_count": None},
        ],
        equipment=[
            {"equipment_id_raw": "CSQU3054383", "gross_mass_g": 41_000_000, "package_count": 800},
            {"equipment_id_raw": "TOLU4734787", "gross_mass_g": 41_000_000, "package_count": 400},
        ],
    )
    assert read.computed.row(0, named=True) == {
        "message": 0,
        "consignment_count": 2,
        "goods_item_count": 3,
        "package_count": 1203,
        "gross_mass_g": 41_011_000,
        "equipment_count": 2,
    }


def test_a_consolidated_container_under_several_bills_is_one_box():
    boxes = [
        {"equipment_id_raw": "CSQU3054383"},
        {"consignment": 1, "equipment_id_raw": "csqu 3054383"},
        {"consignment": 1},
    ]
    read = normalised(consignments=[{}, {}], equipment=boxes)
    assert read.computed["equipment_count"].item() == 1


def test_what_nobody_stated_is_not_zero():
    computed = normalised(consignments=[{}], goods_items=[{}]).computed.row(0, named=True)
    assert (computed["gross_mass_g"], computed["package_count"]) == (None, None)
    empty = normalised(consignments=[]).computed.row(0, named=True)
    assert (empty["consignment_count"], empty["goods_item_count"], empty["equipment_count"]) == (0, 0, 0)


def test_a_house_bill_beside_its_master_does_not_weigh_twice():
    bills = [
        {"transport_contract_document_id": "M1", "house_level": "master", "gross_mass_g": 10_000, "package_count": 4},
        {
            "transport_contract_document_id": "H1",
            "house_level": "house",
            "master_document_id": "M1",
            "gross_mass_g": 4_000,
        },
        {
            "transport_contract_document_id": "H2",
            "house_level": "house",
            "master_document_id": "M2",
            "gross_mass_g": 300,
        },
    ]
    computed = normalised(consignments=bills).computed.row(0, named=True)
    assert (computed["consignment_count"], computed["gross_mass_g"], computed["package_count"]) == (3, 10_300, 4)


def test_totals_are_counted_for_each_message_of_a_file():
    read = normalised(
        message=[{"format": "cuscar"}, {"format": "cuscar"}],
        consignments=[
            {"gross_mass_g": 1_000},
            {"message": 1, "gross_mass_g": 2_000},
            {"message": 1, "gross_mass_g": 3_000},
        ],
        declared=[{"consignment_count": 1, "gross_mass_g": 1_000}, {"message": 1, "consignment_count": 3}],
        transport=[{"mode_code": "1"}, {"message": 1, "mode_code": "1"}],
    )
    assert read.computed.select("consignment_count", "gross_mass_g").rows() == [(1, 1_000), (2, 5_000)]
    found = read.findings.filter(rule="totals.consignment_count_differ")
    assert found.select("message", "consignment", "place").rows() == [(1, None, "message 1")]


def test_totals_that_do_not_add_up_are_told_with_both_figures():
    read = normalised(
        consignments=[{"gross_mass_g": 41_000_000, "package_count": 7}],
        declared=[
            {
                "consignment_count": 2,
                "goods_item_count": 0,
                "package_count": 8,
                "gross_mass_g": 61_500_000,
                "equipment_count": 1,
            }
        ],
    )
    assert told(read, "totals") == [
        ("totals.consignment_count_differ", "warning", "message 0", {"declared": 2, "computed": 1}),
        ("totals.package_count_differ", "warning", "message 0", {"declared": 8, "computed": 7}),
        ("totals.gross_mass_differ", "warning", "message 0", {"declared": 61_500_000, "computed": 41_000_000}),
        ("totals.equipment_count_differ", "warning", "message 0", {"declared": 1, "computed": 0}),
    ]


def test_a_difference_below_one_kilogram_is_only_noted():
    read = normalised(consignments=[{"gross_mass_g": 10_400}], declared=[{"gross_mass_g": 10_000}])
    assert [finding[:2] for finding in told(read, "totals")] == [("totals.gross_mass_differ", "note")]


def test_totals_that_add_up_or_were_not_declared_are_not_told():
    assert told(normalised(consignments=[{"gross_mass_g": 5}], declared=[{"gross_mass_g": 5}]), "totals") == []
    assert told(normalised(consignments=[{"gross_mass_g": 5}], declared=[{}]), "totals") == []


def test_a_total_of_which_no_bill_states_its_part_is_told():
    read = normalised(declared=[{"gross_mass_g": 5_000}])
    assert told(read, "totals") == [("totals.gross_mass_only_declared", "note", "message 0", {"declared": 5_000})]


AWMDS = [{"format": "awmds"}]


def own(**settings: object) -> tuple[SenderProfile, ...]:
    return (SenderProfile(id="own", title="Own", matches={"format": ("awmds",)}, **settings),)


def test_the_profile_column_names_what_was_applied_and_unknown_is_told():
    assert normalised(message=AWMDS).message["profile"].to_list() == ["awmds-default"]
    road = normalised(message=[{"format": "cuscar", "sender_id": "X"}], transport=[{"mode_code": "3"}])
    assert road.message["profile"].to_list() == ["unknown"]
    assert told(road) == [("profile.unknown", "note", "message 0", {"format": "cuscar", "sender_id": "X"})]


def test_the_senders_container_types_are_mapped_only_as_far_as_they_go():
    types = ["40", "20GX", "40hc", "22 G1", "XX", None, ""]
    read = normalised(message=AWMDS, equipment=[{"size_type_raw": kind} for kind in types])
    assert read.equipment["size_type"].to_list() == ["4???", None, "45??", "22G1", None, None, None]
    assert read.equipment["size_type_raw"].to_list() == types
    assert [finding[3]["value"] for finding in told(read, "container.size_type_unknown")] == ["20GX", "XX"]


def test_a_profile_may_say_that_the_tare_is_the_weight_of_the_goods():
    boxes = [{"tare_g": 18_000_000}, {"tare_g": 5, "goods_mass_g": 7}, {}]
    read = normalised(message=AWMDS, profiles=own(tare_is="goods"), equipment=boxes)
    assert read.equipment.select("tare_g", "goods_mass_g").rows() == [(None, 18_000_000), (None, 7), (None, None)]
    assert told(read) == [("profile.tare_read_as_goods", "note", "message 0", {"profile": "own", "count": 2})]


def test_a_profile_may_say_in_which_unit_the_masses_are():
    rows = {
        "consignments": [{"gross_mass_g": 41_000}],
        "goods_items": [{"gross_mass_g": 41_000, "net_mass_g": None}],
        "equipment": [{"tare_g": 2_000}],
        "declared": [{"gross_mass_g": 41_000}],
    }
    tonnes = normalised(message=AWMDS, profiles=own(weight_unit="TNE"), **rows)
    assert tonnes.consignments["gross_mass_g"].item() == 41_000_000
    assert tonnes.goods_items.select("gross_mass_g", "net_mass_g").row(0) == (41_000_000, None)
    assert tonnes.equipment["tare_g"].item() == 2_000_000
    assert tonnes.computed["gross_mass_g"].item() == tonnes.declared["gross_mass_g"].item() == 41_000_000
    assert [finding[0] for finding in told(tonnes)] == ["profile.masses_rescaled"]
    pounds = normalised(message=AWMDS, profiles=own(weight_unit="LBR"), **rows)
    assert pounds.consignments["gross_mass_g"].item() == 18_597  # 41 lb


def test_zero_packages_on_a_bill_without_a_container_can_mean_not_stated():
    read = normalised(
        message=AWMDS,
        consignments=[{"package_count": 0}, {"package_count": 0}, {"package_count": 5}],
        equipment=[{"consignment": 1, "equipment_id_raw": "CSQU3054383"}],
    )
    assert read.consignments["package_count"].to_list() == [None, 0, 5]
    assert told(read) == [("profile.package_count_not_stated", "note", "consignments 0", {})]


def test_equipment_that_is_no_container_by_profile_is_not_judged_as_one():
    ace = [{"format": "cuscar", "format_version": "D:03B", "receiver_id": "CBP-ACE-TEST"}]
    read = normalised(message=ace, equipment=[{"equipment_id_raw": "10000325", "size_type_raw": "TL"}])
    assert read.message["profile"].item() == "us-ace-truck"
    assert read.equipment.select("equipment_id", "equipment_id_valid").row(0) == ("10000325", None)
    assert told(read) == []


def test_a_profile_touches_only_the_messages_it_fits():
    read = normalised(
        message=[{"format": "awmds"}, {"format": "ens"}],
        consignments=[{"gross_mass_g": 1}, {"message": 1, "gross_mass_g": 1}],
        profiles=(*own(weight_unit="TNE"), *shipped_sender_profiles()),
    )
    assert read.message["profile"].to_list() == ["own", "ens-default"]
    assert read.consignments["gross_mass_g"].to_list() == [1_000, 1]


def test_findings_of_the_format_come_first_and_stay():
    rows = [{"rule": "edi.bom", "severity": "note", "params": "{}"}]
    read = normalised(findings=rows, equipment=[{"equipment_id_raw": "X"}])
    assert read.findings["rule"].to_list() == ["edi.bom", "container.format"]


def test_the_manifest_given_is_not_changed():
    given = manifest(equipment=[{"equipment_id_raw": "csqu 305438-3"}])
    normalise(given, tables=shipped_tables(), profiles=())
    assert given.equipment["equipment_id"].to_list() == [None]
