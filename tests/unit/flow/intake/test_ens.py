"""Entry summary declarations: the counts of the samples and where each field goes."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from tests.samples import sample

from pratique.flow.intake.format import ReadContext, Reading, Unreadable
from pratique.flow.intake.formats.ens import Ens
from pratique.vocabulary.frames import PURPOSE
from pratique.vocabulary.sentences import known_codes

# goods items in each rule case, counted with grep; every case is one declaration
GOODS_ITEMS = {
    "CITPLD1.0.0": 1,
    "CTYPRTNOT643.0.03": 1,
    "E_ENS_DAT_MESSAGE.5.74": 2,
    "GROMASGDS46.0.10": 1,
    "GROMASGDS46.0.13": 1,
    "GROMASGDS46.0.21": 3,
    "PACGS23.2.28": 1,
    "PACGS23.2.29": 1,
    "PACGS23.2.56": 1,
    "PACGS23.3.11": 1,
    "PACGS23.4.11": 1,
    "PACGS23.4.22": 3,
    "PRODOCDC2.1.18": 2,
    "PSTCODPRTNOT644.0.02": 1,
    "REFNUMSUBENR909.3": 1,
    "STRANDNUMCO122.0.1": 1,
    "STRNUMPRTNOT646.0.10": 3,
    "TRACONCE1.6.09": 1,
    "TRAMODATBORHEA76.2.4": 1,
    "TRAMODATBORHEA76.4.06": 1,
    "case.AutoCaseGeneratorBaseFile.xml.NOTPAR670.1.auto.1": 1,
    "case.AutoCaseGeneratorBaseFile.xml.TRACONCO13.0.auto.3": 1,
    "case.AutoCaseGeneratorBaseFile.xml.TRACONCO13.1.auto.1": 1,
    "case.AutoCaseGeneratorBaseFile.xml.TRACONCO13.4.auto.5": 1,
}


def read(data: bytes) -> Reading:
    return Ens().read(io.BytesIO(data), context=ReadContext("ens.xml", "ab" * 32))


def read_sample(name: str) -> Reading:
    return read(sample(f"messages/ens-ics/{name}").read_bytes())


@pytest.fixture(scope="module")
def full() -> Reading:
    return read_sample("CC315A_full.xml")


def test_the_full_declaration_has_the_counts_a_person_gets_by_hand(full: Reading) -> None:
    frames = full.manifest
    assert (frames.message.height, frames.consignments.height, frames.goods_items.height) == (1, 1, 1)
    assert frames.equipment["equipment_id_raw"].to_list() == ["Container 1", "Container 2"]
    assert frames.parties.height == 9
    assert frames.consignments.select("package_count", "gross_mass_g").rows() == [(1102, 123_456)]
    assert frames.declared.select("goods_item_count", "package_count", "gross_mass_g").rows() == [(1, 2, 3_000)]
    assert frames.consignments["consignment"].to_list() == [0]


def test_the_full_declaration_keeps_its_header(full: Reading) -> None:
    message = full.manifest.message.row(0, named=True)
    assert message["message_id"] == "messIde"
    assert (message["sender_id"], message["receiver_id"]) == ("myeori/mybranch", "receiver")
    assert message["issue_datetime"] == datetime(2003, 2, 11, 1, 23, tzinfo=UTC)
    assert (message["message_type"], message["function_code"]) == ("CC315A", "9")
    assert (message["functional_reference_id"], message["declaration_office_id"]) == ("refnum", "offOfLog")
    assert message["replaces_id"] is None
    row = full.manifest.consignments.row(0, named=True)
    assert (row["ucr"], row["freight_payment_method_code"]) == ("commercialRefNum", "C")
    assert (row["loading_location"], row["unloading_location"]) == ("Place of loading", "Place of unloading")
    assert row["transit_countries"] == ["AA", "BB"]
    assert row["seal_ids"] == ["Seals identity", "Seals identity2"]
    assert row["handling_codes"] == ["A", "123", "1234"]


def test_the_full_declaration_keeps_its_goods_item(full: Reading) -> None:
    row = full.manifest.goods_items.row(0, named=True)
    assert (row["sequence"], row["description"], row["commodity_code_raw"]) == (42, "Goods description", "comco")
    assert (row["un_number"], row["equipment_ids"]) == ("undg", ["Container 1", "Container 2"])
    assert row["packaging"] == [
        {"type_code": "ab", "quantity": 100, "marks": "Marks numbers of packages (long)"},
        {"type_code": "ab", "quantity": 1002, "marks": "Marks numbers of packages (long)2"},
    ]
    assert row["documents"] == [
        {"type_code": "type", "document_id": "Document reference"},
        {"type_code": "typ2", "document_id": "Document reference2"},
        {"type_code": "UCR", "document_id": "Commercial Reference Number"},
    ]
    assert row["place"] == "/ie:CC315A[1]/GOOITEGDS[1]"


def test_parties_of_a_goods_item_stand_apart_from_those_of_the_declaration(full: Reading) -> None:
    parties = full.manifest.parties
    of_item = parties.filter(goods_item=0)
    assert dict(of_item.select("role_code", "name").rows()) == {
        "CZ": "consignor goods name",
        "CN": "consignee goods name",
        "NI": "notify party goods name",
    }
    whole = parties.filter(parties["goods_item"].is_null())
    assert dict(whole.select("role_code", "name").rows()) == {
        "CZ": "consignor name",
        "CN": "consignee name",
        "NI": "notify party name",
        "CA": "carrier name",
        "AG": "representative name",
        "DT": "declarant name",
    }
    declarant = whole.filter(role_code="DT").row(0, named=True)
    assert [declarant[name] for name in ("address_line", "postcode", "city", "country", "purpose")] == [
        *("declarant street", "declarant", "declarant city", "EN"),
        PURPOSE,
    ]


def test_the_full_declaration_keeps_its_transport_and_offices(full: Reading) -> None:
    rows = full.manifest.transport.rows(named=True)
    assert [row["identification"] for row in rows] == ["Identity", "Identity of motcb"]
    assert [row["nationality_country"] for row in rows] == ["GB", "gb"]
    first = rows[0]
    assert (first["mode_code"], first["journey_id"], first["operator_name"]) == (
        "2",
        "conveyanceRefNum",
        "carrier name",
    )
    assert first["arrival_datetime"] == datetime(2003, 2, 11, 12, 34, tzinfo=UTC)
    assert first["itinerary"] == ["AB3C4D5E", "office01", "office02"]


def test_the_reduced_declaration_has_the_counts_a_person_gets_by_hand() -> None:
    frames = read_sample("CC315A_reduced.xml").manifest
    assert (frames.consignments.height, frames.goods_items.height, frames.equipment.height) == (1, 1, 0)
    assert frames.parties.select("role_code", "party_id", "party_id_scheme").rows() == [
        ("CN", "GBab12", "EORI"),
        ("DT", "GBCD12345EFG", "EORI"),
    ]
    assert frames.consignments.select("gross_mass_g", "package_count").rows() == [(1_000, 1)]  # one bulk counts as one
    assert frames.declared["gross_mass_g"].to_list() == [1_000]
    assert frames.findings["rule"].to_list() == ["xml.time_without_zone"]


def test_an_amendment_changes_the_declaration_it_names() -> None:
    frames = read_sample("CC313A_reduced.xml").manifest
    message = frames.message.row(0, named=True)
    assert (message["message_type"], message["function_code"]) == ("CC313A", "4")
    assert (message["replaces_id"], message["registration_id"]) == ("mrn", "mrn")
    assert (frames.consignments.height, frames.goods_items.height, frames.parties.height) == (1, 2, 3)
    assert frames.consignments["package_count"].to_list() == [84]
    assert frames.declared.height == 0


def test_a_notification_is_a_message_without_a_consignment() -> None:
    frames = read_sample("advancedNotification.xml").manifest
    message = frames.message.row(0, named=True)
    assert (message["message_type"], message["registration_id"]) == ("CC351A", "12AB3C4D5E6F7G8H90")
    assert message["place"] == "/notificationResponse[1]/response[1]/cc3:CC351A[1]"
    assert (frames.consignments.height, frames.goods_items.height, frames.parties.height) == (0, 0, 0)
    told = frames.findings["rule"].to_list()
    assert "ens.notification_only" in told
    assert "ens.message_type_differs" in told


@pytest.mark.parametrize("case", sorted(GOODS_ITEMS))
def test_a_rule_case_is_one_consignment_with_the_goods_items_counted_by_hand(case: str) -> None:
    frames = read(sample(f"messages/ens-ics-rule-cases/{case}.xml").read_bytes()).manifest
    assert (frames.consignments.height, frames.goods_items.height) == (1, GOODS_ITEMS[case])


@pytest.mark.parametrize(
    ("case", "masses"),
    [
        ("GROMASGDS46.0.10", [123_456]),
        ("GROMASGDS46.0.13", [500]),
        ("GROMASGDS46.0.21", [None, 1_000, 1_000]),
    ],
)
def test_masses_are_exact_and_a_sign_is_no_mass(case: str, masses: list[int | None]) -> None:
    reading = read(sample(f"messages/ens-ics-rule-cases/{case}.xml").read_bytes())
    assert reading.manifest.goods_items["gross_mass_g"].to_list() == masses
    unreadable = reading.manifest.findings.filter(rule="xml.value_unreadable")
    assert unreadable.height == masses.count(None)


def test_what_has_no_place_in_the_frames_is_named_and_language_codes_are_not(full: Reading) -> None:
    unread = full.manifest.findings.filter(rule="xml.unknown_elements")
    names = json.loads(unread["params"][0])["names"]
    assert "HEAHEA/DecPlaHEA394 (1)" in names
    assert "LNG" not in names


def test_a_transport_document_that_all_goods_share_is_the_bill_of_the_consignment() -> None:
    text = sample("messages/ens-ics/CC315A_reduced.xml").read_text().replace("AB12<", "N705<")
    row = read(text.encode()).manifest.consignments.row(0, named=True)
    assert row["transport_contract_document_id"] == "ABCDEF123456"
    assert row["transport_contract_document_type_code"] == "705"


def test_several_declarations_in_one_envelope_are_numbered_apart() -> None:
    one = sample("messages/ens-ics/CC315A_reduced.xml").read_text()
    frames = read(f"<batch>{one}{one}</batch>".encode()).manifest
    assert frames.message["place"].to_list() == ["/batch[1]/ie:CC315A[1]", "/batch[1]/ie:CC315A[2]"]
    assert frames.consignments["message"].to_list() == [0, 1]
    assert frames.parties["consignment"].to_list() == [0, 0, 1, 1]


def test_a_truncated_declaration_is_refused_with_its_line() -> None:
    whole = sample("messages/ens-ics/CC315A_reduced.xml").read_bytes()
    with pytest.raises(Unreadable) as refused:
        read(whole[: len(whole) // 2])
    assert refused.value.code == "intake.xml_truncated"
    assert (refused.value.place or "").startswith("line ")


def test_a_file_without_a_declaration_is_refused_by_name() -> None:
    with pytest.raises(Unreadable) as refused:
        read(b'<ie:CC328A xmlns:ie="http://ics.dgtaxud.ec/CC328A"/>')
    assert refused.value.code == "intake.ens_no_declaration"


def test_a_declaration_is_known_by_its_root_or_its_namespace() -> None:
    ens = Ens()
    assert ens.detect(b"<?xml version='1.0'?><x:CC313A xmlns:x='http://ics.dgtaxud.ec/CC313A'>", "a.txt") == 100
    assert ens.detect(b"<env xmlns:x='http://ics.dgtaxud.ec/CC315A'><x:CC315A>", "a.xml") == 80
    assert ens.detect(b"<Awmds>", "CC315A.xml") == 0


def test_every_code_has_a_sentence() -> None:
    assert {"ens.notification_only", "ens.message_type_differs"} <= known_codes()
