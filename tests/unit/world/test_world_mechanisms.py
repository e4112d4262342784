"""Each mechanism does to a bill what its page says, and nothing to the others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pratique_world.cargo import Clerk, Numbers, bill_numbers, empty_cargo, honest_cargo
from pratique_world.economy import Economy, build_economy
from pratique_world.hold import Hold
from pratique_world.listed import Listed, listed_names, listed_ships_and_boxes
from pratique_world.loads import plan_loads
from pratique_world.lookalikes import add_lookalikes
from pratique_world.mechanisms.false_origin import plant_false_origin
from pratique_world.mechanisms.heavy_empty import plant_heavy_empty
from pratique_world.mechanisms.listed_party import plant_listed_party
from pratique_world.mechanisms.misclassification import plant_misclassification
from pratique_world.mechanisms.prohibited_goods import plant_prohibited_goods
from pratique_world.mechanisms.rip_on import plant_rip_on
from pratique_world.mechanisms.shell_importers import plant_shell_importers
from pratique_world.mechanisms.split_consignment import plant_split_consignment
from pratique_world.mechanisms.undeclared_dangerous import plant_undeclared_dangerous
from pratique_world.mechanisms.undervaluation import plant_undervaluation
from pratique_world.model import IMPORT, Consignment
from pratique_world.numbers import container_numbers
from pratique_world.tables import wares_by_code
from pratique_world.voyages import BASE_DATE, arriving_voyages

Planted = list[tuple[Consignment, Consignment]]


@pytest.fixture(scope="module")
def economy() -> Economy:
    return build_economy(np.random.default_rng([3, 1]))


@pytest.fixture(scope="module")
def listed() -> list[Listed]:
    rng = np.random.default_rng(5)
    return [*listed_names(rng, 60), *listed_ships_and_boxes(rng, ships=2, boxes=9)]


@pytest.fixture(scope="module")
def cargo(economy: Economy) -> list[Consignment]:
    rng = np.random.default_rng(4)
    containers = iter(container_numbers(rng, 2500))
    bills: list[Consignment] = []
    for voyage in arriving_voyages(rng, BASE_DATE):
        clerk = Clerk(voyage, economy, Numbers(containers, bill_numbers(voyage.ship, rng)), rng)
        bills += honest_cargo(clerk, IMPORT, plan_loads(rng, boxes=500))
        bills += empty_cargo(clerk, 80)
    return bills


@pytest.fixture
def plant(
    cargo: list[Consignment], economy: Economy, listed: list[Listed]
) -> Callable[[Callable[[Hold, int], None], int], Planted]:
    def run(mechanism: Callable[[Hold, int], None], count: int) -> Planted:
        hold = Hold(cargo, rng=np.random.default_rng(6), economy=economy, listed=listed)
        mechanism(hold, count)
        pairs = list(zip(cargo, hold.consignments, strict=True))
        assert all(before == after for before, after in pairs if after.bill not in hold.mechanisms)
        found = [(before, after) for before, after in pairs if after.bill in hold.mechanisms]
        assert len(found) == len(hold.mechanisms)
        return found

    return run


Plant = Callable[[Callable[[Hold, int], None], int], Planted]


def test_undervaluation_lowers_the_value_and_nothing_else(plant: Plant) -> None:
    planted = plant(plant_undervaluation, 40)
    assert len(planted) == 40
    shares = [after.value_cents / before.value_cents for before, after in planted]
    assert all(0.11 < share < 0.71 for share in shares)
    assert 0 < sum(share >= 0.5 for share in shares) < 30
    assert all((before.gross_kg, before.shipper) == (after.gross_kg, after.shipper) for before, after in planted)


def test_misclassification_declares_the_lower_heading_and_often_keeps_the_text(plant: Plant) -> None:
    planted = plant(plant_misclassification, 40)
    for before, after in planted:
        assert [line.code for line in after.goods] == [wares_by_code()[line.code].lower for line in before.goods]
    true_words = [
        after.goods[0].description in wares_by_code()[before.goods[0].code].wordings for before, after in planted
    ]
    assert 0.3 < sum(true_words) / len(planted) < 0.9


def test_false_origin_declares_another_country_and_loads_at_a_hub(plant: Plant) -> None:
    planted = plant(plant_false_origin, 40)
    assert all(after.goods[0].origin != before.goods[0].origin for before, after in planted)
    without_trace = [
        after.first_port == after.loading and after.shipper.country == after.goods[0].origin for _, after in planted
    ]
    assert 0 < sum(without_trace) < len(planted)


def test_rip_on_touches_the_box_and_never_the_papers(plant: Plant) -> None:
    planted = plant(plant_rip_on, 60)
    for before, after in planted:
        assert (before.goods, before.shipper, before.consignee) == (after.goods, after.shipper, after.consignee)
        assert 0 <= after.boxes[0].gross_kg - before.boxes[0].gross_kg <= 450
    untouched = [before.boxes[0].seals == after.boxes[0].seals for before, after in planted]
    heavier = [after.boxes[0].gross_kg > before.boxes[0].gross_kg for before, after in planted]
    assert 0 < sum(untouched) < len(planted)
    assert 0 < sum(heavier) < len(planted)


def test_heavy_empties_stay_declared_empty_and_only_some_are_weighed(plant: Plant) -> None:
    planted = plant(plant_heavy_empty, 15)
    over = [max(box.gross_kg - box.tare_kg for box in after.boxes) for _, after in planted]
    assert all(box.fullness == "4" for _, after in planted for box in after.boxes)
    assert any(mass == 0 for mass in over)
    assert any(mass >= 2400 for mass in over)


def test_undeclared_dangerous_goods_lose_their_number_and_class(plant: Plant) -> None:
    planted = plant(plant_undeclared_dangerous, 30)
    assert all(any(line.un_number for line in before.goods) for before, _ in planted)
    assert not any(line.un_number or line.imdg_class for _, after in planted for line in after.goods)
    assert 0 < sum(before.goods[0].code == after.goods[0].code for before, after in planted) < len(planted)


def test_shell_importers_share_addresses_under_different_names(plant: Plant) -> None:
    planted = plant(plant_shell_importers, 16)
    names = {after.consignee.name for _, after in planted}
    streets = {after.consignee.street for _, after in planted}
    assert len(names) == 8
    assert len(streets) < len(names)


def test_listed_parties_are_spelled_otherwise_than_on_the_list_mostly(plant: Plant, listed: list[Listed]) -> None:
    planted = plant(plant_listed_party, 30)
    known = {name for entry in listed for name in (entry.name, *entry.aliases)}
    names = [
        after.consignee.name if after.consignee != before.consignee else after.shipper.name
        for before, after in planted
        if after.notify == before.notify
    ]
    assert sum(name in known for name in names) < len(names) / 4


def test_prohibited_goods_hide_behind_a_loose_text(plant: Plant) -> None:
    planted = plant(plant_prohibited_goods, 30)
    assert all(len(after.goods[0].description) <= 20 for _, after in planted)
    assert all(after.gross_kg == before.gross_kg for before, after in planted)


def test_a_split_consignment_is_three_bills_of_one_exporter_on_one_ship_below_the_threshold(plant: Plant) -> None:
    planted = plant(plant_split_consignment, 9)
    groups: dict[str, list[Consignment]] = {}
    for _, after in planted:
        groups.setdefault(after.shipper.name, []).append(after)
    assert sorted(len(group) for group in groups.values()) == [3, 3, 3]
    assert all(len({bill.vessel for bill in group}) == 1 for group in groups.values())
    assert all(4_000_00 < after.value_cents < 5_000_00 for _, after in planted)


def test_lookalikes_never_touch_a_planted_bill(
    cargo: list[Consignment], economy: Economy, listed: list[Listed]
) -> None:
    hold = Hold(cargo, rng=np.random.default_rng(8), economy=economy, listed=listed)
    plant_undervaluation(hold, 200)
    planted = {bill.bill: bill for bill in hold.consignments if bill.bill in hold.mechanisms}
    add_lookalikes(hold, 12)
    assert all(bill == planted[bill.bill] for bill in hold.consignments if bill.bill in planted)
    changed = sum(now != before for now, before in zip(hold.consignments, cargo, strict=True))
    assert changed > 200 + 6 * 8
