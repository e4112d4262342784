"""Facts one by one: what a rule can ask about, from what the message says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from pratique.flow.risk.fields import FIELDS, scopes
from pratique.flow.risk.language.types import POLARS
from pratique.vocabulary.codes.tables import shipped_tables
from pratique.vocabulary.history import KNOWN_BOX, KNOWN_PARTY, empty_history
from pratique.vocabulary.rates import parse_rates
from risk_manifests import ARRIVAL, AT, CONSIGNMENT_ROW, PARTY_ROWS, columns, facts, manifest, party, random_manifest

SHIPPER, CONSIGNEE, NOTIFY = PARTY_ROWS


def consignment(**more: Any) -> dict[str, Any]:
    return facts(manifest([more])).consignment.row(0, named=True)


def goods(**more: Any) -> dict[str, Any]:
    return facts(manifest(goods=[more])).goods.row(0, named=True)


def box(**more: Any) -> dict[str, Any]:
    return facts(manifest(equipment=[more])).equipment.row(0, named=True)


def with_parties(*rows: dict[str, Any]) -> dict[str, Any]:
    return facts(manifest(parties=list(rows))).consignment.row(0, named=True)


def test_the_facts_have_exactly_the_fields_of_the_catalogue() -> None:
    gathered = facts(random_manifest(30, seed=1))
    frames = {"": gathered.consignment, **gathered.children}
    for scope, fields in scopes().items():
        keys = ["consignment", "place"] if scope == "" else ["consignment", "row", "place"]
        assert frames[scope].columns == [*keys, *fields]
        assert all(frames[scope].schema[name] == POLARS[kind] for name, kind in fields.items())
    assert len(FIELDS) > 100


def test_no_list_of_a_fact_holds_an_unknown_item() -> None:
    gathered = facts(random_manifest(60, seed=2))
    for frame in (gathered.consignment, *gathered.children.values()):
        for name, kind in frame.schema.items():
            if kind == pl.List(pl.String):
                assert frame[name].list.eval(pl.element().is_null()).list.any().fill_null(False).sum() == 0, name


def test_the_order_and_numbers_of_consignments_do_not_matter() -> None:
    gathered = facts(manifest([{"consignment": 7}, {"consignment": 3, "gross_mass_g": 5}], goods=[{"consignment": 3}]))
    assert gathered.consignment["consignment"].to_list() == [7, 3]
    assert gathered.goods["row"].to_list() == [1]
    assert gathered.consignment["goods_count"].to_list() == [0, 1]


@pytest.mark.parametrize(
    ("description", "vague", "word"),
    [
        ("Freight all kinds", True, "FREIGHT"),
        ("SAID TO CONTAIN GENERAL CARGO 3 PLTS", True, "GENERAL"),
        ("spare-parts", True, "SPARE"),
        ("Spare parts for tractors", False, "SPARE"),
        ("12 x 40", False, None),
        ("Ceramic tiles", False, None),
        ("", False, None),
        (None, None, None),
    ],
)
def test_a_description_is_vague_when_nothing_in_it_says_what_the_goods_are(
    description: str | None, vague: bool | None, word: str | None
) -> None:
    row = goods(description=description)
    assert (row["vague"], row["vague_word"]) == (vague, word)


@pytest.mark.parametrize(
    ("description", "code", "contradicted"),
    [
        ("Cotton shirts", "610510", False),
        ("Cotton shirts", "690721", True),
        ("Stabilisers for plastics", "690721", True),
        ("Plastics", "690721", False),
        ("Mattresses of rubber", "940421", False),
        ("Batteries", "850760", False),
        ("Qwertz", "690721", False),
        ("Cotton shirts", None, None),
        (None, "690721", None),
    ],
)
def test_a_description_contradicts_a_code_only_by_words_that_name_a_thing(
    description: str | None, code: str | None, contradicted: bool | None
) -> None:
    assert goods(description=description, commodity_code=code)["chapter_contradicted"] is contradicted


@pytest.mark.parametrize(
    ("code", "digits", "known", "chapter", "heading"),
    [
        ("690721", 6, True, "69", "6907"),
        ("6907210000", 10, True, "69", "6907"),
        ("69", 2, True, "69", None),
        ("690799", 6, False, "69", "6907"),
        ("69072", 5, False, "69", "6907"),
        (None, 0, None, None, None),
    ],
)
def test_a_commodity_code_is_looked_up_as_far_as_it_goes(
    code: str | None, digits: int, known: bool | None, chapter: str | None, heading: str | None
) -> None:
    row = goods(commodity_code=code)
    assert [row[name] for name in ("commodity_digits", "commodity_known", "chapter", "heading")] == [
        digits,
        known,
        chapter,
        heading,
    ]


def test_words_are_found_whole_in_singular_and_plural_and_in_any_case() -> None:
    assert goods(description="hunting RIFLES, 12 pcs")["themes"] == ["arms"]
    assert goods(description="Trifles")["themes"] == []
    assert goods(description="Lithium ion batteries")["themes"] == ["dangerous"]
    assert goods(description="MT UNITS")["themes"] == ["empty_equipment"]


def test_ratios_are_whole_and_unknown_where_they_cannot_be_formed() -> None:
    row = goods(gross_mass_g=1_001, package_count=2, volume_dm3=0, customs_value_minor=None)
    assert (row["mass_per_package_g"], row["density_g_per_dm3"], row["value_per_kg_usd_minor"]) == (500, None, None)
    largest = 2**63 - 1
    assert consignment(gross_mass_g=largest, package_count=1)["mass_difference_permille"] == 999
    assert consignment(customs_value_minor=largest, gross_mass_g=1)["value_per_kg_usd_minor"] is None


def test_a_sum_of_goods_is_unknown_where_one_part_is() -> None:
    row = facts(manifest(goods=[{}, {"goods_item": 1, "gross_mass_g": None}])).consignment.row(0, named=True)
    assert (row["goods_mass_g"], row["goods_package_count"]) == (None, 1200)
    assert facts(manifest(goods=[])).consignment["goods_mass_g"].to_list() == [None]


def test_money_in_other_currencies_is_known_only_with_rates() -> None:
    row = {"customs_value_currency": "EUR", "customs_value_minor": 10_000}
    assert consignment(**row)["value_usd_minor"] != 11_000
    base_eur = replace(shipped_tables(), rates=parse_rates(b"currency,date,rate\nUSD,2026-01-01,0.8\n", base="EUR"))
    base_usd = replace(shipped_tables(), rates=parse_rates(b"currency,date,rate\nEUR,2026-01-01,1.25\n", base="USD"))
    later = replace(shipped_tables(), rates=parse_rates(b"currency,date,rate\nEUR,2026-05-01,1.25\n", base="USD"))
    for tables, told in ((base_eur, 12_500), (base_usd, 12_500), (later, None), (shipped_tables(), None)):
        only_bill = manifest([row], goods=[{"customs_value_minor": None}])
        assert facts(only_bill, tables=tables).consignment["value_usd_minor"].to_list() == [told]


@pytest.mark.parametrize("name", ["To Order", "TO THE ORDER OF BANCO SUR", "Order of shipper", "A la orden de X"])
def test_a_bill_to_order_is_seen_whatever_the_wording(name: str) -> None:
    assert with_parties(SHIPPER, party("CN", name))["consignee_to_order"] is True


@pytest.mark.parametrize("name", ["Border Trading Ltd", "New Order Books", "Orderly GmbH"])
def test_a_name_that_only_has_the_word_order_in_it_is_no_bill_to_order(name: str) -> None:
    assert with_parties(SHIPPER, party("CN", name))["consignee_to_order"] is False


def test_a_party_without_a_name_is_no_party() -> None:
    row = with_parties(SHIPPER, party("CN", None), party("NI", " - "))
    assert (row["consignee_missing"], row["notify_missing"], row["consignor_missing"]) == (True, True, False)


def test_names_at_an_address_count_each_spelling_once_and_bills_to_order_not_at_all() -> None:
    rows = [
        {**CONSIGNEE, "name": "Alpha GmbH"},
        {**CONSIGNEE, "name": "ALPHA  GMBH."},
        {**CONSIGNEE, "name": "Beta GmbH", "address_line": "HAFENSTR 12"},
        {**CONSIGNEE, "name": "To order"},
        {**CONSIGNEE, "name": "Gamma GmbH", "city": "Bremen"},
    ]
    told = facts(manifest(parties=rows)).parties.select("name", "names_at_address", "addresses_of_name").rows()
    assert told[0] == ("Alpha GmbH", 2, 1)
    assert told[4] == ("Gamma GmbH", 1, 1)


def test_a_telephone_is_the_same_however_it_is_written() -> None:
    rows = [
        {**CONSIGNEE, "name": "Alpha", "communication": ["TE:+49 40 555-0100", "FX:1"]},
        {**CONSIGNEE, "name": "Beta", "communication": ["TE:0049405550100"]},
        {**CONSIGNEE, "name": "Gamma", "communication": ["EM:a@b.example"]},
        {**CONSIGNEE, "name": "Delta", "communication": ["EM:A@B.example", "FX:1"]},
        {**CONSIGNEE, "name": "Eta", "communication": None},
    ]
    assert facts(manifest(parties=rows)).parties["names_at_phone"].to_list() == [2, 2, 2, 2, None]


def test_never_seen_means_nothing_before_the_history_knows_a_thousand_parties_of_ninety_days() -> None:
    def seen(count: int, *, days: int = 90) -> tuple[int | None, int | None]:
        known = [{"party_key": f"X {n}", "consignment_count": 1} for n in range(count - 1)]
        known.append({"party_key": "FLIESENHAUS NORD GMBH", "consignment_count": 12})
        past = replace(empty_history(AT), parties=columns(KNOWN_PARTY, known), since=AT - timedelta(days=days))
        row = facts(manifest(), history=past).consignment.row(0, named=True)
        return row["consignee_seen_before"], row["consignor_seen_before"]

    assert seen(999) == (None, None)
    assert seen(1_000) == (12, 0)
    assert seen(1_000, days=89) == (None, None)


@pytest.mark.parametrize(
    ("days", "journey", "bill", "told"),
    [
        (2, "OTHER", "BL9", True),
        (-5, "OTHER", "BL9", True),
        (6, "OTHER", "BL9", False),
        (2, "V7", "BL9", False),
        (2, "OTHER", "BL1", False),
        (2, None, "BL9", False),
    ],
)
def test_a_container_is_elsewhere_only_on_another_journey_of_the_same_days(
    days: int, journey: str | None, bill: str, told: bool
) -> None:
    known = {
        "equipment_id": "MSKU0000006",
        "journey_id": journey,
        "arrival_datetime": ARRIVAL + timedelta(days=days),
        "transport_contract_document_id": bill,
    }
    past = replace(empty_history(AT), boxes=columns(KNOWN_BOX, [known]))
    assert facts(manifest(), history=past).equipment["open_elsewhere"].to_list() == [told]


@pytest.mark.parametrize(
    ("size_type", "kind", "feet", "payload_g"),
    [
        ("22G1", "dry", 20, 33_800_000),
        ("45R1", "reefer", 40, 33_800_000),
        ("22T6", "tank", 20, 33_800_000),
        ("42P1", "flat", 40, 33_800_000),
        ("L5G1", "dry", 45, 33_800_000),
        ("4???", None, 40, 33_800_000),
        ("????", None, None, None),
        (None, None, None, None),
    ],
)
def test_a_size_type_says_kind_length_and_payload(
    size_type: str | None, kind: str | None, feet: int | None, payload_g: int | None
) -> None:
    row = box(size_type=size_type)
    assert (row["kind"], row["length_feet"], row["payload_g"]) == (kind, feet, payload_g)


def test_the_load_is_what_is_declared_of_the_box_else_the_bills_that_have_no_other_box() -> None:
    assert box(goods_mass_g=7, gross_mass_g=9_000_000)["load_g"] == 7
    assert box(gross_mass_g=9_000_000)["load_g"] == 6_800_000
    assert box()["load_g"] == CONSIGNMENT_ROW["gross_mass_g"]
    two = manifest(equipment=[{}, {"equipment_id": "MSKU0000011"}])
    assert facts(two).equipment["load_g"].to_list() == [None, None]
    shared = manifest([{}, {"consignment": 1, "gross_mass_g": 1}], equipment=[{}, {"consignment": 1}])
    assert facts(shared).equipment["load_g"].to_list() == [12_345_001, 12_345_001]
    assert facts(shared).equipment["bill_count"].to_list() == [2, 2]


def test_an_empty_box_whose_tare_is_given_as_its_mass_is_not_heavy() -> None:
    row = box(fullness_code="4", goods_mass_g=3_900_000, tare_g=None, size_type="45G1")
    assert row["stated_mass_g"] < 20_000_000
    empties = manifest([{"gross_mass_g": 3_900_000}], equipment=[{"fullness_code": "4", "size_type": "45G1"}])
    told = facts(empties).equipment.row(0, named=True)
    assert told["stated_mass_g"] <= told["heaviest_empty_g"]


def test_seals_of_the_bill_count_for_its_only_box_and_zeros_are_no_seal_twice() -> None:
    assert facts(manifest([{"seal_ids": ["B7"]}], equipment=[{"seal_ids": []}])).equipment["seal_count"].to_list() == [
        1
    ]
    rows = [{"seal_ids": ["0000"]}, {"seal_ids": ["0000"], "equipment_id": "MSKU0000011"}]
    assert facts(manifest(equipment=rows)).equipment["seal_repeated"].to_list() == [False, False]
    again = [{"seal_ids": ["a1"]}, {"seal_ids": ["A1"], "equipment_id": "MSKU0000011"}]
    assert facts(manifest(equipment=again)).equipment["seal_repeated"].to_list() == [True, True]


def test_a_country_is_read_from_a_place_only_where_it_is_a_code() -> None:
    row = consignment(loading_location="Barcelona", unloading_location="DE", final_destination="DEHAM")
    assert [row[f"{name}_country"] for name in ("loading", "unloading", "destination")] == [None, "DE", "DE"]


def test_hubs_are_the_places_and_not_the_countries_around_them() -> None:
    assert consignment(loading_location="SGSIN")["hubs"] == ["Singapore"]
    assert consignment(loading_location="AEAUH", transit_countries=["AE", "OM"])["hubs"] == []
    assert consignment(transit_countries=None)["transit_country_count"] is None
    assert consignment(transit_countries=["ES", "ESVLC", "DE"])["transit_country_count"] == 2


def test_totals_differ_only_where_they_were_declared() -> None:
    def told(**declared: int) -> list[bool | None]:
        return facts(manifest(declared=declared)).consignment["totals_differ"].to_list()

    assert (told(), told(consignment_count=1), told(consignment_count=2)) == ([None], [False], [True])


def test_cash_is_a_code_of_the_entry_summary_only() -> None:
    def told(name: str) -> bool | None:
        read = manifest([{"freight_payment_method_code": "A"}], format_name=name)
        return facts(read).consignment["freight_paid_in_cash"].item()

    assert (told("ens"), told("cuscar")) == (True, None)


def test_sums_beyond_counting_are_unknown_and_never_another_number() -> None:
    large = 2**62
    items = [{"goods_item": number, "gross_mass_g": large, "package_count": large} for number in range(4)]
    row = facts(manifest(goods=items)).consignment.row(0, named=True)
    assert (row["goods_mass_g"], row["goods_package_count"], row["mass_difference_permille"]) == (None, None, None)
    bills = [
        {"consignment": number, "gross_mass_g": large, "transport_contract_document_id": f"B{number}"}
        for number in range(4)
    ]
    gathered = facts(manifest(bills, goods=[], equipment=[{"consignment": number} for number in range(4)]))
    assert gathered.equipment["load_g"].to_list() == [None] * 4
    assert gathered.consignment["split_mass_g"].to_list() == [None] * 4
