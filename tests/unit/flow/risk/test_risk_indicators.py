"""Every shipped indicator on a consignment made for it, and none on an ordinary one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from pratique.flow.risk import Facts, score, shipped_profiles, with_described
from pratique.flow.risk.render import named_in, render
from pratique.vocabulary.described import DESCRIBED
from pratique.vocabulary.frames import Manifest, frame
from pratique.vocabulary.history import KNOWN_BILL, KNOWN_BOX, KNOWN_PARTY, History
from risk_manifests import ARRIVAL, AT, EQUIPMENT_ROW, GOODS_ROW, PARTY_ROWS, columns, facts, manifest, party

Made = Callable[[], Facts]


def bill(**more: Any) -> Made:
    return lambda: facts(manifest([more]))


def goods(*rows: dict[str, Any], **more: Any) -> Made:
    return lambda: facts(manifest(goods=list(rows) or [more]))


def said_of(described: dict[str, Any], **more: Any) -> Made:
    """The facts of goods with what earlier declarations say of their description under their heading."""

    def made() -> Facts:
        bare = facts(manifest(goods=[more]))
        pair = bare.goods.select("description", "heading").row(0, named=True)
        return with_described(bare, frame(DESCRIBED, {name: [value] for name, value in (pair | described).items()}))

    return made


def box(*rows: dict[str, Any], **more: Any) -> Made:
    return lambda: facts(manifest(equipment=list(rows) or [more]))


def parties(*rows: dict[str, Any]) -> Made:
    return lambda: facts(manifest(parties=list(rows)))


def hit(**more: Any) -> Made:
    ordinary = {
        "consignment": 0,
        "subject": "party",
        "role_code": "CN",
        "screened_value": "FLIESENHAUS",
        "place": "segment 12",
        "list_id": "un",
        "listed_name": "FLIESENHAUS",
        "programme": "X",
        "score_permille": 1000,
        "basis": "name",
    }
    return lambda: facts(manifest(), hits=[ordinary | more])


def version(read: Any = None, **more: Any) -> Made:
    ordinary = {"change": "changed", "version": 2, "changed_fields": [], "hours_before_arrival": 40, "late": False}
    row = {"consignment": 0, **ordinary, **more}
    schema = {
        "consignment": pl.UInt32,
        "version": pl.Int64,
        "change": pl.String,
        "changed_fields": pl.List(pl.String),
        "hours_before_arrival": pl.Int64,
        "late": pl.Boolean,
    }
    return lambda: facts(read or manifest(), versions=pl.DataFrame([row], schema=schema))


def past(*, parties: int = 0, bills: int = 0, boxes: list[dict[str, Any]] | None = None, known: str = "X") -> Made:
    """The ordinary consignment, with a history of so many parties, bills and boxes."""
    people = [{"party_key": f"{known} {n}", "consignment_count": 3} for n in range(parties)]
    papers = [{"loading_location": "CNSHA", "unloading_location": "DEHAM"}] * bills
    history = History(AT, columns(KNOWN_PARTY, people), columns(KNOWN_BOX, boxes or []), columns(KNOWN_BILL, papers))
    return lambda: facts(manifest(), history=history)


def many(count: int, *, goods: dict[str, Any] | None = None, box: dict[str, Any] | None = None, **more: Any) -> Made:
    """Several consignments that are alike but for the number of the bill."""
    ids = range(count)
    return lambda: facts(
        manifest(
            [{"consignment": n, "transport_contract_document_id": f"BL{n}", **more} for n in ids],
            [{"consignment": n, "goods_item": n, **(goods or {})} for n in ids],
            [{"consignment": n, "seal_ids": [f"A{n + 1}"], **(box or {})} for n in ids],
            [{**row, "consignment": n} for n in ids for row in PARTY_ROWS],
        )
    )


def among(*, goods: dict[str, Any] | None = None, box: dict[str, Any] | None = None, **more: Any) -> Made:
    """Ten ordinary consignments of as many firms, the first of them odd; no two share anything but their goods."""
    ids = range(10)
    first: list[tuple[dict[str, Any], ...]] = [({}, {}, {})] * 10
    first[0] = (more, goods or {}, box or {})
    return lambda: facts(
        manifest(
            [{"consignment": n, "transport_contract_document_id": f"BL{n}", **first[n][0]} for n in ids],
            [{"consignment": n, "goods_item": n, **first[n][1]} for n in ids],
            [
                {"consignment": n, "equipment_id": f"MSKU00{n:05}", "seal_ids": [f"A{n + 1}"], **first[n][2]}
                for n in ids
            ],
            [{**row, "consignment": n, **_firm(n)} for n in ids for row in PARTY_ROWS],
        )
    )


def _firm(number: int) -> dict[str, Any]:
    return {"name": f"{number} Firma", "address_line": f"Weg {number}", "communication": None}


def linked(*, kind: str = "690721", **more: Any) -> Made:
    """Two bills for two firms at one address."""
    people = [{**CONSIGNEE, "communication": None}, {**CONSIGNEE, "communication": None, "name": "Keramik Welt GmbH"}]
    return lambda: facts(
        manifest(
            [{"consignment": n, "transport_contract_document_id": f"BL{n}", **more} for n in range(2)],
            [{}, {"consignment": 1, "goods_item": 1, "commodity_code": kind}],
            [{}, {"consignment": 1, "equipment_id": "MSKU0000011", "seal_ids": ["B1"]}],
            [{**row, "consignment": n} for n in range(2) for row in (SHIPPER, people[n])],
        )
    )


SHIPPER, CONSIGNEE, NOTIFY = PARTY_ROWS
ORDER = party("CN", "To the order of Banco Sur")
CARTONS = [{"type_code": "CT", "quantity": 600, "marks": None}]
OTHER_NAMES = [{**CONSIGNEE, "name": f"Firma {n} GmbH", "communication": None} for n in range(3)]
CALLERS = [{**CONSIGNEE, "name": f"Firma {n} GmbH", "address_line": None} for n in range(3)]
MOVERS = [{**CONSIGNEE, "address_line": f"Weg {n}", "communication": None} for n in range(5)]
STANDS = EQUIPMENT_ROW["equipment_id"]
ELSEWHERE = [
    {
        "equipment_id": EQUIPMENT_ROW["equipment_id"],
        "journey_id": "OTHER",
        "arrival_datetime": ARRIVAL + timedelta(days=2),
    }
]


def _among_strangers() -> Manifest:
    rows = [{"consignment": n, "transport_contract_document_id": f"BL{n}"} for n in range(10)]
    goods = [
        {"consignment": n, "goods_item": n, "customs_value_minor": 2_000_000 if n == 0 else 9_500_000}
        for n in range(10)
    ]
    return manifest(rows, goods, [], [party("CN", "Nemo Trading")])


CASES: dict[str, Made] = {
    "lists.identifier": hit(basis="identifier"),
    "lists.name_strong": hit(score_permille=985),
    "lists.low_grade": hit(source_grade="E", information_grade="4"),
    "lists.name_likely": hit(score_permille=850),
    "lists.vessel_name": hit(subject="vessel"),
    "description.vague": goods(description="General cargo, 600 ctns of spare parts"),
    "description.missing": goods(description=None, commodity_code=None),
    "description.other_heading": said_of(
        {
            "heading_contradicted": True,
            "like_count": 65,
            "like_under_count": 1,
            "usual_heading": "6908",
            "usual_heading_count": 60,
        }
    ),
    "description.as_if_refused": said_of({"vague_permille": 940}),
    "description.one_word": goods(description="Tiles"),
    "description.contradicts_code": goods(description="Marble", commodity_code="850440"),
    "description.clearly_contradicts_code": goods(description="Mobile phones"),
    "description.whole_as_parts": goods(description="LED television sets", commodity_code="852990"),
    "description.parts_as_whole": goods(description="Spare parts for bicycles", commodity_code="871200"),
    "description.new_as_used": goods(description="Mens cotton shirts", commodity_code="631090"),
    "description.used_as_new": goods(description="Second hand shoes", commodity_code="640399"),
    "description.code_missing": goods({}, {"commodity_code": None, "goods_item": 1}),
    "description.code_unknown": goods(commodity_code="690799"),
    "description.residual_code": goods(description="Other articles", commodity_code="691490"),
    "description.many_chapters": goods(
        *({"goods_item": n, "commodity_code": code} for n, code in enumerate(["61", "62", "64", "69", "85", "95"]))
    ),
    "mass.package_too_heavy": goods(gross_mass_g=130_000_000),
    "mass.package_too_light": goods(gross_mass_g=6_000),
    "mass.over_payload": bill(gross_mass_g=40_000_000),
    "mass.empty_but_heavy": box(fullness_code="4", seal_ids=[]),
    "mass.empty_with_goods": box(fullness_code="4"),
    "mass.full_but_light": bill(gross_mass_g=100_000),
    "mass.round": lambda: facts(manifest([{"gross_mass_g": 12_000_000}], [{"gross_mass_g": 12_000_000}])),
    "mass.net_above_gross": goods(net_mass_g=13_000_000),
    "mass.goods_against_bill": bill(gross_mass_g=10_000_000),
    "mass.packages_against_bill": bill(package_count=610),
    "mass.peers_package": among(goods={"gross_mass_g": 4_000_000}),
    "mass.peers_package_far": among(goods={"gross_mass_g": 1_000_000}),
    "mass.peers_density": among(goods={"volume_dm3": 50_000}),
    "mass.impossible_density": goods(volume_dm3=1_000),
    "containers.check_digit": box(equipment_id_valid=False),
    "containers.open_elsewhere": past(boxes=ELSEWHERE),
    "containers.two_sizes": box({}, {"size_type": "45G1", "seal_ids": ["A1002"]}),
    "containers.many_bills": many(10),
    "containers.reefer_dry_goods": box(size_type="45R1"),
    "containers.tank_packages": box(size_type="22T1"),
    "containers.seal_missing": box(seal_ids=[]),
    "containers.seal_repeated": box({}, {"equipment_id": "MSKU0000011"}),
    "containers.seal_on_empty": box(fullness_code="4"),
    "parties.to_order": parties(SHIPPER, ORDER),
    "parties.to_order_notified": parties(SHIPPER, ORDER, NOTIFY),
    "parties.consignee_missing": parties(SHIPPER),
    "parties.no_address": parties(SHIPPER, party("CN", "Nemo Trading")),
    "parties.forwarder": parties(SHIPPER, {**CONSIGNEE, "name": "Nord Spedition GmbH"}),
    "parties.self_notified": parties(SHIPPER, CONSIGNEE, {**SHIPPER, "role_code": "NI"}),
    "parties.to_itself": parties(SHIPPER, {**SHIPPER, "role_code": "CN"}),
    "parties.consignee_new": past(parties=1_000),
    "parties.both_new": past(parties=1_000),
    "parties.shared_address": parties(SHIPPER, *OTHER_NAMES),
    "parties.shared_phone": parties(SHIPPER, *CALLERS),
    "parties.linked": linked(kind="940161"),
    "parties.linked_same_goods": linked(),
    "parties.many_addresses": parties(SHIPPER, *MOVERS),
    "parties.post_box": parties(SHIPPER, {**CONSIGNEE, "address_line": "P.O. Box 4711"}),
    "routing.consignor_elsewhere": bill(loading_location="NLRTM", place_of_acceptance="NLRTM"),
    "routing.origin_elsewhere": bill(loading_location="AEJEA", place_of_acceptance=None),
    "routing.returns": goods(origin_country="DE"),
    "routing.many_countries": bill(transit_countries=["CN", "SG", "LK", "AE", "EG", "DE"]),
    "routing.elsewhere_in_the_end": bill(final_destination="PLGDN"),
    "routing.sensitive_by_hub": lambda: facts(
        manifest([{"loading_location": "AEJEA"}], [{"description": "Integrated circuits", "commodity_code": "854231"}])
    ),
    "routing.implausible_origin": goods(description="Bananas", commodity_code="080390", origin_country="SE"),
    "routing.first_time": past(bills=1_000),
    "value.below_corridor": goods(customs_value_minor=120_000),
    "value.far_below_corridor": goods(customs_value_minor=20_000),
    "value.above_corridor": goods(customs_value_minor=99_000_000),
    "value.freight_above_value": bill(freight_charge_minor=9_500_000),
    "value.freight_high": bill(freight_charge_minor=5_000_000),
    "value.freight_in_cash": lambda: facts(manifest([{"freight_payment_method_code": "A"}], format_name="ens")),
    "value.peers_below": among(goods={"customs_value_minor": 4_000_000}),
    "value.peers_far_below": among(goods={"customs_value_minor": 2_000_000}),
    "value.peers_above": among(goods={"customs_value_minor": 40_000_000}),
    "value.peers_far_above": among(goods={"customs_value_minor": 90_000_000}),
    "value.freight_peers": among(freight_charge_minor=900_000),
    "value.split": many(3, customs_value_minor=90_000),
    "goods.arms": goods(description="Hunting rifles", commodity_code="930330"),
    "goods.explosives": goods(description="Fireworks", commodity_code="360410"),
    "goods.dangerous_undeclared": goods(
        {"description": "Lithium batteries", "commodity_code": "850760"}, {"goods_item": 1, "un_number": "1263"}
    ),
    "goods.dangerous_light": goods(description="Perfumes", commodity_code="330300"),
    "goods.dangerous_innocent": goods(un_number="1263", imdg_class="3"),
    "goods.dangerous_other_number": goods(description="Acetone", commodity_code="291411", un_number="1263"),
    "goods.precursor": goods(description="Acetic anhydride", commodity_code="291524"),
    "goods.drugs": goods(description="Khat, fresh", commodity_code=None),
    "goods.nuclear": goods(description="Yellowcake", commodity_code="284410"),
    "goods.dual_use": goods(description="Night vision goggles", commodity_code=None),
    "goods.cultural": goods(description="Archaeological objects", commodity_code="970510"),
    "goods.waste": goods(description="Used tyres", commodity_code="401220"),
    "goods.wildlife": goods(description="Ivory carvings", commodity_code="960110"),
    "goods.excise": goods(description="Cigarettes", commodity_code="240220"),
    "goods.cash": goods(description="Gold bars", commodity_code="710812"),
    "goods.drug_route": goods(description="Fresh bananas", commodity_code="080390", origin_country="EC"),
    "goods.counterfeit_route": goods(description="Leather shoes", commodity_code="640351", origin_country="CN"),
    "goods.other_route": goods(description="Teak logs", commodity_code="440349", origin_country="MM"),
    "goods.washed_origin": goods(description="Natural honey", commodity_code="040900", origin_country="VN"),
    "combinations.rip_on": lambda: facts(
        manifest(
            [{"loading_location": "ECGYE"}],
            [{"description": "Fresh bananas", "commodity_code": "080390"}],
            [{"seal_ids": []}],
        )
    ),
    "combinations.drug_route_unknown": lambda: facts(
        manifest(
            goods=[{"description": "Fresh bananas", "commodity_code": "080390", "origin_country": "EC"}],
            parties=[SHIPPER, party("CN", "Nemo Trading")],
        )
    ),
    "combinations.vague_unknown": goods(description="Other articles", commodity_code="691490"),
    "combinations.hub_origin": lambda: facts(
        manifest([{"loading_location": "AEJEA", "transit_countries": None}], [{"origin_country": "CN"}])
    ),
    "combinations.contradiction_and_mass": goods(description="Mobile phones", gross_mass_g=130_000_000),
    "combinations.undervalued_stranger": lambda: facts(_among_strangers()),
    "combinations.late_swap": version(late=True, changed_fields=["seal_ids"]),
    "combinations.hidden_danger": goods(description="Fireworks", commodity_code="690721"),
    "combinations.light_unsealed": lambda: facts(manifest([{"gross_mass_g": 100_000}], equipment=[{"seal_ids": []}])),
    "combinations.linked_split": linked(customs_value_minor=50_000),
    "combinations.hidden_brands": lambda: facts(
        manifest(
            [{"loading_location": "AEJEA"}],
            [{"description": "Leather shoes", "commodity_code": "640351", "origin_country": "CN"}],
            parties=[SHIPPER, party("CN", "Nemo Trading")],
        )
    ),
    "amendments.late": version(late=True),
    "amendments.after_arrival": version(late=True, hours_before_arrival=-2),
    "amendments.late_first": version(change="new", version=1, hours_before_arrival=-2),
    "amendments.consignee_changed": version(changed_fields=["consignee_name"]),
    "amendments.goods_changed": version(changed_fields=["descriptions"]),
    "amendments.containers_changed": version(changed_fields=["equipment_ids"]),
    "amendments.seal_changed": version(changed_fields=["seal_ids"]),
    "amendments.mass_changed": version(changed_fields=["gross_mass_g"]),
    "amendments.many_versions": version(version=4),
    "amendments.bill_twice": many(2, transport_contract_document_id="BL1"),
    "quality.totals": lambda: facts(manifest(declared={"consignment_count": 2})),
    "quality.errors": lambda: facts(
        manifest(findings=[{"consignment": 0, "rule": "edi.x", "severity": "error", "place": "segment 2"}])
    ),
    "quality.many_findings": lambda: facts(
        manifest(findings=[{"consignment": 0, "rule": "edi.x", "severity": "warning", "place": "segment 2"}] * 4)
    ),
}


def fired(made: Facts) -> set[str]:
    return set(score(made, shipped_profiles()).reasons["profile_id"])


def test_an_ordinary_consignment_has_no_reason_at_all() -> None:
    assert fired(facts(manifest())) == set()


def test_every_shipped_profile_has_its_case() -> None:
    assert set(CASES) == {profile.id for profile in shipped_profiles()}


@pytest.mark.parametrize("profile_id", sorted(CASES))
def test_a_shipped_indicator_fires_on_what_it_is_for_and_says_so_without_a_hole(profile_id: str) -> None:
    profile = next(one for one in shipped_profiles() if one.id == profile_id)
    reasons = score(CASES[profile_id](), [profile]).reasons
    assert reasons.height > 0
    params = reasons["params"].str.json_decode(infer_schema_length=None).struct.unnest().row(0, named=True)
    told = render(profile.sentence, params)
    assert "{" not in told
    if profile_id not in ("routing.sensitive_by_hub", "goods.drugs", "goods.dual_use", "routing.origin_elsewhere"):
        assert "(not stated)" not in told
    assert set(named_in(profile.sentence)) <= set(params)


def test_a_bill_of_household_goods_sent_to_oneself_is_nothing_odd() -> None:
    parties_ = [SHIPPER, {**SHIPPER, "role_code": "CN"}]
    moved = {**GOODS_ROW, "description": "Used household goods of a family"}
    assert "parties.to_itself" not in fired(facts(manifest(goods=[moved], parties=parties_)))


def test_strong_signs_together_pass_the_high_line_and_each_weak_one_alone_does_not() -> None:
    points = {profile.id: profile.points for profile in shipped_profiles() if not profile.mandatory}
    assert max(points.values()) < 60
    cloned = past(boxes=ELSEWHERE)
    assert score(cloned(), shipped_profiles()).scores["score"].item() == 40
    worst = manifest(
        goods=[{"description": "General cargo", "origin_country": "EC", "commodity_code": "080390"}],
        equipment=[{"fullness_code": "4"}],
        parties=[SHIPPER, ORDER],
    )
    assert score(facts(worst), shipped_profiles()).scores["score"].item() >= 60
