"""Each mechanism does to a bill what its page says, and nothing to the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from difflib import SequenceMatcher

import numpy as np
import pytest

from pratique_world.cargo import Clerk, Numbers, bill_numbers, empty_cargo, honest_cargo
from pratique_world.economy import Economy, build_economy
from pratique_world.filing import form_of, gives_code, gives_origin, gives_value
from pratique_world.hold import Hold
from pratique_world.listed import Listed, listed_boxes, listed_names, listed_ships
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
from pratique_world.model import IMPORT, Consignment, Trader
from pratique_world.namesakes import distinctive
from pratique_world.numbers import container_numbers
from pratique_world.tables import wares, wares_by_code
from pratique_world.voyages import BASE_DATE, arriving_voyages

Planted = list[tuple[Consignment, Consignment]]


@pytest.fixture(scope="module")
def economy() -> Economy:
    return build_economy(np.random.default_rng([3, 1]))


@pytest.fixture(scope="module")
def listed() -> list[Listed]:
    rng = np.random.default_rng(5)
    return [*listed_names(rng, 60), *listed_ships(rng, 2), *listed_boxes(rng, 9)]


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


def most_but_not_all(traces: list[bool]) -> bool:
    """Says whether about four in five leave a trace."""
    return 0.7 <= sum(traces) / len(traces) <= 0.9


def test_undervaluation_lowers_the_value_and_nothing_else(plant: Plant) -> None:
    planted = plant(plant_undervaluation, 40)
    assert len(planted) == 40
    shares = [after.value_cents / before.value_cents for before, after in planted]
    assert all(0.09 < share < 0.76 for share in shares)
    assert all((before.gross_kg, before.shipper) == (after.gross_kg, after.shipper) for before, after in planted)
    assert most_but_not_all(
        [share < 0.5 and gives_value(after, form_of(after)) for share, (_, after) in zip(shares, planted, strict=True)]
    )


def test_an_undervalued_bill_has_honest_peers_whose_prices_spread_around_a_higher_one(
    plant: Plant, cargo: list[Consignment]
) -> None:
    planted = plant(plant_undervaluation, 40)
    prices: dict[str, list[float]] = {}
    for bill in cargo:
        if len(bill.goods) == 1 and gives_value(bill, form_of(bill)):
            prices.setdefault(bill.goods[0].code, []).append(bill.value_cents / bill.gross_kg)
    low = [after for before, after in planted if after.value_cents < before.value_cents / 2]
    told = [bill for bill in low if gives_value(bill, form_of(bill))]
    assert all(len(prices[bill.goods[0].code]) >= 8 for bill in told)
    below = [bill.value_cents / bill.gross_kg < 0.75 * float(np.median(prices[bill.goods[0].code])) for bill in told]
    assert sum(below) > 0.8 * len(below)
    spreads = [float(np.quantile(group, 0.9) / np.quantile(group, 0.1)) for group in prices.values() if len(group) > 20]
    assert all(1.1 < spread < 3 for spread in spreads)


def test_misclassification_declares_the_lower_heading_and_often_keeps_the_text(plant: Plant) -> None:
    planted = plant(plant_misclassification, 40)
    for before, after in planted:
        assert [line.code for line in after.goods] == [wares_by_code()[line.code].lower for line in before.goods]
        assert gives_code(after, form_of(after))
    words = [after.goods[0].description in wares_by_code()[before.goods[0].code].wordings for before, after in planted]
    same_value = [before.value_cents == after.value_cents for before, after in planted]
    assert 0.3 < sum(words) / len(planted) < 0.9
    assert most_but_not_all([word or value for word, value in zip(words, same_value, strict=True)])


def test_false_origin_declares_another_country_and_loads_at_a_hub(plant: Plant) -> None:
    planted = plant(plant_false_origin, 40)
    assert len(planted) == 40
    assert all(after.goods[0].origin != before.goods[0].origin for before, after in planted)
    assert most_but_not_all(
        [
            after.shipper.country == before.goods[0].origin or after.first_port[:2] == before.goods[0].origin
            for before, after in planted
        ]
    )
    assert sum(gives_origin(after, form_of(after)) for _, after in planted) >= 30


def test_rip_on_touches_the_box_and_never_the_papers(plant: Plant) -> None:
    planted = plant(plant_rip_on, 60)
    for before, after in planted:
        assert (before.goods, before.shipper, before.consignee) == (after.goods, after.shipper, after.consignee)
        assert 0 <= after.boxes[0].gross_kg - before.boxes[0].gross_kg <= 450
    assert most_but_not_all([before != after for before, after in planted])
    assert 0 < sum(before.boxes[0].seals == after.boxes[0].seals for before, after in planted) < len(planted)


def test_heavy_empties_stay_declared_empty_and_most_are_weighed_or_sealed(plant: Plant) -> None:
    planted = plant(plant_heavy_empty, 15)
    over = [max(box.gross_kg - box.tare_kg for box in after.boxes) for _, after in planted]
    sealed = [any(box.seals for box in after.boxes) for _, after in planted]
    assert all(box.fullness == "4" for _, after in planted for box in after.boxes)
    assert all(mass == 0 or mass >= 2400 for mass in over)
    assert most_but_not_all([mass > 0 or is_sealed for mass, is_sealed in zip(over, sealed, strict=True)])
    assert any(mass == 0 and is_sealed for mass, is_sealed in zip(over, sealed, strict=True))


def test_undeclared_dangerous_goods_lose_their_number_and_class(plant: Plant) -> None:
    planted = plant(plant_undeclared_dangerous, 30)
    assert all(any(line.un_number for line in before.goods) for before, _ in planted)
    assert not any(line.un_number or line.imdg_class for _, after in planted for line in after.goods)
    harmless = [line for before, _ in planted for line in before.goods if not line.un_number]
    assert all(line in after.goods for line in harmless for before, after in planted if line in before.goods)
    kept = [
        any(old.un_number and (old.code == new.code or old.description == new.description) for old, new in lines)
        for lines in (list(zip(before.goods, after.goods, strict=True)) for before, after in planted)
    ]
    assert most_but_not_all(kept)


def test_shell_importers_share_an_address_under_different_names(plant: Plant) -> None:
    planted = plant(plant_shell_importers, 16)
    names: dict[str, set[str]] = {}
    for _, after in planted:
        names.setdefault(f"{after.consignee.street} {after.consignee.phone}", set()).add(after.consignee.name)
    rings = [found for found in names.values() if len(found) > 1]
    assert len(rings) == 2
    assert most_but_not_all([any(after.consignee.name in ring for ring in rings) for _, after in planted])


def test_listed_parties_are_spelled_otherwise_than_on_the_list_and_few_hide_behind_a_front(
    plant: Plant, listed: list[Listed]
) -> None:
    planted = plant(plant_listed_party, 30)
    known = {name for entry in listed for name in (entry.name, *entry.aliases)}
    names = [
        next(
            new.name
            for old, new in zip(_parties(before), _parties(after), strict=True)
            if old.name != new.name or new.name in known
        )
        for before, after in planted
    ]
    assert sum(name in known for name in names) < len(names) / 4
    words = {word for name in known for word in name.replace(",", "").split() if len(word) > 3}
    resembling = [max(_nearest(word, words) for word in name.replace(",", "").split()) > 0.7 for name in names]
    assert sum(resembling) >= 0.7 * len(names)


def _parties(bill: Consignment) -> tuple[Trader, Trader, Trader]:
    return bill.consignee, bill.shipper, bill.notify


def _nearest(word: str, words: set[str]) -> float:
    """How much of a word is in the nearest of the words."""
    return max(SequenceMatcher(None, word, other).ratio() for other in words)


def test_prohibited_goods_hide_behind_a_loose_text_or_behind_ordinary_papers(plant: Plant) -> None:
    planted = plant(plant_prohibited_goods, 30)
    assert all(after.gross_kg == before.gross_kg for before, after in planted)
    wordings = {text for ware in wares() for text in ware.wordings}
    ordinary = [any(text in after.goods[0].description for text in wordings) for _, after in planted]
    assert most_but_not_all([not is_ordinary for is_ordinary in ordinary])
    loose = [after for (_, after), is_ordinary in zip(planted, ordinary, strict=True) if not is_ordinary]
    assert all(len(after.goods[0].description) <= 20 for after in loose)


def test_a_split_consignment_is_three_bills_on_one_ship_below_the_threshold_mostly_of_one_exporter(
    plant: Plant,
) -> None:
    planted = [after for _, after in plant(plant_split_consignment, 30)]
    assert len(planted) == 30
    exporters = Counter(bill.shipper.name for bill in planted)
    kept = [bill for bill in planted if exporters[bill.shipper.name] > 1]
    assert most_but_not_all([bill in kept for bill in planted])
    for name in exporters:
        group = [bill for bill in kept if bill.shipper.name == name]
        assert len({bill.vessel for bill in group}) <= 1
        assert all(4_000_00 < bill.value_cents < 5_000_00 for bill in group)
    assert all(bill.value_cents < 5_000_00 for bill in planted)


def test_few_honest_importers_are_nearly_called_like_a_listed_firm(
    cargo: list[Consignment], economy: Economy, listed: list[Listed]
) -> None:
    hold = Hold(cargo, rng=np.random.default_rng(8), economy=economy, listed=listed)
    before = {bill.consignee.name for bill in cargo} | {entry.name for entry in listed}
    add_lookalikes(hold, 12)
    changed = [bill.consignee.name for bill in hold.consignments if bill.consignee.name not in before]
    assert len(changed) in (5, 6)  # a person may be called exactly like a listed one
    firms = {distinctive(entry): entry.name for entry in listed if entry.kind == "organisation"}
    shared = [firms[word] for name in changed for word in name.split() if word in firms and word]
    assert 3 <= len(shared) <= 4
    whole = [name for name in changed if any(name.split()[:2] == listed_name.split()[:2] for listed_name in shared)]
    assert len(whole) <= 2


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
